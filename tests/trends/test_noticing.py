"""What rises becomes a trend with one message."""

from dataclasses import replace
from datetime import timedelta
from sqlite3 import IntegrityError

import pytest

from bot.errors import BadInput
from bot.investigations.model import card_key
from bot.people import NotTier2
from bot.trends.model import SeriesKey, Trend, TrendState
from tests.fake_desk import FakeDesk, ticket
from tests.in_process import InProcessBot
from tests.slack import payloads
from tests.trends.fakes import US_EAST, read_ticket, rise, streamed
from tests.world import APP, World
from tests.world import US_EAST as EAST

IDS = range(101, 132)


def rising_world() -> World:
    world = World()
    assert world.desk
    now = world.clock()
    world.desk.hidden = [ticket(number, now) for number in IDS]
    streamed(world, [read_ticket(number, now - timedelta(minutes=20)) for number in IDS])
    return world


async def look(world: World, *rises: object, speaks: bool = True) -> None:
    await world.noticing.noticed(list(rises), world.clock(), speaks=speaks)  # type: ignore[arg-type]


def only(world: World) -> Trend:
    return world.trends.get(1)


async def test_a_rise_is_one_message_in_the_channel_of_its_team() -> None:
    world = rising_world()
    await look(world, rise(world.clock()))

    assert world.owed_keys() == ["trend/1"]
    assert world.place("trend/1").channel == "CTECH"
    assert (only(world).about, only(world).symptom, only(world).sharing) == ("us-east", "connect", 31)


async def test_it_is_edited_while_it_goes_on_once_a_minute_at_most() -> None:
    world = rising_world()
    await look(world, rise(world.clock()))
    wanted = world.wanted("trend/1")
    await look(world, rise(world.clock(), customers=32))
    world.clock.advance(seconds=30)
    await look(world, rise(world.clock(), customers=33))
    assert world.wanted("trend/1") == wanted + 1
    world.clock.advance(seconds=30)
    await look(world, rise(world.clock(), customers=34))

    assert world.wanted("trend/1") == wanted + 2
    assert (only(world).customers, only(world).most) == (34, 34)
    assert world.owed_keys() == ["trend/1"]


async def test_rises_of_the_same_tickets_are_one_trend_that_its_target_names() -> None:
    world = rising_world()
    connect = rise(world.clock(), series=SeriesKey(symptom="connect"), customers=36, tickets=range(101, 138))
    word = rise(world.clock(), series=SeriesKey(term=7), customers=20, tickets=range(101, 121))
    await look(world, connect, word, rise(world.clock()))
    await look(world, connect, word, rise(world.clock()))

    assert world.owed_keys() == ["trend/1"]
    assert only(world).series == US_EAST
    assert only(world).customers == 31


async def test_a_rise_of_everything_is_a_message_of_its_own() -> None:
    world = rising_world()
    await look(world, rise(world.clock(), series=SeriesKey(), fleet=True), rise(world.clock()))

    assert world.owed_keys() == ["trend/1", "trend/2"]
    assert only(world).fleet
    assert world.place("trend/1").channel == "C"


async def test_a_new_word_is_told_as_customers_write_it() -> None:
    world = rising_world()
    streamed(world, words={7: "<!channel> *26.2*"})
    await look(world, rise(world.clock(), series=SeriesKey(term=7)))
    bot = InProcessBot(world)
    await bot.send()
    [message] = bot.slack.messages("CTECH")

    assert "wrote about “&lt;!channel&gt; *\u206026.2*\u2060”" in message["blocks"][0]["text"]["text"]


async def test_where_the_target_is_under_investigation_its_card_tells_and_nothing_is_posted() -> None:
    world = rising_world()
    await world.opened(EAST)
    wanted = world.wanted(card_key(1))
    await look(world, rise(world.clock()))

    assert world.owed_keys("trend/%") == []
    assert world.wanted(card_key(1)) > wanted
    assert world.rooms.above(1).rise_words == "31 customers wrote in the last hour; 4 is usual"
    assert only(world).state is TrendState.INVESTIGATED


async def test_it_is_over_soon_after_nothing_rises_any_more() -> None:
    world = rising_world()
    await look(world, rise(world.clock()))
    world.clock.advance(minutes=9)
    await look(world)
    assert only(world).state is TrendState.RISING
    world.clock.advance(minutes=1)
    await look(world)
    assert only(world).state is TrendState.OVER

    world.clock.advance(hours=2)
    await look(world, rise(world.clock()))
    assert only(world).state is TrendState.RISING
    world.clock.advance(hours=1)
    await look(world)
    world.clock.advance(hours=3)
    await look(world, rise(world.clock(), tickets=range(201, 232)))
    assert world.owed_keys() == ["trend/1", "trend/2"]


