"""Slack over HTTP, for those who prefer it to Socket Mode."""

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.app.async_app import AsyncApp

PATH = "/slack/events"


class SlackOverHttp:
    """One path for commands, events and interactions; Bolt checks each request's signature.

    Bolt's own server binds all interfaces, so this one is ours.
    """

    def __init__(self, *, app: AsyncApp, host: str, port: int) -> None:
        self._app = app
        self._host = host
        self._port = port
        self._runner: web.AppRunner | None = None

    async def connect(self) -> None:
        server = web.Application()
        server.router.add_post(PATH, self._receive)
        self._runner = web.AppRunner(server)
        await self._runner.setup()
        await web.TCPSite(self._runner, self._host, self._port).start()

    async def connected(self) -> bool:
        return self._runner is not None

    @property
    def port(self) -> int:
        """The port that was bound, where 0 was asked for."""
        return int(self._runner.addresses[0][1]) if self._runner else self._port

    async def close(self) -> None:
        if self._runner:
            await self._runner.cleanup()

    async def _receive(self, request: web.Request) -> web.Response:
        return await to_aiohttp_response(await self._app.async_dispatch(await to_bolt_request(request)))
