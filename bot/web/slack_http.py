"""Slack over HTTP, for those who prefer it to Socket Mode."""

import hashlib
import hmac
import json
import logging
import re
from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.async_app import AsyncBoltRequest

from bot.clock import Clock
from bot.logins.model import same
from bot.logs import Calm
from bot.slack.shape import of_slacks_shape
from bot.web.server import HttpRoute, WebServer
from bot.web.wire import Headers, HttpAnswer, HttpRequest, RequestRefused, broken

logger = logging.getLogger(__name__)

PATH = "/slack/events"
BODY_MAX = 1024 * 1024
"""The longest that Slack sends are forms with their messages, some 100 kB."""
FRESH_S = 300
"""An older or later time is a request that somebody kept (https://docs.slack.dev/authentication/verifying-requests-from-slack)."""
FIELDS_MAX = 200
FORM, JSON = "application/x-www-form-urlencoded", "application/json"

_TIMESTAMP = re.compile(r"[0-9]{1,12}", re.ASCII)


def slack_route(app: AsyncApp, *, secret: str, clock: Clock) -> HttpRoute:
    """One path for commands, events and interactions: first who sends, of the bytes that came; then what it is; then
    Bolt."""
    log = Calm(logger)

    async def receive(request: HttpRequest) -> HttpAnswer:
        if not signed_by_slack(secret, request.headers, request.body, now=clock()):
            log.warning("signature", f"{PATH}: 401: a call without a valid signature of the last minutes")
            return HttpAnswer(HTTPStatus.UNAUTHORIZED)
        try:
            asked = for_bolt(payload_of(request.headers, request.body))
        except RequestRefused as refused:
            log.warning(refused.kind, f"{PATH}: {refused.status}: {refused.sentence}")
            return HttpAnswer(refused.status)
        response = await app.async_dispatch(asked)
        types = response.headers.get("content-type") or [JSON if response.body.startswith("{") else "text/plain"]
        return HttpAnswer(response.status, response.body.encode(), str(types[0]))

    return HttpRoute(PATH, receive, BODY_MAX)


def signed_by_slack(secret: str, headers: Mapping[str, str], body: bytes, *, now: datetime) -> bool:
    """Whether the signature is that of these bytes at this time; whatever is malformed is none."""
    timestamp = headers.get("X-Slack-Request-Timestamp", "")
    if not secret or not _TIMESTAMP.fullmatch(timestamp):
        return False
    if abs(now.timestamp() - int(timestamp)) > FRESH_S:
        return False
    expected = hmac.new(secret.encode(), b"v0:" + timestamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return same(headers.get("X-Slack-Signature", ""), f"v0={expected}")


def payload_of(headers: Headers, body: bytes) -> dict[str, Any]:
    """What a signed body holds. Raises Refused for what Bolt or the bot would fall over."""
    kind = headers.content_type
    if kind not in (FORM, JSON) or headers.charset not in ("", "utf-8", "utf8", "us-ascii"):
        raise broken("a content type that Slack doesn't send")
    if headers.get("Content-Encoding", "identity").lower() != "identity":
        raise broken("a packed body")
    try:
        payload = _parsed(body.decode("utf-8"), kind)
    except (ValueError, RecursionError) as error:
        raise broken("a body that can't be read") from error
    if not of_slacks_shape(payload):
        raise broken("a body that has not the shape of Slack's")
    return payload  # type: ignore[no-any-return]


def for_bolt(payload: dict[str, Any]) -> AsyncBoltRequest:
    """Reads a body as Socket Mode does: to Bolt a form with the word "payload" anywhere is one without a command.

    Raises Refused where Bolt, which looks for teams, people and channels at many depths, falls over it.
    """
    try:
        return AsyncBoltRequest(mode="socket_mode", body=payload)
    except (TypeError, ValueError, AttributeError, LookupError) as error:
        raise broken("a body that has not the shape of Slack's") from error


def _parsed(text: str, kind: str) -> Any:
    """Events are JSON, interactions JSON in a field of a form, commands the form itself."""
    fields = {"payload": text} if kind == JSON else _fields(text)
    return json.loads(fields["payload"], parse_constant=_no_number) if "payload" in fields else fields


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _fields(text: str) -> dict[str, str]:
    return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=FIELDS_MAX, errors="strict"))


class SlackOverHttp:
    """The connection to Slack where Slack calls us: it is there as long as the server is."""

    def __init__(self, server: WebServer) -> None:
        self._server = server

    async def connect(self) -> None:
        await self._server.start()

    async def connected(self) -> bool:
        return self._server.running

    async def close(self) -> None:
        await self._server.close()
