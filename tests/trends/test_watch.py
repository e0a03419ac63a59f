"""The loop: from the stream's tickets to the detector, to trends and reports."""

from dataclasses import replace
from datetime import timedelta

from bot.tickets.stream_model import StreamGap, StreamPart
from bot.tickets.stream_store import StreamStore
from bot.trends.model import Rise, SeriesKey, TrendMode, TrendSettings, TrendState
from tests.in_process import InProcessBot
from tests.tickets.fake_stream import FakeStream
from tests.trends.fakes import FakeDetector, read_ticket, rise, streamed
from tests.world import World

WEST = SeriesKey(target="us-west")
APP = SeriesKey(target="app")


def watching(mode: TrendMode = TrendMode.ON) -> World:
    """A world whose stream has read four weeks, up to now."""
    world = World(trends_by=TrendSettings(mode=mode))
    world.stream = FakeStream(world.clock)
    world = replace(world, stream=world.stream)
    at = world.clock() - timedelta(minutes=30)
    streamed(world, [read_ticket(number, at) for number in range(101, 132)])
    return world


def past(world: World, days_ago: float, series: SeriesKey, customers: int = 12) -> None:
    """The detector would have seen a rise for half an hour."""
    begins = world.clock() - timedelta(days=days_ago)
    for look in range(6):
        at = begins + timedelta(minutes=5 * look)
        first = int(days_ago * 1000)
        numbers = range(first, first + customers)
        world.detector.past[at] = [rise(at, series=series, customers=customers + look, tickets=numbers)]


async def turn(world: World, *rises: Rise, minutes: float = 1) -> None:
    world.clock.advance(minutes=minutes)
    streamed(world)
    world.detector.rises = [replace(each, at=world.clock()) for each in rises]
    await world.rooms.trend_watch.turn()


async def test_nothing_is_looked_for_before_the_history_is_read() -> None:
    world = World()
    world = replace(world, stream=FakeStream(world.clock))
    StreamStore(database=world.database).begin(world.clock() - timedelta(days=28))
    await world.rooms.trend_watch.turn()

    assert world.detector.looks == []
    assert world.owed_keys() == []


async def test_before_it_speaks_it_says_what_it_would_have_said() -> None:
    """A line each to the team of its target; what still rises is said by itself."""
    world = watching()
    past(world, 9, WEST)
    past(world, 7, APP)
    past(world, 3, WEST)
    await turn(world, rise(world.clock()))
    bot = InProcessBot(world)
    await bot.send()
    tech, cs = bot.slack.messages("CTECH"), bot.slack.messages("CCS")

    assert world.owed_keys("trend%") == ["trend-report/1", "trend-report/2", "trend-report/3", "trend/1"]
    assert "I would not have spoken" in str(bot.slack.messages("C"))
    assert "I would have spoken twice" in str(tech[0])
    assert str(tech[0]).count("U.S. West, 17 customers in an hour; 4 is usual") == 2
    assert "31 customers wrote about U.S. East" in str(tech[1])
    assert "I would have spoken once" in str(cs[0])


async def test_after_a_restart_nothing_is_reported_again() -> None:
    """It looks back for some hours only, to know what goes on."""
    world = watching()
    await turn(world)
    again = replace(world, detector=FakeDetector())
    streamed(again)
    again.clock.advance(minutes=1)
    streamed(again)
    await again.rooms.trend_watch.turn()

    assert again.owed_keys("trend-report/%") == ["trend-report/1"]
    assert min(again.detector.looks) >= again.clock() - timedelta(hours=4)
    assert len(again.detector.seen) == 31


async def test_each_minute_is_looked_at_once() -> None:
    world = watching()
    await turn(world)
    looks = len(world.detector.looks)
    await world.rooms.trend_watch.turn()
    assert len(world.detector.looks) == looks
    await turn(world)

    assert len(world.detector.looks) == looks + 1


async def test_in_shadow_it_tells_once_a_day_what_it_would_have_said() -> None:
    world = watching(TrendMode.SHADOW)
    await turn(world, rise(world.clock()))
    assert world.owed_keys() == ["trend-report/1"]
    assert world.trends.get(1).shadow

    for _ in range(3):
        await turn(world, minutes=60 * 24)
    bot = InProcessBot(world)
    await bot.send()

    assert world.owed_keys() == ["trend-report/1", "trend-report/2"]
    [daily] = bot.slack.messages("CTECH")
    assert "I would have spoken once" in str(daily)
    assert "U.S. East, 31 customers in an hour; 4 is usual" in str(daily)


async def test_while_it_learns_it_says_so_and_from_when_it_speaks() -> None:
    world = watching()
    world.detector.learned_at = world.clock() + timedelta(days=5)
    await turn(world)
    bot = InProcessBot(world)
    await bot.send()

    assert "I'm learning" in str(bot.slack.messages("C"))
    assert world.rooms.trend_watch.speaks_from == world.detector.learned_at


async def test_off_is_off() -> None:
    world = watching(TrendMode.OFF)
    await turn(world, rise(world.clock()))

    assert world.detector.looks == []
    assert world.owed_keys() == []


async def test_a_gap_of_the_stream_is_told_to_the_detector_once() -> None:
    world = watching()
    await turn(world)
    since = world.clock()
    store = StreamStore(database=world.database)
    world.clock.advance(hours=1)
    store.late(StreamGap(since, world.clock(), desk=True))
    await turn(world)
    await turn(world)

    assert world.detector.gaps == [(since, since + timedelta(hours=1))]


async def test_a_trend_goes_on_after_a_restart() -> None:
    world = watching()
    await turn(world, rise(world.clock()))
    again = replace(world, detector=FakeDetector())
    again.clock.advance(minutes=2)
    streamed(again)
    again.detector.rises = [rise(again.clock(), customers=40)]
    await again.rooms.trend_watch.turn()

    assert again.owed_keys("trend/%") == ["trend/1"]
    assert (again.trends.get(1).state, again.trends.get(1).customers) == (TrendState.RISING, 40)


async def test_what_the_stream_reads_is_added_once_it_is_stored() -> None:
    world = watching()
    await turn(world)
    number = 999
    row = read_ticket(number, world.clock())
    streamed(world, [row])
    world.rooms.stream.read.tell(StreamPart((row,), complete_until=world.clock()))
    await turn(world)

    assert number in world.detector.seen


async def test_what_leaves_the_stream_is_counted_no_longer() -> None:
    """Deleted or merged, also in the same minute; what comes back counts again."""
    world = watching()
    await turn(world)
    watch, at = world.rooms.trend_watch, world.clock()
    watch.heard(StreamPart((read_ticket(201, at), read_ticket(202, at)), left=(101, 202), complete_until=at))
    await turn(world)
    seen = set(world.detector.seen)
    watch.heard(StreamPart((), left=(201,), complete_until=at))
    watch.heard(StreamPart((read_ticket(201, at),), complete_until=at))
    await turn(world)

    assert not {101, 202} & seen and 201 in seen
    assert 201 in world.detector.seen
