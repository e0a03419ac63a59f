"""Naming an MTU black hole: the exchange that hangs is tried once more over small packets (see bot.probes.segments)."""

import asyncio
from collections.abc import Awaitable, Callable

from bot.probes.dial import PhaseFailed
from bot.probes.segments import AGAIN_S, Segments

MTU = "mtu"
"""The cause of a phase that failed so."""
WORDS = (
    "packets of full size do not arrive: "
    "probably an MTU black hole (a tunnel on the way with a smaller MTU and ICMP filtered)"
)
_HANGS = ("timeout", "reset")

Again = Callable[[], Awaitable[Segments | None]]
"""The same exchange over small packets, and what the kernel knows of that connection. May raise PhaseFailed."""


async def explained(failure: PhaseFailed, again: Again) -> PhaseFailed:
    """The same failure, with its cause where that is an MTU black hole; a server that hangs is not asked again."""
    stalled = failure.segments
    if failure.cause not in _HANGS or stalled is None or not stalled.misses_large:
        return failure
    small = await _tried(again)
    if small is None or not small.went_further_than(stalled):
        return failure
    return PhaseFailed(failure.phase, MTU, f"{failure.sentence}, {WORDS}", stalled)


async def _tried(again: Again) -> Segments | None:
    try:
        async with asyncio.timeout(AGAIN_S):
            return await again()
    except PhaseFailed as failure:
        return failure.segments
    except TimeoutError:
        return None
