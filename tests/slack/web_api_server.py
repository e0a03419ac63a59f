"""A Web API over HTTP that answers each method with what a test says."""

from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

Json = dict[str, Any]


@dataclass
class WebApiServer:
    """`answers` by method; without one it is `unknown_method`. `scopes` go into the header, None leaves it out."""

    answers: dict[str, Json] = field(default_factory=dict)
    scopes: str | None = None
    calls: list[str] = field(default_factory=list)

    async def start(self) -> str:
        app = web.Application()
        app.router.add_route("*", "/api/{method}", self._answer)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        return f"http://127.0.0.1:{self._runner.addresses[0][1]}/api/"

    async def stop(self) -> None:
        await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        self.calls.append(method)
        answer = {"ok": True} | self.answers.get(method, {"ok": False, "error": "unknown_method"})
        return web.json_response(answer, headers={} if self.scopes is None else {"x-oauth-scopes": self.scopes})
