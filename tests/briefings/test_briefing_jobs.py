"""The jobs that wake the briefings: made from the records, deciding nothing. The scheduler does not run here."""

from datetime import UTC, datetime, time

import pytest
from apscheduler.job import Job
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.app.briefings import BriefingJobs
from bot.briefings.planning import Defaults
from bot.briefings.schedule import Schedule
from tests.world import World

TEAM = Defaults("UTC", Schedule(time(9), "UTC"), ("#t2-tech", "#t2-cs"))


class Clockwork:
    """A scheduler that nobody started: its jobs are looked at, and run by the test."""

    def __init__(self, world: World) -> None:
        self.scheduler = AsyncIOScheduler(timezone="UTC")
        self.jobs = BriefingJobs(scheduler=self.scheduler, clock=world.clock)
        self.jobs.begin(world.briefings)

    def named(self) -> dict[str, Job]:
        return {job.id: job for job in self.scheduler.get_jobs()}

    def due(self) -> dict[str, datetime]:
        """When each channel's job runs."""
        return {name: job.trigger.run_date for name, job in self.named().items() if name.startswith("briefing ")}

    async def run(self, name: str) -> None:
        await self.named()[name].func()


@pytest.fixture
def world() -> World:
    return World(defaults=TEAM)


async def test_the_first_tick_sends_what_was_missed_and_knows_the_next(world: World) -> None:
    """At the start nothing but the records is there."""
    clockwork = Clockwork(world)
    assert list(clockwork.named()) == ["briefings"]
    await clockwork.run("briefings")

    assert world.owed_keys("briefing/%") == ["briefing/1", "briefing/2"]
    monday = datetime(2026, 11, 23, 9, tzinfo=UTC)
    assert clockwork.due() == {"briefing C1": monday, "briefing C2": monday}


async def test_a_channel_s_job_sends_at_its_moment(world: World) -> None:
    """And every job that runs twice sends once."""
    clockwork = Clockwork(world)
    await clockwork.run("briefings")
    world.clock.now = clockwork.due()["briefing C1"]
    for _ in range(2):
        await clockwork.run("briefing C1")
        await clockwork.run("briefings")

    assert world.owed_keys("briefing/%") == [f"briefing/{number}" for number in (1, 2, 3, 4)]
    tuesday = datetime(2026, 11, 24, 9, tzinfo=UTC)
    assert set(clockwork.due().values()) == {tuesday}


async def test_jobs_follow_what_people_set(world: World) -> None:
    """A change is planned at once; a channel without a briefing has no job."""
    clockwork = Clockwork(world)
    await clockwork.run("briefings")
    await world.briefings.schedules.set("C1", "at 10:00 Europe/Berlin daily", by="UKIM")
    await world.briefings.schedules.stop("C2", by="UKIM")
    clockwork.jobs.soon()
    await clockwork.run("briefings changed")

    assert clockwork.due() == {"briefing C1": datetime(2026, 11, 21, 9, tzinfo=UTC)}


async def test_jobs_of_a_new_process_are_the_same(world: World) -> None:
    """Nothing is kept in memory only."""
    first = Clockwork(world)
    await world.briefings.schedules.set("C9", "at 7:00 daily", by="UKIM")
    await first.run("briefings")
    second = Clockwork(World(defaults=TEAM, database=world.database, clock=world.clock))
    await second.run("briefings")

    assert second.due() == first.due()
    assert len(world.owed_keys("briefing/%")) == 2


def test_no_job_is_dropped_for_being_late(world: World) -> None:
    """A machine that slept at nine sends when it wakes up: the records say whether that is too late."""
    clockwork = Clockwork(world)
    clockwork.jobs.soon()

    assert {job.misfire_grace_time for job in clockwork.named().values()} == {None}
