"""The states of investigations, whatever people do in whatever order."""

import asyncio
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.errors import BadInput
from bot.escalations.model import EscalationDraft
from bot.escalations.service import StillWaiting
from bot.investigations.model import LIVE, MOVE_WORDS, MOVES, IllegalMove, Move, State
from bot.investigations.service import AlreadyOwned
from bot.vendors.model import LetterDraft
from tests.vendors.vendors import TELIA
from tests.world import APP, US_EAST, World, contents

TARGETS = st.sampled_from([APP, US_EAST])
PEOPLE = st.sampled_from(["UKIM", "UJO", "UANA"])
NUMBERS = st.integers(0, 20)
DRAFT = EscalationDraft("logins fail", "09:00", "", "", "a decision")


class Days(RuleBasedStateMachine):
    """Random days of a team. The model is the state of each investigation; the table MOVES says what may happen."""

    @initialize()
    def begin(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.world = World(with_vendors=[TELIA])
        self.states: dict[int, State] = {}
        self.lines = 0

    def teardown(self) -> None:
        self.loop.close()

    @rule(place=TARGETS, by=st.sampled_from(["UKIM", "UTOM"]))
    def open(self, place: Any, by: str) -> None:
        """At most one is live; only Tier 2 owns what they open."""
        live = self.world.store.live_for(place.key)
        opened = self.do(self.world.investigations.open(place, symptom="", by=by, channel="C1"))
        assert opened.created is (live is None)
        if opened.created:
            assert opened.investigation.owner == (by if by == "UKIM" else None)
            self.states[opened.investigation.id] = State.OPEN
            self.grown(1)

    @precondition(lambda self: self.states)
    @rule(which=NUMBERS, by=PEOPLE)
    def claim(self, which: int, by: str) -> None:
        investigation = self.pick(which)
        if not investigation.live or investigation.owner not in (None, by):
            self.refused(self.world.investigations.claim(investigation.id, by=by), BadInput, AlreadyOwned)
            return
        assert self.do(self.world.investigations.claim(investigation.id, by=by)).owner == by
        self.grown(int(investigation.owner is None))

    @precondition(lambda self: self.states)
    @rule(which=NUMBERS, by=PEOPLE)
    def release(self, which: int, by: str) -> None:
        investigation = self.pick(which)
        if not investigation.live or investigation.owner != by:
            self.refused(self.world.investigations.release(investigation.id, by=by), BadInput)
            return
        assert self.do(self.world.investigations.release(investigation.id, by=by)).owner is None
        self.grown(1)

    @precondition(lambda self: self.states)
    @rule(which=NUMBERS, by=PEOPLE)
    def join(self, which: int, by: str) -> None:
        investigation = self.pick(which)
        if not investigation.live:
            self.refused(self.world.investigations.join(investigation.id, by=by), BadInput)
            return
        known = by in (investigation.owner, *investigation.helpers)
        after = self.do(self.world.investigations.join(investigation.id, by=by))
        assert by in (after.owner, *after.helpers)
        self.grown(int(not known))

    @precondition(lambda self: self.states)
    @rule(which=NUMBERS, to=PEOPLE)
    def hand_over(self, which: int, to: str) -> None:
        investigation = self.pick(which)
        work = self.world.handovers.ask(investigation.id, to=to, note="", by="UKIM")
        if not investigation.live or investigation.owner not in (None, to, "UKIM"):
            self.refused(work, BadInput)
            return
        asked = self.do(work)
        if asked:
            self.do(self.world.handovers.accept(asked.id, by=to))
        assert self.world.investigations.get(investigation.id).owner == to
        self.grown(0 if investigation.owner == to else 2 if asked else 1)

    @precondition(lambda self: self.states)
    @rule(which=NUMBERS)
    def escalate(self, which: int) -> None:
        investigation = self.pick(which)
        work = self.world.escalations.escalate(investigation.id, DRAFT, by="UKIM")
        if (
            Move.ESCALATE in MOVES[investigation.state]
            and self.waiting(investigation.id)
            and not self.over_since(investigation.id)
        ):
            self.refused(work, StillWaiting)
        else:
            self.move(investigation, Move.ESCALATE, work)

    @precondition(lambda self: self.states)
    @rule(which=NUMBERS)
    def acknowledge(self, which: int) -> None:
        investigation = self.pick(which)
        if waiting := self.waiting(investigation.id):
            self.do(self.world.escalations.acknowledge(waiting, by="ULENA"))
            self.grown(1)

    @precondition(lambda self: self.states)
    @rule(which=NUMBERS, words=st.sampled_from(["it fails", "it still fails"]))
    def give_to_a_vendor(self, which: int, words: str) -> None:
        """Also what is handed off already; words that were sent before are sent once."""
        investigation = self.pick(which)
        vendors = self.world.vendors
        case = vendors._store.case_with(investigation.id, "telia")
        after = vendors._store.letters(case.id)[-1].id if case else 0
        draft = LetterDraft("Loss", words, after=after)
        self.move(investigation, Move.HAND_OFF, vendors.write(investigation.id, "telia", draft, by="UKIM"))

    @precondition(lambda self: self.states)
    @rule(which=NUMBERS)
    def resolve(self, which: int) -> None:
        investigation = self.pick(which)
        work = self.world.investigations.resolve(investigation.id, root_cause="x", workaround="", by="UJO")
        self.move(investigation, Move.RESOLVE, work)

    @precondition(lambda self: self.states)
    @rule(which=NUMBERS)
    def dismiss(self, which: int) -> None:
        investigation = self.pick(which)
        self.move(
            investigation, Move.DISMISS, self.world.investigations.dismiss(investigation.id, reason="x", by="UJO")
        )

    @precondition(lambda self: self.states)
    @rule(which=NUMBERS)
    def reopen(self, which: int) -> None:
        investigation = self.pick(which)
        work = self.world.investigations.reopen(investigation.id, by="UJO")
        if not investigation.live and self.world.store.live_for(investigation.target):
            self.refused(work, BadInput)
        else:
            self.move(investigation, Move.REOPEN, work)

    @invariant()
    def every_state_is_the_model_s(self) -> None:
        assert {number: self.world.investigations.get(number).state for number in self.states} == self.states

    @invariant()
    def at_most_one_is_live_per_target(self) -> None:
        live = [investigation.target for investigation in self.world.investigations.live()]
        assert len(live) == len(set(live))

    @invariant()
    def tickets_are_searched_while_live(self) -> None:
        for number, state in self.states.items():
            collected = self.world.tickets.of(number)
            assert collected and collected.watch.active is (state in LIVE)

    def move(self, investigation: Any, move: Move, work: Any) -> None:
        """A legal move leads where the table says; an illegal one names what is possible and changes nothing."""
        if move in MOVES[investigation.state]:
            self.do(work)
            self.states[investigation.id] = MOVES[investigation.state][move]
            self.grown(1)
            return
        error = self.refused(work, IllegalMove)
        assert error.possible == tuple(MOVES[investigation.state])
        assert all(MOVE_WORDS[possible] in error.sentence for possible in error.possible)

    def do(self, work: Any) -> Any:
        return self.loop.run_until_complete(work)

    def refused(self, work: Any, *errors: type[Exception]) -> Any:
        before = contents(self.world)
        try:
            self.do(work)
        except errors as error:
            assert contents(self.world) == before
            return error
        raise AssertionError("it was not refused")

    def grown(self, lines: int) -> None:
        """The timelines have grown by exactly so many lines."""
        self.lines += lines
        assert self.world.database.value("SELECT count(*) FROM events") == self.lines

    def pick(self, which: int) -> Any:
        return self.world.investigations.get(1 + which % len(self.states))

    def over_since(self, number: int) -> bool:
        """Closed, or sent to Tier 3, after it was escalated: nobody waits for the old answer."""
        kinds = self.world.kinds(number)
        since = kinds[len(kinds) - kinds[::-1].index("escalated") :]
        return not {"resolved", "dismissed", "handed_off"}.isdisjoint(since)

    def waiting(self, number: int) -> int | None:
        waits = "acknowledged_at IS NULL AND withdrawn_at IS NULL"
        sql = f"SELECT id FROM escalations WHERE investigation_id = ? AND {waits}"
        investigation: int | None = self.world.database.value(sql, number)
        return investigation


TestDays = Days.TestCase
TestDays.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)
