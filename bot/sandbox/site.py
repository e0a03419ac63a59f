"""One web application out of all the sandbox's parts; it also sees the bot come and go."""

from collections.abc import Awaitable, Callable
from pathlib import Path

from aiohttp import web

LARGEST_BODY_BYTES = 64 * 1024 * 1024
"""aiohttp applies the outermost application's bound; files are uploaded to the Slack below it."""
_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Site:
    """Mounts everything under one origin. `bot_connected` follows the bot's Socket Mode connections."""

    def __init__(
        self,
        *,
        page: Path,
        slack: web.Application,
        zendesk: web.Application,
        globalping: web.Application,
        targets: web.Application,
    ) -> None:
        self._page = page
        self._connections = 0
        self.app = web.Application(middlewares=[unless_gone, self._watched], client_max_size=LARGEST_BODY_BYTES)
        self.app.add_subapp("/slack", slack)
        self.app.add_subapp("/zendesk", zendesk)
        self.app.add_subapp("/globalping", globalping)
        self.app.add_subapp("/control", targets)
        self.app.router.add_get("/", self._index)
        self.app.router.add_get("/favicon.ico", _no_icon)
        self.app.router.add_static("/page", page)

    def bot_connected(self) -> bool:
        return self._connections > 0

    @web.middleware
    async def _watched(self, request: web.Request, handler: _Handler) -> web.StreamResponse:
        """Counts the WebSockets that are not the page's own: those of the bot."""
        if not _is_bot_socket(request):
            response = await handler(request)
            if request.path.startswith("/page/"):
                # The files change with a git pull; a stale module would break the page in strange ways.
                response.headers["Cache-Control"] = "no-cache"
            return response
        self._connections += 1
        try:
            return await handler(request)
        finally:
            self._connections -= 1

    async def _index(self, request: web.Request) -> web.StreamResponse:
        return web.FileResponse(self._page / "index.html", headers={"Cache-Control": "no-cache"})


@web.middleware
async def unless_gone(request: web.Request, handler: _Handler) -> web.StreamResponse:
    """Whoever leaves before their answer begins hears nothing, and it is no fault of the handler."""
    try:
        return await handler(request)
    except ConnectionResetError:
        return web.Response(status=499)


def _is_bot_socket(request: web.Request) -> bool:
    upgrade = request.headers.get("Upgrade", "").lower() == "websocket"
    return upgrade and request.path.startswith("/slack/") and not request.path.startswith("/slack/client/")


async def _no_icon(request: web.Request) -> web.Response:
    return web.Response(status=204)
