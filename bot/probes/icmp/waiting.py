"""Waiting for answers on an absolute schedule."""

import asyncio
from collections.abc import Callable

# What an answer may still take after the worst one so far (measured: no count changes on quiet paths).
PATIENCE_FACTOR = 3
PATIENCE_MIN_S = 0.2
PATIENCE_MAX_S = 1.0


def patience_s(worst_rtt_ms: float) -> float:
    """How long after its sending an answer is still worth waiting for."""
    return min(PATIENCE_MAX_S, max(PATIENCE_MIN_S, PATIENCE_FACTOR * worst_rtt_ms / 1000))


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
