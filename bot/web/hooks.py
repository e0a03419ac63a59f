"""Webhooks: a path, a check of who sends, and what is woken by it. The truth is read from the sender's API."""

import hashlib
import hmac
import logging
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Protocol

from aiohttp import web

from bot.web.server import Route

logger = logging.getLogger(__name__)

BODY_MAX = 5 * 1024 * 1024
"""Ten times what an issue's event is: GitHub sends up to 25 MB for pushes, which concern nobody here."""
DELIVERIES_KEPT = 2_000


class Hook(Protocol):
    """One sender of webhooks. `headers` have names in any case."""

    path: str
    """Under which it is called: "/hooks/github"."""

    def signed(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Whether it comes from whom it says; false where no secret is set."""

    def delivery(self, headers: Mapping[str, str]) -> str:
        """The sender's number of this call, the same where it tries again; "" where it has none."""

    def heard(self, headers: Mapping[str, str], body: bytes) -> None:
        """Wake what it concerns. It must take no time: the sender is waiting."""


def hook_routes(hooks: Sequence[Hook]) -> list[Route]:
    return [Route(hook.path, _Receiver(hook).receive) for hook in hooks]


def signature_of(secret: str, body: bytes) -> str:
    """As GitHub and Jira write it into a header."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def signed_with(secret: str, body: bytes, signature: str) -> bool:
    """In constant time; a text that is not ASCII is no signature. aiohttp reads bytes as half surrogate pairs."""
    given = signature.encode("utf-8", "surrogatepass")
    return bool(secret) and hmac.compare_digest(signature_of(secret, body).encode(), given)


class _Receiver:
    """Bounds, signature, deliveries that came before."""

    def __init__(self, hook: Hook) -> None:
        self._hook = hook
        self._seen: OrderedDict[str, None] = OrderedDict()

    async def receive(self, request: web.Request) -> web.Response:
        body = await _bounded(request)
        if body is None:
            return web.Response(status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        if not self._hook.signed(request.headers, body):
            logger.warning("%s: a call without a valid signature", self._hook.path)
            return web.Response(status=HTTPStatus.UNAUTHORIZED)
        if not self._again(self._hook.delivery(request.headers)):
            self._hook.heard(request.headers, body)
        return web.Response(status=HTTPStatus.ACCEPTED)

    def _again(self, delivery: str) -> bool:
        if not delivery:
            return False
        again = delivery in self._seen
        self._seen[delivery] = None
        while len(self._seen) > DELIVERIES_KEPT:
            self._seen.popitem(last=False)
        return again


async def _bounded(request: web.Request) -> bytes | None:
    """None for a body over the bound, of which no more than the bound is read."""
    if (request.content_length or 0) > BODY_MAX:
        return None
    parts, size = [], 0
    async for part in request.content.iter_chunked(64 * 1024):
        parts.append(part)
        size += len(part)
        if size > BODY_MAX:
            return None
    return b"".join(parts)
