"""Due times survive what happens to a machine: a crash, a deploy, a long sleep, a clock that is set."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.clock_steps import ClockSteps
from bot.escalations.ladder_model import Ladder, LadderSettings, LadderStep, RunState, StepState
from bot.escalations.telling import FailureKind, WayKind
from bot.people import Group
from bot.working_hours import WorkingHours
from tests.escalations.climbing import DAY, GROUP, HOURS, PHONE, TEN, Climb, others_run
from tests.fake_clock import FakeClock

IN_HOURS = LadderStep(WayKind.DM, TEN, ("ULENA",), in_hours=True)
EVENING = datetime(2026, 11, 30, 17, 55, tzinfo=UTC)


async def test_a_step_that_waits_for_working_hours_goes_on_after_a_restart() -> None:
    """grafana/oncall #1206: a ladder that was paused until working hours never went on."""
    climb = await Climb(Ladder("day", (GROUP, IN_HOURS, PHONE)), at=EVENING).begun()
    assert climb.plan() == [("ULENA", "09:00"), ("PHONE_BRIDGE_URL", "09:10")]
    assert await climb.walk(timedelta(hours=8)) == []
    climb = climb.restarted()
    assert await climb.walk(timedelta(hours=7)) == []

    assert await climb.walk(timedelta(minutes=5)) == ["ladder/2/ULENA"]
    assert climb.world.clock() == datetime(2026, 12, 1, 9, 0, tzinfo=UTC) and not climb.run.steps[1].late


async def test_asleep_through_the_working_day_it_waits_for_the_next() -> None:
    climb = await Climb(Ladder("day", (GROUP, IN_HOURS)), at=EVENING).begun()
    assert await climb.walk(timedelta(days=1, hours=3)) == []

    assert climb.plan() == [("ULENA", "09:00")]
    assert await climb.walk(timedelta(hours=12, minutes=5)) == ["ladder/2/ULENA"]


async def test_working_hours_begin_by_the_clock_on_the_wall() -> None:
    """Clocks go forward on 29 March 2026 in Berlin: the Monday after it begins an hour earlier in UTC."""
    hours = WorkingHours(time(9), time(18), frozenset(range(5)), ZoneInfo("Europe/Berlin"))
    settings = LadderSettings(hours, ladders=(Ladder("day", (GROUP, IN_HOURS)),))
    friday = datetime(2026, 3, 27, 18, 0, tzinfo=UTC)
    climb = await Climb(settings=settings, at=friday).begun()

    assert climb.run.planned[0].next_at == datetime(2026, 3, 30, 7, 0, tzinfo=UTC)


@pytest.mark.parametrize("minutes", [9, 10, 25, 3000])
async def test_killed_between_two_steps(minutes: int) -> None:
    """What was missed runs once, and the others keep their waits."""
    climb = await Climb().begun()
    climb.world.clock.advance(minutes * 60)
    climb = climb.restarted()
    first = await climb.walk()

    assert first == (["ladder/2/ULENA"] if minutes >= 10 else [])
    assert climb.run.steps[1].late is (minutes > 11)
    climb = climb.restarted()
    assert await climb.walk(TEN) == (["ladder/3/URAJ"] if minutes >= 10 else ["ladder/2/ULENA"])


async def test_killed_while_it_is_told_outside_it_is_told_again_with_the_same_key() -> None:
    climb = await Climb(replace(DAY, steps=(GROUP, PHONE))).begun()
    climb.phone.gate = asyncio.Event()
    climb.world.clock.advance(TEN.total_seconds())
    await climb.world.rooms.walker.turn()
    await others_run()
    assert climb.run.steps[1].state is StepState.TELLING and len(climb.phone.told) == 1
    await climb.world.tasks.drain(deadline_s=0)
    climb = climb.restarted()
    climb.phone.gate = None
    await climb.walk()

    assert len({telling.key for _, telling in climb.phone.told}) == 1 and len(climb.phone.told) == 2
    assert climb.told() == ["group", "PHONE_BRIDGE_URL"]


async def test_what_was_being_told_when_it_was_killed_is_not_told_after_the_acknowledgement() -> None:
    climb = await Climb(replace(DAY, steps=(GROUP, PHONE))).begun()
    climb.phone.gate = asyncio.Event()
    climb.world.clock.advance(TEN.total_seconds())
    await climb.world.rooms.walker.turn()
    await others_run()
    await climb.world.tasks.drain(deadline_s=0)
    climb = climb.restarted()
    await climb.world.escalations.acknowledge(1, by="ULENA")
    await climb.walk()

    assert len(climb.phone.told) == 1
    assert climb.run.steps[1].failure and climb.run.steps[1].failure.kind is FailureKind.UNKNOWN


async def test_a_clock_that_is_set_back_delays_nothing() -> None:
    """What waits moves with it."""
    climb = await Climb(at=datetime(2026, 11, 30, 14, 14, tzinfo=UTC)).begun()
    even = FakeClock(climb.world.clock())
    steps = ClockSteps(database=climb.world.database, clock=climb.world.clock, even=even)
    climb.world.clock.advance(hours=-2)
    steps.look()

    assert climb.plan()[0] == ("ULENA", "12:24")
    assert await climb.walk(TEN) == ["ladder/2/ULENA"]


async def test_the_shown_plan_is_the_plan() -> None:
    """grafana/oncall #574: a shown plan was not updated. Whatever moves it edits the post."""
    climb = await Climb().begun()
    shown = climb.world.wanted("escalation/1")
    climb.world.people.away["ULENA"] = "on vacation"
    await climb.walk(TEN)

    assert climb.world.wanted("escalation/1") > shown
    posted = climb.world.escalations.posted(1)
    assert posted.run == climb.run


