"""Two investigations of one thing become one, and two again: nothing is lost, and nothing counts twice."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.database import Row
from bot.errors import BadInput
from bot.escalations.model import EscalationDraft
from bot.investigations.cards import timeline
from bot.investigations.merge_model import CannotMerge
from bot.investigations.model import EventKind, SourceMessage, State
from bot.investigations.update_model import News, Purpose
from bot.people import NotTier2
from bot.tickets.collection import LinkState
from bot.tickets.model import SearchResult, TicketQuery
from tests.fake_desk import FakeDesk, ticket
from tests.world import APP, US_EAST, US_WEST, World, contents

DRAFT = EscalationDraft("logins fail", "09:00", "31 tickets", "", "a decision")
SOURCE = SourceMessage("C9", "7.7", "UTOM", "the app is slow", "https://slack.test/p7")


async def two() -> World:
    """INV-1 is about the app, INV-2 about U.S. East; Jo has the first and Kim the second."""
    there = World()
    assert there.desk
    there.desk.hidden = [ticket(number, there.clock()) for number in (7, 8, 9)]
    await there.opened(APP, by="UJO")
    await there.opened(US_EAST, by="UKIM")
    return there


def tickets(there: World, number: int) -> dict[int, tuple[str, str | None]]:
    """How each ticket on a list stands, and who decided that."""
    rows = there.database.rows(
        "SELECT ticket_id, state, decided_by FROM ticket_links WHERE investigation_id = ?", number
    )
    return {row["ticket_id"]: (row["state"], row["decided_by"]) for row in rows}


async def test_one_goes_on_with_what_both_know() -> None:
    """Tickets with what people decided, the timeline with whence, helpers; the other one leads there."""
    there = await two()
    await there.evidence.add_tickets(1, [7, 8], by="UJO")
    await there.evidence.add_tickets(2, [8, 9], by="UTOM")
    there.evidence.note(1, "only on Android", by="UANA")
    survivor = await there.merges.merge(1, 2, by="UKIM")
    one, other = there.investigations.get(1), there.evidence.overview(2)

    assert (survivor.id, one.state, one.merged_into) == (2, State.MERGED, 2)
    assert tickets(there, 2) == {7: ("confirmed", "UJO"), 8: ("confirmed", "UJO"), 9: ("suggested", None)}
    assert [event.text for event in other.notes] == ["only on Android"]
    assert "INV-1: <@UANA> noted: only on Android" in str(timeline(other).blocks)
    assert "UJO" in other.investigation.helpers and other.merged == ("INV-1 The app",)
    assert [investigation.id for investigation in there.investigations.live()] == [2]
    assert there.owed_keys("merged%") == ["merged_away/1", "merged_here/1"]
    assert (await there.merges.merge(1, 2, by="UKIM")).id == 2, "delivered twice"
    assert [str(event.kind) for event in other.record].count("merged") == 1, "on both records, told once"


async def test_whoever_opens_it_again_is_led_to_where_it_goes_on() -> None:
    there = await two()
    await there.merges.merge(1, 2, by="UKIM")
    opened = await there.investigations.open(APP, symptom="", by="UTOM", channel="C1")

    assert not opened.created and opened.investigation.id == 2
    await there.investigations.resolve(2, root_cause="a link", workaround="", by="UKIM")
    opened = await there.investigations.open(APP, symptom="", by="UTOM", channel="C1")
    assert opened.created and opened.investigation.id == 3
    with pytest.raises(CannotMerge, match="INV-3 looks into the same target"):
        await there.merges.undo(1, by="UKIM")


async def test_who_asked_about_either_hears_how_it_ends() -> None:
    there = World()
    await there.opened(APP, by="UJO", source=SOURCE)
    await there.opened(US_EAST, by="UKIM")
    await there.merges.merge(1, 2, by="UKIM")
    await there.updates.write(2, News("we look", Purpose.TIER1), by="UKIM")
    assert there.investigations.has_askers(2) and len(there.owed_keys("outcome/%/C9/7.7")) == 1
    await there.investigations.resolve(2, root_cause="a link", workaround="", by="UKIM")

    assert len(there.owed_keys("outcome/%/C9/7.7")) == 2


async def test_what_others_work_on_goes_on() -> None:
    """The escalation that waits is never that of the one that ends; two of them are not merged."""
    there = await two()
    await there.escalations.escalate(1, DRAFT, by="UJO")
    with pytest.raises(CannotMerge, match="`merge INV-2 into INV-1`"):
        await there.merges.merge(1, 2, by="UKIM")
    await there.escalations.escalate(2, DRAFT, by="UKIM")
    for one, into in ((1, 2), (2, 1)):
        with pytest.raises(CannotMerge, match="others work on both"):
            await there.merges.merge(one, into, by="UKIM")
    escalation = there.escalations.latest(2)
    assert escalation
    await there.escalations.take_back(escalation.id, by="UKIM")
    await there.merges.merge(2, 1, by="UKIM")

    assert there.investigations.get(1).state is State.ESCALATED and there.evidence.overview(1).waits_for_management


async def test_merged_is_an_end_and_says_where_it_goes_on() -> None:
    there = await two()
    await there.merges.merge(1, 2, by="UKIM")
    for act in (
        there.investigations.claim(1, by="UANA"),
        there.investigations.join(1, by="UTOM"),
        there.updates.write(1, News("x", Purpose.BOTH), by="UKIM"),
    ):
        with pytest.raises(BadInput, match="goes on in INV-2"):
            await act
    for closing in (
        there.investigations.resolve(1, root_cause="x", workaround="", by="UKIM"),
        there.investigations.reopen(1, by="UKIM"),
        there.escalations.escalate(1, DRAFT, by="UKIM"),
    ):
        with pytest.raises(BadInput, match="undo its merge"):
            await closing
    with pytest.raises(NotTier2):
        await there.merges.undo(1, by="UTOM")
    with pytest.raises(NotTier2):
        await there.merges.merge(2, 1, by="UTOM")


async def test_chains_go_to_their_end_and_come_apart_from_it() -> None:
    """No circles: whoever merges into one that was merged means where that goes on."""
    there = await two()
    await there.opened(US_WEST, by="UKIM")
    await there.merges.merge(1, 2, by="UKIM")
    await there.merges.merge(2, 3, by="UKIM")
    assert there.investigations.survivor(1).id == 3 and there.investigations.merged_ids(3) == [1, 2]
    for one, into in ((3, 1), (3, 2), (3, 3)):
        with pytest.raises(CannotMerge, match="They are one already"):
            await there.merges.merge(one, into, by="UKIM")
    with pytest.raises(CannotMerge, match="Undo that first: `unmerge INV-2`"):
        await there.merges.undo(1, by="UKIM")
    there.evidence.note(1, "late", by="UJO")
    assert [event.text for event in there.evidence.overview(3).notes] == ["late"]
    await there.merges.undo(2, by="UKIM")
    await there.merges.undo(1, by="UKIM")

    assert [investigation.id for investigation in there.investigations.live()] == [1, 2, 3]
    assert not there.evidence.overview(3).notes and there.evidence.overview(1).notes


async def test_opposite_merges_at_once_leave_one() -> None:
    there = await two()
    outcomes = await asyncio.gather(
        there.merges.merge(1, 2, by="UKIM"), there.merges.merge(2, 1, by="UJO"), return_exceptions=True
    )

    assert sum(isinstance(outcome, CannotMerge) for outcome in outcomes) == 1
    assert len(there.investigations.live()) == 1


async def test_what_came_since_stays_and_what_was_decided_goes_along() -> None:
    there = await two()
    await there.evidence.add_tickets(1, [7, 8], by="UTOM")
    await there.merges.merge(1, 2, by="UKIM")
    await there.evidence.decide(2, [7], LinkState.CONFIRMED, by="UKIM")
    await there.evidence.add_tickets(2, [9], by="UKIM")
    there.evidence.note(2, "said after", by="UKIM")
    await there.merges.undo(1, by="UANA")

    assert tickets(there, 1) == {7: ("confirmed", "UKIM"), 8: ("suggested", None)}
    assert tickets(there, 2) == {9: ("confirmed", "UKIM")}
    assert not there.evidence.overview(1).notes and there.evidence.overview(2).notes
    assert "UJO" not in there.investigations.get(2).helpers
    assert there.owed_keys("unmerged/%") == ["unmerged/1"]


async def test_what_was_taken_off_is_no_question_again() -> None:
    """Who took it off is kept; what the other one confirmed stays; undone, it is a question there as before."""
    there = await two()
    await there.evidence.add_tickets(1, [7, 8, 9], by="UTOM")
    await there.evidence.decide(1, [7, 8, 9], LinkState.REJECTED, by="UJO")
    await there.evidence.add_tickets(2, [8], by="UTOM")
    await there.evidence.add_tickets(2, [9], by="UKIM")
    await there.merges.merge(1, 2, by="UKIM")
    assert tickets(there, 2) == {7: ("rejected", "UJO"), 8: ("rejected", "UJO"), 9: ("confirmed", "UKIM")}
    await there.evidence.decide(2, [7], LinkState.CONFIRMED, by="UANA")
    await there.merges.undo(1, by="UKIM")

    assert {number: state for number, (state, _) in tickets(there, 2).items()} == {8: "suggested", 9: "confirmed"}
    assert tickets(there, 1) == {7: ("confirmed", "UANA"), 8: ("rejected", "UJO"), 9: ("rejected", "UJO")}


class PhrasedDesk(FakeDesk):
    """Finds what has a phrase of the search in its subject, as a real one does."""

    async def search(self, query: TicketQuery, *, limit: int) -> SearchResult:
        await super().search(query, limit=limit)
        words = [phrase.lower() for phrase in (*query.phrases, *query.also)]
        matching = [each for each in self.found if any(word in each.subject.lower() for word in words)]
        return SearchResult(tuple(matching), len(matching))


async def test_its_search_goes_on_and_brings_what_it_finds() -> None:
    """Customers write about the app still, and nobody looks at the old list."""
    there = World(desk=PhrasedDesk())
    assert there.desk
    await there.opened(APP, by="UJO")
    await there.opened(US_EAST, by="UKIM")
    await there.merges.merge(1, 2, by="UKIM")
    there.desk.found = [ticket(11, there.clock(), subject="The app: login fails")]
    there.clock.advance(600)
    await there.desk_settled()
    assert tickets(there, 2) == {11: ("suggested", None)}
    await there.merges.undo(1, by="UKIM")

    assert tickets(there, 2) == {} and tickets(there, 1) == {11: ("suggested", None)}


async def test_whatever_fails_nothing_is_half_merged() -> None:
    there = await two()
    await there.evidence.add_tickets(1, [7], by="UJO")
    before = contents(there)

    def refuses(*_: object) -> None:
        raise BadInput("no")

    there.tickets.counted.heard_by(refuses)
    with pytest.raises(BadInput, match="no"):
        await there.merges.merge(1, 2, by="UKIM")
    assert contents(there) == before


async def test_reminders_go_on_and_a_handover_ends() -> None:
    there = await two()
    await there.reminders.ask(1, whom="UJO", text="call them", span=timedelta(minutes=30), by="UJO")
    await there.handovers.ask(1, to="UKIM", note="", by="UJO")
    await there.merges.merge(1, 2, by="UKIM")
    rows = there.database.rows("SELECT investigation_id FROM reminders WHERE kind = 'asked'")

    assert [row["investigation_id"] for row in rows] == [2]
    assert there.handovers.pending(1) is None


def told(there: World, number: int) -> dict[str, Any]:
    """Everything of an investigation that a merge may touch, but for what tells of the merge itself."""
    overview = there.evidence.overview(number)
    told_of = [event.text for event in overview.record if event.kind not in (EventKind.MERGED, EventKind.UNMERGED)]
    investigation = overview.investigation
    row: Row = {"tickets": tickets(there, number), "events": told_of, "helpers": set(investigation.helpers)}
    return row | {"state": investigation.state, "owner": investigation.owner, "merged": overview.merged}


ACTS = st.lists(st.tuples(st.sampled_from(["add", "suggest", "reject", "note"]), st.integers(1, 2), st.integers(7, 9)))


@given(ACTS.filter(lambda acts: len(acts) <= 8), st.booleans())
@settings(max_examples=40, deadline=None)
def test_undoing_is_the_inverse(acts: list[tuple[str, int, int]], other_way: bool) -> None:
    asyncio.run(_inverse(acts, other_way))


async def _inverse(acts: list[tuple[str, int, int]], other_way: bool) -> None:
    there = await two()
    for act, number, ticket_id in acts:
        if act == "note":
            there.evidence.note(number, f"note {ticket_id}", by="UANA")
        elif act == "reject":
            await there.evidence.decide(number, [ticket_id], LinkState.REJECTED, by="UANA")
        else:
            await there.evidence.add_tickets(number, [ticket_id], by="UANA", decides=act == "add")
    before = told(there, 1), told(there, 2)
    one, into = (2, 1) if other_way else (1, 2)
    await there.merges.merge(one, into, by="UKIM")
    listed = tickets(there, into)
    assert set(listed) >= {number for number, (state, _) in tickets(there, one).items() if state != "rejected"}
    await there.merges.undo(one, by="UKIM")

    after = told(there, 1), told(there, 2)
    assert [each | {"tickets": _stands(each)} for each in after] == [
        each | {"tickets": _stands(each)} for each in before
    ]


def _stands(record: dict[str, Any]) -> dict[int, str]:
    """Who took a decision back is the one who undid the merge."""
    return {number: state for number, (state, _) in record["tickets"].items()}
