"""An investigation that is opened from a trend has the trend's tickets."""

from datetime import timedelta

import pytest

from bot.tickets.cards import card
from bot.tickets.collection import Collected, LinkState
from tests.fake_desk import FakeDesk, ticket, unreachable
from tests.world import APP, US_EAST, World

MINUTE = timedelta(minutes=1)


def desk_of(world: World) -> FakeDesk:
    assert world.desk
    return world.desk


def collected(world: World) -> Collected:
    got = world.tickets.of(1)
    assert got
    return got


async def opened(world: World, *tickets: int) -> bool:
    got = await world.investigations.open(US_EAST, symptom="packet loss", by="UKIM", channel="C1", tickets=tickets)
    return got.created


@pytest.fixture
def world() -> World:
    """A search finds ticket 3 and 2; 11 and 12 are told of by the trend alone."""
    world = World()
    now = world.clock()
    desk_of(world).found = [ticket(3, now - MINUTE, "US East: packet loss"), ticket(2, now - 2 * MINUTE)]
    desk_of(world).hidden = [ticket(11, now - 3 * MINUTE, "Nichts geht"), ticket(12, now - 4 * MINUTE, "Rien ne va")]
    return world


def parts(world: World) -> list[tuple[int, str]]:
    return [(each.ticket_id, each.listed_as) for each in collected(world).listed]


async def test_they_stand_first_on_the_list_and_nobody_has_confirmed_them(world: World) -> None:
    """Those that a search finds too are the trend's; each counts once."""
    assert await opened(world, 12, 11, 2)
    await world.desk_settled()

    assert parts(world) == [(2, "trend"), (11, "trend"), (12, "trend"), (3, "says")]
    assert (collected(world).total, collected(world).confirmed, collected(world).added) == (4, (), ())
    assert desk_of(world).tags == {}
    assert world.kinds(1).count("tickets") == 0


async def test_opening_again_adds_what_is_new_and_nothing_twice(world: World) -> None:
    """Two people press, and the trend has grown."""
    assert await opened(world, 11)
    await world.desk_settled()
    assert not await opened(world, 11, 12)
    await world.desk_settled()

    assert (collected(world).total, [each.ticket_id for each in collected(world).newer]) == (4, [12])
    world.tickets.show_newer(1)
    assert parts(world)[:2] == [(11, "trend"), (12, "trend")]


async def test_what_people_decided_stays(world: World) -> None:
    """One that is off the list stays off it, one that is confirmed counts once."""
    assert await opened(world)
    await world.desk_settled()
    await world.evidence.decide(1, [3], LinkState.REJECTED, by="UKIM")
    await world.evidence.decide(1, [2], LinkState.CONFIRMED, by="UKIM")
    await opened(world, 2, 3, 11)
    await world.desk_settled()

    assert (collected(world).total, len(collected(world).confirmed), len(collected(world).rejected)) == (2, 1, 1)


async def test_they_wait_for_a_desk_that_is_away(world: World) -> None:
    """Nothing is lost, and nobody is told that tickets were kept."""
    desk_of(world).down = unreachable()
    assert await opened(world, 11, 12)
    await world.desk_settled()
    desk_of(world).down = None
    world.clock.advance(15)
    await world.desk_settled()

    assert sorted(parts(world)) == [(2, "area"), (3, "says"), (11, "trend"), (12, "trend")]
    assert world.kinds(1).count("tickets") == 0


async def test_their_status_is_followed_and_those_that_are_gone_are_left_out(world: World) -> None:
    """Merged into another, or deleted."""
    assert await opened(world, 11, 99)
    await world.desk_settled()
    desk_of(world).set(11, status="solved")
    world.clock.advance(180)
    await world.desk_settled()
    status = {each.ticket_id: each.status for each in collected(world).tickets}

    assert status == {2: "open", 3: "open", 11: "solved"}


async def test_one_that_somebody_names_meanwhile_is_confirmed(world: World) -> None:
    """While the desk is away both wait as one."""
    desk_of(world).down = unreachable()
    assert await opened(world, 11)
    with pytest.raises(Exception, match="saved"):
        await world.evidence.add_tickets(1, [11], by="UKIM")
    desk_of(world).down = None
    world.clock.advance(15)
    await world.desk_settled()

    assert [(each.ticket_id, each.of_trend) for each in collected(world).confirmed] == [(11, True)]
    assert collected(world).total == 3


async def test_its_list_says_so(world: World) -> None:
    """Before all others."""
    assert await opened(world, 11, 12)
    await world.desk_settled()
    text = card(collected(world), per_page=10)

    assert "2 of the trend" in str(text.blocks)
    assert "4 matching tickets" in text.text


async def test_others_are_not_touched(world: World) -> None:
    """Each target has its own."""
    await world.opened(APP)
    assert await opened(world, 11)
    await world.desk_settled()
    other = world.tickets.of(1)

    assert other
    assert [each.ticket_id for each in other.tickets if each.of_trend] == []


async def test_without_a_desk_it_opens_all_the_same() -> None:
    """There is nothing to list."""
    world = World(desk=None)

    assert await opened(world, 11)
    assert world.tickets.of(1) is None
