"""The proxy before the browser: it leads to judged addresses only, and passes on what it is told."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadInput
from bot.probes.page.proxy import ProxyRequest, Traffic, proxying, read_request
from bot.probes.policy import ProbePolicy
from tests.probes.listeners import answering, closed_port, listening, silent

PAGE = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\npage"
LOOPBACK = ProbePolicy(allow_networks=["127.0.0.0/8"])


async def said(port: int, *parts: bytes) -> bytes:
    """Everything that the proxy answers to these bytes, until it closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for part in parts:
        writer.write(part)
    try:
        return await asyncio.wait_for(reader.read(), 5)
    except ConnectionError:
        return b""
    finally:
        writer.transport.abort()


async def test_a_plain_request_is_passed_on_in_origin_form() -> None:
    """And the answer comes back whole."""
    heads: list[bytes] = []

    async def server(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(PAGE + b"x" * 300_000)
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    async with listening(server) as port, proxying(LOOPBACK) as traffic:
        host = b"127.0.0.1:%d" % port
        request = (
            b"GET http://" + host + b"/a?b=c HTTP/1.1\r\nHost: " + host + b"\r\nProxy-Connection: keep-alive\r\n\r\n"
        )
        answer = await said(traffic.port, request)

    assert answer == PAGE + b"x" * 300_000
    assert heads[0] == b"GET /a?b=c HTTP/1.1\r\nHost: " + host + b"\r\nConnection: close\r\n\r\n"
    assert traffic.received_bytes == len(answer)


async def test_a_tunnel_carries_both_directions() -> None:
    """CONNECT, as browsers do for https."""
    async with listening(answering(PAGE)) as port, proxying(LOOPBACK) as traffic:
        answer = await said(traffic.port, b"CONNECT 127.0.0.1:%d HTTP/1.1\r\n\r\n" % port, b"GET / HTTP/1.1\r\n\r\n")

    assert answer == b"HTTP/1.1 200 Connection established\r\n\r\n" + PAGE


async def test_connections_are_bounded() -> None:
    """Others on this machine can reach the port too; those over the bound are closed at once."""
    async with proxying(LOOPBACK) as traffic:
        held = [await asyncio.open_connection("127.0.0.1", traffic.port) for _ in range(140)]
        async with asyncio.timeout(5):
            over = [await reader.read() for reader, _ in held[128:]]
        for _, writer in held:
            writer.transport.abort()

    assert over == [b""] * 12


@pytest.mark.parametrize("request_line", [b"CONNECT 127.0.0.1:%d HTTP/1.1", b"GET http://127.0.0.1:%d/ HTTP/1.1"])
async def test_a_forbidden_address_is_never_connected_to(request_line: bytes) -> None:
    """The connection is closed without a word, and the reason kept for the person."""
    reached: list[int] = []

    async def server(_reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        reached.append(1)

    async with listening(server) as port, proxying(ProbePolicy()) as traffic:
        assert await said(traffic.port, request_line % port + b"\r\n\r\n") == b""

    assert reached == []
    assert traffic.refused == {"127.0.0.1": "a loopback address"}


async def test_a_name_that_moves_to_a_private_address_is_not_followed_there() -> None:
    """DNS rebinding: every connection looks the name up, judges the answer and goes exactly there."""
    answers = [["127.0.0.1"], ["10.0.0.1"], ["127.0.0.1", "169.254.169.254"]]

    async def moving(_host: str) -> Sequence[str]:
        return answers.pop(0)

    async with (
        listening(answering(PAGE)) as port,
        proxying(ProbePolicy(allow_networks=["127.0.0.0/8"], resolve=moving)) as traffic,
    ):
        request = b"GET http://moves.example:%d/ HTTP/1.1\r\n\r\n" % port
        found = [await said(traffic.port, request) for _ in range(3)]

    assert found == [PAGE, b"", b""]
    assert traffic.refused == {"moves.example": "a private address"}


async def test_what_follows_the_body_of_a_plain_request_goes_nowhere() -> None:
    """Browsers use a connection again for another host; that must not reach the first one."""
    body, rest, ended = bytearray(), bytearray(), asyncio.Event()

    async def server(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        body.extend(await reader.readexactly(4))
        with suppress(ConnectionError):
            rest.extend(await reader.read())
        ended.set()

    async with listening(server) as port, proxying(LOOPBACK) as traffic:
        request = b"POST http://127.0.0.1:%d/ HTTP/1.1\r\nContent-Length: 4\r\n\r\nbody" % port
        await said(traffic.port, request + b"GET http://other.example/ HTTP/1.1\r\n\r\n")
        await asyncio.wait_for(ended.wait(), 5)

    assert (bytes(body), bytes(rest)) == (b"body", b"")
    assert traffic.hosts == {"127.0.0.1"}


async def test_an_answer_without_end_is_cut() -> None:
    """A page has its share of bytes and no more."""

    async def endless(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            writer.write(b"x" * 100_000)
            await writer.drain()

    async with listening(endless) as port, proxying(LOOPBACK, bytes_max=1_000_000) as traffic:
        answer = await said(traffic.port, b"CONNECT 127.0.0.1:%d HTTP/1.1\r\n\r\n" % port)

    assert traffic.cut and 1_000_000 <= traffic.received_bytes < 2_000_000
    assert len(answer) <= traffic.received_bytes + 100


async def test_failures_are_kept_with_their_reason() -> None:
    """The browser only knows that a tunnel failed."""

    async def nowhere(_host: str) -> Sequence[str]:
        raise OSError

    async with proxying(LOOPBACK) as traffic:
        await said(traffic.port, b"CONNECT 127.0.0.1:%d HTTP/1.1\r\n\r\n" % closed_port())
    async with proxying(ProbePolicy(resolve=nowhere)) as lost:
        await said(lost.port, b"CONNECT gone.example:443 HTTP/1.1\r\n\r\n")

    assert traffic.failed == {"127.0.0.1": "connection refused"}
    assert lost.failed == {"gone.example": "DNS: the name can't be looked up"}


async def test_its_connections_end_with_it() -> None:
    """A server that says nothing holds nobody."""
    kept: list[Traffic] = []
    async with listening(silent) as port:
        async with proxying(LOOPBACK) as traffic:
            kept.append(traffic)
            reader, writer = await asyncio.open_connection("127.0.0.1", traffic.port)
            writer.write(b"CONNECT 127.0.0.1:%d HTTP/1.1\r\n\r\n" % port)
            assert (await reader.readline()).startswith(b"HTTP/1.1 200")
        with pytest.raises(ConnectionError):
            await asyncio.wait_for(_drained(reader), 5)
        with pytest.raises(ConnectionError):
            await asyncio.open_connection("127.0.0.1", traffic.port)
        writer.transport.abort()


async def _drained(reader: asyncio.StreamReader) -> None:
    while await reader.read(1000):
        pass
    raise ConnectionError("ended")


@pytest.mark.parametrize(
    "head",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET https://a.example/ HTTP/1.1\r\n\r\n",
        b"GET ftp://a.example/ HTTP/1.1\r\n\r\n",
        b"GET http://user:pass@a.example/ HTTP/1.1\r\n\r\n",
        b"CONNECT 2130706433:80 HTTP/1.1\r\n\r\n",
        b"CONNECT [fe80::1%25eth0]:80 HTTP/1.1\r\n\r\n",
        b"\r\n\r\n",
    ],
)
def test_what_is_no_request_to_a_proxy_is_refused(head: bytes) -> None:
    """Nothing is guessed."""
    with pytest.raises(BadInput):
        read_request(head)


@given(st.binary(max_size=300))
def test_any_bytes_are_a_request_or_refused(head: bytes) -> None:
    """No crash on whatever a page makes its browser send."""
    with suppress(BadInput):
        assert isinstance(read_request(head + b"\r\n\r\n"), ProxyRequest)
