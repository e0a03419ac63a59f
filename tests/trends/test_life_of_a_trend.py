"""Whatever happens in whatever order: one message a trend, none while somebody looks into it, and nothing is lost."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bot.errors import SecondLineError
from bot.trends.model import Trend, TrendState, clearly_larger
from tests.fake_people import FakePeople
from tests.trends.fakes import read_ticket, rise, streamed
from tests.world import US_EAST, World

USERS = st.sampled_from(["UKIM", "UJO"])


class Life(RuleBasedStateMachine):
    """One target, whose customers write more or less, and two people."""

    loop: asyncio.AbstractEventLoop

    @initialize()
    def begin(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.world = World(people=FakePeople())
        self.next_ticket = 100
        self.dismissed: Trend | None = None
        self.told_again: dict[int, int] = {}

    def teardown(self) -> None:
        if hasattr(self, "loop"):
            self.loop.close()

    def run(self, work: Coroutine[Any, Any, object]) -> bool:
        """False where it was refused with a sentence."""
        try:
            self.loop.run_until_complete(work)
        except SecondLineError as error:
            assert error.sentence
            return False
        return True

    @property
    def trends(self) -> list[Trend]:
        count = int(self.world.database.value("SELECT count(*) FROM trends"))
        return [self.world.trends.get(number) for number in range(1, count + 1)]

    @property
    def newest(self) -> Trend | None:
        return self.trends[-1] if self.trends else None

    @rule(customers=st.integers(3, 120), minutes=st.sampled_from([1, 5, 61]), new=st.booleans())
    def rises(self, customers: int, minutes: int, new: bool) -> None:
        """A look finds a rise, of new tickets or of those of before."""
        self.world.clock.advance(minutes=minutes)
        if new:
            self.next_ticket += 500
        at = self.world.clock()
        numbers = range(self.next_ticket, self.next_ticket + customers)
        streamed(self.world, [read_ticket(number, at) for number in numbers])
        found = rise(at, customers=customers, tickets=numbers)
        before, posted = self.trends, self.world.owed_keys("trend/%")
        investigated = self.world.investigations.live_for("us-east")
        self._look(found)
        more = [trend for trend in self.trends if trend.id > len(before)]
        if investigated:
            assert self.world.owed_keys("trend/%") == posted
        dismissed = [trend for trend in before if trend.state is TrendState.DISMISSED]
        if more and dismissed:
            assert clearly_larger(found, dismissed[-1])
            assert more[0].larger_than == dismissed[-1].id

    @rule(minutes=st.sampled_from([1, 15, 60, 300, 60 * 24 * 8]))
    def calm(self, minutes: int) -> None:
        self.world.clock.advance(minutes=minutes)
        streamed(self.world)
        self._look()

    def _look(self, *rises: Any) -> None:
        room, at = self.world.rooms.trend_room, self.world.clock()
        room.resolved.look(self.world.detector, at)
        assert self.run(room.noticing.noticed(list(rises), at, speaks=True))

    @precondition(lambda self: self.newest)
    @rule(by=USERS, both=st.booleans())
    def investigate(self, by: str, both: bool) -> None:
        """Perhaps both at once: there is one investigation."""
        trend = self.trends[-1]

        async def press() -> None:
            people = ["UKIM", "UJO"] if both else [by]
            opening = self.world.trends.investigate
            opened = await asyncio.gather(
                *(opening(trend.id, "us-east", symptom="", by=each, channel="CTECH") for each in people)
            )
            assert len({each.investigation.id for each in opened}) == 1

        assert self.run(press())
        assert self.world.investigations.live_for("us-east")

    @precondition(lambda self: self.newest)
    @rule(by=USERS, both=st.booleans())
    def dismiss(self, by: str, both: bool) -> None:
        """Perhaps both at once: the first one's reason stays."""
        trend = self.trends[-1]
        done = self.run(self.world.trends.dismiss(trend.id, reason=f"said {by}", by=by))
        if done and both:
            assert not self.run(self.world.trends.dismiss(trend.id, reason="late", by="UJO"))
            assert self.world.trends.get(trend.id).reason == f"said {by}"

    @precondition(lambda self: self.newest)
    @rule(by=USERS, hours=st.sampled_from([1, 4, 24]))
    def snooze(self, by: str, hours: int) -> None:
        trend = self.trends[-1]
        done = self.run(self.world.trends.snooze(trend.id, hours=hours, by=by))
        assert done == (trend.state in (TrendState.RISING, TrendState.SNOOZED))

    @rule(by=USERS)
    def open_by_hand(self, by: str) -> None:
        self.run(self.world.investigations.open(US_EAST, symptom="", by=by, channel="CTECH"))

    @precondition(lambda self: self.world.investigations.live_for("us-east"))
    @rule(by=USERS, dismissed=st.booleans())
    def end(self, by: str, dismissed: bool) -> None:
        live = self.world.investigations.live_for("us-east")
        assert live
        ending = self.world.investigations
        if dismissed:
            assert self.run(ending.dismiss(live.id, reason="one customer", by=by))
        else:
            assert self.run(ending.resolve(live.id, root_cause="a router", workaround="", by=by))

    @rule(by=USERS)
    def reopen(self, by: str) -> None:
        count = int(self.world.database.value("SELECT count(*) FROM investigations"))
        if count:
            self.run(self.world.investigations.reopen(count, by=by))

    @rule()
    def killed(self) -> None:
        """Everything in memory is gone; the tables are there."""
        world = self.world
        self.world = World(clock=world.clock, database=world.database, people=world.people, desk=world.desk)

    @invariant()
    def one_message_a_trend(self) -> None:
        if not hasattr(self, "world"):
            return
        said = {trend.name for trend in self.trends if trend.said_at}
        assert set(self.world.owed_keys("trend/%")) == said

    @invariant()
    def one_that_lives(self) -> None:
        if hasattr(self, "world"):
            assert len([trend for trend in self.trends if trend.live]) <= 1

    @invariant()
    def who_is_investigated_has_an_investigation_that_is_live(self) -> None:
        if not hasattr(self, "world"):
            return
        for trend in self.trends:
            if trend.state is TrendState.INVESTIGATED:
                assert trend.investigation_id
                assert self.world.investigations.get(trend.investigation_id).live

    @invariant()
    def after_resolve_it_is_said_once(self) -> None:
        """Each time that an investigation was resolved at most one trend says that it started again."""
        if not hasattr(self, "world"):
            return
        again = [trend.again_of for trend in self.trends if trend.again_of]
        for number in set(again):
            events = self.world.evidence.overview(number).events
            assert again.count(number) <= sum(event.kind.value == "resolved" for event in events)

    @invariant()
    def every_message_can_be_shown(self) -> None:
        if hasattr(self, "world"):
            for trend in self.trends:
                self.world.rooms.trend_room.showing.shown(trend.id)


def test_the_life_of_a_trend() -> None:
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large]
    chosen = settings(max_examples=12, stateful_step_count=15, deadline=None, suppress_health_check=checks)
    run_state_machine_as_test(Life, settings=chosen)
