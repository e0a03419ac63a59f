"""When people are at work, also at night, over weekends and where the clocks change."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.working_hours import WorkingHours

BERLIN = ZoneInfo("Europe/Berlin")
WEEKDAYS = frozenset(range(5))
DAY = WorkingHours(time(9), time(18), WEEKDAYS, BERLIN)
NIGHT = WorkingHours(time(22), time(6), WEEKDAYS, BERLIN)
FRIDAY, SATURDAY, MONDAY = "2026-11-27", "2026-11-28", "2026-11-30"


def at(text: str) -> datetime:
    """A time on the wall in Berlin."""
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("hours", "moment", "there"),
    [
        (DAY, f"{FRIDAY}T09:00", True),
        (DAY, f"{FRIDAY}T17:59", True),
        (DAY, f"{FRIDAY}T18:00", False),
        (DAY, f"{FRIDAY}T08:59", False),
        (DAY, f"{SATURDAY}T12:00", False),
        (NIGHT, f"{FRIDAY}T23:00", True),
        (NIGHT, f"{SATURDAY}T05:59", True),
        (NIGHT, f"{SATURDAY}T06:00", False),
        (NIGHT, f"{SATURDAY}T23:00", False),
        (NIGHT, f"{MONDAY}T05:00", False),
    ],
)
def test_who_is_at_work(hours: WorkingHours, moment: str, there: bool) -> None:
    """A night shift belongs to the day on which it begins."""
    assert hours.contain(at(moment)) is there


@pytest.mark.parametrize(
    ("moment", "begins", "ends"),
    [
        (f"{FRIDAY}T08:00", f"{FRIDAY}T09:00", f"{FRIDAY}T18:00"),
        (f"{FRIDAY}T10:00", f"{FRIDAY}T10:00", f"{FRIDAY}T18:00"),
        (f"{FRIDAY}T18:00", f"{MONDAY}T09:00", f"{MONDAY}T18:00"),
    ],
)
def test_when_they_begin_and_end(moment: str, begins: str, ends: str) -> None:
    """Over the weekend it is Monday."""
    assert DAY.next_start(at(moment)) == at(begins)
    assert DAY.end_after(at(moment)) == at(ends)


def test_a_start_that_the_clocks_jump_over() -> None:
    """On 29 March 2026 there is no 02:30 in Berlin: work begins at 03:00."""
    early = WorkingHours(time(2, 30), time(10), frozenset({6}), BERLIN)
    assert early.next_start(datetime(2026, 3, 28, 23, tzinfo=UTC)) == datetime(2026, 3, 29, 1, tzinfo=UTC)


def test_a_night_in_which_the_clocks_go_back_is_an_hour_longer() -> None:
    """From 22:00 to 06:00 it is nine hours on the last Sunday of October."""
    night = WorkingHours(time(22), time(6), frozenset({5}), BERLIN)
    begins = night.next_start(at("2026-10-24T12:00"))
    assert night.end_after(begins) - begins == timedelta(hours=9)


@given(
    start=st.times().map(lambda clock: clock.replace(microsecond=0)),
    end=st.times().map(lambda clock: clock.replace(microsecond=0)),
    days=st.frozensets(st.integers(0, 6), min_size=1),
    zone=st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"]),
    minutes=st.integers(0, 365 * 24 * 60),
)
def test_the_next_start_is_at_work_and_nothing_before_it(
    start: time, end: time, days: frozenset[int], zone: str, minutes: int
) -> None:
    """Whoever waits for the start waits no longer and no shorter than that."""
    hours = WorkingHours(start, end, days, ZoneInfo(zone))
    moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    begins = hours.next_start(moment)
    assert begins >= moment
    assert hours.contain(begins)
    assert (begins == moment) is hours.contain(moment)
    assert not hours.contain(moment + (begins - moment) / 2) or begins == moment
    assert hours.contain(hours.end_after(begins) - timedelta(seconds=1))
