"""`/t2 trends`: what rises, what was said, what people made of it, and what they saw first."""

from datetime import timedelta

from bot.slack.request import read
from bot.trends.model import SeriesKey, TrendMode
from commands import t2
from tests.in_process import InProcessBot
from tests.slack import payloads
from tests.test_questions import asked
from tests.trends.fakes import rise
from tests.trends.test_watch import turn, watching
from tests.world import APP, US_WEST, World
from tests.world import US_EAST as EAST

WEST = SeriesKey(target="us-west")


async def said(world: World, word: str) -> str:
    """What `/t2 word` answers."""
    return str(await t2.slash(read(payloads.command("/t2", word)), InProcessBot(world).services))


async def test_it_tells_what_rises_what_was_real_and_what_people_saw_first() -> None:
    world = watching()
    await turn(world, rise(world.clock()))
    await world.trends.investigate(1, "us-east", symptom="", by="UKIM", channel="CTECH")
    await turn(world, rise(world.clock()), rise(world.clock(), series=WEST, tickets=range(201, 232)))
    await world.trends.dismiss(2, reason="a newsletter", by="UKIM")
    await turn(world, rise(world.clock()), rise(world.clock(), series=SeriesKey(version="ios 26.2"), tickets=[301]))
    await world.opened(APP)
    overview = world.rooms.trend_room.record.overview()

    assert [judged.trend.id for judged in overview.rising] == [1, 3]
    assert [judged.real for judged in overview.month] == [True, False, None]
    assert [(each.investigation.id, each.noticed_at) for each in overview.seen_first] == [(2, None)]


async def test_what_was_noticed_after_somebody_had_opened_it_is_told_with_the_time_between() -> None:
    world = watching()
    await world.opened(EAST)
    await turn(world, minutes=20)
    await turn(world, rise(world.clock()), minutes=5)
    [seen] = world.rooms.trend_room.record.overview().seen_first

    assert seen.noticed_at
    assert seen.noticed_at - seen.investigation.opened_at == timedelta(minutes=25)
    assert "noticed 25 min later" in await said(world, "trends")


async def test_an_investigation_that_was_dismissed_was_not_missed() -> None:
    world = watching()
    await world.opened(US_WEST)
    await world.investigations.dismiss(1, reason="one router", by="UKIM")

    assert world.rooms.trend_room.record.overview().seen_first == ()


async def test_a_dismissed_investigation_makes_its_trend_unreal() -> None:
    world = watching()
    await turn(world, rise(world.clock()))
    await world.trends.investigate(1, "us-east", symptom="", by="UKIM", channel="CTECH")
    await world.investigations.dismiss(1, reason="one router", by="UKIM")

    assert [judged.real for judged in world.rooms.trend_room.record.overview().month] == [False]


async def test_the_month_forgets_what_is_older() -> None:
    world = watching(TrendMode.SHADOW)
    await turn(world, rise(world.clock()))
    assert len(world.rooms.trend_room.record.overview().month) == 1
    world.clock.advance(days=31)

    assert world.rooms.trend_room.record.overview().month == ()


async def test_a_briefing_names_what_rose_and_nobody_looked_into() -> None:
    world = watching()
    await turn(world, rise(world.clock()), rise(world.clock(), series=WEST, tickets=range(201, 232)))
    await world.trends.dismiss(2, reason="a newsletter", by="UKIM")
    now = world.clock() + timedelta(hours=8)
    situation = await world.rooms.gatherer.situation("C1", now=now, day=now.date(), before=None)

    assert [(rose.name, rose.most) for rose in situation.rises] == [("U.S. East", 31)]


async def test_the_lines_of_status_say_from_when_it_can_tell() -> None:
    world = watching()
    world.detector.learned_at = world.clock() + timedelta(days=5)
    await turn(world)

    assert "can tell what is unusual from" in await said(world, "status")


async def test_it_asks_as_much_however_many_people_opened() -> None:
    counts = list[int]()
    for targets in ((EAST,), (EAST, US_WEST, APP)):
        world = watching()
        for target in targets:
            await world.opened(target)
        with asked(world.database) as statements:
            assert len(world.rooms.trend_room.record.overview().seen_first) == len(targets)
        counts.append(len(statements))

    assert counts[0] == counts[1]
