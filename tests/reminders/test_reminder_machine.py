"""Whatever people do in whatever order, at whatever hour: no reminder that nobody needs, and none twice."""

import asyncio
from collections import Counter
from collections.abc import Coroutine
from datetime import datetime, timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from bot.errors import SecondLineError
from bot.investigations.model import EventKind, Move
from bot.investigations.update_model import News, Purpose
from bot.reminders.model import RULES, Nudge, NudgeState, ReminderKind, Snooze
from tests.reminders.waiting import Waiting, usual
from tests.world import OFFICE

USUAL = {rule.kind: rule.usual for rule in RULES}
QUARTER = timedelta(minutes=15)
OF_PEOPLE = (ReminderKind.ASKED, ReminderKind.FREED)
WHO = st.sampled_from(["UKIM", "UJO", "UANA"])


class RemindersMachine(RuleBasedStateMachine):
    """One investigation with customers who wait; the bot may die at any time."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.waiting = Waiting(usual())
        self.runner.run(self._opened())
        self.snoozed: dict[ReminderKind, datetime] = {}
        self.stopped: set[ReminderKind] = set()
        self.sent: Counter[tuple[ReminderKind, datetime]] = Counter()
        self.sent_after: dict[tuple[ReminderKind, datetime], timedelta] = {}
        self.passed = timedelta()
        self.put_off: Counter[ReminderKind] = Counter()
        self.last: Nudge | None = None
        self.seen = 0

    async def _opened(self) -> None:
        await self.waiting.opened(by="UTOM")
        await self.waiting.customers_write(7)

    @rule(minutes=st.sampled_from([0.5, 1, 4, 5, 10, 15, 29, 30, 60, 61, 240, 600, 1440, 4320]))
    def time_passes(self, minutes: float) -> None:
        self.waiting.world.clock.advance(minutes=minutes)
        self.passed += timedelta(minutes=minutes)
        self._tick()

    @rule(minutes=st.sampled_from([1, 30, 120]))
    def somebody_sets_the_clock_back(self, minutes: float) -> None:
        """What is on the record lies ahead."""
        self.waiting.world.clock.advance(minutes=-minutes)
        self._tick()

    @rule()
    def the_bot_dies(self) -> None:
        self.waiting = self.waiting.restarted()
        self._tick()

    @rule(who=WHO)
    def claim(self, who: str) -> None:
        if self._try(self.waiting.world.investigations.claim(1, by=who)):
            self.snoozed.pop(ReminderKind.UNCLAIMED, None)

    @rule(who=WHO)
    def release(self, who: str) -> None:
        self._try(self.waiting.world.investigations.release(1, by=who))

    @rule()
    def escalate(self) -> None:
        async def act() -> None:
            with self.waiting.world.database.transaction():
                self.waiting.world.investigations.gone_to(
                    1, Move.ESCALATE, EventKind.ESCALATED, by="UKIM", text="it is down"
                )

        self._try(act())

    @rule(purpose=st.sampled_from([Purpose.BOTH, Purpose.PHONE]), number=st.integers())
    def update(self, purpose: Purpose, number: int) -> None:
        self._try(self.waiting.world.updates.write(1, News(f"news {number}", purpose), by="UKIM"))

    @rule()
    def dismiss(self) -> None:
        self._try(self.waiting.world.investigations.dismiss(1, reason="a test", by="UKIM"))

    @rule()
    def reopen(self) -> None:
        if not self.waiting.world.investigations.get(1).live:
            self.snoozed, self.stopped = {}, set()
        self._try(self.waiting.world.investigations.reopen(1, by="UKIM"))

    @rule(gone=WHO)
    def somebody_leaves(self, gone: str) -> None:
        self.waiting.world.people.nobodies |= {gone}
        if len(self.waiting.world.people.nobodies) == 3:
            self.waiting.world.people.nobodies = frozenset()

    @rule(minutes=st.integers(1, 300), whom=WHO)
    def ask(self, minutes: int, whom: str) -> None:
        span = timedelta(minutes=minutes)
        self._try(self.waiting.world.reminders.ask(1, whom=whom, text="look", span=span, by="UKIM"))

    @precondition(lambda self: self.last is not None)
    @rule(snooze=st.sampled_from(Snooze))
    def snooze(self, snooze: Snooze) -> None:
        nudge = self._newest()
        if nudge.state is NudgeState.OPEN and self._try(
            self.waiting.world.reminders.snooze(nudge.id, snooze, by=self._somebody())
        ):
            until = self._newest().until
            assert until
            kinds = {ReminderKind.UNCLAIMED if line.kind is ReminderKind.FREED else line.kind for line in nudge.lines}
            for kind in kinds - {ReminderKind.ASKED}:
                self.snoozed[kind] = max(until, self.snoozed.get(kind, until))
                self.put_off[kind] += 1

    @precondition(lambda self: self.last is not None)
    @rule()
    def stop(self) -> None:
        nudge = self._newest()
        if nudge.state is NudgeState.OPEN and self._try(
            self.waiting.world.reminders.stop(nudge.id, by=self._somebody())
        ):
            self.stopped |= {line.kind for line in nudge.lines} - {*OF_PEOPLE}

    @invariant()
    def only_the_newest_is_open(self) -> None:
        states = self.waiting.states()
        assert NudgeState.OPEN not in states[:-1]

    @invariant()
    def what_is_over_is_not_open(self) -> None:
        if not self.waiting.world.investigations.get(1).live:
            assert NudgeState.OPEN not in self.waiting.states()

    def _tick(self) -> None:
        """Let the loops look twice: the second time there is nothing to do."""
        self._heard()
        for again in (False, True):
            for loop in (self.waiting.world.reminders, self.waiting.world.claims):
                live, before = self.waiting.world.investigations.get(1).live, self._counted()
                self.runner.run(loop.turn())
                sent = self._heard()
                assert len(sent) <= (0 if again else 1)
                for nudge in sent:
                    assert live
                    self._check(nudge, before)
                    self.last = nudge

    def _heard(self) -> list[Nudge]:
        sent = self.waiting.nudges()[self.seen :]
        self.seen += len(sent)
        return sent

    def _counted(self) -> dict[ReminderKind, tuple[datetime, int]]:
        return {row.kind: (row.since, row.sent) for row in self.waiting.world.reminders._store.of(1)}

    def _check(self, nudge: Nudge, before: dict[ReminderKind, tuple[datetime, int]]) -> None:
        kinds = [line.kind for line in nudge.lines]
        now = self._counted()
        by_rule = [line for line in nudge.lines if line.kind in USUAL and now[line.kind] != before.get(line.kind)]
        assert len(set(kinds) - {ReminderKind.ASKED}) == len([kind for kind in kinds if kind is not ReminderKind.ASKED])
        if by_rule:
            assert OFFICE.contain(nudge.at)
        if by_rule and len(by_rule) == len(kinds) and not any(line.kind in self.snoozed for line in by_rule):
            assert not self.last or not self.last.at <= nudge.at < self.last.at + QUARTER
        for line in by_rule:
            key = (line.kind, line.since)
            self.sent[key] += 1
            assert self.sent[key] <= USUAL[line.kind].times + self.put_off[line.kind]
            assert line.kind not in self.stopped
            if not self.put_off[line.kind] and key in self.sent_after:
                assert self.passed - self.sent_after[key] >= USUAL[line.kind].again - QUARTER
            self.sent_after[key] = self.passed
            assert nudge.at >= self.snoozed.get(line.kind, nudge.at)

    def _newest(self) -> Nudge:
        return self.waiting.nudges()[-1]

    def _somebody(self) -> str:
        return next(user for user in ("UKIM", "UJO", "UANA") if user not in self.waiting.world.people.nobodies)

    def _try(self, act: Coroutine[Any, Any, object]) -> bool:
        """False where it was not possible, as people are told."""
        try:
            self.runner.run(act)
        except SecondLineError:
            return False
        return True

    def teardown(self) -> None:
        self.runner.close()


RemindersMachine.TestCase.settings = settings(max_examples=40, stateful_step_count=40, deadline=None)
test_reminders = RemindersMachine.TestCase
