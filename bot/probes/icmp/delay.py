"""Where on a path the delay begins that goes on to its end. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from bot.probes.icmp.loss import Tally, worse_than

# A hop counts as a rise from this much more and this factor of what came before. Within a region, steps between
# routers, DSL and mobile lines stay below 40 ms; an ocean or a full queue does not. On a path that is long already the
# factor keeps its usual wavering out.
_RISE_MS = 40.0
_RISE_FACTOR = 1.5
# With fewer answers a median is one packet's delay, so such a hop tells nothing.
_ANSWERS_MIN = 3


@dataclass(frozen=True, slots=True)
class Rise:
    """Delay that is added at `place`; `before` is the nearest hop before it that tells anything, None for none.

    `before_ms` is the median there, and `after_ms` what no hop from `place` on falls below, both of round trips.
    """

    place: int
    before: int | None
    before_ms: float
    after_ms: float


def rises(tallies: Sequence[Tally]) -> tuple[Rise, ...]:
    """Every large rise that goes on to the end, in order; `tallies` are the hops', the last is the destination.

    No packet gets to a hop without having passed those before it, so what a hop adds to the way shows at all behind it
    too. Each hop is therefore taken at the lowest median from it on: a router that is only slow to answer itself falls
    back to what the hops behind it need. Whether the rise may be chance is judged by how many packets are slower than
    the middle between both sides, there and before.
    """
    telling = [place for place, tally in enumerate(tallies) if tally.received >= _ANSWERS_MIN]
    if not telling or telling[-1] != len(tallies) - 1:
        return ()
    medians = [tallies[place].median_ms for place in telling]
    floors = list(accumulate(reversed(medians), min))[::-1]
    first = Rise(telling[0], None, 0.0, floors[0])
    steps = [first, *(Rise(*step) for step in zip(telling[1:], telling, floors, floors[1:], strict=False))]
    return tuple(rise for rise in steps if _large(rise) and _clear(rise, tallies))


def _large(rise: Rise) -> bool:
    return rise.after_ms >= max(rise.before_ms + _RISE_MS, rise.before_ms * _RISE_FACTOR)


def _clear(rise: Rise, tallies: Sequence[Tally]) -> bool:
    """Whether both the hop itself and the destination are slower than the hop before by more than chance."""
    if rise.before is None:
        return True
    middle_ms = (rise.before_ms + rise.after_ms) / 2
    before = _slower(tallies[rise.before], middle_ms)
    return all(worse_than(*_slower(tally, middle_ms), *before) for tally in (tallies[rise.place], tallies[-1]))


def _slower(tally: Tally, than_ms: float) -> tuple[int, int]:
    return sum(rtt > than_ms for rtt in tally.rtts_ms), tally.received
