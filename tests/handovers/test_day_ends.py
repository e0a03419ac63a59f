"""The end of an owner's day: asked once, alone, while there is something to ask."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.handovers.cards import day_end
from bot.handovers.day_ends import NotYourDay
from bot.handovers.model import OfferState
from bot.handovers.store import HandoverStore
from bot.investigations.service import CannotOwn
from bot.working_hours import WorkingHours
from tests.world import APP, US_EAST, US_WEST, World, contents

Change = Callable[[World], Awaitable[None]]


@pytest.fixture
def world() -> World:
    """A Friday, 09:12; the day ends at 18:00."""
    return World()


async def turned(world: World, moment: datetime | None = None, **later: float) -> datetime | None:
    """One turn of the loop, so much later; when it is due again."""
    world.clock.now = moment or world.clock.now + timedelta(**later)
    return await world.day_ends.turn()


def offers(world: World) -> list[str]:
    return world.owed_keys("day-end/%")


async def test_asked_five_minutes_before_the_end_and_once(world: World) -> None:
    """One message for all that is open, to the owner alone; the next one comes on the next working day, on Monday."""
    await world.opened(APP)
    await world.opened(US_EAST)
    await world.opened(US_WEST, by="UJO")
    due = await turned(world)
    early = offers(world)
    await turned(world, datetime(2026, 11, 20, 17, 54, 59, tzinfo=UTC))
    early += offers(world)
    await turned(world, datetime(2026, 11, 20, 17, 55, tzinfo=UTC))
    await turned(world, minutes=1)
    offer, still_open = world.day_ends.offered(1)
    said = offers(world)
    again = await turned(world, minutes=30)

    assert due == datetime(2026, 11, 20, 17, 55, tzinfo=UTC) and early == []
    assert said == ["day-end/1", "day-end/2"] == offers(world)
    assert world.place("day-end/1").channel == "UJO" and world.place("day-end/2").channel == "UKIM"
    assert [each.name for each in world.day_ends.offered(2)[1]] == ["INV-1", "INV-2"]
    assert (offer.user, [each.name for each in still_open]) == ("UJO", ["INV-3"])
    assert again == datetime(2026, 11, 23, 17, 55, tzinfo=UTC)


async def test_colleagues_of_the_team_who_are_there_are_offered(world: World) -> None:
    """Ana is of the other team, Lee is ill, and Max stays on when Jo goes home."""
    world.people.tier2 |= {"ULEE": "tech", "UMAX": "tech"}
    world.people.away["ULEE"] = "ill"
    await world.opened()
    await turned(world)
    world.people.zones["UMAX"] = ZoneInfo("America/New_York")
    await turned(world, hours=8, minutes=45)

    assert [choice.user for choice in world.day_ends.offered(1)[0].choices] == ["UMAX"]


async def test_where_everybody_goes_home_those_are_offered_who_are_still_there(world: World) -> None:
    await world.opened()
    await turned(world)
    await turned(world, hours=8, minutes=45)

    assert [choice.name for choice in world.day_ends.offered(1)[0].choices] == ["jo"]


async def test_hand_over_asks_one_for_all_of_it(world: World) -> None:
    """What is asked of somebody already stays with them; pressed twice it is once."""
    await world.opened(APP)
    await world.opened(US_EAST)
    await world.opened(US_WEST)
    await turned(world)
    await turned(world, hours=8, minutes=45)
    await world.handovers.ask(3, to="UANA", note="", by="UKIM")
    for _ in range(2):
        await world.day_ends.hand_over(1, to="UJO", by="UKIM")

    assert [handover.investigation_id for handover in world.handovers.waiting_for("UJO")] == [1, 2]
    assert [handover.investigation_id for handover in world.handovers.waiting_for("UANA")] == [3]
    assert world.day_ends.offered(1)[0].state is OfferState.HANDED
    assert world.owed_keys("handover/%") == ["handover/1/asked", "handover/2/asked", "handover/3/asked"]


async def test_kept_it_is_not_asked_about_again(world: World) -> None:
    await world.opened()
    await turned(world)
    await turned(world, hours=8, minutes=45)
    world.day_ends.keep(1, by="UKIM")
    await turned(world, minutes=3)

    assert world.day_ends.offered(1)[0].state is OfferState.KEPT
    assert offers(world) == ["day-end/1"] and world.handovers.pending(1) is None


async def test_nobody_answers_for_somebody_else(world: World) -> None:
    await world.opened()
    await turned(world)
    await turned(world, hours=8, minutes=45)
    before = contents(world)
    with pytest.raises(NotYourDay):
        world.day_ends.keep(1, by="UJO")
    with pytest.raises(NotYourDay):
        await world.day_ends.hand_over(1, to="UJO", by="UANA")
    with pytest.raises(CannotOwn):
        await world.day_ends.hand_over(1, to="UTOM", by="UKIM")

    assert contents(world) == before


async def _resolved(world: World) -> None:
    await world.investigations.resolve(1, root_cause="x", workaround="", by="UJO")


async def _released(world: World) -> None:
    await world.investigations.release(1, by="UKIM")


async def _asked_for(world: World) -> None:
    await world.handovers.ask(1, to="UJO", note="", by="UKIM")


async def _away(world: World) -> None:
    world.people.away["UKIM"] = "ill"


async def _left(world: World) -> None:
    world.people.nobodies = frozenset({"UKIM"})


@pytest.mark.parametrize("change", [_resolved, _released, _asked_for, _away, _left])
async def test_nothing_is_said_where_there_is_nothing_to_ask(world: World, change: Change) -> None:
    await world.opened()
    await turned(world)
    world.clock.advance(hours=8, minutes=30)
    await change(world)
    await turned(world, minutes=15)
    await turned(world, minutes=2)

    assert offers(world) == []


@pytest.mark.parametrize(("slept_h", "said"), [(9.7, True), (9.9, False), (20, False), (24 * 5, False)])
async def test_after_a_sleep_it_is_said_late_or_no_more(world: World, slept_h: float, said: bool) -> None:
    """Until an hour after the end: 18:54 is late, 19:06 is too late, and so is the day after."""
    await world.opened()
    await turned(world)
    await turned(world, hours=slept_h)

    assert offers(world) == (["day-end/1"] if said else [])


async def test_the_message_stays_true(world: World) -> None:
    """One is resolved, the other one is taken: the buttons go, and nobody presses them for nothing."""
    await world.opened(APP)
    await world.opened(US_EAST)
    await turned(world)
    await turned(world, hours=8, minutes=45)
    shown = world.wanted("day-end/1")
    await world.investigations.resolve(1, root_cause="x", workaround="", by="UJO")
    resolved = world.wanted("day-end/1")
    await world.handovers.ask(2, to="UJO", note="", by="UKIM")
    asked = world.wanted("day-end/1")
    await world.handovers.accept(1, by="UJO")
    offer, still_open = world.day_ends.offered(1)

    assert shown < resolved < asked < world.wanted("day-end/1")
    assert still_open == [] and "None of them is yours any more." in str(day_end(offer, []).blocks)


@pytest.mark.parametrize("day", [datetime(2027, 3, 28, tzinfo=UTC), datetime(2027, 10, 31, tzinfo=UTC)])
async def test_the_day_on_which_clocks_change(day: datetime) -> None:
    """18:00 on the wall is another hour of the day in UTC; it is asked once, at 17:55 on the wall."""
    berlin = ZoneInfo("Europe/Berlin")
    world = World(hours=WorkingHours(time(9), time(18), frozenset(range(7)), berlin))
    world.people.zones["UKIM"] = berlin
    world.clock.now = day - timedelta(hours=12)
    await world.opened()
    said: list[str] = []
    while world.clock.now < day + timedelta(hours=23):
        await turned(world, minutes=1)
        if len(offers(world)) > len(said):
            said.append(world.clock.now.astimezone(berlin).strftime("%d %H:%M"))

    assert said == [f"{(day - timedelta(days=1)):%d} 17:55", f"{day:%d} 17:55"]


async def test_other_hours_move_what_is_planned(world: World) -> None:
    """Kim flies to New York at noon."""
    await world.opened()
    await turned(world)
    world.people.zones["UKIM"] = ZoneInfo("America/New_York")
    await turned(world, hours=6)
    await turned(world, datetime(2026, 11, 20, 18, 30, tzinfo=UTC))
    early = offers(world)
    await turned(world, datetime(2026, 11, 20, 22, 55, tzinfo=UTC))

    assert (early, offers(world)) == ([], ["day-end/1"])


async def test_what_is_opened_in_the_evening_is_asked_about_the_next_evening(world: World) -> None:
    world.clock.advance(hours=11)
    await world.opened()
    due = await turned(world)

    assert due == datetime(2026, 11, 23, 17, 55, tzinfo=UTC)


def test_two_who_plan_the_same_day_make_one_row(world: World) -> None:
    """The unique row decides, also with two processes."""
    store = HandoverStore(database=world.database, clock=world.clock)
    day, ends_at = world.clock.now.date(), world.clock.now + timedelta(hours=9)
    for _ in range(2):
        store.plan("UKIM", day, due_at=ends_at, ends_at=ends_at)

    assert store.offered(1, [1], ()) and not store.offered(1, [1], ())
    assert world.database.value("SELECT count(*) FROM day_ends") == 1
