"""The aiohttp side: routes, authentication, limits, error bodies, ETags, and the log of requests."""

import hashlib
import json
from collections import deque
from datetime import datetime
from typing import Any

from aiohttp import web

from bot.clock import Clock
from bot.sandbox.faults import Faults
from bot.sandbox.zendesk.access import Access, require
from bot.sandbox.zendesk.agent_page import ticket_page
from bot.sandbox.zendesk.answers import Answer, ApiError, Call, Endpoint, Json
from bot.sandbox.zendesk.control import Control
from bot.sandbox.zendesk.desk import Desk
from bot.sandbox.zendesk.groups_api import GroupsApi
from bot.sandbox.zendesk.incremental import IncrementalApi
from bot.sandbox.zendesk.jobs import JobsApi
from bot.sandbox.zendesk.limits import RateLimits
from bot.sandbox.zendesk.macros import MacrosApi
from bot.sandbox.zendesk.search import SearchApi
from bot.sandbox.zendesk.seed import Seed
from bot.sandbox.zendesk.tickets_api import TicketsApi
from bot.sandbox.zendesk.users_api import UsersApi

LOG_MAX = 5_000
_AWAY = "<html><body><h1>Harbor is undergoing maintenance</h1></body></html>"
_ANYBODY = "/users/me"
"""The one endpoint that also answers requests without credentials."""


class ZendeskSandbox:
    """One Zendesk account. `routes()` gives a sub-application that can be mounted under any prefix."""

    def __init__(self, *, clock: Clock, seed: Seed) -> None:
        self.desk = Desk(clock=clock, seed=seed)
        self.access = Access(clock=clock, seed=seed)
        self.export = IncrementalApi(desk=self.desk, clock=clock)
        self.away_until: datetime | None = None
        """Until then nothing answers but 503; customers go on writing."""
        self._clock = clock
        self.faults = Faults()
        self.log: deque[Json] = deque(maxlen=LOG_MAX)
        self._limits = RateLimits(clock=clock, limits=seed.limits)
        self._endpoints: list[Endpoint] = [
            *TicketsApi(desk=self.desk).endpoints(),
            *JobsApi(desk=self.desk, clock=clock, delay_s=seed.job_delay_s).endpoints(),
            *SearchApi(desk=self.desk, clock=clock).endpoints(),
            *self.export.endpoints(),
            *MacrosApi(desk=self.desk).endpoints(),
            *UsersApi(desk=self.desk).endpoints(),
            *GroupsApi(desk=self.desk).endpoints(),
            *self.access.endpoints(),
        ]

    def covered(self) -> list[tuple[str, str]]:
        """Method and path pattern of everything that is answered below /api/v2."""
        return [(endpoint.method, f"/api/v2{endpoint.pattern}") for endpoint in self._endpoints]

    def routes(self) -> web.Application:
        app = web.Application(middlewares=[self._logged])
        router = app.router
        router.add_get("/", _root, name="zendesk")
        for endpoint in self._endpoints:
            for suffix in ("", ".json"):
                router.add_route(endpoint.method, f"/api/v2{endpoint.pattern}{suffix}", self._handler(app, endpoint))
        router.add_post("/oauth/tokens", self._grant)
        router.add_get(r"/agent/tickets/{id:\d+}", self._agent_page)
        Control(desk=self.desk, access=self.access, export=self.export, faults=self.faults, log=self.log).mount(router)
        router.add_route("*", "/{rest:.*}", _unknown)
        return app

    @web.middleware
    async def _logged(self, request: web.Request, handler: Any) -> web.StreamResponse:
        if "/control/" in request.path:
            return await _plain(request, handler)
        entry = {
            "method": request.method,
            "path": request.path,
            "query": dict(request.query),
            "json": await _sent(request),
            "status": 0,
        }
        self.log.append(entry)
        response = await self.faults.through(request, lambda asked: self._answered(asked, handler))
        entry["status"] = response.status
        return response

    async def _answered(self, request: web.Request, handler: Any) -> web.StreamResponse:
        if self.away_until and self._clock() < self.away_until:
            return web.Response(status=503, text=_AWAY, content_type="text/html")
        return await _plain(request, handler)

    def _handler(self, app: web.Application, endpoint: Endpoint) -> Any:
        async def handle(request: web.Request) -> web.Response:
            call = await self._call(app, request, endpoint)
            headers = self._limits.spend("general")
            if endpoint.bucket:
                headers |= self._limits.spend(endpoint.bucket)
            if endpoint.bucket == "tickets_update" and "id" in call.params:
                headers |= self._limits.spend("per_ticket_updates", f"{call.actor.user_id}/{call.params['id']}")
            return _written(request, endpoint.handler(call), headers)

        return handle

    async def _call(self, app: web.Application, request: web.Request, endpoint: Endpoint) -> Call:
        actor = self.access.actor(request.headers.get("Authorization", ""))
        if endpoint.pattern != _ANYBODY or actor.user_id is not None:
            require(actor, endpoint.scope)
        return Call(
            base=_base(app, request),
            path=request.path.removeprefix(_prefix(app)),
            query=request.query,
            params=request.match_info,
            body=await _json_object(request),
            actor=actor,
        )

    async def _grant(self, request: web.Request) -> web.Response:
        form = request.content_type == "application/x-www-form-urlencoded"
        body: Json = dict(await request.post()) if form else await _json_object(request)
        return web.json_response(self.access.grant(body))

    async def _agent_page(self, request: web.Request) -> web.Response:
        ticket = self.desk.ticket(int(request.match_info["id"]))
        groups = {group.id: group.name for group in self.desk.groups()}
        return web.Response(text=ticket_page(ticket, people=self.desk.user, groups=groups), content_type="text/html")


