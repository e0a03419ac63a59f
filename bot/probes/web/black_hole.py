"""Naming an MTU black hole: a path that swallows packets of full size, told from a server that hangs.

A tunnel on the way with a smaller MTU, whose "fragmentation needed" is filtered, drops packets of full size without a
word (RFC 2923 section 2.1): a connection opens, small packets pass, and the first large answer or question never
arrives. From here that looks like a server that hangs, or like bad luck. So where no packet of full size has ever come
back (TCP_INFO of the hanging connection), the same exchange is tried six times at once, three of them over small
packets. All of these must go through and lose nothing, and all of the others hang: random loss, a server that hangs now
and then, or one of several that does, fails that. Packets that overtake each other, and an answer that comes after its
time, look like loss from this side, so a small try that seems to lose some is made again: where that was chance it is
soon over.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from bot.probes.web.dial import PhaseFailed
from bot.probes.web.segments import SMALL_BYTES, Segments

MTU = "mtu"
"""The cause of a phase that failed so."""
WORDS = (
    "packets of full size do not arrive: "
    "probably an MTU black hole (a tunnel on the way with a smaller MTU and ICMP filtered)"
)
_USUAL_BYTES = 0
_SHARE, _MOST_S = 0.6, 2.0
"""How long a try may take for each phase, of the time that the first one had."""
_ATTEMPTS = 3
"""So often a try over small packets is made at most. At 35 % of loss one in 25 then has none, and three hardly ever."""
_MARGIN = 1.5
"""So much longer than all of a try over small packets a usual one must hang, where that is all there is to go by."""

Again = Callable[[int, float], Awaitable[Segments | None]]
"""The same exchange over packets that carry so many bytes (0 for the usual ones), with so many seconds for each phase;
what the kernel knows of that connection. May raise PhaseFailed."""


async def explained(failure: PhaseFailed, again: Again, *, timeout_s: float) -> PhaseFailed:
    """Names an MTU black hole as the cause of a failure, where it is one. `timeout_s` is what each phase of it had."""
    stalled = failure.segments
    if stalled is None or failure.phase == "connect":
        return failure
    may_be = {"timeout": stalled.misses_large or stalled.waits, "reset": stalled.misses_large}
    if not may_be.get(failure.cause) or not await _only_small_pass(again, stalled, min(timeout_s * _SHARE, _MOST_S)):
        return failure
    return PhaseFailed(failure.phase, MTU, f"{failure.sentence}, {WORDS}", stalled)


async def _only_small_pass(again: Again, stalled: Segments, wait_s: float) -> bool:
    """Whether each try over small packets goes through, soon enough to compare, and each over usual ones hangs."""
    loop = asyncio.get_running_loop()
    started = loop.time()

    async def usual_hangs() -> bool:
        segments = await _tried(again, _USUAL_BYTES, wait_s)
        return segments is not None and not segments.went_further_than(stalled) and loop.time() - started >= wait_s

    async def small_passes() -> bool:
        for _ in range(_ATTEMPTS):
            segments = await _tried(again, SMALL_BYTES, wait_s)
            late = not stalled.misses_large and loop.time() - started > wait_s / _MARGIN
            if segments is None or late or not segments.went_further_than(stalled):
                return False
            if segments.clean:
                return True
        return False

    # Not in turns: behind two servers that are asked in turns one kind of try would meet one of them alone.
    tries = (small_passes(), small_passes(), usual_hangs(), usual_hangs(), small_passes(), usual_hangs())
    return await _all_of([asyncio.ensure_future(one) for one in tries])


async def _all_of(tasks: Sequence[asyncio.Future[bool]]) -> bool:
    """Whether all come true; the first that does not ends the others."""
    try:
        for done in asyncio.as_completed(tasks):
            if not await done:
                return False
        return True
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _tried(again: Again, segment_bytes: int, wait_s: float) -> Segments | None:
    try:
        return await again(segment_bytes, wait_s)
    except PhaseFailed as failure:
        return failure.segments
