"""The bot's own HTTP server: what is mounted on it, and whether the bot is alive."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from aiohttp import web

HEALTH_PATH = "/healthz"
BODY_MAX = 6 * 1024 * 1024
"""Each receiver has a bound of its own below this."""

Receive = Callable[[web.Request], Awaitable[web.StreamResponse]]
Connected = Callable[[], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class Route:
    """One path that others call with POST."""

    path: str
    receive: Receive


class WebServer:
    """One listener for all that comes in over HTTP: Slack in its HTTP mode, webhooks, questions about health.

    Bolt's own server binds all interfaces, so this one is ours. `connected` says whether Slack reaches the bot.
    """

    def __init__(self, *, host: str, port: int, routes: Sequence[Route], connected: Connected) -> None:
        self._host = host
        self._port = port
        self._routes = tuple(routes)
        self._connected = connected
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        """A second call changes nothing."""
        if self._runner:
            return
        server = web.Application(client_max_size=BODY_MAX)
        server.router.add_get(HEALTH_PATH, self._health)
        for route in self._routes:
            server.router.add_post(route.path, route.receive)
        self._runner = web.AppRunner(server, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, self._host, self._port).start()

    @property
    def running(self) -> bool:
        return self._runner is not None

    @property
    def port(self) -> int:
        """The port that was bound, where 0 was asked for."""
        return int(self._runner.addresses[0][1]) if self._runner else self._port

    async def close(self) -> None:
        if self._runner:
            await self._runner.cleanup()
            self._runner = None

    async def _health(self, _request: web.Request) -> web.Response:
        """200 where the bot is alive and connected, 503 where it is alive only."""
        connected = await self._connected()
        return web.json_response({"alive": True, "connected": connected}, status=200 if connected else 503)
