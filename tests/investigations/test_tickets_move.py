"""Tickets that were collected for the wrong investigation: they go with what people decided, and don't come back."""

import pytest

from bot.errors import BadInput
from bot.investigations.cards import timeline
from bot.people import NotTier2
from bot.tickets.cards import card, moved
from bot.tickets.collection import LinkState, TicketMove
from tests.fake_desk import ticket
from tests.investigations.test_merging import PhrasedDesk, tickets
from tests.world import APP, US_EAST, US_WEST, World


async def two() -> World:
    """INV-1 is about the app and finds 7, 8 and 9; INV-2 is about U.S. East."""
    there = World(desk=PhrasedDesk())
    assert there.desk
    there.desk.found = [ticket(number, there.clock(), subject="The app: login fails") for number in (7, 8, 9)]
    await there.opened(APP, by="UJO")
    await there.opened(US_EAST, by="UKIM")
    await there.desk_settled()
    return there


async def move(there: World, *numbers: int, one: int = 1, into: int = 2) -> TicketMove:
    done = await there.evidence.move_tickets(one, into, numbers, by="UKIM")
    assert done
    return done


def told(there: World, number: int) -> str:
    return str(timeline(there.evidence.overview(number)).blocks)


async def test_what_was_decided_goes_along_and_no_search_brings_it_back() -> None:
    there = await two()
    await there.evidence.decide(1, [7], LinkState.CONFIRMED, by="UJO")
    await there.evidence.decide(1, [9], LinkState.REJECTED, by="UJO")
    await move(there, 7, 8, 9)
    there.clock.advance(600)
    await there.desk_settled()

    assert tickets(there, 2) == {7: ("confirmed", "UJO"), 8: ("suggested", None), 9: ("suggested", None)}
    assert {state for state, _ in tickets(there, 1).values()} == {"rejected"}
    collected = there.tickets.of(1)
    assert collected and collected.total == 0 and "3 moved to INV-2, by <@UKIM>" in str(card(collected, per_page=9))
    other = there.tickets.of(2)
    assert other and {each.ticket_id for each in other.waiting} == {8, 9}
    assert "<@UKIM> moved 3 tickets to INV-2: #7, #8, #9" in told(there, 1)
    assert "<@UKIM> moved 3 tickets here from INV-1: #7, #8, #9" in told(there, 2)


async def test_the_desk_s_tag_follows() -> None:
    there = await two()
    await there.evidence.decide(1, [7], LinkState.CONFIRMED, by="UJO")
    await there.desk_settled()
    assert there.desk and there.desk.tags[7] == {"inv-1"}
    await move(there, 7)
    await there.desk_settled()
    assert there.desk.tags[7] == {"inv-2"}


async def test_it_is_undone_but_for_what_was_decided_since() -> None:
    """Also for what the other one had before."""
    there = await two()
    await there.evidence.decide(1, [7], LinkState.CONFIRMED, by="UJO")
    await there.evidence.add_tickets(2, [8], by="UTOM")
    await there.evidence.decide(2, [8], LinkState.REJECTED, by="UANA")
    before = tickets(there, 1), tickets(there, 2)
    done = await move(there, 7, 8)
    assert tickets(there, 2)[8] == ("suggested", None), "whoever moves it says that it belongs there"
    assert await there.evidence.undo_move(done.id, by="UKIM") == ([7, 8], [])
    assert (tickets(there, 1), tickets(there, 2)) == before
    assert await there.evidence.undo_move(done.id, by="UKIM") == ([], []), "delivered twice"
    assert "moved 2 tickets back here from INV-2" in told(there, 1)

    done = await move(there, 7, 9)
    await there.evidence.decide(2, [9], LinkState.CONFIRMED, by="UANA")
    assert await there.evidence.undo_move(done.id, by="UKIM") == ([7], [9])
    assert tickets(there, 2) == {9: ("confirmed", "UANA"), 8: ("rejected", "UANA")}


async def test_moved_back_it_is_as_it_was() -> None:
    there = await two()
    await there.evidence.decide(1, [7], LinkState.CONFIRMED, by="UJO")
    await move(there, 7)
    await move(there, 7, one=2, into=1)
    assert tickets(there, 1)[7] == ("confirmed", "UJO") and tickets(there, 2) == {7: ("rejected", "UKIM")}
    assert not await there.evidence.move_tickets(2, 1, [7], by="UKIM"), "it is there already"


async def test_what_was_pasted_while_the_desk_was_down_goes_too() -> None:
    there = await two()
    there.database.insert(
        "ticket_pastes",
        {"investigation_id": 1, "ticket_id": 31, "by": "UJO", "next_at": there.clock(), "confirmed": 1, "of_trend": 0},
    )
    done = await move(there, 31)
    assert done.pasted == (31,) and "#31" in moved(done, []).text
    assert there.database.column("SELECT investigation_id FROM ticket_pastes") == [2]
    assert await there.evidence.undo_move(done.id, by="UKIM") == ([31], [])
    assert there.database.column("SELECT investigation_id FROM ticket_pastes") == [1]


async def test_where_nothing_can_go() -> None:
    there = await two()
    await there.opened(US_WEST, by="UKIM")
    with pytest.raises(NotTier2):
        await there.evidence.move_tickets(1, 2, [7], by="UTOM")
    with pytest.raises(BadInput, match="They are in INV-1 already"):
        await there.evidence.move_tickets(1, 1, [7], by="UKIM")
    assert not await there.evidence.move_tickets(1, 2, [4711], by="UKIM")
    await there.merges.merge(2, 3, by="UKIM")
    await move(there, 7)
    assert 7 in tickets(there, 3), "it goes to where that goes on"
    await there.investigations.resolve(3, root_cause="x", workaround="", by="UKIM")
    with pytest.raises(BadInput, match="Reopen it first"):
        await move(there, 8)
