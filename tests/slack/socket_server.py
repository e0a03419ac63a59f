"""The server's side of Socket Mode, as small as it can be."""

import asyncio
import json
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web


@dataclass
class SocketServer:
    """Gives out tickets and takes WebSockets.

    The first `dead` tickets lead nowhere. With `single` a newer connection closes the older one. `acks` are the
    envelope ids that came back; `opened` counts the connections that ever were.
    """

    dead: int = 0
    single: bool = False
    app_token: str = "xapp-1"
    tickets: int = 0
    opened: int = 0
    acks: list[str] = field(default_factory=list)
    open: list[web.WebSocketResponse] = field(default_factory=list)

    async def start(self) -> str:
        """The base URL of the Web API."""
        app = web.Application()
        app.router.add_post("/api/apps.connections.open", self._ticket)
        app.router.add_get("/link", self._link)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self._host = f"127.0.0.1:{self._runner.addresses[0][1]}"
        return f"http://{self._host}/api/"

    async def stop(self) -> None:
        for socket in list(self.open):
            await socket.close()
        await self._runner.cleanup()

    async def send(self, envelope_id: str, body: dict[str, object]) -> None:
        """To exactly one connection, as Slack does."""
        envelope = {"envelope_id": envelope_id, "type": "slash_commands", "payload": body}
        await self.open[0].send_str(json.dumps(envelope | {"accepts_response_payload": True}))

    async def disconnect(self) -> None:
        """Ask the oldest connection to come again."""
        await self.open[0].send_str(json.dumps({"type": "disconnect", "reason": "refresh_requested"}))

    async def _ticket(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != f"Bearer {self.app_token}":
            return web.json_response({"ok": False, "error": "invalid_auth"})
        self.tickets += 1
        return web.json_response({"ok": True, "url": f"ws://{self._host}/link?ticket={self.tickets}"})

    async def _link(self, request: web.Request) -> web.StreamResponse:
        if int(request.query["ticket"]) <= self.dead:
            return web.Response(status=404)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        older, self.open = (self.open, []) if self.single else ([], self.open)
        self.open.append(socket)
        self.opened += 1
        await socket.send_str(json.dumps({"type": "hello", "num_connections": len(self.open)}))
        closing = [asyncio.ensure_future(item.close()) for item in older]
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                self.acks.append(json.loads(message.data)["envelope_id"])
        if socket in self.open:
            self.open.remove(socket)
        await asyncio.gather(*closing)
        return socket
