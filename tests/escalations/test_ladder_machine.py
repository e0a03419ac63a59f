"""Whatever happens, in any order: nobody is told after the acknowledgement, and nothing that is due is forgotten."""

import asyncio
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.escalations.ladder_model import Ladder, LadderStep, RunState, StepState
from bot.escalations.telling import Failure, FailureKind, TellingOutcome, WayKind
from tests.escalations.climbing import GROUP, PHONE, Climb, others_run

FIVE = timedelta(minutes=5)
PEOPLE = ("ULENA", "URAJ", "UEVE")
LADDER = Ladder(
    "day",
    (GROUP, LadderStep(WayKind.DM, FIVE, PEOPLE), PHONE, LadderStep(WayKind.CHANNEL, FIVE, ("C9",))),
    repeat_from=2,
    repeats=1,
    asks_outside_hours=True,
)


class LadderMachine(RuleBasedStateMachine):
    """The bot, its outbox and a phone, as a test lets them go on; killed and restarted at any point."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.quiet = False
        self.told_before = 0
        self.restarts = 0
        self.handed_back = 0
        self.sent: list[str] = []

    def do(self, work: Any) -> Any:
        async def bounded() -> Any:
            async with asyncio.timeout(10):
                return await work

        return self.runner.run(bounded())

    @initialize(away=st.sets(st.sampled_from(PEOPLE)), refused=st.sets(st.sampled_from(PEOPLE), max_size=2))
    def begin(self, away: set[str], refused: set[str]) -> None:
        climb = Climb(LADDER, away=dict.fromkeys(away, "ill"), refusals=dict.fromkeys(refused, "user_disabled"))
        self.climb = self.do(climb.begun())

    @rule(minutes=st.sampled_from((0, 1, 5, 11, 700)))
    def time_passes(self, minutes: int) -> None:
        self.climb.world.clock.advance(minutes * 60)

    @rule()
    def walker_goes_round(self) -> None:
        self.do(self._turn())

    async def _turn(self) -> None:
        await self.climb.world.rooms.walker.turn()
        if self.climb.phone.gate is None:
            await self.climb.world.tasks.idle()
        else:
            await others_run()

    @rule()
    def slack_takes_everything(self) -> None:
        self.sent += [key for key in self.climb.deliver() if key.startswith("ladder/")]

    @rule()
    def slack_is_busy(self) -> None:
        """A message is under way, and Slack says "later"."""
        for message in self.climb.owed():
            if self.climb.world.owed.sending(message, ""):
                due_at = self.climb.world.clock()
                self.climb.world.owed.later(message, due_at=due_at, reason="busy", code="ratelimited")

    @rule(fails=st.booleans())
    def phone_fails_or_not(self, fails: bool) -> None:
        self.climb.phone.outcome = TellingOutcome(failure=Failure(FailureKind.UNREACHABLE)) if fails else None

    @rule()
    def phone_hangs(self) -> None:
        self.climb.phone.gate = self.climb.phone.gate or asyncio.Event()

    @rule()
    def phone_answers(self) -> None:
        if gate := self.climb.phone.gate:
            self.climb.phone.gate = None
            gate.set()
            self.do(self.climb.world.tasks.idle())

    @rule()
    def killed_and_restarted(self) -> None:
        self.do(self.climb.world.tasks.drain(deadline_s=0))
        self.climb = self.climb.restarted()
        self.restarts += 1

    @precondition(lambda self: not self.quiet)
    @rule()
    def somebody_acknowledges(self) -> None:
        self.do(self.climb.world.escalations.acknowledge(1, by="ULENA"))
        self.quiet, self.told_before = True, len(self.climb.phone.told)
        self.sent.clear()

    @precondition(lambda self: self.quiet and self.climb.run.state is RunState.ACKNOWLEDGED)
    @rule()
    def they_hand_it_back(self) -> None:
        self.do(self.climb.world.escalations.hand_back(1, by="ULENA"))
        self.quiet = False
        self.handed_back += 1

    @precondition(lambda self: not self.quiet and len(self.climb.world.escalations.get(1).questions) < 3)
    @rule()
    def management_asks(self) -> None:
        number = len(self.climb.world.escalations.get(1).questions)
        self.do(self.climb.world.escalations.ask(1, f"question {number}", by="URAJ"))

    @rule()
    def somebody_answers(self) -> None:
        self.climb.world.evidence.note(1, "an answer", by="UKIM")

    @invariant()
    def nobody_is_told_after_the_acknowledgement(self) -> None:
        if not hasattr(self, "climb"):
            return
        if self.quiet and self.climb.world.escalations.get(1).acknowledged_at is None:
            self.quiet = False  # it lapsed: nobody said that they are still on it
            self.handed_back += 1
        if self.quiet:
            assert self.sent == []
            assert len(self.climb.phone.told) == self.told_before

    @invariant()
    def each_step_is_told_once(self) -> None:
        if not hasattr(self, "climb"):
            return
        keys = [telling.key for _, telling in self.climb.phone.told]
        assert len(keys) - len(set(keys)) <= self.restarts, "told again only after a restart, with the same key"

    @invariant()
    def it_goes_in_order_and_no_further_than_it_should(self) -> None:
        if not hasattr(self, "climb"):
            return
        run = self.climb.run
        assert run.round <= (1 + run.repeats) * (1 + self.handed_back)
        rounds = [step.round for step in run.begun]
        assert rounds == sorted(rounds)

    @invariant()
    def nothing_is_forgotten(self) -> None:
        """A run that goes on has something that is due, or that is being told."""
        if not hasattr(self, "climb"):
            return
        run = self.climb.run
        if run.state is RunState.RUNNING:
            telling = any(step.state is StepState.TELLING for step in run.steps)
            assert run.next_at or telling or (run.planned and all(step.next_at for step in run.planned))
            assert run.next_at or run.planned, "also when that is told"
        if run.state in (RunState.ACKNOWLEDGED, RunState.ENDED, RunState.STOPPED):
            assert not run.planned

    def teardown(self) -> None:
        """However it went: left alone, without an answer, it comes to its end."""
        if hasattr(self, "climb"):
            self.phone_answers()
            self.somebody_answers()
            for _ in range(60):
                if self.climb.run.state is RunState.ENDED:
                    break
                self.do(self.climb.walk(timedelta(minutes=11)))
            assert self.climb.run.state is RunState.ENDED
            self.do(self.climb.world.tasks.drain(deadline_s=0))
        self.runner.close()


TestLadder = LadderMachine.TestCase
TestLadder.settings = settings(
    max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
