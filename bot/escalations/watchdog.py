"""Watches that the ladders are walked, by a loop and a clock of its own, and tells an outside dead man's switch."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from attrs import define

from bot.clock import Clock
from bot.errors import SecondLineError
from bot.escalations.ladder_model import Step, StepState
from bot.escalations.ladder_store import LadderStore
from bot.escalations.service import EscalationService
from bot.escalations.walker import Walker
from bot.messages.model import Place, Rank
from bot.records import Service
from bot.tasks import turned

logger = logging.getLogger(__name__)

OVERDUE_VIEW = "ladder_overdue"
LOOK_S = 15.0
BEAT_S = 60.0
PATIENCE = timedelta(seconds=30)
"""After a start or a long sleep everything is overdue for a moment, and the walker and the outbox are at it."""
STUCK = timedelta(seconds=120)
"""A walker that has not been round for so long is not well: it looks by itself three times a minute."""

Beat = Callable[[], Awaitable[None]]
"""Raises OutsideError where the other side can't be reached."""


@define(kw_only=True, eq=False, repr=False, slots=False)
class Watchdog(Service):
    """`even` is a clock that nobody sets: a step is overdue too where the machine's own clock stands or goes back."""

    _store: LadderStore
    _walker: Walker
    _escalations: EscalationService
    _overdue: timedelta
    _heartbeat: Beat | None
    _even: Clock

    def __attrs_post_init__(self) -> None:
        self._turned_at = self._even()
        self._seen: dict[int, tuple[datetime | None, datetime]] = {}
        """Of each step that waits: when it was due when it was seen first, and when that comes by the even clock."""
        self._late: dict[int, datetime] = {}
        """Of each overdue step: since when it is known to be, by the even clock."""
        self._walker.turned = self._turned

    async def run(self) -> None:
        """Look four times a minute, without end."""
        while True:
            self.look()
            turned()
            await asyncio.sleep(LOOK_S)

    async def beat(self) -> None:
        """Tell the switch once a minute, without end, while the ladders are walked."""
        while True:
            if self._heartbeat and self.healthy:
                await self._beat(self._heartbeat)
            turned()
            await asyncio.sleep(BEAT_S)

    @property
    def healthy(self) -> bool:
        """Whether the walker goes round, and no step waits longer than it should."""
        return self._even() - self._turned_at < STUCK and not any(map(self._is_overdue, self._store.waiting()))

    def look(self) -> None:
        """Say of each overdue step that it is, in the channel, once."""
        waiting = self._store.waiting()
        for step in waiting:
            self._notice(step)
        self._seen = {step.id: self._seen[step.id] for step in waiting}
        overdue = [step for step in waiting if self._is_overdue(step)]
        self._late = {step.id: self._late.get(step.id, self._even()) for step in overdue}
        for step in overdue:
            if not step.warned_at and self._even() - self._late[step.id] >= PATIENCE:
                self._warn(step)

    def _turned(self) -> None:
        self._turned_at = self._even()

    def _notice(self, step: Step) -> None:
        due_at = _due_at(step)
        noticed = self._seen.get(step.id)
        if not noticed or noticed[0] != due_at:
            left = (due_at - self._clock()) if due_at else timedelta()
            self._seen[step.id] = (due_at, self._even() + left)

    def _is_overdue(self, step: Step) -> bool:
        due_at, noticed = _due_at(step), self._seen.get(step.id)
        by_even = bool(noticed and self._even() - noticed[1] > self._overdue)
        return bool(due_at and self._clock() - due_at > self._overdue) or by_even

    def _warn(self, step: Step) -> None:
        run = self._store.run(step.run_id)
        channel = self._escalations.posted(run.escalation_id).investigation.channel
        logger.error("step %d of the ladder of escalation %d is overdue", step.id, run.escalation_id)
        with self._database.transaction():
            self._store.step_became(step.id, warned_at=self._clock())
            self._owed.post(
                f"overdue/{step.id}", view=OVERDUE_VIEW, record_id=step.id, place=Place(channel), rank=Rank.URGENT
            )

    async def _beat(self, heartbeat: Beat) -> None:
        try:
            await heartbeat()
        except SecondLineError as error:
            logger.warning("the heartbeat was not taken: %s", error.sentence)


def _due_at(step: Step) -> datetime | None:
    """When it should be told; what is on its way to Slack should have arrived by now."""
    return step.told_at if step.state is StepState.TELLING else step.next_at