async def test_a_group_has_the_members_of_now() -> None:
    """grafana/oncall #4398: cached groups kept new people from being reached."""
    ladder = Ladder("day", (GROUP, LadderStep(WayKind.GROUP, TEN, ("ops",))))
    climb = await Climb(ladder).begun()
    climb.world.people.groups["ops"] = Group("<!subteam^SOPS>", frozenset({"UNEW"}))
    await climb.walk(TEN)

    assert climb.run.steps[1].reached == ("UNEW",) and climb.run.steps[1].mention == "<!subteam^SOPS>"
    assert (await climb.world.escalations.acknowledge(1, by="UNEW")).acknowledged_by == "UNEW"


async def test_an_empty_group_is_passed_over_at_once() -> None:
    climb = await Climb(Ladder("day", (GROUP, LadderStep(WayKind.GROUP, TEN, ("ops",)), *DAY.steps[1:]))).begun()
    await climb.walk(TEN)

    assert climb.run.steps[1].failure and climb.run.steps[1].failure.kind is FailureKind.NOBODY
    assert climb.told() == ["group", "ULENA"] and climb.plan()[0] == ("URAJ", "10:34")


async def test_people_are_asked_in_their_own_working_hours() -> None:
    """Raj's day in Kolkata is over at 18:00 there, which is 12:30 here."""
    at = datetime(2026, 11, 30, 13, 0, tzinfo=UTC)
    ladder = Ladder("day", (LadderStep(WayKind.DM, TEN, ("URAJ", "ULENA")),))
    settings = LadderSettings(HOURS, ladders=(ladder,))
    climb = Climb(settings=settings, at=at)
    climb.zones = {"URAJ": ZoneInfo("Asia/Kolkata")}
    await climb.begun()
    assert climb.plan() == [("ULENA", "13:10"), ("URAJ", "13:20")]
    assert [step.postponed for step in climb.run.planned] == ["", "off work"]
    assert await climb.walk(TEN) == ["ladder/1/ULENA"]
    assert await climb.walk(TEN) == ["ladder/2/URAJ"]

    night = replace(settings, ladders=(replace(ladder, asks_outside_hours=True),))
    other = Climb(settings=night, at=at, zones=climb.zones)
    await other.begun()
    assert other.plan() == [("URAJ", "13:10"), ("ULENA", "13:20")]


async def test_whose_zone_slack_does_not_tell_has_the_teams_day() -> None:
    """At 13:10 UTC the team's day in Kolkata is over, and Lena's in Berlin is not."""
    ladder = Ladder("day", (LadderStep(WayKind.DM, TEN, ("URAJ", "ULENA")),))
    settings = LadderSettings(replace(HOURS, zone=ZoneInfo("Asia/Kolkata")), ladders=(ladder,))
    climb = Climb(settings=settings, at=datetime(2026, 11, 30, 13, 0, tzinfo=UTC))
    climb.zones = {"ULENA": ZoneInfo("Europe/Berlin")}
    await climb.begun()
    assert climb.plan() == [("ULENA", "13:10"), ("URAJ", "13:20")]


async def test_everybody_is_away_everybody_is_asked_in_their_order() -> None:
    climb = Climb(away={"ULENA": "ill", "URAJ": "ill"}, ladder=Ladder("day", (GROUP, DAY.steps[1])))
    await climb.begun()

    assert await climb.walk(TEN) == ["ladder/2/ULENA"] and await climb.walk(TEN) == ["ladder/3/URAJ"]
    await climb.walk(TEN)
    assert climb.run.state is RunState.ENDED


async def test_without_slack_for_an_hour_nobody_is_asked_more_than_once() -> None:
    """The ladder goes on to the phone, round after round; when Slack is back everybody has one message."""
    ladder = replace(DAY, repeat_from=2, repeats=2, asks_outside_hours=True)
    climb = Climb(ladder)
    await climb.begun()
    for _ in range(9):
        climb.world.clock.advance(TEN.total_seconds())
        for _ in range(6):
            await climb.world.rooms.walker.turn()
            await climb.world.tasks.idle()
    assert len(climb.phone.told) == 3
    assert sorted(climb.deliver()) == ["ladder/2/ULENA", "ladder/3/URAJ", "ladder_end/1/3"]
    later = [step for step in climb.run.steps if step.round > 1 and step.rung.way is WayKind.DM and step.told_at]
    assert later and {step.failure.kind for step in later if step.failure} == {FailureKind.UNREACHABLE}
    assert {step.state for step in later} == {StepState.FAILED}


async def test_a_step_is_taken_once_and_only_while_the_ladder_goes_on() -> None:
    """The statement itself decides."""
    climb = await Climb().begun()
    store, now, [lena, *_] = climb.world.rooms.walker._store, climb.world.clock(), climb.run.planned
    store.run_became(1, state=RunState.PAUSED)
    taken = [store.claim(lena.id, now, late=False)]
    store.run_became(1, state=RunState.RUNNING)

    assert [*taken, *(store.claim(lena.id, now, late=False) for _ in range(2))] == [False, True, False]


async def test_the_first_example_of_the_readme_ends_when_it_says() -> None:
    """Two rounds after the first, and ten minutes for whoever was called last."""
    climb = await Climb(replace(DAY, repeat_from=2, repeats=2)).begun()
    while climb.run.state is RunState.RUNNING:
        await climb.walk(TEN)

    said = Path("bot/escalations/README.md").read_text(encoding="utf-8")
    assert climb.run.ended_at and f"At {climb.run.ended_at:%H:%M}\nwhoever escalated is told" in said
