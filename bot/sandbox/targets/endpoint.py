"""One HTTP endpoint that answers, fails or says nothing, as it is told."""

import asyncio
import contextlib
import json
import ssl
from http import HTTPStatus

MODES = ("ok", "503", "silent", "slow", "refuse")
SLOW_S = 3.0
"""Longer than the bot's default for "slow" (2 s), shorter than its timeout (5 s)."""


class Endpoint:
    """Listens on one address. Modes: ok and 503 answer at once, slow after some seconds, silent never, refuse not at
    all: the port is closed until another mode is set, and is the same one then."""

    def __init__(self, *, name: str, address: str, mode: str = "ok", tls: ssl.SSLContext | None = None) -> None:
        self.name = name
        self.address = address
        self.port = 0
        self.mode = mode
        self._tls = tls
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()

    @property
    def url(self) -> str:
        scheme = "https" if self._tls else "http"
        return f"{scheme}://{self.address}:{self.port}/"

    async def start(self) -> None:
        """Listen; a mode "refuse" only takes the port. Raises OSError where the address can't be had."""
        await self._listen()
        if self.mode == "refuse":
            await self._stop_listening()

    async def set_mode(self, mode: str) -> None:
        """Raises ValueError for an unknown mode."""
        if mode not in MODES:
            raise ValueError(f"mode is one of {', '.join(MODES)}")
        self.mode = mode
        if mode == "refuse":
            await self._stop_listening()
        elif self._server is None:
            await self._listen()

    async def close(self) -> None:
        await self._stop_listening()

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._serve, self.address, self.port, ssl=self._tls)
        self.port = int(self._server.sockets[0].getsockname()[1])

    async def _stop_listening(self) -> None:
        server, self._server = self._server, None
        if server is None:
            return
        server.close()
        for writer in list(self._open):
            writer.transport.abort()
        await server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            # A client that goes away in the middle is what some of the modes are for.
            with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
                await self._answer(reader, writer)
        finally:
            self._open.discard(writer)
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        if self.mode == "silent":
            await reader.read()
            return
        if self.mode == "slow":
            await asyncio.sleep(SLOW_S)
        writer.write(self._response(head_only=head.startswith(b"HEAD ")))
        await writer.drain()

    def _response(self, *, head_only: bool) -> bytes:
        status = HTTPStatus.SERVICE_UNAVAILABLE if self.mode == "503" else HTTPStatus.OK
        content = {"name": self.name, "status": "ok" if status == HTTPStatus.OK else "unavailable"}
        body = json.dumps(content).encode()
        head = (
            f"HTTP/1.1 {status.value} {status.phrase}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        ).encode()
        return head if head_only else head + body
