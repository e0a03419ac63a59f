"""The live feed of people's screens over WebSockets."""

import asyncio
import json

from aiohttp import web

from bot.sandbox.slack.errors import Json
from bot.sandbox.slack.model import Window
from bot.sandbox.slack.site import Site
from bot.sandbox.slack.tasks import OwnedTasks

PING_S = 20.0
CLOSE_S = 1.0


class Live:
    """Sends each note to the watchers that may know of it."""

    def __init__(self, *, site: Site) -> None:
        self._site = site
        self._watchers: dict[web.WebSocketResponse, Window] = {}
        self._tasks = OwnedTasks()
        site.workspace.on_note(self.tell)

    def tell(self, note: Json) -> None:
        shown = json.dumps({key: value for key, value in note.items() if key not in ("for", "window")})
        for socket, watcher in list(self._watchers.items()):
            if _concerns(watcher, note) and self._may_know(watcher.user, note):
                self._tasks.start(self._send(socket, shown))

    def _may_know(self, user: str, note: Json) -> bool:
        channel = self._site.workspace.channels.get(str(note.get("channel")))
        return channel is None or not channel.is_private or user in channel.members

    async def _send(self, socket: web.WebSocketResponse, text: str) -> None:
        try:
            await socket.send_str(text)
        except (ConnectionError, RuntimeError):
            self._watchers.pop(socket, None)

    async def accept(self, request: web.Request) -> web.WebSocketResponse:
        user = self._site.workspace.person(request.query.get("as", "")).id
        socket = web.WebSocketResponse(heartbeat=PING_S, timeout=CLOSE_S)
        await socket.prepare(request)
        self._watchers[socket] = Window(user, request.query.get("window", ""))
        try:
            async for _ in socket:
                continue  # screens only listen
        finally:
            self._watchers.pop(socket, None)
        return socket

    async def close(self) -> None:
        await self._tasks.close()
        await asyncio.gather(*(socket.close() for socket in self._watchers))


def _concerns(watcher: Window, note: Json) -> bool:
    """A note may be for one person, and one about a form for one of their windows."""
    meant = Window(note.get("for", watcher.user), note.get("window", watcher.id))
    return meant == watcher