async def _plain(request: web.Request, handler: Any) -> web.StreamResponse:
    try:
        response: web.StreamResponse = await handler(request)
    except ApiError as error:
        return web.json_response(error.body, status=error.status, headers=error.headers)
    return response


def _written(request: web.Request, answer: Answer, headers: dict[str, str]) -> web.Response:
    """The answer with rate headers and, for reads, a weak ETag that a conditional request can use."""
    text = json.dumps(answer.body)
    headers = {**headers, **answer.headers}
    if request.method != "GET" or answer.status != 200:
        return web.Response(text=text, status=answer.status, headers=headers, content_type="application/json")
    headers["ETag"] = f'W/"{hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()}"'
    if request.headers.get("If-None-Match") == headers["ETag"]:
        return web.Response(status=304, headers=headers)
    return web.Response(text=text, headers=headers, content_type="application/json")


async def _json_object(request: web.Request) -> Json:
    text = await request.text()
    if not text.strip():
        return {}
    try:
        body = json.loads(text)
    except json.JSONDecodeError as error:
        raise ApiError(400, "InvalidJSON", "The request body is not valid JSON") from error
    if request.content_type != "application/json":
        raise ApiError(415, "UnsupportedMediaType", "Content-Type must be application/json")
    if not isinstance(body, dict):
        raise ApiError(400, "InvalidJSON", "The request body must be a JSON object")
    return body


async def _sent(request: web.Request) -> Any:
    """The body for the log; secrets of the token endpoint are left out."""
    if request.path.endswith("/oauth/tokens"):
        return None
    try:
        return json.loads(await request.text() or "null")
    except ValueError:
        return None


def _prefix(app: web.Application) -> str:
    return str(app.router["zendesk"].url_for()).rstrip("/")


def _base(app: web.Application, request: web.Request) -> str:
    return f"{request.scheme}://{request.host}{_prefix(app)}"


async def _root(request: web.Request) -> web.Response:
    return web.Response(text="A Zendesk on loopback. The API is below /api/v2.")


async def _unknown(request: web.Request) -> web.Response:
    raise ApiError(404, "InvalidEndpoint", "Not found")
