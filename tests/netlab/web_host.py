"""A host with web servers: `python -m tests.netlab.web_host TLS_PEM`, one behaviour a port, on all its addresses."""

import asyncio
import ssl
import sys

from tests.probes.listeners import Handler, silent

PAGE, LATE_PAGE, SECURE, HANGS, SLOW = 8001, 8002, 8003, 8004, 8005
"""Ports: a page of 20 kB; its head first and then the rest; by TLS; no answer at all; a line now and then, for ever."""
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 20000\r\n\r\n"
_BODY = b"x" * 20_000
_PAUSE_S = 0.05


def page(pause_s: float = 0.0) -> Handler:
    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        if pause_s:
            writer.write(_HEAD)
            await _due(pause_s)
        writer.write(_BODY if pause_s else _HEAD + _BODY)
        await writer.drain()
        writer.close()

    return handle


async def dripping(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Small packets that never make an answer."""
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while not writer.transport.is_closing():
        writer.write(b"X-More: yes\r\n")
        await _due(_PAUSE_S)


async def _due(after_s: float) -> None:
    """When so much time is over."""
    loop = asyncio.get_running_loop()
    due: asyncio.Future[None] = loop.create_future()
    loop.call_later(after_s, due.set_result, None)
    await due


async def serve(pem: str) -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(pem)
    for port, handler, secure in (
        (PAGE, page(), None),
        (LATE_PAGE, page(_PAUSE_S), None),
        (SECURE, page(), tls),
        (HANGS, silent, None),
        (SLOW, dripping, None),
    ):
        await asyncio.start_server(handler, ["0.0.0.0", "::"], port, ssl=secure)
    print("ready", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1]))
