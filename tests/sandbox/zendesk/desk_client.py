"""A Zendesk sandbox in this event loop, with a client that is logged in."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer

from bot.sandbox.zendesk.seed import Seed
from bot.sandbox.zendesk.server import ZendeskSandbox
from tests.fake_clock import FakeClock

Client = TestClient[web.Request, web.Application]


@dataclass
class Answered:
    """One answer, read to its end."""

    status: int
    body: Any
    headers: dict[str, str]


@dataclass
class DeskClient:
    """Asks below /zendesk; `authorization` is sent with every request unless another header is given."""

    http: Client
    sandbox: ZendeskSandbox
    clock: FakeClock
    authorization: str = field(default_factory=lambda: f"Bearer {Seed().oauth_token}")

    async def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Answered:
        sent = {"Authorization": self.authorization, **headers}
        async with self.http.request(method, f"/zendesk{path}", json=body, headers=sent) as answer:
            return await _read(answer)

    async def get(self, path: str, **headers: str) -> Answered:
        return await self.ask("GET", f"/api/v2{path}", **headers)

    async def put(self, path: str, body: Any) -> Answered:
        return await self.ask("PUT", f"/api/v2{path}", body)

    async def search(self, query: str) -> list[str]:
        """The subjects that a query finds, in the order of the answer."""
        async with self.http.get(
            "/zendesk/api/v2/search.json",
            params={"query": query, "sort_by": "created_at", "sort_order": "asc"},
            headers={"Authorization": self.authorization},
        ) as answer:
            assert answer.status == 200, await answer.text()
            return [row["subject"] for row in (await answer.json())["results"] if row["result_type"] == "ticket"]

    async def grant(self, **changed: Any) -> Answered:
        body = {
            "grant_type": "client_credentials",
            "client_id": "secondline",
            "client_secret": "sandbox-secret",
            "scope": "tickets:read tickets:write users:read",
            "expires_in": 300,
            **changed,
        }
        return await self.ask("POST", "/oauth/tokens", body)


async def _read(answer: ClientResponse) -> Answered:
    text = await answer.text()
    body = await answer.json() if answer.content_type == "application/json" and text else text
    return Answered(answer.status, body, {name.lower(): value for name, value in answer.headers.items()})


@asynccontextmanager
async def desk_client(seed: Seed) -> AsyncIterator[DeskClient]:
    clock = FakeClock()
    sandbox = ZendeskSandbox(clock=clock, seed=seed)
    app = web.Application()
    app.add_subapp("/zendesk", sandbox.routes())
    async with TestClient(TestServer(app)) as http:
        yield DeskClient(http, sandbox, clock)
