"""The loop of whatever works off what is due: work, then wait until the next thing is due or somebody wakes it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

from bot.clock import Clock
from bot.tasks import turned, woken

IDLE_S = 60.0
"""Whoever makes something due wakes the loop; this is how often it looks by itself."""
SOON_S = 0.005


async def work_off(
    turn: Callable[[], Awaitable[datetime | None]], *, wake: asyncio.Event, clock: Clock, idle_s: float = IDLE_S
) -> None:
    """Never return: each `turn` does what is due, and says when something is due again, or None.

    The next turn begins then, after `idle_s` at the latest, and at once where `wake` was set meanwhile. What a turn
    raises ends the loop; `Tasks.forever` begins it anew.
    """
    while True:
        wake.clear()
        due_at = await turn()
        turned()
        wait_s = (due_at - clock()).total_seconds() if due_at else idle_s
        await woken(wake, within_s=min(idle_s, max(SOON_S, wait_s)))


def backoff_s(failures: int, *, first_s: float, longest_s: float, asked_s: float | None) -> float:
    """How long to leave a system alone that failed so often in a row: ever longer, and never less than it asks for."""
    return max(min(first_s * (1 << min(failures - 1, 10)), longest_s), asked_s or 0.0)
