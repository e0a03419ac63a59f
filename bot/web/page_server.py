"""Pages are aiohttp's: a connection is handed over to it with its first request, once that is complete and well formed.

So strangers meet the bounds of bot/web/server.py first, and a page may still be long in coming: an event stream stays
open for hours. A connection carries one request here too.
"""

import asyncio
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from bot.web.wire import RequestHead

STREAMS_MAX = 1_000
"""Boards that stay open; each costs a descriptor and some kilobytes."""
_NOT_PASSED_ON = frozenset(
    ("connection", "transfer-encoding", "content-length", "expect", "upgrade", "keep-alive", "te")
)


class PageServer:
    """An application's connections. `close` ends those that are open, event streams too."""

    def __init__(self, app: web.Application, *, base_path: str = "") -> None:
        """`base_path` ("/secondline") is what a proxy may leave in front of a path."""
        self._base_path = base_path
        self._runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=1.0)
        self._open: set[_HandedOver] = set()

    async def start(self) -> None:
        await self._runner.setup()

    async def close(self) -> None:
        await self._runner.shutdown()
        for connection in list(self._open):
            connection.transport.close()
        await self._runner.cleanup()

    @property
    def connections(self) -> int:
        """How many are open now."""
        return len(self._open)

    async def take_over(self, writer: asyncio.StreamWriter, head: RequestHead, body: bytes) -> None:
        """Answer one request; returns when its connection has ended."""
        server = self._runner.server
        if server is None or len(self._open) >= STREAMS_MAX:
            writer.write(b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            return
        connection = _HandedOver(server(), writer.transport)
        self._open.add(connection)
        try:
            connection.begin(_written(head, body, self._base_path))
            await connection.lost
        finally:
            self._open.discard(connection)


class _HandedOver(asyncio.Protocol):
    """Passes on what the transport tells, and says when it is over: until then the writer must be held by somebody, as
    it closes its transport when it goes."""

    def __init__(self, protocol: Any, transport: asyncio.WriteTransport) -> None:
        self._protocol = protocol
        self.transport = transport
        self.lost: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def begin(self, raw: bytes) -> None:
        self.transport.set_protocol(self)
        self._protocol.connection_made(self.transport)
        self._protocol.data_received(raw)

    def data_received(self, data: bytes) -> None:
        """Nothing: one request is all that is answered."""

    def eof_received(self) -> bool:
        """A browser that has sent everything may still wait for the answer."""
        return True

    def pause_writing(self) -> None:
        self._protocol.pause_writing()

    def resume_writing(self) -> None:
        self._protocol.resume_writing()

    def connection_lost(self, error: Exception | None) -> None:
        self._protocol.connection_lost(error)
        if not self.lost.done():
            self.lost.set_result(None)


def _written(head: RequestHead, body: bytes, base_path: str) -> bytes:
    """The request anew, of what was read and checked: whole, with its length, and as the last one of its connection."""
    target = head.target
    if base_path and (head.path == base_path or head.path.startswith(f"{base_path}/")):
        target = target.removeprefix(base_path)
        target = target if target.startswith("/") else f"/{target}"
    headers: Mapping[str, str] = head.headers
    lines = [f"{head.method} {target} HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in headers.items() if name.lower() not in _NOT_PASSED_ON]
    lines += [f"Content-Length: {len(body)}", "Connection: close"]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body
