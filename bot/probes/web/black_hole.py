"""Naming an MTU black hole: a path that swallows packets of full size, told from a server that hangs.

A tunnel on the way with a smaller MTU, whose "fragmentation needed" is filtered, drops packets of full size without a
word (RFC 2923 section 2.1): a connection opens, small packets pass, and the first large answer or question never
arrives. From here that looks like a server that hangs, or like bad luck. So where no packet of full size has ever come
back (TCP_INFO of the hanging connection), the same exchange is tried six times at once, three of them over small
packets. All of these must go through and lose nothing. All of the others must connect, then hang, and miss what the
first one missed: random loss, a server that hangs now and then, or one of several that does, fails that.

What is busy is no reason against it. Packets that overtake each other look like loss from this side, so a small try
that seems to lose some is made again: where that was chance it is soon over. Where small tries take long, the others
get longer. How often a packet is sent again is asked of the kernel, which waits long where it has seen loss to this
address; where it did not send one again within a try's time, the probe can't tell, and says no more than "timeout".
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from functools import partial
from typing import Any

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
"""So often a try over small packets is made at most. At 35 % of loss 1 in 10 to 25 has none, and three hardly ever."""
_MARGIN = 1.5
"""So much longer than a try over small packets takes a usual one must hang, where that is all there is to go by."""

Again = Callable[[int, float], Awaitable[Segments | None]]
"""The same exchange over packets that carry so many bytes (0 for the usual ones), with so many seconds for each phase;
what the kernel knows of that connection. May raise PhaseFailed."""


async def explained(failure: PhaseFailed, again: Again, *, timeout_s: float) -> PhaseFailed:
    """Names an MTU black hole as the cause of a failure, where it is one. `timeout_s` is what each phase of it had."""
    stalled = failure.segments
    if stalled is None or failure.phase == "connect":
        return failure
    may_be = {"timeout": stalled.lacks_large, "reset": stalled.misses_large and stalled.insisted}
    if not may_be.get(failure.cause) or not await _only_small_pass(again, stalled, min(timeout_s * _SHARE, _MOST_S)):
        return failure
    return PhaseFailed(failure.phase, MTU, f"{failure.sentence}, {WORDS}", stalled)


async def _only_small_pass(again: Again, stalled: Segments, wait_s: float) -> bool:
    """Whether each try over small packets goes through, and each over usual ones hangs, for clearly longer."""
    loop = asyncio.get_running_loop()
    took_s: list[float] = []

    async def small_passes() -> bool:
        for _ in range(_ATTEMPTS):
            started = loop.time()
            segments = await _small_tried(again, wait_s)
            if segments is None or not segments.went_further_than(stalled):
                return False
            if segments.clean:
                took_s.append(loop.time() - started)
                return True
        return False

    async def usual_hangs(for_s: float) -> bool:
        try:
            await again(_USUAL_BYTES, for_s)
        except PhaseFailed as failure:
            hangs = failure.segments if failure.cause == "timeout" else None
            return bool(hangs and hangs.lacks_large and hangs.insisted and not hangs.went_further_than(stalled))
        return False

    # Not in turns: behind two servers that are asked in turns one kind of try would meet one of them alone.
    small, usual = small_passes, partial(usual_hangs, wait_s)
    if not await _all_of([small(), small(), usual(), usual(), small(), usual()]):
        return False
    longer_s = 0.0 if stalled.misses_large else max(took_s) * _MARGIN
    return longer_s <= wait_s or await _all_of([usual_hangs(longer_s) for _ in range(3)])


async def _all_of(coroutines: Sequence[Coroutine[Any, Any, bool]]) -> bool:
    """Whether all come true; the first that does not ends the others."""
    tasks = [asyncio.ensure_future(one) for one in coroutines]
    try:
        for done in asyncio.as_completed(tasks):
            if not await done:
                return False
        return True
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _small_tried(again: Again, wait_s: float) -> Segments | None:
    """One that fails has also shown whether it gets further: a page may be refused, or take its time."""
    try:
        return await again(SMALL_BYTES, wait_s)
    except PhaseFailed as failure:
        return failure.segments
