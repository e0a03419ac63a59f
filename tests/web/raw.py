"""Bytes to a server as they are, and what came back: what an HTTP client would not let a test send."""

import asyncio
import contextlib
from dataclasses import dataclass

PATIENCE_S = 5.0


@dataclass(frozen=True)
class Heard:
    """`status` is 0 where the connection ended without an answer."""

    status: int
    headers: dict[str, str]
    body: bytes


async def sent(port: int, *parts: bytes, end: bool = False) -> Heard:
    """Send, and read until the server ends it; `end` closes the sending half first."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        with contextlib.suppress(ConnectionError):
            for part in parts:
                writer.write(part)
                await writer.drain()
            if end:
                writer.write_eof()
        return await answered(reader)
    finally:
        writer.close()


async def answered(reader: asyncio.StreamReader) -> Heard:
    """All until the server ends the connection; TimeoutError where it does not."""
    raw = b""
    async with asyncio.timeout(PATIENCE_S):
        with contextlib.suppress(ConnectionError):
            while part := await reader.read(65_536):
                raw += part
    return heard(raw)


def heard(raw: bytes) -> Heard:
    head, _, body = raw.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    pairs = (line.split(": ", 1) for line in lines)
    return Heard(int(first.split(" ")[1]) if first else 0, {name.lower(): value for name, value in pairs}, body)


def post(path: str, body: bytes, *headers: str, length: bool = True) -> bytes:
    lines = [f"POST {path} HTTP/1.1", "Host: bot.example", *headers]
    if length:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body
