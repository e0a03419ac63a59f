"""The open port as strangers find it: raw bytes over real sockets, bounds, deadlines, and a log that stays short."""

import asyncio
import contextlib
import logging
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.web.connections import OpenConnections, most_connections
from bot.web.server import CHUNKS_MAX, CannotListen, HttpRoute, Limits, WebServer
from bot.web.wire import HEAD_MAX, HEADERS_MAX, HttpAnswer, HttpRequest, RequestRefused, head_of
from tests.eventually import eventually
from tests.stalls import STALL_S, Stalls
from tests.web.raw import Heard, answered, post, sent

ROOT = Path(__file__).parent.parent.parent
BODY_MAX = 1024 * 1024
OK_GET = b"GET /healthz HTTP/1.1\r\nHost: bot.example\r\n\r\n"


class Mailbox:
    """Takes what is posted to /in."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.headers: list[dict[str, str]] = []

    async def receive(self, request: HttpRequest) -> HttpAnswer:
        self.bodies.append(request.body)
        self.headers.append(dict(request.headers))
        return HttpAnswer(202, b"taken")


class Faulty:
    async def receive(self, request: HttpRequest) -> HttpAnswer:
        raise LookupError("a mistake of ours")


class Hanging:
    """Answers when `gate` is set."""

    def __init__(self) -> None:
        self.gate = asyncio.Event()
        self.asked = 0

    async def receive(self, request: HttpRequest) -> HttpAnswer:
        self.asked += 1
        await self.gate.wait()
        return HttpAnswer(200)


async def connected() -> bool:
    return True


@contextlib.asynccontextmanager
async def opened(mailbox: Mailbox | Faulty | Hanging, limits: Limits | None = None) -> AsyncIterator[WebServer]:
    routes = [HttpRoute("/in", mailbox.receive, BODY_MAX)]
    server = WebServer(host="127.0.0.1", port=0, routes=routes, connected=connected, limits=limits)
    await server.start()
    try:
        yield server
    finally:
        await server.close()


def chunked(*parts: bytes, head: str = "Transfer-Encoding: chunked") -> bytes:
    body = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts)
    return post("/in", b"", head, length=False) + body + b"0\r\n\r\n"


BROKEN = {
    "not HTTP": (b"hello\r\n\r\n", 400),
    "a TLS handshake": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),
    "HTTP/2": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
    "nothing but ends of lines": (b"\r\n\r\n", 400),
    "a path that is not ASCII": (b"POST /\xff\xfe HTTP/1.1\r\n\r\n", 400),
    "a NUL in a header": (post("/in", b"", "X-A: a\x00b"), 400),
    "a bare line feed in a header": (post("/in", b"", "X-A: a\nX-B: b"), 400),
    "a header without a name": (post("/in", b"", ": b"), 400),
    "a space before the colon": (post("/in", b"", "Content-Length : 3"), 400),
    "a header that goes on in the next line": (post("/in", b"", "X-A: a", " b"), 400),
    "two lengths": (post("/in", b"abc", "Content-Length: 5"), 400),
    "a negative length": (post("/in", b"", "Content-Length: -1", length=False), 400),
    "a length with a sign": (post("/in", b"", "Content-Length: +1", length=False), 400),
    "a length in other digits": (post("/in", b"", "Content-Length: \xb2", length=False), 400),
    "a length of a hundred digits": (post("/in", b"", f"Content-Length: {'9' * 100}", length=False), 400),
    "length and chunks": (post("/in", b"0\r\n\r\n", "Transfer-Encoding: chunked"), 400),
    "an unknown transfer coding": (post("/in", b"", "Transfer-Encoding: gzip, chunked", length=False), 400),
    "two transfer codings": (
        post("/in", b"", "Transfer-Encoding: chunked", "Transfer-Encoding: chunked", length=False),
        400,
    ),
    "a chunk of no size": (post("/in", b"", "Transfer-Encoding: chunked", length=False) + b"x\r\n", 400),
    "a chunk that is longer than it says": (
        post("/in", b"", "Transfer-Encoding: chunked", length=False) + b"1\r\nab\r\n0\r\n\r\n",
        400,
    ),
    "a chunk of negative size": (post("/in", b"", "Transfer-Encoding: chunked", length=False) + b"-1\r\n", 400),
    "chunks of one byte": (chunked(*[b"x"] * (CHUNKS_MAX + 1)), 400),
    "chunks without end": (chunked(*[b"x" * 65_536] * 17), 413),
    "a chunk of gigabytes": (post("/in", b"", "Transfer-Encoding: chunked", length=False) + b"ffffffff\r\n", 413),
    "a long head": (post("/in", b"", "X-A: " + "a" * HEAD_MAX), 431),
    "many headers": (post("/in", b"", *["X: y"] * (HEADERS_MAX + 1)), 431),
    "one byte too many": (post("/in", b"x" * (BODY_MAX + 1)), 413),
    "a path that is not there": (post("/hook/github", b"{}"), 404),
    "another method": (b"PUT /in HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc", 405),
    "GET of what is posted": (b"GET /in HTTP/1.1\r\n\r\n", 405),
    "HEAD of what is posted": (b"HEAD /in HTTP/1.1\r\n\r\n", 405),
    "CONNECT": (b"CONNECT example.com:443 HTTP/1.1\r\n\r\n", 404),
    "health by POST": (post("/healthz", b"{}"), 405),
    "health with a body": (b"GET /healthz HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello", 413),
}


@pytest.mark.parametrize(("raw", "status"), BROKEN.values(), ids=BROKEN)
async def test_what_is_broken_is_refused(raw: bytes, status: int, caplog: pytest.LogCaptureFixture) -> None:
    """In few words, without a traceback, and without the name or version of any program; nobody receives it."""
    mailbox = Mailbox()
    async with opened(mailbox) as server:
        answer = await sent(server.port, raw)

    assert answer.status == status
    assert answer.headers.keys() <= {"content-length", "connection", "allow"}
    assert mailbox.bodies == []
    assert len(caplog.records) == 1
    assert caplog.records[0].levelno == logging.WARNING
    assert not caplog.records[0].exc_info


GOOD = {
    "a body": (post("/in", b"hello"), b"hello"),
    "no body": (b"POST /in HTTP/1.1\r\n\r\n", b""),
    "the old protocol": (b"POST /in HTTP/1.0\r\nContent-Length: 2\r\n\r\nhi", b"hi"),
    "an absolute address": (post("http://bot.example:3000/in", b"hi"), b"hi"),
    "a query": (post("/in?a=1", b"hi"), b"hi"),
    "bytes that are no text": (post("/in", b"\xff\x00\xfe"), b"\xff\x00\xfe"),
    "chunks": (chunked(b"he", b"llo"), b"hello"),
    "chunks with extensions and trailers": (
        post("/in", b"", "Transfer-Encoding: Chunked", length=False) + b"2;a=b\r\nhe\r\n0\r\nX-A: b\r\n\r\n",
        b"he",
    ),
    "what looks packed": (post("/in", b"\x1f\x8b\x08no", "Content-Encoding: gzip"), b"\x1f\x8b\x08no"),
    "exactly as long as may be": (post("/in", b"x" * BODY_MAX), b"x" * BODY_MAX),
    "one byte less": (post("/in", b"x" * (BODY_MAX - 1)), b"x" * (BODY_MAX - 1)),
    "more requests behind it": (post("/in", b"one") + post("/in", b"two") + OK_GET * 2_000, b"one"),
}


@pytest.mark.parametrize(("raw", "body"), GOOD.values(), ids=GOOD)
async def test_what_is_whole_arrives_as_it_was_sent(raw: bytes, body: bytes) -> None:
    """One request a connection: whoever sends more in one go is told that the connection ends."""
    mailbox = Mailbox()
    async with opened(mailbox) as server:
        answer = await sent(server.port, raw)

    assert (answer.status, answer.body) == (202, b"taken")
    assert answer.headers == {"content-length": "5", "content-type": "text/plain", "connection": "close"}
    assert mailbox.bodies == [body]


CHUNKS_FOLLOW = post("/in", b"", "Transfer-Encoding: chunked", length=False)
TIRESOME = {
    "a header of spaces": (post("/in", b"", "X-A:" + " " * 15_000 + "\0"), 400),
    "a header of words": (post("/in", b"", "X-A:" + " a" * 7_500 + "\0"), 400),
    "a long name": (post("/in", b"", "a" * 15_000), 400),
    "a header on many lines": (post("/in", b"", *["X-A: a", *[" b"] * (HEADERS_MAX - 10)]), 400),
    "thousands of headers": (post("/in", b"", *["a:"] * 3_900), 431),
    "a long type": (post("/in", b"", "Content-Type: " + ";charset" * 1_800), 202),
    "a trailer of spaces": (CHUNKS_FOLLOW + b"0\r\nX-A:" + b" " * 15_000 + b"\0\r\n\r\n", 202),
    "thousands of trailers": (CHUNKS_FOLLOW + b"0\r\n" + b"a:\r\n" * 20_000, 400),
    "a size and spaces": (CHUNKS_FOLLOW + b"1" + b" " * 15_000 + b"x\r\n", 400),
    "an extension of spaces": (CHUNKS_FOLLOW + b"1;" + b" " * 15_000 + b"\n\r\n", 400),
}


@pytest.mark.parametrize(("raw", "status"), TIRESOME.values(), ids=TIRESOME)
async def test_no_request_is_long_work_to_read(raw: bytes, status: int) -> None:
    """A pattern that goes back over what it read needs a second for some of these, before any signature."""
    async with opened(Mailbox()) as server:
        with Stalls() as stalls:
            answer = await sent(server.port, raw)

    assert answer.status == status
    assert stalls.busiest_s <= STALL_S


async def test_a_body_in_tiny_chunks_leaves_others_their_turns() -> None:
    """Though all of it is here at once."""
    mailbox, turns = Mailbox(), 0
    loop = asyncio.get_running_loop()

    def turn() -> None:
        nonlocal turns
        turns += 1
        if not mailbox.bodies:
            loop.call_soon(turn)

    async with opened(mailbox) as server:
        loop.call_soon(turn)
        answer = await sent(server.port, chunked(*[b"x"] * (CHUNKS_MAX - 1)))

    assert answer.status == 202
    assert turns > CHUNKS_MAX / 20


async def test_whoever_waits_to_be_told_is_told() -> None:
    """curl does so with long bodies."""
    mailbox = Mailbox()
    async with opened(mailbox) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(b"POST /in HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
        assert await reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
        writer.write(b"hi")
        assert (await answered(reader)).status == 202
        writer.close()
        refused = await sent(
            server.port, b"POST /in HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 9999999\r\n\r\n"
        )

    assert refused.status == 413, "without sending any of it"
    assert mailbox.bodies == [b"hi"]


async def test_health_answers_head_and_get() -> None:
    """A head has no body."""
    async with opened(Mailbox()) as server:
        got = await sent(server.port, OK_GET)
        head = await sent(server.port, OK_GET.replace(b"GET", b"HEAD"))

    assert (got.status, got.body) == (200, b'{"alive": true, "connected": true}')
    assert (head.status, head.body, head.headers) == (200, b"", got.headers)


HALF = {
    "nothing": b"",
    "half a line": b"POST /in",
    "half a head": b"POST /in HTTP/1.1\r\nHost: bot.exam",
    "half a body": post("/in", b"")[:-4].replace(b"Content-Length: 0", b"Content-Length: 100") + b"\r\n\r\nabc",
    "half a chunk": post("/in", b"", "Transfer-Encoding: chunked", length=False) + b"5\r\nab",
    "no last chunk": post("/in", b"", "Transfer-Encoding: chunked", length=False) + b"2\r\nab\r\n",
}


@pytest.mark.parametrize("raw", HALF.values(), ids=HALF)
async def test_what_is_half_sent_is_closed(raw: bytes) -> None:
    """Within the deadline, and its descriptor is free again."""
    async with opened(Mailbox(), Limits(request_s=0.1)) as server:
        many = [await asyncio.open_connection("127.0.0.1", server.port) for _ in range(10)]
        for _, writer in many:
            writer.write(raw)
        answers = await asyncio.gather(*(answered(reader) for reader, _ in many))
        await eventually(lambda: server.connections == 0)
        for _, writer in many:
            writer.close()

    assert {answer.status for answer in answers} == {0}


async def test_a_request_that_comes_byte_by_byte_is_closed() -> None:
    """Each byte in time does not make the whole in time: the deadline is that of the request."""
    async with opened(Mailbox(), Limits(request_s=0.2)) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        ended = asyncio.create_task(answered(reader))
        writer.write(b"POST /in HTTP/1.1\r\n")

        def dribbles() -> bool:
            writer.write(b"X-A: b\r\n")
            return ended.done()

        await eventually(dribbles)
        writer.close()

    assert ended.result().status == 0


async def test_whoever_leaves_halfway_leaves_no_line_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    """It happens all the time, and nobody can do anything about it."""
    async with opened(Mailbox()) as server:
        for raw in HALF.values():
            assert (await sent(server.port, raw, end=True)).status == 0
        await eventually(lambda: server.connections == 0)

    assert caplog.records == []


async def test_connections_are_bounded_and_whoever_sends_at_once_is_served() -> None:
    """However many hold connections open: the one that has waited longest goes."""
    mailbox = Mailbox()
    async with opened(mailbox, Limits(connections=8)) as server:
        held = []
        for _ in range(100):
            held.append(await asyncio.open_connection("127.0.0.1", server.port))
            held[-1][1].write(b"POST /in HTTP/1.1\r\n")
            assert server.connections <= 8
        assert (await sent(server.port, post("/in", b"hello"))).status == 202
        assert server.connections <= 8
        for _, writer in held:
            writer.close()

    assert mailbox.bodies == [b"hello"]


async def test_what_is_being_answered_is_never_sent_away() -> None:
    """Where all that are connected wait for us, a new one is closed instead."""
    hanging = Hanging()
    async with opened(hanging, Limits(connections=2)) as server:
        asked = [asyncio.create_task(sent(server.port, post("/in", b"x"))) for _ in range(2)]
        await eventually(lambda: hanging.asked == 2)
        late = [await sent(server.port, post("/in", b"late")) for _ in range(3)]
        hanging.gate.set()
        first = await asyncio.gather(*asked)

    assert [answer.status for answer in first] == [200, 200]
    assert [answer.status for answer in late] == [0, 0, 0]


async def test_an_answer_that_takes_too_long_is_given_up() -> None:
    """So that no sender's request holds a connection for ever."""
    async with opened(Hanging(), Limits(answer_s=0.05)) as server:
        assert (await sent(server.port, post("/in", b"x"))).status == 503
        await eventually(lambda: server.connections == 0)


