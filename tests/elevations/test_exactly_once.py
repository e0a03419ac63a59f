"""Whatever the desk, the network, the process and Tier 1 do, in whatever order: each ticket is moved at most once."""

import asyncio
from datetime import timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bot.elevations.model import ElevationState
from bot.tickets.desk import TicketChanged
from bot.tickets.waiting import ON_AGENTS
from tests.elevations.desk_day import DeskDay
from tests.fake_desk import Killed, limited, lost, unreachable

NUMBERS = range(101, 106)
FAULTS = st.sampled_from(["killed", "lost", "unreachable", "limited", "outrun"])


class Elevating(RuleBasedStateMachine):
    """A day in which everything can happen at any moment."""

    @initialize()
    def begins(self) -> None:
        self.day = DeskDay()
        self.answered: set[int] = set()
        self.given_back: set[int] = set()
        for number in NUMBERS:
            self.day.ticket(number, minutes_ago=number - 95)

    @rule(minutes=st.sampled_from([0, 0.05, 1, 7, 20]))
    def time_passes(self, minutes: float) -> None:
        try:
            asyncio.run(self.day.works(minutes))
        except Killed:
            self.day.restarts()

    @rule(fault=FAULTS, after=st.booleans(), skip=st.integers(0, 3))
    def something_will_go_wrong(self, fault: str, after: bool, skip: int) -> None:
        raised = {
            "killed": Killed(),
            "lost": lost(),
            "unreachable": unreachable(),
            "limited": limited(30),
            "outrun": TicketChanged("Zendesk", "409", retry=True),
        }[fault]
        if after and fault not in ("killed", "lost"):
            return  # what the desk refuses was not done
        faults = self.day.desk.after if after else self.day.desk.before
        faults.extend([*[None] * skip, raised])

    @rule()
    def the_bot_is_started_anew(self) -> None:
        self.day.restarts()

    @rule(number=st.sampled_from(NUMBERS))
    def tier_1_replies(self, number: int) -> None:
        if number not in self.day.moved():
            self.answered.add(number)
        self.day.desk.writes(number, by_customer=False)

    @rule(number=st.sampled_from(NUMBERS))
    def the_customer_writes(self, number: int) -> None:
        self.answered.discard(number)
        self.day.desk.writes(number)

    @rule(number=st.sampled_from(NUMBERS), status=st.sampled_from(["pending", "solved", "open", "closed"]))
    def its_status_changes(self, number: int, status: str) -> None:
        if self.day.desk.status(number) != "closed":
            self.day.desk.set(number, status=status, updated_at=self.day.clock())

    @rule(number=st.sampled_from(NUMBERS), untag=st.booleans())
    def tier_2_gives_it_back(self, number: int, untag: bool) -> None:
        if number in self.day.moved():
            self.given_back.add(number)
            tags = {"tags": ()} if untag and self.day.state(number) is ElevationState.ELEVATED else {}
            self.day.desk.set(number, group_id=1, updated_at=self.day.clock(), **tags)

    @rule(number=st.sampled_from(NUMBERS))
    def a_colleague_takes_it(self, number: int) -> None:
        self.day.desk.set(number, assignee_id=7, updated_at=self.day.clock())

    @invariant()
    def once_and_with_one_note(self) -> None:
        if not hasattr(self, "day"):
            return
        for number in NUMBERS:
            assert len(self.day.notes(number)) <= 1, number
            assert number not in self.day.desk.careless, "written again without looking"
        for number in self.answered:
            assert not self.day.notes(number) or number in self.given_back or number in self.day.moved()

    @invariant()
    def what_is_told_was_done(self) -> None:
        if not hasattr(self, "day"):
            return
        for number in NUMBERS:
            if self.day.state(number) is ElevationState.ELEVATED:
                assert len(self.day.notes(number)) == 1
                row = self.day.store.get(number)
                assert row and row.gathering_id

    def teardown(self) -> None:
        """When all is calm again nobody is forgotten."""
        if not hasattr(self, "day"):
            return
        desk = self.day.desk
        desk.before.clear()
        desk.after.clear()
        asyncio.run(self.day.works(60))
        self.day.clock.now += timedelta(minutes=20)
        asyncio.run(self.day.works(30))
        for ticket in desk.hidden:
            told = self.day.state(ticket.id) is ElevationState.ELEVATED
            waits = ticket.status in ON_AGENTS and desk._wait(ticket) is not None
            assert told == bool(self.day.notes(ticket.id)), ticket
            assert told or not waits, ticket


TestElevating = Elevating.TestCase
TestElevating.settings = settings(
    max_examples=30, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
)