async def test_investigate_opens_with_its_tickets_and_the_symptom_that_they_share() -> None:
    world = rising_world()
    await look(world, rise(world.clock()))
    bot = InProcessBot(world)
    await bot.send()
    await bot.deliver(payloads.press("trend_investigate", "1"))
    await world.desk_settled()
    collected = world.tickets.of(1)

    assert world.investigations.get(1).symptom == "can't connect"
    assert collected
    assert {each.ticket_id for each in collected.tickets if each.of_trend} == set(IDS)
    assert only(world).state is TrendState.INVESTIGATED
    assert only(world).investigation_id == 1


async def test_two_who_press_investigate_at_once_have_one_investigation() -> None:
    world = rising_world()
    await look(world, rise(world.clock()))
    first = await world.trends.investigate(1, "us-east", symptom="connect", by="UKIM", channel="CTECH")
    second = await world.trends.investigate(1, "us-east", symptom="connect", by="UJO", channel="CTECH")

    assert (first.created, second.created) == (True, False)
    assert second.investigation.id == 1


async def test_what_is_calm_already_begins_no_trend() -> None:
    """The detector goes on with a series for an hour of calm, also with one that was another trend's until now."""
    world = rising_world()
    await look(world, rise(world.clock(), customers=1, expected=0.5, tickets=[7]))

    assert world.owed_keys() == []


async def test_what_somebody_opens_by_hand_takes_the_trend_of_its_target() -> None:
    world = rising_world()
    await look(world, rise(world.clock()))
    await world.opened(EAST)
    await world.opened(APP)

    assert (only(world).state, only(world).investigation_id) == (TrendState.INVESTIGATED, 1)


async def test_a_snooze_ends_with_a_message_to_whoever_asked_for_it_where_it_still_rises() -> None:
    world = rising_world()
    await look(world, rise(world.clock()))
    await world.trends.snooze(1, hours=4, by="UKIM")
    for _ in range(4):
        world.clock.advance(hours=1)
        assert world.owed_keys() == ["trend/1"]
        await look(world, rise(world.clock()))

    assert only(world).state is TrendState.RISING
    assert [key.split("/")[0] for key in world.owed_keys()] == ["trend-again", "trend"]


async def test_a_snooze_ends_without_a_word_where_nothing_rises() -> None:
    world = rising_world()
    await look(world, rise(world.clock()))
    await world.trends.snooze(1, hours=2, by="UKIM")
    world.clock.advance(hours=2)
    await look(world)

    assert only(world).state is TrendState.OVER
    assert world.owed_keys() == ["trend/1"]


async def test_what_was_dismissed_comes_back_where_it_is_clearly_larger() -> None:
    world = rising_world()
    await look(world, rise(world.clock()))
    await world.trends.dismiss(1, reason="a newsletter", by="UKIM")
    world.clock.advance(hours=1)
    await look(world, rise(world.clock(), customers=44))
    assert world.owed_keys() == ["trend/1"]
    await look(world, rise(world.clock(), customers=60))

    assert world.owed_keys() == ["trend/1", "trend/2"]
    assert world.trends.get(2).larger_than == 1
    assert world.trends.is_real(only(world)) is False
    await look(world, rise(world.clock(), customers=61))
    assert world.owed_keys() == ["trend/1", "trend/2"]


async def test_a_dismissal_holds_for_a_week_after_it_was_seen_last() -> None:
    world = rising_world()
    await look(world, rise(world.clock()))
    await world.trends.dismiss(1, reason="a newsletter", by="UKIM")
    world.clock.advance(days=6)
    await look(world, rise(world.clock(), tickets=range(201, 232)))
    assert world.owed_keys() == ["trend/1"]
    world.clock.advance(days=7)
    await look(world)
    await look(world, rise(world.clock(), tickets=range(301, 332)))

    assert world.owed_keys() == ["trend/1", "trend/2"]


