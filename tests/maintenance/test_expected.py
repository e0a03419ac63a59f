"""What is expected while a maintenance goes on wakes nobody; what is not, and what stays, is told."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.reminders.model import ReminderKind
from bot.status.model import Incident, Level, SourceReading
from bot.trends.model import SeriesKey
from bot.trends.overview_cards import overview
from tests.fake_desk import ticket
from tests.fake_status import FakeSource, alert, alerts, page
from tests.maintenance.planning import later, planned
from tests.reminders.waiting import Waiting, usual
from tests.slack_limits import texts
from tests.trends.fakes import read_ticket, rise, streamed
from tests.world import US_EAST, World

IDS = range(101, 132)


def watching() -> tuple[World, FakeSource, FakeSource]:
    """An Alertmanager and a status page."""
    firing, public = FakeSource(SourceReading()), FakeSource(SourceReading())
    return World(watched=(alerts(firing), page(public))), firing, public


async def test_alerts_are_announced_when_it_is_over_if_they_still_fire() -> None:
    world, firing, _ = watching()
    await planned(world, lasts=60)
    firing.reading = SourceReading(alerts=(alert("HighPacketLoss", world.clock()),))
    await later(world, 10)
    assert world.owed_keys("status_announcement/%") == []

    await later(world, 50)
    await later(world, 1)
    assert world.owed_keys("status_announcement/%") == ["status_announcement/1"]


async def test_alerts_that_end_with_it_are_told_to_no_one() -> None:
    world, firing, _ = watching()
    await planned(world, lasts=60)
    firing.reading = SourceReading(alerts=(alert("HighPacketLoss", world.clock()),))
    await later(world, 50)
    firing.reading = SourceReading()
    await later(world, 20)
    assert world.owed_keys("status_announcement/%") == []


async def test_other_targets_older_alerts_and_incidents_are_announced() -> None:
    world, firing, public = watching()
    await planned(world, lasts=60)
    now = world.clock()
    west, older = alert("HighPacketLoss", now, region="us-west"), alert("DiskFull", now - timedelta(minutes=30))
    firing.reading = SourceReading(alerts=(west,))
    await later(world, 5)
    assert announced(world) == ["us-west"]

    firing.reading = SourceReading(alerts=(west, older))
    await later(world, 2)
    assert announced(world) == ["us-west", "us-east"]

    other, _, public = watching()
    await planned(other, lasts=60)
    began = other.clock()
    public.reading = SourceReading(
        components=(), incidents=(Incident("i1", "Keys are lost", "investigating", Level.DEGRADED, began),)
    )
    await later(other, 5)
    assert announced(other) == ["page/public"]


async def test_a_card_of_the_target_is_edited_when_it_begins_and_ends() -> None:
    world, _, _ = watching()
    await world.opened(US_EAST)
    await world.status.turn()
    wanted = world.wanted("investigation/1")
    await planned(world, lasts=60)
    await later(world, 1)
    assert world.wanted("investigation/1") == wanted + 1
    await later(world, 60)
    assert world.wanted("investigation/1") == wanted + 2


def rising_world(symptom: str = "connect", target: str = "us-east") -> World:
    world = World()
    assert world.desk
    now = world.clock()
    world.desk.hidden = [ticket(number, now) for number in IDS]
    streamed(world, [read_ticket(number, now, target, symptom) for number in IDS])
    return world


async def look(world: World, *, since: datetime, series: SeriesKey | None = None) -> None:
    found = rise(world.clock()) if series is None else rise(world.clock(), series=series)
    await world.noticing.noticed([replace(found, since=since)], world.clock(), speaks=True)


async def test_a_rise_of_it_is_told_half_an_hour_after_the_end_if_it_goes_on() -> None:
    world = rising_world()
    await planned(world, lasts=60)
    began = world.clock()
    await later(world, 10)
    await look(world, since=began)
    assert world.owed_keys("trend/%") == []
    shown = overview(world.rooms.trend_room.record.overview(), lambda key: key)
    listed = "\n".join(texts(list(shown.blocks)))
    assert "expected: maintenance M-1" in listed

    await later(world, 50)
    for minutes, told in ((0, False), (9, False), (9, False), (9, False), (4, True)):
        await later(world, minutes)
        await look(world, since=began)
        assert bool(world.owed_keys("trend/%")) is told, minutes
    assert world.trends.get(1).maintenance_id == 1


@pytest.mark.parametrize(
    ("symptom", "target", "minutes_before"),
    [
        ("payment", "us-east", 0),  # a gateway takes no payments
        ("leak", "us-east", 0),  # is never waited with
        ("connect", "us-west", 0),
        ("connect", "us-east", 30),  # was there before
    ],
)
async def test_a_rise_of_something_else_is_told_at_once(symptom: str, target: str, minutes_before: float) -> None:
    world = rising_world(symptom, target)
    await planned(world, lasts=60)
    since = world.clock() - timedelta(minutes=minutes_before)
    await later(world, 10)
    await look(world, since=since, series=SeriesKey(target=target))
    assert world.owed_keys("trend/%") == ["trend/1"]


async def test_reminders_of_trouble_wait_for_its_end() -> None:
    """What somebody asked for comes all the same."""
    waiting = await Waiting(usual(ReminderKind.UNCLAIMED)).opened(by="UTOM")
    world = waiting.world
    target = world.investigations.get(1).target
    await planned(world, target, lasts=60)
    await world.reminders.ask(1, whom="UKIM", text="look at it", span=timedelta(minutes=20), by="UKIM")
    sent = [len(await waiting.after(minutes=minutes)) for minutes in (5, 10, 5, 30, 10)]
    assert sent == [0, 0, 1, 0, 1]


def announced(world: World) -> list[str]:
    return [row["target"] for row in world.database.rows("SELECT target FROM status_announcements ORDER BY id")]
