"""The list that people tick: it stays as it is until somebody asks for more, and what was decided can be undone."""

from datetime import timedelta

import pytest

from bot.tickets.collection import Collected, LinkState, ListPart
from bot.tickets.listing import decisions, page_of
from tests.fake_desk import FakeDesk, ticket
from tests.world import US_EAST, World

HOUR = timedelta(hours=1)


@pytest.fixture
async def world() -> World:
    """Ticket 2 has the words that were typed, 1 and 3 are of the same area."""
    world = World()
    now = world.clock()
    desk_of(world).found = [
        ticket(3, now - HOUR, "US East is gone"),
        ticket(2, now - 2 * HOUR, "US East: packet loss"),
        ticket(1, now - 3 * HOUR, "US East is slow"),
    ]
    await world.opened(US_EAST, symptom="packet loss")
    await world.desk_settled()
    return world


def desk_of(world: World) -> FakeDesk:
    assert world.desk
    return world.desk


def collected(world: World) -> Collected:
    got = world.tickets.of(1)
    assert got
    return got


def waiting(world: World) -> list[int]:
    return [each.ticket_id for each in page_of(collected(world), 10).tickets]


def newer(world: World) -> list[int]:
    return sorted(each.ticket_id for each in collected(world).newer)


async def writes(world: World, *tickets: int, subject: str = "US East: packet loss too") -> None:
    """Customers write, and the desk is searched again."""
    for number in tickets:
        desk_of(world).found.insert(0, ticket(number, world.clock(), subject))
    world.clock.advance(180)
    await world.desk_settled()


async def test_words_that_were_typed_come_first(world: World) -> None:
    """Then what is newest of the same area."""
    assert waiting(world) == [2, 3, 1]
    assert [each.listed_as for each in collected(world).listed] == [ListPart.SAYS, ListPart.AREA, ListPart.AREA]


async def test_newer_tickets_wait_until_somebody_asks(world: World) -> None:
    """Whatever they say; then they stand where they belong, on the first page."""
    await writes(world, 4, 5)
    assert (waiting(world), newer(world)) == ([2, 3, 1], [4, 5])
    world.tickets.turn_page(1, 3)
    world.tickets.show_newer(1)

    assert (waiting(world), newer(world)) == ([5, 4, 2, 3, 1], [])
    assert collected(world).watch.page == 0


async def test_list_stays_while_a_ticket_changes(world: World) -> None:
    """It is solved, and has other words by now: its place is the same."""
    desk_of(world).found[0] = ticket(3, world.clock() - HOUR, "US East: packet loss", status="solved")
    await writes(world)

    assert waiting(world) == [2, 3, 1]


async def test_newer_ones_come_by_themselves_where_nothing_waits(world: World) -> None:
    """Nobody's finger is on an empty list."""
    await world.evidence.decide(1, [1, 2, 3], LinkState.CONFIRMED, by="UKIM")
    await writes(world, 4)

    assert (waiting(world), newer(world)) == ([4], [])


async def test_first_search_is_listed_though_somebody_was_faster() -> None:
    """Tom named a ticket before Zendesk had answered."""
    world = World()
    desk_of(world).found = [ticket(1, world.clock(), "US East is slow")]
    desk_of(world).hidden = [ticket(7, world.clock())]
    await world.opened(US_EAST, symptom="")
    await world.evidence.add_tickets(1, [7], by="UTOM")
    await world.desk_settled()

    assert (waiting(world), newer(world)) == ([7, 1], [])


async def test_two_people_who_decide_at_once_lose_nothing(world: World) -> None:
    """Each decides what they ticked; the record names both."""
    world.clock.advance(60)
    await world.evidence.decide(1, [2, 3], LinkState.CONFIRMED, by="UKIM")
    world.clock.advance(60)
    await world.evidence.decide(1, [1], LinkState.REJECTED, by="UJO")

    assert [(each.by, each.related, each.unrelated) for each in decisions(collected(world))] == [
        ("UJO", 0, 1),
        ("UKIM", 2, 0),
    ]
    assert decisions(collected(world))[0].last_at == world.clock()


async def test_all_of_them_are_undone_as_a_whole(world: World) -> None:
    """Tags too; they stand again where they stood, and the decision before is the next to undo."""
    await world.evidence.decide(1, [1], LinkState.REJECTED, by="UJO")
    await world.evidence.confirm_all(1, shown_at=world.clock(), by="UKIM")
    await world.desk_settled()
    last = collected(world).last
    assert last and (last.by, sorted(last.before)) == ("UKIM", [2, 3])
    await world.evidence.undo_tickets(last.id, by="UKIM")
    await world.desk_settled()
    before = collected(world).last

    assert waiting(world) == [2, 3]
    assert not any(desk_of(world).tags.values())
    assert before and before.by == "UJO"


async def test_undone_after_the_list_was_made_anew(world: World) -> None:
    """They come back behind the others, not behind the list."""
    await world.evidence.decide(1, [2], LinkState.CONFIRMED, by="UKIM")
    await writes(world, 4)
    world.tickets.show_newer(1)
    last = collected(world).last
    assert last
    await world.evidence.undo_tickets(last.id, by="UKIM")

    assert (sorted(waiting(world)), newer(world)) == ([1, 2, 3, 4], [])


async def test_confirm_all_means_the_list_and_not_what_waits_behind_it(world: World) -> None:
    """Also where somebody asked for the newer ones between the reading and the press."""
    shown_at = world.clock()
    await writes(world, 4)
    world.tickets.show_newer(1)

    assert sorted(await world.evidence.confirm_all(1, shown_at=shown_at, by="UKIM")) == [1, 2, 3]
    assert waiting(world) == [4]


async def test_nothing_is_undone_where_nothing_was_decided(world: World) -> None:
    """Nor for a press that changed nothing."""
    assert collected(world).last is None
    await world.evidence.decide(1, [99], LinkState.CONFIRMED, by="UKIM")

    assert collected(world).last is None
