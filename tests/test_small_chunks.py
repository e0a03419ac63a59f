"""An answer that comes in chunks of one byte costs its reader time, and nobody else."""

from collections.abc import Awaitable, Callable

import aiohttp
import pytest

from bot.known_issues.transport import TrackerTransport
from bot.probes.web.exchange import Chunks
from bot.slack.client import SlackClient
from bot.status.ask import Asker
from tests.fake_clock import FakeClock
from tests.probes.listeners import Handler, answering, listening
from tests.probes.web.asking_http import asked
from tests.stalls import STALL_S, Stalls

BODY = b'{"ok": true, "words": "%s", "last": "Willkommen"}' % (b"x" * 150_000)


def in_chunks_of_one(body: bytes) -> Handler:
    chunks = b"".join(b"1\r\n%c\r\n" % byte for byte in body)
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    return answering(head + chunks + b"0\r\n\r\n")


async def by_probe(url: str) -> bool:
    return (await asked(url, expect="Willkommen", slow_s=60.0, timeout_s=30.0)).readings[0].ok


async def by_tracker(url: str) -> bool:
    async with aiohttp.ClientSession() as session:
        transport = TrackerTransport(session=session, system="GitHub", clock=FakeClock(), timeout_s=30.0)
        answer = await transport.send("GET", url, headers={}, body=None)
    return bool(answer.body == BODY)


async def by_status(url: str) -> bool:
    async with aiohttp.ClientSession() as session:
        answer = await Asker(session=session, system="Status page", clock=FakeClock()).get(url)
    return bool(answer.json()["last"] == "Willkommen")


async def by_slack(url: str) -> bool:
    client = SlackClient(token="xoxb-1", api_url=url)
    answer = await client.call("chat.postMessage", channel="C1", text="x")
    await client.close()
    return bool(answer["last"] == "Willkommen")


@pytest.mark.parametrize("ask", [by_probe, by_tracker, by_status, by_slack])
async def test_chunks_of_one_byte_do_not_stop_the_loop(ask: Callable[[str], Awaitable[bool]]) -> None:
    """The answer is read whole, and the loop turns meanwhile."""
    async with listening(in_chunks_of_one(BODY)) as port:
        with Stalls() as stalls:
            right = await ask(f"http://127.0.0.1:{port}/")

    assert right
    assert stalls.busiest_s <= STALL_S


@pytest.mark.parametrize("size", [1, 2, 7, 100_000])
def test_a_body_is_the_same_however_its_bytes_arrive(size: int) -> None:
    """Chunks with extensions, an odd line end, and what stands behind the last one."""
    wire = b"3;name=value\r\nabc\r\nA\n0123456789\n1\r\n\n\r\n0\r\nTrailer: x\r\n\r\n3\r\nxyz\r\n"
    chunks = Chunks()
    parts = [chunks.feed(wire[at : at + size]) for at in range(0, len(wire), size)]

    assert (b"".join(parts), chunks.ended) == (b"abc0123456789\n", True)


@pytest.mark.parametrize("wire", [b"zz\r\n", b"-1\r\n", b"\r\n", b"1" * 9 + b"\r\n", b"1" * 70_000])
def test_what_is_no_chunk_is_refused(wire: bytes) -> None:
    with pytest.raises(ValueError, match="chunk"):
        Chunks().feed(wire)
