"""Handovers, whatever people do in whatever order: one owner, one question, one answer, and nobody told twice."""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.errors import SecondLineError
from bot.handovers.model import HandoverState
from tests.world import World, contents

PEOPLE = st.sampled_from(["UKIM", "UJO", "UANA"])
MEMBERS = ("UKIM", "UJO", "UANA")
ANYBODY = st.sampled_from([*MEMBERS, "UTOM"])
ANY = st.integers(0, 50)


@dataclass
class Asked:
    """A handover as the model knows it."""

    id: int
    by: str
    receiver: str
    owner: str | None
    expires_at: datetime
    state: HandoverState = HandoverState.PENDING


class Handovers(RuleBasedStateMachine):
    """One investigation of a team. The model is its owner, whether it is live, and every handover with its state."""

    @initialize()
    def begin(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.world = World()
        self.do(self.world.opened())
        self.owner: str | None = "UKIM"
        self.live = True
        self.asked: list[Asked] = []

    def teardown(self) -> None:
        self.loop.close()

    @rule(by=ANYBODY, to=ANYBODY, note=st.sampled_from(["", "MTR is clean"]))
    def ask(self, by: str, to: str, note: str) -> None:
        work = self.world.handovers.ask(1, to=to, note=note, by=by)
        if by == to and self.counts(by):
            self._take(work, by)
        elif not self.counts(by) or not self.counts(to) or not self.live:
            self.refused(work)
        elif self.owner == to:
            self.same(work)
        elif self.owner not in (None, by) and not self.absent(self.owner):
            self.refused(work)
        else:
            self._ask(work, by, to)

    @rule(by=ANYBODY)
    def take(self, by: str) -> None:
        work = self.world.handovers.take(1, by=by)
        if self.counts(by):
            self._take(work, by)
        else:
            self.refused(work)

    @rule(by=ANYBODY)
    def claim(self, by: str) -> None:
        """Only what nobody has, or somebody had who has left."""
        work = self.world.investigations.claim(1, by=by)
        free = self.owner is None or self.owner == by or not self.counts(self.owner)
        if not self.counts(by) or not self.live or not free:
            self.refused(work)
            return
        self.do(work)
        self._owns(by, kept=self.owner == by)

    @precondition(lambda self: self.asked)
    @rule(by=ANYBODY, which=ANY, accepts=st.booleans())
    def answer(self, by: str, which: int, accepts: bool) -> None:
        asked = self.asked[which % len(self.asked)]
        answer = self.world.handovers.accept if accepts else self.world.handovers.decline
        wanted = HandoverState.ACCEPTED if accepts else HandoverState.DECLINED
        work = answer(asked.id, by=by)
        if by != asked.receiver or (accepts and not self.counts(by)) or asked.state not in (wanted, "pending"):
            self.refused(work)
        elif asked.state is wanted:
            self.same(work)
        else:
            self.do(work)
            asked.state = wanted
            self.owner = by if accepts else self.owner

    @rule(by=ANYBODY)
    def release(self, by: str) -> None:
        work = self.world.investigations.release(1, by=by)
        if not self.live or self.owner != by or not self.counts(by):
            self.refused(work)
            return
        self.do(work)
        self.owner = None
        for asked in self.pending():
            asked.state = HandoverState.WITHDRAWN

    @rule()
    def free(self) -> None:
        """The bot takes it from an owner who does not answer: whoever is asked can still take it."""
        with self.world.database.transaction():
            freed = self.world.investigations.freed(1, owner=self.owner or "", why="no answer")
        assert freed is (self.live and self.owner is not None)
        self.owner = None if freed else self.owner

    @rule()
    def dismiss_or_reopen(self) -> None:
        by = next((user for user in MEMBERS if self.counts(user)), "")
        if by and self.live:
            self.do(self.world.investigations.dismiss(1, reason="x", by=by))
            self._end()
        elif by:
            self.do(self.world.investigations.reopen(1, by=by))
        self.live = self.live != bool(by)

    @rule(minutes=st.sampled_from([1, 29, 31, 600, 1500]))
    def later(self, minutes: int) -> None:
        """The loop of the bot was awake, or comes late."""
        self.world.clock.advance(minutes=minutes)
        self.turn()

    @rule(minutes=st.sampled_from([29, 31, 1500]))
    def asleep(self, minutes: int) -> None:
        """Until something wakes the loop, an answer that comes late counts."""
        self.world.clock.advance(minutes=minutes)

    @rule(user=PEOPLE, away=st.booleans())
    def status(self, user: str, away: bool) -> None:
        self.world.people.away = {**self.world.people.away, user: "ill" if away else ""}

    @rule(user=PEOPLE, gone=st.booleans())
    def leave(self, user: str, gone: bool) -> None:
        nobodies = self.world.people.nobodies
        self.world.people.nobodies = nobodies | {user} if gone else nobodies - {user}

    @rule()
    def turn(self) -> None:
        """Twice, as after a crash: nothing is done twice."""
        for _ in range(2):
            self.do(self.world.handovers.turn())
        for asked in self.pending():
            if not self.counts(asked.receiver):
                asked.state = HandoverState.WITHDRAWN
            elif asked.expires_at <= self.world.clock():
                asked.state = HandoverState.EXPIRED

    @rule(by=PEOPLE)
    def race(self, by: str) -> None:
        """The receiver accepts on two devices, while the time is over and another one takes it: one has it then."""
        pending = self.pending()
        if not pending:
            return

        async def at_once() -> None:
            answers = [self.world.handovers.accept(pending[0].id, by=pending[0].receiver) for _ in range(2)]
            others = [self.world.handovers.turn(), self.world.handovers.take(1, by=by)]
            await asyncio.gather(*answers, *others, return_exceptions=True)

        self.do(at_once())
        now, investigation = self.world.handovers.get(pending[0].id), self.world.investigations.get(1)
        assert now.state is not HandoverState.ACCEPTED or investigation.owner in (pending[0].receiver, by)
        pending[0].state, self.owner = now.state, investigation.owner

    @invariant()
    def owner_is_the_model_s(self) -> None:
        investigation = self.world.investigations.get(1)
        assert (investigation.owner, investigation.live) == (self.owner, self.live)

    @invariant()
    def every_handover_is_the_model_s(self) -> None:
        assert [self.world.handovers.get(asked.id).state for asked in self.asked] == [
            asked.state for asked in self.asked
        ]
        assert self.world.database.value("SELECT count(*) FROM handovers") == len(self.asked)

    @invariant()
    def one_waits_at_most_and_only_while_it_is_live(self) -> None:
        assert len(self.pending()) <= int(self.live)
        assert bool(self.world.rooms.above(1).handover_words) is bool(self.pending())

    @invariant()
    def whoever_asked_was_told_once(self) -> None:
        told = self.world.owed_keys("handover/%/outcome")
        answered = [a for a in self.asked if a.state in ("declined", "expired")]
        assert len(told) == len(set(told))
        assert {f"handover/{asked.id}/outcome" for asked in answered} <= set(told)
        assert not {f"handover/{asked.id}/outcome" for asked in self.pending()} & set(told)

    def _ask(self, work: Awaitable[Any], by: str, to: str) -> None:
        before = self.pending()
        handover = self.do(work)
        if before and before[0].receiver == to:
            assert handover.id == before[0].id
            return
        for asked in before:
            asked.state = HandoverState.WITHDRAWN
        self.asked.append(Asked(handover.id, by, to, self.owner, handover.expires_at))

    def _take(self, work: Awaitable[Any], by: str) -> None:
        asked = next((each for each in self.pending() if each.receiver == by), None)
        there = self.owner not in (None, by) and not self.absent(self.owner)
        if not self.live or (there and not asked):
            self.refused(work)
            return
        self.do(work)
        self._owns(by, kept=self.owner == by and not asked)

    def _owns(self, by: str, *, kept: bool) -> None:
        for asked in self.pending():
            accepted = asked.receiver == by and not kept
            asked.state = HandoverState.ACCEPTED if accepted else HandoverState.WITHDRAWN
        self.owner = by

    def _end(self) -> None:
        for asked in self.pending():
            asked.state = HandoverState.WITHDRAWN

    def pending(self) -> list[Asked]:
        return [asked for asked in self.asked if asked.state is HandoverState.PENDING]

    def counts(self, user: str | None) -> bool:
        return user in MEMBERS and user not in self.world.people.nobodies

    def absent(self, user: str | None) -> bool:
        outside = not self.world.hours.contain(self.world.clock())
        return not self.counts(user) or bool(self.world.people.away.get(user or "")) or outside

    def do(self, work: Awaitable[Any]) -> Any:
        return self.loop.run_until_complete(work)

    def same(self, work: Awaitable[Any]) -> None:
        before = contents(self.world)
        self.do(work)
        assert contents(self.world) == before

    def refused(self, work: Awaitable[Any]) -> None:
        before = contents(self.world)
        try:
            self.do(work)
        except SecondLineError:
            assert contents(self.world) == before
            return
        raise AssertionError("it was not refused")


TestHandovers = Handovers.TestCase
TestHandovers.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
