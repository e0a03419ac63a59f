"""Socket Mode: tickets, connections, envelopes and their acks (https://docs.slack.dev/apis/events-api/using-socket-mode)."""

import asyncio
import contextlib
import json
import secrets
import uuid
from collections.abc import Callable

from aiohttp import WSMsgType, web

from bot.sandbox.slack.errors import Json
from bot.sandbox.slack.seeds import Timing
from bot.sandbox.slack.tasks import OwnedTasks
from bot.sandbox.slack.transport import NOT_CONNECTED, TIMEOUT, NotDelivered, Retry

MOST_CONNECTIONS = 10
PING_S = 30.0
CLOSE_S = 2.0
"""How long an app may take to answer the closing of its connection."""
DEBUG_CONNECTION_S = 360.0
"""What Slack gives a connection that was opened with ?debug_reconnects=true."""


class Connection:
    """One WebSocket of the app. `leaving` is set once it was told to reconnect."""

    def __init__(self, request: web.Request, socket: web.WebSocketResponse) -> None:
        self.request = request
        self.socket = socket
        self.leaving = False

    async def send(self, frame: Json) -> bool:
        try:
            await self.socket.send_str(json.dumps(frame))
        except (ConnectionError, RuntimeError):
            return False
        return True

    async def disconnect(self, reason: str) -> None:
        self.leaving = True
        await self.send({"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-sandbox"}})


class SocketMode:
    """Gives every envelope to exactly one connection and waits for its ack, on whichever connection it comes."""

    def __init__(self, *, app_id: str, enabled: bool, timing: Timing, on_change: Callable[[bool], None]) -> None:
        self._app_id = app_id
        self._enabled = enabled
        self._timing = timing
        self._on_change = on_change
        self._tickets: set[str] = set()
        self._connections: list[Connection] = []
        self._waiting: dict[str, asyncio.Future[Json]] = {}
        self._turn = 0
        self._tasks = OwnedTasks()

    @property
    def connected(self) -> bool:
        """Whether there is a connection that was not told to go."""
        return any(not each.leaving for each in self._connections)

    def ticket(self) -> str:
        """Opens one connection, once."""
        ticket = secrets.token_urlsafe(16)
        self._tickets.add(ticket)
        return ticket

    async def accept(self, request: web.Request) -> web.StreamResponse:
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=403, text="invalid ticket")
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse(heartbeat=PING_S, timeout=CLOSE_S)
        await socket.prepare(request)
        connection = Connection(request, socket)
        refusal = self._refusal()
        if refusal:
            await connection.disconnect(refusal)
            await socket.close()
            return socket
        await self._serve(connection, debug=request.query.get("debug_reconnects") == "true")
        return socket

    def _refusal(self) -> str:
        if not self._enabled:
            return "link_disabled"
        return "too_many_websockets" if len(self._connections) >= MOST_CONNECTIONS else ""

    async def _serve(self, connection: Connection, *, debug: bool) -> None:
        life_s = DEBUG_CONNECTION_S if debug else self._timing.connection_s
        await connection.send(self._hello(life_s))
        self._connections.append(connection)
        self._on_change(True)
        ending = asyncio.create_task(self._end_after(connection, life_s - self._timing.refresh_grace_s))
        try:
            await self._listen(connection)
        finally:
            ending.cancel()
            self._remove(connection)

    def _hello(self, life_s: float) -> Json:
        debug_info = {"host": "applink-sandbox", "build_number": 1, "approximate_connection_time": int(life_s)}
        hello: Json = {"type": "hello", "num_connections": len(self._connections) + 1, "debug_info": debug_info}
        return hello | {"connection_info": {"app_id": self._app_id}}

    async def _listen(self, connection: Connection) -> None:
        async for frame in connection.socket:
            if frame.type is WSMsgType.TEXT:
                self._take(frame.data)

    def _take(self, data: str) -> None:
        try:
            ack = json.loads(data)
        except ValueError:
            return
        if not isinstance(ack, dict):
            return
        waiting = self._waiting.pop(str(ack.get("envelope_id")), None)
        if waiting is not None and not waiting.done():
            payload = ack.get("payload")
            waiting.set_result(payload if isinstance(payload, dict) else {})

    def _remove(self, connection: Connection) -> None:
        if connection in self._connections:
            self._connections.remove(connection)
        if not self._connections:
            self._on_change(False)

    async def _end_after(self, connection: Connection, delay_s: float) -> None:
        await asyncio.sleep(max(0.0, delay_s))
        await connection.disconnect("warning")
        await self._refresh(connection)

    async def _refresh(self, connection: Connection) -> None:
        """The end that a warning announced."""
        await asyncio.sleep(self._timing.refresh_grace_s)
        await connection.disconnect("refresh_requested")
        await self._close_after_grace(connection)

    async def _close_after_grace(self, connection: Connection) -> None:
        """Apps close the connection themselves when they are told to go; this is for those that don't."""
        await asyncio.sleep(self._timing.refresh_grace_s)
        await connection.socket.close()

    def _next(self) -> Connection:
        """In turn, and those that were told to reconnect only when there is no other."""
        candidates = [each for each in self._connections if not each.leaving] or self._connections
        if not candidates:
            raise NotDelivered(NOT_CONNECTED)
        self._turn += 1
        return candidates[self._turn % len(candidates)]

    async def send(self, kind: str, payload: Json, *, retry: Retry) -> Json:
        envelope_id = str(uuid.uuid4())
        envelope: Json = {"envelope_id": envelope_id, "payload": payload, "type": kind}
        envelope["accepts_response_payload"] = kind == "slash_commands" or payload.get("type") == "view_submission"
        if kind == "events_api":
            envelope |= {"retry_attempt": retry.attempt, "retry_reason": retry.reason}
        waiting: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._waiting[envelope_id] = waiting
        try:
            await self._send_on_one(envelope)
            answer = await asyncio.wait_for(waiting, self._timing.ack_s)
        except TimeoutError:
            raise NotDelivered(TIMEOUT) from None
        finally:
            self._waiting.pop(envelope_id, None)
        return answer if envelope["accepts_response_payload"] else {}

    async def _send_on_one(self, envelope: Json) -> None:
        """Connections that turn out to be broken are forgotten."""
        connection = self._next()
        while not await connection.send(envelope):
            self._remove(connection)
            connection = self._next()

    async def disconnect(self, reason: str) -> None:
        """Tell every connection to go: "cut" breaks it without a word, "warning" ends it after the grace."""
        for connection in list(self._connections):
            if reason == "cut":
                await self._break(connection)
                continue
            await connection.disconnect(reason)
            end = self._refresh if reason == "warning" else self._close_after_grace
            self._tasks.start(end(connection))

    async def cut(self) -> None:
        with contextlib.suppress(NotDelivered):
            await self._break(self._next())

    async def _break(self, connection: Connection) -> None:
        self._remove(connection)
        if connection.request.transport is not None:
            connection.request.transport.abort()

    async def close(self) -> None:
        await self._tasks.close()
        await asyncio.gather(*(each.socket.close() for each in self._connections))
