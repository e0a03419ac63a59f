"""A port that is in settings stays free for the server that they are for."""

import asyncio
import socket
import sys

import pytest

from bot.sandbox.free_port import free_port


async def _nothing(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.close()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere it can't be held")
async def test_nobody_else_gets_it_before_the_server_listens_and_between_two_starts() -> None:
    port = free_port()
    for _ in range(2):
        with socket.socket() as stranger, pytest.raises(OSError, match="already in use"):
            stranger.bind(("127.0.0.1", port))
        server = await asyncio.start_server(_nothing, "127.0.0.1", port)
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.close()
        server.close()
        await server.wait_closed()
