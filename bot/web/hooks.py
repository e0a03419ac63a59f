"""Webhooks: a path, a check of who sends, and what is woken by it. The truth is read from the sender's API."""

import hashlib
import hmac
import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Protocol
from urllib.parse import parse_qs

from bot.logins.model import same
from bot.logs import Calm
from bot.loose_json import mapping, parsed
from bot.newest import keep
from bot.web.server import HttpRoute
from bot.web.wire import Headers, HttpAnswer, HttpRequest, RequestRefused, broken

logger = logging.getLogger(__name__)

BODY_MAX = 5 * 1024 * 1024
"""Ten times what an issue's event is: GitHub sends up to 25 MB for pushes, which concern nobody here."""
DELIVERIES_KEPT = 2_000
FORM = "application/x-www-form-urlencoded"
JSON_TYPES = ("application/json", "application/octet-stream", "")
"""The last two say nothing, so it is read as what it can only be."""

HookBody = Mapping[str, Any]


class Hook(Protocol):
    """One sender of webhooks. `headers` have names in any case."""

    path: str
    """Under which it is called: "/hooks/github"."""
    form_field: str
    """The field of a form that holds the JSON, where the sender may send forms; "" where it never does."""

    def signed(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Whether it comes from whom it says; false where no secret is set."""

    def delivery(self, headers: Mapping[str, str]) -> str:
        """The sender's number of this call, the same where it tries again; "" where it has none."""

    def heard(self, headers: Mapping[str, str], body: HookBody) -> None:
        """Wake what it concerns. It must take no time: the sender is waiting."""


def hook_routes(hooks: Sequence[Hook]) -> list[HttpRoute]:
    return list(map(_hook_route, hooks))


def _hook_route(hook: Hook) -> HttpRoute:
    """Signature, then what it says, then whether it came before."""
    deliveries, log = dict[str, None](), Calm(logger)

    async def receive(request: HttpRequest) -> HttpAnswer:
        headers = request.headers
        if not hook.signed(headers, request.body):
            log.warning("signature", f"{hook.path}: 401: a call without a valid signature")
            return HttpAnswer(HTTPStatus.UNAUTHORIZED)
        try:
            body = body_of(headers, request.body, form_field=hook.form_field)
        except RequestRefused as refused:
            log.warning(refused.kind, f"{hook.path}: {refused.status}: {refused.sentence}")
            return HttpAnswer(refused.status, refused.sentence.encode())
        delivery = hook.delivery(headers)
        if delivery in deliveries:
            return HttpAnswer(HTTPStatus.ACCEPTED)
        if delivery:
            keep(deliveries, delivery, None, most=DELIVERIES_KEPT)
        hook.heard(headers, body)
        return HttpAnswer(HTTPStatus.ACCEPTED)

    return HttpRoute(hook.path, receive, BODY_MAX)


def signature_of(secret: str, body: bytes) -> str:
    """The signature as GitHub and Jira write it into a header."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def signed_with(secret: str, body: bytes, signature: str) -> bool:
    """Compares signatures in constant time."""
    return bool(secret) and same(signature, signature_of(secret, body))


def body_of(headers: Headers, body: bytes, *, form_field: str) -> HookBody:
    """What a signed body says. Raises Refused for what can't be read: its sender shows that to whoever set it up."""
    kind = headers.content_type
    if headers.get("Content-Encoding", "identity").lower() != "identity":
        raise RequestRefused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "a packed body: webhooks are read as they are signed")
    if kind == FORM and form_field:
        return mapping(_read(_field(body, form_field)))
    if kind not in JSON_TYPES and not kind.endswith("+json"):
        reason = f"the content type {kind[:60]!r} is not read: set application/json in the webhook"
        raise RequestRefused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, reason, kind="content type")
    return mapping(_read(body))


def _field(body: bytes, name: str) -> str:
    try:
        values = parse_qs(body.decode("ascii"), max_num_fields=100, errors="strict").get(name, [])
    except ValueError as error:
        raise broken("a form that can't be read") from error
    if len(values) != 1:
        raise broken(f"a form without {name}")
    return values[0]


def _read(text: bytes | str) -> Any:
    try:
        return parsed(text)
    except ValueError as error:
        raise broken("a body that is no JSON") from error
