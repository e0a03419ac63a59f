"""Telling an MTU black hole from servers that hang; over real routers see tests/netlab/test_mtu.py."""

import asyncio
import math
from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.probes.web.black_hole import MTU, explained
from bot.probes.web.dial import PhaseFailed, Phases, connected
from bot.probes.web.segments import SMALL_BYTES, Segments
from tests.probes.listeners import listening, silent
from tests.skipping import skipping

# A request that was acknowledged, and no answer.
WAITS = Segments(0, 600, 0, 0, 0, SMALL_BYTES, 1448)
# The end of a flight arrived, what comes before it did not.
GAP = replace(WAITS, out_of_order=1)
# A large request that was sent again and again.
UNHEARD = replace(WAITS, acked=1, unacked=1700, retransmits=4, resent=4800)
ANSWERED = replace(WAITS, received=4000, acked=1800)
TIMEOUT_S = 3.0


async def over(seconds: float) -> None:
    """When so much time is over."""
    due: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    asyncio.get_running_loop().call_later(seconds, due.set_result, None)
    await due


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
        await over(timeout_s)
        raise PhaseFailed("tls", "timeout", "timeout", self._stalled)


def cause(
    stalled: Segments | None, outcome: Callable[[int, int], Segments | None], *, first: str = "timeout"
) -> tuple[str, int]:
    """The cause that a hanging handshake gets, and how many tries that took."""
    failure = PhaseFailed("tls", first, "timeout in the TLS handshake after 3 s", stalled)
    path = Path(outcome, stalled or WAITS)
    return skipping(explained(failure, path.again, timeout_s=TIMEOUT_S)).cause, path.tries


def swallows_large(_number: int, segment_bytes: int) -> Segments | None:
    return ANSWERED if segment_bytes else None


@pytest.mark.parametrize("stalled", [WAITS, GAP, UNHEARD])
def test_a_path_that_passes_small_packets_alone_is_a_black_hole(stalled: Segments) -> None:
    """Whatever the kernel could see of the first try."""
    assert cause(stalled, swallows_large) == (MTU, 6)


@pytest.mark.parametrize("seeming", [{"out_of_order": 16}, {"retransmits": 1}])
def test_what_looks_like_loss_once_is_none(seeming: dict[str, int]) -> None:
    """Two equal ways, or two processors of a router: all arrives, in another order, or after it was sent again."""

    def once(number: int, segment_bytes: int) -> Segments | None:
        return replace(ANSWERED, **(seeming if number == 1 else {})) if segment_bytes else None

    assert cause(WAITS, once) == (MTU, 7)


@pytest.mark.parametrize("resent", [0, 389])
def test_a_large_question_counts_however_seldom_it_was_sent_again(resent: int) -> None:
    """After a slow first round trip TCP waits for seconds before it repeats anything."""
    once = replace(UNHEARD, retransmits=0, resent=resent)
    failure = PhaseFailed("first byte", "timeout", "timeout", once)
    found = skipping(explained(failure, Path(swallows_large, UNHEARD).again, timeout_s=TIMEOUT_S))

    assert found.cause == MTU


@pytest.mark.parametrize(
    ("stalled", "usual"),
    [
        pytest.param(UNHEARD, replace(UNHEARD, resent=0), id="sent once, which one lost packet explains"),
        pytest.param(WAITS, replace(WAITS, acked=0), id="did not even connect"),
        pytest.param(WAITS, replace(WAITS, unacked=400, resent=800), id="a small question was lost"),
        pytest.param(GAP, replace(GAP, largest_received=1448), id="a large packet came"),
    ],
)
def test_usual_tries_that_hang_for_another_reason_say_nothing(stalled: Segments, usual: Segments) -> None:
    """On a path that loses at random they do, and what was lost is not always large."""
    failure = PhaseFailed("first byte", "timeout", "timeout", stalled)
    found = skipping(explained(failure, Path(swallows_large, usual).again, timeout_s=TIMEOUT_S))

    assert found.cause == "timeout"


def test_what_was_sent_again_needlessly_was_not_lost() -> None:
    """The other side says that it had it: on a busy machine its answer came after its time."""

    def late(_number: int, segment_bytes: int) -> Segments | None:
        return replace(ANSWERED, retransmits=2, resent=536, needless=2) if segment_bytes else None

    assert cause(UNHEARD, late) == (MTU, 6)


class Slow(Path):
    """Small tries take so long; the usual ones hang, for good or until they have had `answers_after_s`."""

    def __init__(self, small_s: float, answers_after_s: float) -> None:
        super().__init__(lambda *_: None, WAITS)
        self._small_s = small_s
        self._answers_after_s = answers_after_s

    async def again(self, segment_bytes: int, timeout_s: float) -> Segments | None:
        takes_s = self._small_s if segment_bytes else self._answers_after_s
        if takes_s > timeout_s:
            return await super().again(segment_bytes, timeout_s)
        self.tries += 1
        await over(takes_s)
        return ANSWERED


WAIT_S = TIMEOUT_S * 0.6


@pytest.mark.parametrize(
    ("small_s", "answers_after_s", "found"),
    [
        (WAIT_S * 0.1, math.inf, (MTU, 6)),
        (WAIT_S * 0.9, math.inf, (MTU, 9)),
        (WAIT_S * 0.9, WAIT_S * 1.2, ("timeout", 9)),
    ],
    ids=["soon", "on a busy machine", "a slow server"],
)
def test_where_small_tries_are_slow_the_others_get_longer(
    small_s: float, answers_after_s: float, found: tuple[str, int]
) -> None:
    """A server that takes about as long as a try may is no black hole, and a busy machine hides none."""
    path = Slow(small_s, answers_after_s)
    failure = PhaseFailed("first byte", "timeout", "timeout", WAITS)

    assert (skipping(explained(failure, path.again, timeout_s=TIMEOUT_S)).cause, path.tries) == found


def test_the_sentence_keeps_the_timeout_and_adds_the_cause() -> None:
    """First what happened, then the doubt."""
    failure = PhaseFailed("tls", "timeout", "timeout in the TLS handshake after 5 s", GAP)
    found = skipping(explained(failure, Path(swallows_large, GAP).again, timeout_s=TIMEOUT_S))

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
def test_a_server_that_hangs_is_no_black_hole(
    stalled: Segments, outcome: Callable[[int, int], Segments | None]
) -> None:
    """Always, sometimes, or one of several; nor is a path that loses packets of any size."""
    assert cause(stalled, outcome)[0] == "timeout"


@pytest.mark.parametrize(
    "stalled",
    [
        None,
        replace(WAITS, largest_received=1448),
        replace(GAP, largest_received=1448),
        replace(WAITS, unacked=517, retransmits=4),
    ],
)
def test_where_it_can_be_none_nothing_is_tried(stalled: Segments | None) -> None:
    """Packets of full size arrived, or even a small one of ours did not; or the kernel does not tell."""
    assert cause(stalled, swallows_large) == ("timeout", 0)


@pytest.mark.parametrize("first", ["refused", "tls", "closed"])
def test_only_a_hanging_connection_is_looked_into(first: str) -> None:
    """A server that says something has been reached."""
    assert cause(GAP, swallows_large, first=first) == (first, 0)


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