def test_unfinished_bodies_together_are_bounded() -> None:
    """Whoever holds most of them goes first."""
    visitors, gone = OpenConnections(most=10, bodies_max=100), list[str]()
    small, large, other = (visitors.enter(Transport(name, gone)) for name in ("small", "large", "other"))
    assert small and large and other
    visitors.hold(small, 10)
    visitors.hold(large, 80)
    visitors.hold(other, 20)

    assert gone == ["large"]
    with pytest.raises(ConnectionAbortedError):
        visitors.hold(large, 1)
    visitors.leave(large)
    visitors.hold(small, 70)
    assert gone == ["large"], "what went is not counted any more"


class Transport(asyncio.WriteTransport):
    """Writes down that it was closed."""

    def __init__(self, name: str, gone: list[str]) -> None:
        super().__init__()
        self._name = name
        self._gone = gone

    def abort(self) -> None:
        self._gone.append(self._name)


def test_most_descriptors_stay_for_the_bots_own_work() -> None:
    """Whatever the limit of this process is."""
    resource = pytest.importorskip("resource")
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)

    assert 4 <= most_connections() <= max(4, min(128, soft // 8))


async def test_strangers_never_take_the_last_descriptor() -> None:
    """A process that may have 96 of them, and 500 who connect at once and stay."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.web.small_server", "96"), stdout=PIPE, stderr=PIPE, cwd=ROOT
    )
    assert process.stdout and process.stderr
    port = int(await process.stdout.readline())
    held = await asyncio.gather(*(asyncio.open_connection("127.0.0.1", port) for _ in range(500)))
    answer = await sent(port, OK_GET)
    process.terminate()
    log = (await process.communicate())[1]
    for _, writer in held:
        writer.close()

    assert answer.status == 200
    assert log.decode().count("\n") <= 1, log.decode()


async def test_a_mistake_of_ours_is_one_traceback_and_no_word_of_it_to_the_caller(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Only signed callers get so far."""
    async with opened(Faulty()) as server:
        answer = await sent(server.port, post("/in", b"x"))

    assert (answer.status, answer.body) == (500, b"")
    assert [record.getMessage() for record in caplog.records] == ["/in failed"]


async def test_200_broken_requests_are_a_line_of_each_kind(caplog: pytest.LogCaptureFixture) -> None:
    """Not one each."""
    async with opened(Mailbox()) as server:
        for _ in range(20):
            for raw, _status in list(BROKEN.values())[:10]:
                await sent(server.port, raw)

    assert len(caplog.records) <= 10
    assert sum(len(record.getMessage()) for record in caplog.records) < 1_000


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    raw=st.binary(max_size=300) | st.binary(max_size=100).map(lambda raw: b"POST /in HTTP/1.1\r\n" + raw + b"\r\n\r\n")
)
def test_no_bytes_make_the_server_stumble(raw: bytes, caplog: pytest.LogCaptureFixture) -> None:
    """An answer below 500 or none at all, and nothing that the loop had to report."""

    async def asked() -> tuple[Heard, Heard]:
        async with opened(Mailbox()) as server:
            return await sent(server.port, raw, end=True), await sent(server.port, OK_GET)

    answer, well = asyncio.run(asked())

    assert answer.status in (0, 202, 400, 404, 405, 413, 431)
    assert well.status == 200
    assert not [record for record in caplog.records if record.exc_info or record.levelno > logging.WARNING]


@given(st.binary(max_size=400))
def test_a_head_is_read_or_refused(raw: bytes) -> None:
    """Nothing else."""
    with contextlib.suppress(RequestRefused):
        assert head_of(b"GET / HTTP/1.1\r\n" + raw + b"\r\n\r\n").method == "GET"


async def test_a_port_that_is_taken_is_told_in_a_sentence() -> None:
    """At the start."""
    async with opened(Mailbox()) as server:
        other = WebServer(host="127.0.0.1", port=server.port, routes=[], connected=connected)
        with pytest.raises(CannotListen, match=f"can't listen on 127.0.0.1:{server.port} \\(Address already in use\\)"):
            await other.start()


async def test_closing_ends_what_is_half_sent_at_once() -> None:
    """A stop does not wait for strangers."""
    async with opened(Mailbox()) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(b"POST /in")
        await eventually(lambda: server.connections == 1)
        async with asyncio.timeout(2):
            await server.close()
        assert (await answered(reader)).status == 0
        writer.close()
