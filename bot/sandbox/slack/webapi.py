"""The Web API over HTTP: tokens, scopes, rate limits, dispatch."""

import json
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.sandbox.slack.call import Call, missing_scope
from bot.sandbox.slack.errors import ApiError, Json, RateLimited
from bot.sandbox.slack.faults import suffer
from bot.sandbox.slack.model import Token
from bot.sandbox.slack.origin import base_url
from bot.sandbox.slack.registry import Method, methods
from bot.sandbox.slack.site import Site

NOBODY = Token("none", set())
BROKEN = "<body>"
CALLS_KEPT = 20_000
"""A long day of a busy bot, and not the memory of the machine."""


@dataclass(frozen=True, slots=True)
class LoggedCall:
    """One Web API call as tests see it; `args` without the token."""

    method: str
    at: str
    args: Mapping[str, Any]
    answer_ok: bool
    error: str
    fault: bool


class WebApi:
    """Answers `/api/{method}`."""

    def __init__(self, *, site: Site) -> None:
        self._site = site
        self._methods = methods()
        self.log: deque[LoggedCall] = deque(maxlen=CALLS_KEPT)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["method"]
        self._site.base_url = base_url(request)
        args = await read_arguments(request)
        token = _token(request, args)
        fault = self._site.faults.take("api", name)
        worked: list[web.StreamResponse] = []

        async def work() -> web.StreamResponse:
            worked.append(await self._answer(name, args, token, request))
            return worked[0]

        response = await suffer(fault, request, work)
        # An answer that gets lost on its way is logged as what the work came to.
        self._note(name, args, worked[0] if worked else response, faulty=fault is not None)
        return response

    async def _answer(self, name: str, args: Json, token: str, request: web.Request) -> web.Response:
        method = self._methods.get(name)
        headers = {"x-slack-req-id": self._site.workspace.new_id("R")}
        try:
            if method is None:
                raise ApiError("unknown_method", req_method=name)
            if BROKEN in args:
                raise ApiError(args[BROKEN])
            owner = self._authorized(method, token)
            headers |= {"x-oauth-scopes": ",".join(sorted(owner.scopes)), "x-accepted-oauth-scopes": method.scope}
            self._site.rates.take_method(name, method.tier)
            body = {"ok": True} | await method.handler(self._site, Call(name, args, owner, base_url(request)))
        except RateLimited as error:
            headers["Retry-After"] = str(error.retry_after_s)
            return web.json_response(error.body(), status=429, headers=headers)
        except ApiError as error:
            body = error.body()
        return web.json_response(body, headers=headers)

    def _authorized(self, method: Method, token: str) -> Token:
        """Raises what Slack says to a token that may not call this."""
        if method.token == "none":
            return NOBODY
        if not token:
            raise ApiError("not_authed")
        owner = self._site.workspace.tokens.get(token)
        if owner is None:
            raise ApiError("invalid_auth")
        if owner.revoked:
            raise ApiError("token_revoked")
        if owner.kind != method.token:
            raise ApiError("not_allowed_token_type")
        if method.scope and method.scope not in owner.scopes:
            raise missing_scope(method.scope, owner)
        return owner

    def _note(self, name: str, args: Json, response: web.StreamResponse, *, faulty: bool) -> None:
        body = _body_of(response)
        at = self._site.workspace.clock().isoformat()
        error = str(body.get("error") or ("" if response.status == 200 else f"http_{response.status}"))
        self.log.append(LoggedCall(name, at, args, body.get("ok") is True, error, faulty))


def _body_of(response: web.StreamResponse) -> Json:
    text = response.text if isinstance(response, web.Response) else None
    if not text or response.content_type != "application/json":
        return {}
    body = json.loads(text)
    return body if isinstance(body, dict) else {}


async def read_arguments(request: web.Request) -> Json:
    """Query, form or JSON arguments; JSON null counts as left out. BROKEN stands where the JSON is none."""
    args: Json = dict(request.query)
    if request.content_type == "application/json":
        return args | _json_arguments(await request.text() or "{}")
    if request.method == "POST":
        args |= {key: value for key, value in (await request.post()).items() if isinstance(value, str)}
    return args


def _json_arguments(text: str) -> Json:
    try:
        given = json.loads(text)
    except ValueError:
        return {BROKEN: "invalid_json"}
    if not isinstance(given, dict):
        return {BROKEN: "json_not_object"}
    return {key: value for key, value in given.items() if value is not None}


def _token(request: web.Request, args: Json) -> str:
    """The bearer token, else the argument, which is taken out of `args` in any case."""
    argument = str(args.pop("token", "") or "")
    scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
    return bearer.strip() if scheme.lower() == "bearer" and bearer else argument
