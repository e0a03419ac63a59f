"""Killed, cut off, stopped and approved twice at any point: every chosen ticket is answered exactly once."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from bot.errors import SecondLineError
from bot.replies.model import OPEN_REPLIES, ProblemState, Reply, ReplyState, RoundState
from bot.tickets.desk import DeskError
from tests.fake_desk import Killed, limited, lost, unreachable
from tests.replies.rounds import Rounds

T = TypeVar("T")
TICKETS = tuple(range(1, 9))
PROBLEM = 100
FAULTS = st.sampled_from(["killed", "lost", "limited", "unreachable", "refused login"])


def _fault(name: str) -> BaseException:
    made: dict[str, BaseException] = {
        "killed": Killed(),
        "lost": lost(),
        "limited": limited(30),
        "unreachable": unreachable(),
        "refused login": DeskError("Zendesk", "login refused (401)", retry=False),
    }
    return made[name]


class RepliesMachine(RuleBasedStateMachine):
    """One round of eight tickets on a desk that acts and raises, or raises without acting, wherever it is asked."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.Runner()
        self.rounds = Rounds()
        self.desk = self.rounds.desk
        self.desk.put(*TICKETS, PROBLEM)
        self.desk.incidents = dict.fromkeys(TICKETS, PROBLEM)
        self.chosen: set[int] = set()
        self.touched: set[int] = set()
        """Tickets that were written to after whoever approved knew them, and have no answer."""
        self.rounds.open(TICKETS, problem_id=PROBLEM)

    @rule(fault=FAULTS, acts=st.booleans())
    def break_the_next_call(self, fault: str, acts: bool) -> None:
        """A definite "not done" can't come after the deed; a kill and a lost answer can."""
        after = acts and fault in ("killed", "lost")
        (self.desk.after if after else self.desk.before).append(_fault(fault))

    @rule(steps=st.integers(1, 4), seconds=st.floats(0, 40))
    def work(self, steps: int, seconds: float) -> None:
        for _ in range(steps):
            self._run(self.rounds.step())
        self.rounds.world.clock.advance(seconds)

    @rule()
    def restart(self) -> None:
        self.rounds = self.rounds.restarted()

    @rule(chosen=st.sets(st.sampled_from(TICKETS), min_size=1))
    def approve(self, chosen: set[int]) -> None:
        """Two people press at once; the second one counts where the first has ticked only closed tickets."""
        both = self._run(self._both(sorted(chosen), [TICKETS[0]])) or (None, None)
        for answer, ticked in zip(both, (chosen, {TICKETS[0]}), strict=True):
            if answer is not None and not isinstance(answer, BaseException):
                self.chosen = ticked

    @rule()
    def stop(self) -> None:
        self._press(self.rounds.world.replies.stop(1, by="UKIM"))

    @rule()
    def go_on(self) -> None:
        self._press(self.rounds.world.replies.go_on(1, by="UKIM"))

    @rule()
    def try_again(self) -> None:
        self._press(self.rounds.world.replies.try_again(1, by="UKIM"))

    @rule(number=st.sampled_from(TICKETS))
    def refuse_one(self, number: int) -> None:
        self.desk.refused = {number: "refused (422)"}

    @rule()
    def refuse_none(self) -> None:
        self.desk.refused = {}

    @precondition(lambda self: not self.chosen)
    @rule(number=st.sampled_from(TICKETS))
    def somebody_closes_one(self, number: int) -> None:
        self.desk.set(number, status="closed")

    @precondition(lambda self: self.chosen)
    @rule(number=st.sampled_from(TICKETS), by_customer=st.booleans())
    def somebody_writes(self, number: int, by_customer: bool) -> None:
        self.desk.writes(number, by_customer=by_customer)
        if not self.desk.public(number):
            self.touched.add(number)

    @rule()
    def send_anyway(self) -> None:
        """The person knows what the last look found, and nothing later."""
        reply_round = self.rounds.get()
        known = {reply.ticket_id for reply in reply_round.changed if self._knows_all(reply)}
        if self._press(self.rounds.world.replies.send_anyway(1, run=reply_round.run, by="UJO")):
            self.touched -= known

    @invariant()
    def nobody_is_told_what_was_approved_of_another_ticket(self) -> None:
        assert not {number for number in self.touched if self.desk.public(number)}

    @invariant()
    def nobody_is_told_twice_and_nobody_unasked(self) -> None:
        answered = {number: len(self.desk.comments.get(number, [])) for number in (*TICKETS, PROBLEM)}
        assert all(count <= 1 for count in answered.values()), answered
        assert {number for number, count in answered.items() if count} <= self.chosen
        assert not self.desk.careless

    @invariant()
    def the_problem_is_never_solved_over_an_unanswered_customer(self) -> None:
        if self.desk.status(PROBLEM) == "solved":
            assert all(self.desk.status(number) in ("solved", "closed") for number in TICKETS)

    @invariant()
    def what_is_called_sent_was_sent(self) -> None:
        sent = {reply.ticket_id for reply in self.rounds.get().having(ReplyState.SENT)}
        assert all(self.desk.public(number) for number in sent)

    def teardown(self) -> None:
        """Once everything works again, the round comes to its end by itself, and all chosen ones are answered."""
        self.desk.before.clear()
        self.desk.after.clear()
        self.desk.refused = {}
        self.rounds = self.rounds.restarted()
        self._press(self.rounds.world.replies.go_on(1, by="UKIM"))
        self._run(self.rounds.settle())
        self._press(self.rounds.world.replies.try_again(1, by="UKIM"))
        self._run(self.rounds.settle())
        while self.rounds.get().changed:
            assert self.rounds.get().state is RoundState.ENDED
            self.send_anyway()
            self._run(self.rounds.settle())
        self.loop.close()
        reply_round = self.rounds.get()
        assert not reply_round.having(*OPEN_REPLIES)
        closed = {number for number in TICKETS if self.desk.status(number) == "closed"}
        assert {number for number in TICKETS if self.desk.public(number)} == self.chosen - closed
        if self.chosen:
            assert reply_round.state is RoundState.ENDED
            done = all(self.desk.status(number) in ("solved", "closed") for number in TICKETS)
            assert (reply_round.problem_state is ProblemState.SOLVED) == done == (self.desk.status(PROBLEM) == "solved")

    async def _both(self, first: list[int], second: list[int]) -> tuple[object, object]:
        return await asyncio.gather(
            self.rounds.approve(tickets=first), self.rounds.approve(tickets=second), return_exceptions=True
        )

    def _knows_all(self, reply: Reply) -> bool:
        said = self.desk.said.get(reply.ticket_id, [])
        return reply.snapshot is not None and reply.snapshot.comment_id == (said[0].id if said else 0)

    def _press(self, act: Coroutine[Any, Any, object]) -> bool:
        """A button; where it is not possible now the person is told so."""
        try:
            self._run(act)
        except SecondLineError:
            return False
        return True

    def _run(self, act: Coroutine[Any, Any, T]) -> T | None:
        """One turn of the process; a kill is followed by a new process on the same database."""
        try:
            return self.loop.run(act)
        except Killed:
            self.rounds = self.rounds.restarted()
            return None


RepliesMachine.TestCase.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)
TestReplies = RepliesMachine.TestCase
