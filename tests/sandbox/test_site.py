"""The sandbox as one web application."""

import asyncio
import logging

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.sandbox.site import unless_gone


async def test_who_leaves_before_the_answer_begins_is_no_error(caplog: pytest.LogCaptureFixture) -> None:
    """Ctrl-C ends the bot while its connection is being accepted."""
    ended = asyncio.Event()

    async def accept(request: web.Request) -> web.StreamResponse:
        assert request.transport
        request.transport.abort()
        try:
            socket = web.WebSocketResponse()
            await socket.prepare(request)
            return socket
        finally:
            ended.set()

    app = web.Application(middlewares=[unless_gone])
    app.router.add_get("/socket", accept)
    with caplog.at_level(logging.ERROR):
        async with TestServer(app) as server, aiohttp.ClientSession() as http:
            with pytest.raises(aiohttp.ClientError):
                await http.ws_connect(server.make_url("/socket"))
            await ended.wait()

    assert caplog.messages == []
