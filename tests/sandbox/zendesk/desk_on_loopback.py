"""A Zendesk sandbox on a listener of its own thread, and clients for it."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
from aiohttp import web
from requests.adapters import HTTPAdapter
from zenpy import Zenpy

from bot.sandbox.zendesk.seed import Seed
from bot.sandbox.zendesk.server import ZendeskSandbox
from tests.fake_clock import FakeClock

SCOPES = "tickets:read tickets:write users:read"


class ToLoopback(HTTPAdapter):
    """Sends what is meant for the account's host to the sandbox, as the adapter of the bot does."""

    def __init__(self, base: str) -> None:
        super().__init__()
        self._base = base

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        asked = request.url or ""
        parts = urlsplit(asked)
        own = parts.path if parts.path.startswith("/zendesk") else f"/zendesk{parts.path}"
        request.url = f"{self._base}{own}" + (f"?{parts.query}" if parts.query else "")
        response = super().send(request, *args, **kwargs)
        request.url = asked
        return response


@dataclass
class Running:
    """The sandbox that runs, its address and its clock; `session` is authorised."""

    sandbox: ZendeskSandbox
    clock: FakeClock
    origin: str

    @property
    def url(self) -> str:
        return f"{self.origin}/zendesk"

    def token(self, scope: str = SCOPES, expires_in: int = 172_800) -> str:
        body = {
            "grant_type": "client_credentials",
            "client_id": "secondline",
            "client_secret": "sandbox-secret",
            "scope": scope,
            "expires_in": expires_in,
        }
        return str(requests.post(f"{self.url}/oauth/tokens", json=body, timeout=5).json()["access_token"])

    def api(self, method: str, path: str, *, token: str = "", **kwargs: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {token or self.sandbox_token}", **kwargs.pop("headers", {})}
        return requests.request(method, f"{self.url}/api/v2{path}", headers=headers, timeout=5, **kwargs)

    @property
    def sandbox_token(self) -> str:
        return Seed().oauth_token

    def control(self, path: str, body: dict[str, Any] | None = None) -> Any:
        url = f"{self.url}/control/{path}"
        asked = requests.get(url, timeout=5) if body is None else requests.post(url, json=body, timeout=5)
        return asked.json()

    def zenpy(self) -> Zenpy:
        session = requests.Session()
        session.trust_env = False
        client = Zenpy(subdomain="harbor", oauth_token=self.token(), session=session, disable_cache=True, timeout=5)
        for scheme in ("https://", "http://"):
            session.mount(scheme, ToLoopback(self.origin))
        return client


@contextmanager
def running(seed: Seed) -> Iterator[Running]:
    """Serve a sandbox from its own thread until the block ends."""
    clock = FakeClock()
    sandbox = ZendeskSandbox(clock=clock, seed=seed)
    loop = asyncio.new_event_loop()
    app = web.Application()
    app.add_subapp("/zendesk", sandbox.routes())
    runner = web.AppRunner(app)

    async def start() -> int:
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        return int(runner.addresses[0][1])

    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        port = asyncio.run_coroutine_threadsafe(start(), loop).result(5)
        yield Running(sandbox, clock, f"http://127.0.0.1:{port}")
    finally:
        asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(5)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        loop.close()
