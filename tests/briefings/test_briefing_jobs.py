"""The job that wakes the briefings each minute, and decides nothing. The scheduler does not run here."""

from datetime import UTC, datetime, time, timedelta

import pytest
from apscheduler.job import Job

from bot.app.jobs import new_scheduler, schedule_briefings
from bot.briefings.planning import Defaults
from bot.briefings.schedule import Schedule
from tests.world import World

TEAM = Defaults("UTC", Schedule(time(9), "UTC"), ("#t2-tech", "#t2-cs"))
MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)


def job_of(world: World) -> Job:
    """The only job, of a scheduler that nobody started."""
    scheduler = new_scheduler()
    schedule_briefings(scheduler, world.briefings, world.clock)
    (job,) = scheduler.get_jobs()
    return job


async def run_until(world: World, job: Job, moment: datetime) -> None:
    """Let the time pass until then, the job running when its own trigger says so."""
    while (due_at := job.trigger.get_next_fire_time(None, world.clock.now + timedelta(microseconds=1))) <= moment:
        world.clock.now = due_at
        await job.func()


@pytest.fixture
def world() -> World:
    return World(defaults=TEAM)


async def test_the_first_run_is_at_once_and_sends_what_was_missed(world: World) -> None:
    """At the start nothing but the records is there."""
    job = job_of(world)
    await job.func()

    assert job.next_run_time == world.clock()
    assert world.owed_keys("briefing/%") == ["briefing/1", "briefing/2"]


async def test_each_minute_at_its_beginning(world: World) -> None:
    """So a briefing of 09:00 comes at 09:00:00, whenever the bot was started."""
    trigger = job_of(world).trigger
    noon = datetime(2026, 11, 20, 12, 0, 17, tzinfo=UTC)

    assert trigger.get_next_fire_time(None, noon) == noon.replace(minute=1, second=0)
    assert trigger.get_next_fire_time(None, noon + timedelta(seconds=43)) == noon.replace(minute=1, second=0)


async def test_a_channel_s_briefing_comes_at_its_moment_once(world: World) -> None:
    """However often the job runs."""
    job = job_of(world)
    await job.func()
    world.clock.now = MONDAY - timedelta(minutes=2)
    await run_until(world, job, MONDAY - timedelta(seconds=1))
    assert len(world.owed_keys("briefing/%")) == 2
    await run_until(world, job, MONDAY + timedelta(minutes=3))

    assert world.owed_keys("briefing/%") == [f"briefing/{number}" for number in (1, 2, 3, 4)]
    sent = world.database.column("SELECT DISTINCT said_at FROM briefings WHERE id > 2")
    assert [datetime.fromisoformat(text) for text in sent] == [MONDAY]


async def test_the_job_follows_what_people_set(world: World) -> None:
    """From the next minute on, and without another job; a channel that wants none gets none."""
    job = job_of(world)
    await job.func()
    world.clock.now = datetime(2026, 11, 21, 8, 50, tzinfo=UTC)
    await world.briefings.schedules.set("C1", "at 10:00 Europe/Berlin daily", by="UKIM")
    await world.briefings.schedules.stop("C2", by="UKIM")
    await run_until(world, job, datetime(2026, 11, 21, 9, 5, tzinfo=UTC))

    assert world.owed_keys("briefing/%") == ["briefing/1", "briefing/2", "briefing/3"]
    assert world.place("briefing/3").channel == "C1"


async def test_a_new_process_sends_nothing_again(world: World) -> None:
    """Nothing is kept in memory only."""
    await world.briefings.schedules.set("C9", "at 7:00 daily", by="UKIM")
    await job_of(world).func()
    other = World(defaults=TEAM, database=world.database, clock=world.clock)
    await job_of(other).func()
    assert len(world.owed_keys("briefing/%")) == 2
    world.clock.now = datetime(2026, 11, 21, 6, 59, tzinfo=UTC)
    await run_until(other, job_of(other), datetime(2026, 11, 21, 7, 1, tzinfo=UTC))

    assert world.place("briefing/3").channel == "C9"


async def test_no_run_is_dropped_for_being_late(world: World) -> None:
    """A machine that slept at nine sends when it wakes up: the records say whether that is too late. So do all jobs."""
    scheduler = new_scheduler()
    schedule_briefings(scheduler, world.briefings, world.clock)
    scheduler.start(paused=True)
    (job,) = scheduler.get_jobs()

    assert job.misfire_grace_time is None and job.coalesce
    scheduler.shutdown(wait=False)
