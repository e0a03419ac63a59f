"""A small REST stand-in served in this event loop, a client for it, and a receiver of its webhooks."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer

PREFIX = "/below"


@dataclass
class Answered:
    """One answer, read to its end; `body` is JSON, None where there is none."""

    status: int
    body: Any
    headers: dict[str, str]


@dataclass
class Heard:
    """One webhook that arrived."""

    headers: dict[str, str]
    raw: bytes
    body: Any


@dataclass
class RestClient:
    """Asks below a prefix with the headers that are set; hears webhooks at `hook_url`, answers `hook_status`."""

    http: TestClient[web.Request, web.Application]
    headers: dict[str, str]
    heard: list[Heard]
    hook_url: str
    hook_status: list[int] = field(default_factory=list)

    async def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Answered:
        asked = self.http.request(
            method, PREFIX + path, json=body, headers={**self.headers, **headers}, allow_redirects=False
        )
        async with asked as answer:
            return await _read(answer)

    async def get(self, path: str, **headers: str) -> Answered:
        return await self.ask("GET", path, **headers)

    async def post(self, path: str, body: Any) -> Answered:
        return await self.ask("POST", path, body)


async def _read(answer: ClientResponse) -> Answered:
    named = {name.lower(): value for name, value in answer.headers.items()}
    as_json = answer.content_type == "application/json"
    return Answered(answer.status, await answer.json() if as_json else await answer.text() or None, named)


@asynccontextmanager
async def rest_client(routes: web.Application, headers: dict[str, str]) -> AsyncIterator[RestClient]:
    heard: list[Heard] = []
    statuses: list[int] = []

    async def hear(request: web.Request) -> web.Response:
        raw = await request.read()
        form = request.content_type == "application/x-www-form-urlencoded"
        told = (await request.post())["payload"] if form else raw
        heard.append(Heard(dict(request.headers), raw, json.loads(str(told) if form else raw)))
        return web.Response(status=statuses.pop(0) if statuses else 200)

    app = web.Application()
    app.router.add_post("/hooks", hear)
    app.add_subapp(PREFIX, routes)
    async with TestClient(TestServer(app)) as http:
        yield RestClient(http, headers, heard, str(http.make_url("/hooks")), statuses)
