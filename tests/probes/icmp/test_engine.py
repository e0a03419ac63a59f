"""The ICMP engine on real sockets of loopback."""

import asyncio
import contextlib
import socket
import struct
from collections.abc import AsyncIterator

import pytest

from bot.probes.icmp.echo import Echo
from bot.probes.icmp.engine import IcmpEngine, _Line
from bot.probes.icmp.inbox import Arrival
from bot.probes.icmp.packets import V4, IcmpKind, IcmpMessage
from bot.probes.icmp.sockets import REMEDY, IcmpSocket
from tests.needs import missing

TOKEN = b"8 bytes!"
_IPV6_FLOWLABEL_MGR = 32


@pytest.fixture
async def engine() -> AsyncIterator[IcmpEngine]:
    engine = IcmpEngine()
    await engine.open()
    if engine.access().mode is None:
        missing(f"no ICMP here: {engine.access().remedy}")
    yield engine
    await engine.close()


async def answered(engine: IcmpEngine, address: str, ttl: int = 64) -> Echo:
    done = asyncio.Event()
    echo = engine.echo(address, ttl=ttl, on_answer=lambda _echo: done.set())
    assert not echo.error
    await asyncio.wait_for(done.wait(), 5)
    return echo


@pytest.mark.parametrize("address", ["127.0.0.1", "127.0.21.2", "::1"])
async def test_a_reply_is_credited(engine: IcmpEngine, address: str) -> None:
    """A live address answers within a believable time."""
    if engine.access(address).mode is None:
        missing(engine.access(address).reason)
    echo = await answered(engine, address)

    assert echo.answer is not None
    assert (echo.answer.kind, echo.answer.source) == (IcmpKind.REPLY, address)
    assert 0 < echo.answer.rtt_ms < 1000


def _owned_label() -> socket.socket:
    """A socket that owns an IPv6 flow label, as long as it is open: then no other may be used without leave.

    `struct in6_flowlabel_req` of linux/in6.h: get (0) one for itself alone (1), made if need be (1).
    """
    owner = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    request = struct.pack("=16sIBBHHHI", socket.inet_pton(socket.AF_INET6, "::1"), 0, 0, 1, 1, 60, 0, 0)
    owner.setsockopt(socket.IPPROTO_IPV6, _IPV6_FLOWLABEL_MGR, request)
    return owner


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
@pytest.mark.parametrize("labels_are_owned", [False, True])
async def test_every_flow_is_answered(engine: IcmpEngine, address: str, labels_are_owned: bool) -> None:
    """Each by its own echo, also where this machine lets nobody choose a flow label."""
    if engine.access(address).mode is None:
        missing(engine.access(address).reason)
    left = set(range(9))
    done = asyncio.Event()

    def one(echo: Echo) -> None:
        left.discard(echo.flow)
        if not left:
            done.set()

    with _owned_label() if labels_are_owned else contextlib.nullcontext():
        errors = [engine.echo(address, flow=flow, on_answer=one).error for flow in range(9)]
        await asyncio.wait_for(done.wait(), 5)

    assert errors == [""] * 9


async def test_five_hundred_at_once_all_come_back_to_their_own(engine: IcmpEngine) -> None:
    """Each answer finds the echo it belongs to, none is lost."""
    left = {f"127.0.{n // 250}.{n % 250 + 1}" for n in range(500)}
    done = asyncio.Event()

    def one(echo: Echo) -> None:
        assert echo.answer is not None and echo.answer.source == echo.destination
        left.discard(echo.destination)
        if not left:
            done.set()

    for address in sorted(left):
        engine.echo(address, on_answer=one)
    await asyncio.wait_for(done.wait(), 5)

    assert engine.drops == 0


async def test_two_engines_do_not_take_each_others_answers(engine: IcmpEngine) -> None:
    """Every raw socket sees every packet of the machine; only one's own count."""
    other = IcmpEngine()
    await other.open()
    try:
        echoes = [await answered(each, "127.0.0.9") for each in (engine, other, engine, other)]
    finally:
        await other.close()

    assert all(echo.answer for echo in echoes)


async def test_what_cannot_be_sent_is_a_reason(engine: IcmpEngine) -> None:
    """A send error is a failure with words, and no answer will come."""
    echo = engine.echo("255.255.255.255", on_answer=lambda _echo: None)

    assert "could not send" in echo.error


async def test_without_a_mode_access_says_why_and_what_to_do() -> None:
    """Where nothing is allowed, opening succeeds and every echo names the reason."""
    engine = IcmpEngine(modes=())
    await engine.open()
    try:
        access = engine.access("127.0.0.1")
        echo = engine.echo("127.0.0.1", on_answer=lambda _echo: None)
    finally:
        await engine.close()

    assert access.mode is None and access.remedy == REMEDY
    assert echo.error == access.reason != ""


async def test_before_it_is_open_nothing_is_sent() -> None:
    """An engine that was never opened says so."""
    assert "not open" in IcmpEngine().echo("127.0.0.1", on_answer=lambda _echo: None).error


def _credit(line: _Line, echo: Echo, **changed: object) -> None:
    sent_to = socket.inet_aton(echo.destination)
    heard = IcmpMessage(IcmpKind.TTL_EXCEEDED, 11, 0, 99, echo.sequence, TOKEN, sent_to)._replace(**changed)  # type: ignore[arg-type]
    line._credit(Arrival(heard, "192.0.2.1", 0, 0))


@pytest.mark.parametrize(
    "wrong",
    [
        {"identifier": 98},
        {"quoted_to": socket.inet_aton("192.0.2.99")},
        {"token": b"other by"},
        {"kind": IcmpKind.REPLY, "quoted_to": b""},
        {"sequence": 1},
    ],
    ids=lambda wrong: "-".join(wrong),
)
def test_an_answer_that_is_not_ours_is_not_credited(wrong: dict[str, object]) -> None:
    """Id, quoted destination, payload, source of a reply and sequence must all be right."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        line = _Line(IcmpSocket(sock, V4, "ping socket", 99), TOKEN)
        answers: list[Echo] = []
        echo = line.send(Echo("127.0.0.1", socket.inet_aton("127.0.0.1"), 64, 0, answers.append))
        echo.sequence, line._sent = 7, {7: echo}
        _credit(line, echo, **wrong)
        assert not answers

        _credit(line, echo)
        assert answers == [echo]
        _credit(line, echo)

    assert answers == [echo], "a duplicate counts once"
