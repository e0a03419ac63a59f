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
    all: the port is closed until another mode is set, and is the same one then.

    Its answers are JSON, or with `page` a page for people.
    """

    def __init__(
        self, *, name: str, address: str, mode: str = "ok", tls: ssl.SSLContext | None = None, page: bool = False
    ) -> None:
        self.name = name
        self.address = address
        self.port = 0
        self.mode = mode
        self._tls = tls
        self._page = page
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
        body = (_page(status) if self._page else json.dumps(content)).encode()
        kind = "text/html; charset=utf-8" if self._page else "application/json"
        head = (
            f"HTTP/1.1 {status.value} {status.phrase}\r\nContent-Type: {kind}\r\n"
            f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        ).encode()
        return head if head_only else head + body


def _page(status: HTTPStatus) -> str:
    """The website of the company that the sandbox plays, well or unavailable."""
    well = status == HTTPStatus.OK
    heading = "A calm harbor for your traffic" if well else "We will be back soon"
    words = (
        "One app, forty cities, no logs. Start on this website, and go on wherever you are."
        if well
        else "This website is unavailable at the moment. Your VPN connection is not affected."
    )
    button = '<a class="button" href="/">Get Harbor VPN</a>' if well else ""
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Harbor VPN</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
  body {{ margin: 0; font: 18px/1.5 sans-serif; color: #1d2b3a; background: #f4f7f9 }}
  header {{ padding: 20px 24px; font-weight: bold; color: #fff; background: #12405f }}
  main {{ padding: 56px 24px; max-width: 640px; margin: auto }}
  h1 {{ margin: 0 0 16px; font-size: 38px; line-height: 1.15 }}
  .button {{ display: inline-block; padding: 14px 22px; border-radius: 8px; color: #fff; background: #1f7a5c;
    text-decoration: none }}
</style></head>
<body><header>Harbor VPN</header><main><h1>{heading}</h1><p>{words}</p>{button}</main></body></html>
"""
