"""Waiting for answers on an absolute schedule."""

import asyncio
import contextlib
from collections.abc import Callable

# What an answer may still take after the worst one so far, as a factor, but by no less and no more than the margins.
PATIENCE_FACTOR = 3
MARGIN_MIN_S = 0.3
MARGIN_MAX_S = 1.0
PATIENCE_MAX_S = 5.0
"""The longest wait for an answer: mtr's own default grace."""

FIRST_ANSWER_S = PATIENCE_MAX_S
"""How long the first packets to something that has never answered are waited for, in a sweep as in an MTR."""


def patience_s(worst_rtt_ms: float) -> float:
    """How long after its sending an answer is still worth waiting for."""
    worst_s = worst_rtt_ms / 1000
    margin_s = min(MARGIN_MAX_S, max(MARGIN_MIN_S, (PATIENCE_FACTOR - 1) * worst_s))
    return min(PATIENCE_MAX_S, worst_s + margin_s)


async def until(done: Callable[[], bool], *, changed: asyncio.Event, deadline: float) -> bool:
    """Waits until `done()`, asked again at each `changed`, or until `deadline` in loop time; says which."""
    try:
        async with asyncio.timeout_at(deadline):
            while not done():
                changed.clear()
                await changed.wait()
    except TimeoutError:
        return False
    return True


async def until_over(over_at: Callable[[], float], *, changed: asyncio.Event) -> None:
    """Waits until the loop time `over_at()`, which is asked again at each `changed`."""
    loop = asyncio.get_running_loop()
    while (end := over_at()) > loop.time():
        changed.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout_at(end):
                await changed.wait()
