"""Telling an MTU black hole from servers that hang; over real routers see tests/netlab/test_mtu.py."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.probes.web.black_hole import MTU, explained
from bot.probes.web.dial import PhaseFailed, Phases, connected
from bot.probes.web.segments import SMALL_BYTES, Segments
from tests.probes.listeners import listening, silent

# A request that was acknowledged, and no answer.
WAITS = Segments(0, 600, 0, 0, 0, SMALL_BYTES, 1448)
# The end of a flight arrived, what comes before it did not.
GAP = replace(WAITS, out_of_order=1)
# A large request that was sent again and again.
UNHEARD = replace(WAITS, acked=1, unacked=1700, retransmits=4)
ANSWERED = replace(WAITS, received=4000, acked=1800)
TIMEOUT_S = 0.3


class Path:
    """What each try comes to, in the order of the tries: a connection that got so far, or None for one that hangs."""

    def __init__(self, outcome: Callable[[int, int], Segments | None], stalled: Segments) -> None:
        self._outcome = outcome
        self._stalled = stalled
        self.tries = 0

    async def again(self, segment_bytes: int, timeout_s: float) -> Segments | None:
        self.tries += 1
        segments = self._outcome(self.tries, segment_bytes)
        if segments:
            return segments
        try:
            async with asyncio.timeout(timeout_s):
                await asyncio.Event().wait()
        except TimeoutError as error:
            raise PhaseFailed("tls", "timeout", "timeout", self._stalled) from error
        return None


async def cause(
    stalled: Segments | None, outcome: Callable[[int, int], Segments | None], *, first: str = "timeout"
) -> tuple[str, int]:
    """The cause that a hanging handshake gets, and how many tries that took."""
    failure = PhaseFailed("tls", first, "timeout in the TLS handshake after 0.3 s", stalled)
    path = Path(outcome, stalled or WAITS)
    return (await explained(failure, path.again, timeout_s=TIMEOUT_S)).cause, path.tries


def swallows_large(_number: int, segment_bytes: int) -> Segments | None:
    return ANSWERED if segment_bytes else None


@pytest.mark.parametrize("stalled", [WAITS, GAP, UNHEARD])
async def test_a_path_that_passes_small_packets_alone_is_a_black_hole(stalled: Segments) -> None:
    """Whatever the kernel could see of the first try."""
    assert await cause(stalled, swallows_large) == (MTU, 6)


@pytest.mark.parametrize("seeming", [{"out_of_order": 16}, {"retransmits": 1}])
async def test_what_looks_like_loss_once_is_none(seeming: dict[str, int]) -> None:
    """Two equal ways, or two processors of a router: all arrives, in another order, or after it was sent again."""

    def once(number: int, segment_bytes: int) -> Segments | None:
        return replace(ANSWERED, **(seeming if number == 1 else {})) if segment_bytes else None

    assert await cause(WAITS, once) == (MTU, 7)


async def test_the_sentence_keeps_the_timeout_and_adds_the_cause() -> None:
    """First what happened, then the doubt."""
    failure = PhaseFailed("tls", "timeout", "timeout in the TLS handshake after 5 s", GAP)
    found = await explained(failure, Path(swallows_large, GAP).again, timeout_s=TIMEOUT_S)

    assert found.sentence == (
        "timeout in the TLS handshake after 5 s, packets of full size do not arrive: "
        "probably an MTU black hole (a tunnel on the way with a smaller MTU and ICMP filtered)"
    )


@pytest.mark.parametrize(
    "outcome",
    [
        pytest.param(lambda _number, _segment: None, id="always hangs"),
        pytest.param(lambda _number, _segment: ANSWERED, id="hung once"),
        pytest.param(lambda number, _segment: ANSWERED if number % 2 else None, id="one of two servers hangs"),
        pytest.param(lambda number, _segment: ANSWERED if number % 3 else None, id="one of three servers hangs"),
        pytest.param(lambda number, _segment: ANSWERED if number <= 3 else None, id="takes three at once"),
        pytest.param(
            lambda _number, segment: replace(ANSWERED, retransmits=1) if segment else None, id="loses small ones too"
        ),
        pytest.param(
            lambda _number, segment: replace(ANSWERED, out_of_order=2) if segment else None, id="misses some each time"
        ),
        pytest.param(
            lambda _number, segment: replace(WAITS, received=300) if segment else None, id="says a word and hangs"
        ),
    ],
)
@pytest.mark.parametrize("stalled", [WAITS, GAP])
async def test_a_server_that_hangs_is_no_black_hole(
    stalled: Segments, outcome: Callable[[int, int], Segments | None]
) -> None:
    """Always, sometimes, or one of several; nor is a path that loses packets of any size."""
    assert (await cause(stalled, outcome))[0] == "timeout"


@pytest.mark.parametrize(
    "stalled",
    [
        None,
        replace(WAITS, largest_received=1448),
        replace(GAP, largest_received=1448),
        replace(WAITS, unacked=517, retransmits=4),
    ],
)
async def test_where_it_can_be_none_nothing_is_tried(stalled: Segments | None) -> None:
    """Packets of full size arrived, or even a small one of ours did not; or the kernel does not tell."""
    assert await cause(stalled, swallows_large) == ("timeout", 0)


@pytest.mark.parametrize("first", ["refused", "tls", "closed"])
async def test_only_a_hanging_connection_is_looked_into(first: str) -> None:
    """A server that says something has been reached."""
    assert await cause(GAP, swallows_large, first=first) == (first, 0)


async def test_the_kernel_counts_what_a_connection_carried() -> None:
    """Our bytes and theirs; packets no larger than asked for."""
    answer = b"x" * 3000

    async def answers(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await silent(reader, writer)

    async with (
        listening(answers) as port,
        connected("127.0.0.1", port, phases=Phases(), timeout_s=5.0, segment_bytes=SMALL_BYTES) as connection,
    ):
        connection.writer.write(b"GET / HTTP/1.1\r\n\r\n")
        assert await connection.reader.readexactly(len(answer)) == answer
        segments = connection.segments()

    assert segments is not None
    assert (segments.received, segments.unacked) == (3000, 0)
    assert segments.largest_received <= SMALL_BYTES
