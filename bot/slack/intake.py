"""Acknowledgements first: what arrived together is stored together, and nothing is worked on before they are out."""

import asyncio
import logging
from collections.abc import Sequence
from enum import Enum

from bot.database import Busy
from bot.errors import SecondLineError
from bot.slack.deliveries import Deliveries, Delivery

logger = logging.getLogger(__name__)

QUIET_TURNS = 5
"""In so many turns of the event loop what has reached the machine becomes a delivery here: it is read, put together,
queued by the SDK and given a task."""
TURNS_MAX = 50
"""So many turns acknowledgements may keep the next handler from beginning."""


class Accepted(Enum):
    """What became of a delivery: new and stored, here before, or new and not stored yet."""

    NOW = 1
    BEFORE = 2
    UNSTORED = 3


class Intake:
    """Stores deliveries before they are acknowledged.

    A commit costs more than what is committed: with one for each, the last of a hundred acknowledgements waits for a
    hundred commits, and while another program holds the database for a hundred times `BUSY_MS`.
    """

    def __init__(self, deliveries: Deliveries) -> None:
        self._deliveries = deliveries
        self._waiting: list[tuple[Delivery, asyncio.Future[Accepted]]] = []
        self._accepted = self._quiet_at = 0

    async def accept(self, delivery: Delivery) -> Accepted:
        """Store it with all that arrive in the same turn of the event loop."""
        loop = asyncio.get_running_loop()
        outcome: asyncio.Future[Accepted] = loop.create_future()
        if not self._waiting:
            loop.call_soon(self._store)
        self._waiting.append((delivery, outcome))
        self._accepted += 1
        return await outcome

    async def quiet(self) -> None:
        """Wait until what has arrived is acknowledged: a moment only, and for what arrives without end not for ever."""
        if self._accepted == self._quiet_at:
            await asyncio.sleep(0)  # a flood is begun one a turn, or whoever comes after it waits for all of its turns
            return
        quiet, accepted = 0, self._accepted
        for _ in range(TURNS_MAX):
            await asyncio.sleep(0)
            quiet, accepted = (quiet + 1 if accepted == self._accepted else 0), self._accepted
            if quiet == QUIET_TURNS:
                self._quiet_at = accepted
                return

    def _store(self) -> None:
        """Whatever goes wrong here, it is acknowledged, and stored or told of by the task that works on it."""
        waiting, self._waiting = self._waiting, []
        outcomes = [Accepted.UNSTORED for _ in waiting]
        try:
            outcomes = self._outcomes([delivery for delivery, _ in waiting])
        finally:
            for (_, outcome), accepted in zip(waiting, outcomes, strict=True):
                if not outcome.done():
                    outcome.set_result(accepted)

    def _outcomes(self, together: Sequence[Delivery]) -> list[Accepted]:
        try:
            return [Accepted.NOW if new else Accepted.BEFORE for new in self._deliveries.arrived(together)]
        except Busy:
            return [Accepted.UNSTORED for _ in together]
        except SecondLineError as error:
            if len(together) > 1:
                # One that is too large for the disk keeps no other from being stored.
                return [accepted for delivery in together for accepted in self._outcomes([delivery])]
            logger.error("cannot store a delivery, working on it all the same: %s", error.sentence)
            return [Accepted.NOW]