async def test_who_is_late_hears_how_it_stands() -> None:
    world = rising_world()
    await look(world, rise(world.clock()))
    await world.trends.dismiss(1, reason="a newsletter", by="UKIM")
    with pytest.raises(BadInput, match="said already"):
        await world.trends.dismiss(1, reason="a test", by="UJO")
    with pytest.raises(BadInput, match="said already"):
        await world.trends.snooze(1, hours=4, by="UJO")
    with pytest.raises(NotTier2):
        await world.trends.snooze(1, hours=4, by="UTOM")

    assert only(world).reason == "a newsletter"


async def test_an_investigation_that_was_no_trend_dismisses_it() -> None:
    world = rising_world()
    await look(world, rise(world.clock()))
    await world.trends.investigate(1, "us-east", symptom="", by="UKIM", channel="CTECH")
    await world.investigations.dismiss(1, reason="one customer", by="UJO")

    assert (only(world).state, only(world).dismissed_by, only(world).reason) == (
        TrendState.DISMISSED,
        "UJO",
        "one customer",
    )


async def test_after_resolve_it_is_said_once_when_it_starts_again() -> None:
    world = rising_world()
    await look(world, rise(world.clock()))
    await world.trends.investigate(1, "us-east", symptom="", by="UKIM", channel="CTECH")
    await world.investigations.resolve(1, root_cause="a router", workaround="", by="UKIM")
    for minute in range(40):
        world.clock.advance(minutes=1)
        come(world, 200 + minute, count=1 if minute < 20 else 0)
        await watched(world, rise(world.clock()))
        assert world.owed_keys("trend/%") == ["trend/1"]

    world.clock.advance(minutes=30)
    await watched(world, rise(world.clock()))
    assert world.owed_keys("trend/%") == ["trend/1"]

    world.clock.advance(minutes=40)
    come(world, 300, count=20)
    await watched(world, rise(world.clock(), tickets=range(300, 320)))
    assert world.owed_keys("trend/%") == ["trend/1", "trend/2"]
    assert world.trends.get(2).again_of == 1
    assert world.trends.get(2).settled_at

    world.clock.advance(hours=5)
    await watched(world)
    world.clock.advance(hours=4)
    await watched(world, rise(world.clock(), tickets=range(401, 415)))
    assert world.trends.get(3).again_of is None


def come(world: World, first: int, *, count: int) -> None:
    """So many customers have just written about U.S. East."""
    at = world.clock() - timedelta(seconds=10)
    streamed(world, [read_ticket(number, at) for number in range(first, first + count)])


async def watched(world: World, *rises: object) -> None:
    """A look as the loop makes it: what was resolved first."""
    world.rooms.trend_room.resolved.look(world.detector, world.clock())
    await look(world, *rises)


async def test_in_shadow_nothing_is_posted() -> None:
    world = rising_world()
    await look(world, rise(world.clock()), speaks=False)

    assert world.owed_keys() == []
    assert only(world).shadow


async def test_subjects_come_from_the_desk_and_without_it_there_are_numbers() -> None:
    world = rising_world()
    assert isinstance(world.desk, FakeDesk)
    await look(world, rise(world.clock()))
    shown = world.rooms.trend_room.showing.shown(1)
    assert [each.id for each in shown.newest] == [131, 130, 129, 128, 127]
    assert not any(each.subject for each in shown.newest)

    await world.rooms.trend_room.subjects.renew(world.detector, world.clock())
    assert world.rooms.trend_room.showing.shown(1).newest[0].subject == "US East is slow"


async def test_nothing_is_kept_where_the_message_is_not_owed() -> None:
    """Rule 1: killed between noticing and owing, it is noticed again."""
    world = rising_world()
    broken = replace(rise(world.clock()), window_h=None)  # type: ignore[arg-type]
    with pytest.raises(IntegrityError):
        await look(world, rise(world.clock(), series=SeriesKey(target="us-west"), tickets=[1]), broken)

    assert world.database.value("SELECT count(*) FROM trends") == 0
    assert world.owed_keys() == []


async def test_late_tickets_after_three_hours_are_said_to_go_on() -> None:
    world = rising_world()
    await look(world, rise(world.clock()))
    await world.trends.investigate(1, "us-east", symptom="", by="UKIM", channel="CTECH")
    await world.investigations.resolve(1, root_cause="a router", workaround="", by="UKIM")
    for hour in range(6):
        world.clock.advance(minutes=30)
        come(world, 200 + 30 * hour, count=30)
        await watched(world, rise(world.clock(), tickets=range(200, 230 + 30 * hour)))

    assert (world.trends.get(2).again_of, world.trends.get(2).settled_at) == (1, None)
