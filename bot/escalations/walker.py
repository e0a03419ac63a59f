"""Goes up every ladder: takes each step when it is due, once, and what comes of it.

A step is taken in a transaction that also owes what Slack is to say. A system outside is called between two: the first
says that it is being told, the second what came of it. Where the bot dies in between, it is told again with the same
key.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from attrs import define

from bot.errors import SecondLineError
from bot.escalations.ladder_model import LadderRun, Rung, RunState, Step, StepState, due, is_late, may_be_put_off
from bot.escalations.ladder_store import LadderStore
from bot.escalations.ladders import Ladders
from bot.escalations.telling import Failure, FailureKind, TellingOutcome, WayKind
from bot.escalations.tellings import Tellings
from bot.records import Loop
from bot.tasks import Tasks, caught

logger = logging.getLogger(__name__)

AGAIN = timedelta(seconds=5)
"""What can't be done is tried again so much later."""
TELL_S = 90.0
"""A way ends within a minute by itself; one that does not is given up."""


@dataclass(frozen=True, slots=True)
class Addressees:
    """Whom a step is for, as Slack knows them now: the recipients of its way, the members of a group, why nobody."""

    recipients: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    mention: str = ""
    absent: str = ""
    failure: Failure | None = None
    """Why nobody can be told."""
    missed: Failure | None = None
    """Why some of them can't."""


