"""Lets go of what was shown long ago and nobody asks for, in small steps."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.database import StorageError

logger = logging.getLogger(__name__)

PAUSE_S = 0.02
"""Between two steps everything else has its turn, and more of it than the steps."""


@dataclass(frozen=True, slots=True)
class EmptyingStep:
    """`empty` lets go of some of what is older than `after`, in one short transaction, and says of how much.

    `after` may be asked anew each time; None is for ever.
    """

    after: timedelta | Callable[[], timedelta | None]
    empty: Callable[[datetime], int]


async def _let_others_work() -> None:
    await asyncio.sleep(PAUSE_S)


class Emptying:
    """The file's pages that become free are used again; it grows no more once a year's work is in it."""

    def __init__(
        self,
        *,
        steps: Sequence[EmptyingStep],
        clock: Clock,
        pause: Callable[[], Awaitable[None]] = _let_others_work,
    ) -> None:
        self._steps = tuple(steps)
        self._clock = clock
        self._pause = pause

    async def run(self) -> None:
        """Let go of everything that is old enough; what can't be written now is tried in the next hour."""
        try:
            for step in self._steps:
                after = step.after() if callable(step.after) else step.after
                while after is not None and step.empty(self._clock() - after):
                    await self._pause()
        except StorageError as error:
            logger.warning("old content stays for now: %s", error.cause)
