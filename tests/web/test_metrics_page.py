"""/metrics over the wire: for who has the token, and for nobody else."""

from collections.abc import AsyncIterator

import pytest

from bot.web.metrics_page import metrics_route
from bot.web.server import WebServer
from tests.web.raw import sent

TOKEN = "a-token-of-prometheus"


@pytest.fixture
async def port() -> AsyncIterator[int]:
    async def connected() -> bool:
        return True

    route = metrics_route(lambda: b"secondline_info 1.0\n", token=TOKEN)
    server = WebServer(host="127.0.0.1", port=0, routes=[route], connected=connected)
    await server.start()
    yield server.port
    await server.close()


def request(*, method: str = "GET", authorization: str = "") -> bytes:
    header = f"Authorization: {authorization}\r\n" if authorization else ""
    return f"{method} /metrics HTTP/1.1\r\nHost: bot.example\r\n{header}\r\n".encode()


async def test_the_token_opens_it(port: int) -> None:
    heard = await sent(port, request(authorization=f"Bearer {TOKEN}"))

    assert (heard.status, heard.body) == (200, b"secondline_info 1.0\n")
    assert heard.headers["content-type"].startswith("text/plain; version=0.0.4")


@pytest.mark.parametrize("given", ["", "Bearer", f"Bearer {TOKEN}x", f"Basic {TOKEN}", TOKEN, "Bearer \xff"])
async def test_nobody_else_reads_it(port: int, given: str) -> None:
    heard = await sent(port, request(authorization=given))

    assert (heard.status, heard.body) == (401, b"")


async def test_it_is_only_read(port: int) -> None:
    heard = await sent(port, request(method="POST", authorization=f"Bearer {TOKEN}"))

    assert heard.status == 405
