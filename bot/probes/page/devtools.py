"""Chromium's DevTools protocol over a pair of pipes: commands with answers, and events. No port is opened for it."""

import asyncio
import json
from asyncio import IncompleteReadError, LimitOverrunError, StreamReader, StreamWriter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from bot.errors import SecondLineError

MESSAGE_MAX = 64_000_000
"""A picture is the largest message: a third more than its PNG."""

Event = Callable[[str, dict[str, Any]], None]


class BrowserFailed(SecondLineError):
    """The browser ended, or refused a command."""


class Devtools:
    """One connection to a browser. Commands are for the browser itself until `session` is set to that of a page."""

    def __init__(self, reader: StreamReader, writer: StreamWriter, *, on_event: Event) -> None:
        self._reader = reader
        self._writer = writer
        self._on_event = on_event
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._last = 0
        self.session = ""

    async def call(self, method: str, **params: Any) -> dict[str, Any]:
        """Sends a command and returns its answer. Raises BrowserFailed."""
        self._last += 1
        number = self._last
        answer: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._answers[number] = answer
        try:
            self._write(number, method, params)
            await self._writer.drain()
            return await answer
        except OSError as error:
            raise BrowserFailed("the browser ended") from error
        finally:
            self._answers.pop(number, None)

    def tell(self, method: str, **params: Any) -> None:
        """A command whose answer does not matter."""
        self._write(0, method, params)

    async def listen(self) -> None:
        """Reads until the browser ends; then every command that still waits fails."""
        try:
            while True:
                self._take(await self._reader.readuntil(b"\0"))
        except (IncompleteReadError, LimitOverrunError, OSError):
            pass
        finally:
            for waiting in self._answers.values():
                if not waiting.done():
                    waiting.set_exception(BrowserFailed("the browser ended"))

    def _write(self, number: int, method: str, params: dict[str, Any]) -> None:
        message: dict[str, Any] = {"id": number, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        self._writer.write(json.dumps(message).encode() + b"\0")

    def _take(self, text: bytes) -> None:
        message: dict[str, Any] = json.loads(text[:-1])
        if "id" not in message:
            self._on_event(str(message.get("method")), message.get("params") or {})
            return
        waiting = self._answers.get(message["id"])
        if waiting and not waiting.done():
            if "error" in message:
                waiting.set_exception(BrowserFailed(str(message["error"].get("message", "no reason given"))))
            else:
                waiting.set_result(message.get("result") or {})


@asynccontextmanager
async def devtools(reader: StreamReader, writer: StreamWriter, *, on_event: Event) -> AsyncIterator[Devtools]:
    """A connection that listens for the time of the block."""
    client = Devtools(reader, writer, on_event=on_event)
    listening = asyncio.ensure_future(client.listen())
    try:
        yield client
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