@define(kw_only=True, eq=False, repr=False, slots=False)
class Walker(Loop):
    """The loop. `expired` is what else becomes due of a run that is acknowledged."""

    _store: LadderStore
    _ladders: Ladders
    _tellings: Tellings
    _tasks: Tasks
    _expired: Callable[[LadderRun], None]
    _channel_id: Callable[[str], Awaitable[str]]
    idle_s: ClassVar[float] = 20.0
    """How often it looks by itself: the heartbeat goes by it."""

    def __attrs_post_init__(self) -> None:
        self._telling: dict[int, asyncio.Task[None]] = {}
        self._calling: set[int] = set()
        """Those of them whose way was asked to; before that they look by themselves whether anybody needs it."""
        self._stilled: set[int] = set()
        self._came: dict[int, TellingOutcome] = {}
        """What came of tellings and could not be saved yet: whoever was called is not called again for that."""
        self.turned: Callable[[], None] = lambda: None
        """Called after each turn that did all that was due."""

    def wake(self) -> None:
        self._wake.set()

    async def turn(self) -> datetime | None:
        """Do what is due now: of each run one step, then look again. One that can't be done keeps no other waiting."""
        done = [await self._done(self._tell_again(), "tellings")]
        for run_id in self._store.due_runs(self._clock()):
            done.append(await self._done(self._advance(run_id), f"ladder {run_id}"))
        if not all(done):
            return self._clock() + AGAIN
        self.turned()
        return self._store.next_at()

    async def _done(self, work: Coroutine[None, None, None], name: str) -> bool:
        async def told() -> bool:
            try:
                await work
            except SecondLineError as error:
                logger.error("%s: %s", name, error.sentence)
                return False
            return True

        return bool(await caught(told(), name=name))

    async def _advance(self, run_id: int) -> None:
        run, now = self._store.run(run_id), self._clock()
        if run.next_at and run.next_at <= now:
            self._elapsed(run_id)
        step = due(self._store.run(run_id), now)
        if step:
            await self._tellings.locate(run)
            audience = await self._audience(run, step.rung, now)
            self._take(step, audience)

    def _take(self, step: Step, audience: Addressees) -> None:
        """In one transaction: whether it is still due, that it is told now, what Slack is to say, and the plan."""
        with self._database.transaction():
            run, now = self._store.run(step.run_id), self._clock()
            current = due(run, now)
            if not current or current.id != step.id:
                return
            hours = self._ladders.settings.hours
            if step.rung.in_hours and not hours.contain(now):
                self._ladders.wait_for_work(run.id)
                self._tellings.changed(run, human=False)
                return
            if audience.absent and may_be_put_off(run, current):
                self._store.put_off(current, audience.absent)
                self._ladders.plan_after(run.id, failed=True)
                self._tellings.changed(run, human=False)
                return
            late = is_late(current, now)
            if not self._store.claim(step.id, now, late=late):
                return
            people = {"recipients": list(audience.recipients), "members": list(audience.members)}
            self._store.step_became(step.id, **people, mention=audience.mention, next_at=None)
            self._begin(self._store.run(run.id), step, audience)
            self._tellings.changed(run, human=True)
        if step.outside and not audience.failure:
            self._start(step.id)
        self._wake.set()

    def _begin(self, run: LadderRun, step: Step, audience: Addressees) -> None:
        """Owe what Slack is to say, or note why nobody can be told; then the plan goes on from now."""
        failure = audience.failure
        if not failure and not step.outside:
            failure = self._owe(run, step, audience)
        if failure:
            self._store.step_became(step.id, state=StepState.FAILED, ended_at=self._clock(), waiting=[])
        self._store.failed_with(step.id, failure or audience.missed)
        self._ladders.plan_after(run.id, failed=bool(failure))

    def _owe(self, run: LadderRun, step: Step, audience: Addressees) -> Failure | None:
        """Why it can't be owed. Whoever still has a message of this ladder on its way gets no other behind it: after an
        hour without Slack nobody is asked five times in a second."""
        queued = {(other.rung.way, name) for other in run.steps for name in other.waiting}
        new = [name for name in audience.recipients if (step.rung.way, name) not in queued]
        if not new:
            return Failure(FailureKind.UNREACHABLE, "an earlier message is still on its way")
        self._store.step_became(step.id, recipients=new, waiting=new)
        return None if self._tellings.owe(step.id) else Failure(FailureKind.NOT_CONFIGURED)

    def _elapsed(self, run_id: int) -> None:
        """The last step's time is over, or what was acknowledged had no news for long."""
        with self._database.transaction():
            run = self._store.run(run_id)
            if not run.next_at or run.next_at > self._clock():
                return
            if run.state is RunState.RUNNING:
                self._store.run_became(run_id, state=RunState.ENDED, next_at=None, ended_at=self._clock())
                self._tellings.owe_end(run)
                self._tellings.changed(run, human=True)
            elif run.state is RunState.ACKNOWLEDGED:
                self._expired(run)
            else:
                self._store.run_became(run_id, next_at=None)
                if run.state is RunState.PAUSED:
                    self._tellings.owe_reminder(run)

    async def _audience(self, run: LadderRun, rung: Rung, now: datetime) -> Addressees:
        if rung.way is WayKind.GROUP:
            return await self._group(rung)
        if rung.way is WayKind.DM:
            return await self._people_of(run, rung, now)
        if rung.way is WayKind.CHANNEL and rung.mention and not rung.mention.startswith("@here"):
            group = await self._people.group(rung.mention.lstrip("@"))
            failure = Failure(FailureKind.NOBODY, group.trouble) if group.trouble else None
            return Addressees(await self._channels(rung), tuple(sorted(group.users)), group.mention, failure=failure)
        if rung.way is WayKind.CHANNEL:
            return Addressees(await self._channels(rung), mention="<!here>" if rung.mention else "")
        return Addressees(rung.recipients)

    async def _channels(self, rung: Rung) -> tuple[str, ...]:
        """Ids: whoever presses in one of them was reached there."""
        return tuple([await self._channel_id(name) for name in rung.recipients])

    async def _group(self, rung: Rung) -> Addressees:
        if rung.recipients:
            group = await self._people.group(rung.recipients[0])
            mention, users, trouble = group.mention, group.users, group.trouble
        else:
            mention, trouble = await self._people.management_mention()
            users = await self._people.managers()
            trouble = "" if mention.startswith("<") else trouble
        failure = Failure(FailureKind.NOBODY, trouble) if trouble else None
        return Addressees(rung.recipients or ("group",), tuple(sorted(users)), mention, failure=failure)

    async def _people_of(self, run: LadderRun, rung: Rung, now: datetime) -> Addressees:
        """Those who are still here. Who has left is said, and asked no more."""
        users = [user for name in rung.recipients for user in sorted(await self._people.named([name]))]
        known = {user: await self._people.availability(user, now) for user in users}
        here = tuple(user for user, presence in known.items() if not presence.gone)
        gone = Failure(FailureKind.PERSON_GONE)
        if not here:
            return Addressees(failure=gone)
        absent = await self._ladders.absence(rung, now, minds_hours=not run.asks_outside_hours)
        if absent and not await self._others(run, now):
            absent = ""
        return Addressees(here, absent=absent, missed=gone if len(here) < len(rung.recipients) else None)

    async def _others(self, run: LadderRun, now: datetime) -> bool:
        """Whether anybody of the round can be asked instead of whoever is next."""
        first, *later = run.planned
        rungs = [step.rung for step in later if step.round == first.round and not step.postponed]
        whys = [await self._ladders.absence(rung, now, minds_hours=not run.asks_outside_hours) for rung in rungs]
        return not all(whys)

    def stilled(self, step_id: int) -> None:
        """Nobody needs what is being told: a program that is about to call somebody, or to try again, is ended. What
        is out already can't be called back, so it isn't known whether anybody was told."""
        if step_id in self._calling:
            self._stilled.add(step_id)
            self._telling[step_id].cancel()

    def _start(self, step_id: int) -> None:
        self._telling[step_id] = self._tasks.start(self._tell(step_id), name=f"tell step {step_id}")

    async def _tell_again(self) -> None:
        """What was being told outside when the bot died; what nobody needs any more is only ended."""
        for step in self._store.telling():
            if not step.outside or step.id in self._telling:
                continue
            if step.id in self._came:
                self._end(step.id, self._came[step.id])
            elif self._store.run(step.run_id).state is RunState.RUNNING:
                logger.info("step %d of a ladder is told again", step.id)
                self._start(step.id)
            elif self._store.run(step.run_id).state is not RunState.PAUSED:
                self._end(step.id, TellingOutcome(failure=Failure(FailureKind.UNKNOWN), sure=False))

    async def _tell(self, step_id: int) -> None:
        """Between its taking and now somebody may have acknowledged, or asked something."""
        try:
            if not self._wanted(step_id):
                with self._database.transaction():
                    self._ladders.not_told(step_id)
                return
            self._calling.add(step_id)
            self._came[step_id] = await self._told(step_id)
            self._end(step_id, self._came[step_id])
        except asyncio.CancelledError:
            if step_id not in self._stilled:
                raise  # The bot stops: the next one tells it again.
            self._came[step_id] = TellingOutcome(sure=False)
            self._end(step_id, self._came[step_id])
        finally:
            self._telling.pop(step_id, None)
            self._calling.discard(step_id)
            self._stilled.discard(step_id)
            self._wake.set()

    def _wanted(self, step_id: int) -> bool:
        step = self._store.step(step_id)
        return bool(step and self._store.run(step.run_id).state is RunState.RUNNING)

    async def _told(self, step_id: int) -> TellingOutcome:
        """A mistake of ours may have come after they were told: it is not tried again."""
        try:
            async with asyncio.timeout(TELL_S):
                outcome = await caught(self._tellings.tell(step_id), name=f"telling of step {step_id}")
        except TimeoutError:
            return TellingOutcome(failure=Failure(FailureKind.UNREACHABLE, "no answer"), sure=False)
        return outcome or TellingOutcome(failure=Failure(FailureKind.UNKNOWN), sure=False)

    def _end(self, step_id: int, outcome: TellingOutcome) -> None:
        with self._database.transaction():
            self._store.step_became(step_id, reached=list(outcome.reached), sure=int(outcome.sure))
            self._store.failed_with(step_id, outcome.failure)
            self._ladders.finished(step_id)
        self._came.pop(step_id, None)
