"""When briefings come: what people type, the days, the two nights on which clocks change."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.briefings.schedule import DAYS, LATE, WEEKDAYS, NotASchedule, Schedule, parse, render
from bot.errors import BadInput
from bot.zones import first_moment

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = (
    "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo", "America/Nuuk",
    "Pacific/Apia", "Asia/Kathmandu", "UTC", "America/Havana", "Antarctica/Troll", "Etc/GMT+9",
)  # fmt: skip
days = st.sets(st.sampled_from(DAYS), min_size=1).map(lambda chosen: tuple(day for day in DAYS if day in chosen))
times = st.times().map(lambda at: at.replace(second=0, microsecond=0))
dates = st.dates(date(2005, 1, 1), date(2035, 12, 31))
schedules = st.builds(
    Schedule,
    at=times,
    zone=st.sampled_from(ZONES),
    days=days,
    holidays=st.sets(dates, max_size=4).map(lambda dates: tuple(sorted(dates))),
)
START = datetime(2005, 1, 1, tzinfo=UTC)
moments = st.integers(0, 30 * 365 * 86_400).map(lambda seconds: START + timedelta(seconds=seconds))
near_changes = st.sampled_from(
    [
        datetime(2011, 12, 30, tzinfo=UTC),
        *(datetime(year, month, 27, tzinfo=UTC) for year in (2026, 2027) for month in (3, 10)),
    ]
).flatmap(lambda start: st.integers(-200, 200).map(lambda hours: start + timedelta(hours=hours)))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@given(schedules)
def test_what_is_shown_can_be_typed(schedule: Schedule) -> None:
    """Reading is the inverse of showing, whatever the default zone."""
    assert parse(render(schedule), zone="Asia/Tokyo") == schedule
    assert parse(f"at {render(schedule)}", zone="Asia/Tokyo") == schedule


@given(schedules, st.randoms(use_true_random=False))
def test_order_of_the_words_does_not_matter(schedule: Schedule, random: object) -> None:
    """Whoever puts the days first is understood too."""
    words = render(schedule).replace(" except", "").split()
    random.shuffle(words)  # type: ignore[attr-defined]

    assert parse(" ".join(words), zone="UTC") == schedule


@given(st.one_of(st.text(max_size=60), st.text(alphabet="09:amp monfri-/_é", max_size=30)))
def test_nothing_that_people_type_breaks_it(text: str) -> None:
    """It is a schedule, or a sentence with an example."""
    try:
        parse(text, zone="UTC")
    except BadInput as error:
        assert "For example" in error.sentence


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("at 09:00 Europe/Berlin weekdays", Schedule(time(9), "Europe/Berlin")),
        ("weekdays 9.30 berlin", Schedule(time(9, 30), "Europe/Berlin")),
        ("at 9am", Schedule(time(9), "UTC")),
        ("12 am daily", Schedule(time(0), "UTC", DAYS)),
        ("12pm new york every day", Schedule(time(12), "America/New_York", DAYS)),
        ("at 9:30 a.m. each day", Schedule(time(9, 30), "UTC", DAYS)),
        ("09:30 am mon/wed & fri", Schedule(time(9, 30), "UTC", ("mon", "wed", "fri"))),
        ("09:00 CEST", Schedule(time(9), "Europe/Berlin")),
        ("09:00 every day except sunday", Schedule(time(9), "UTC", DAYS[:6])),
        ("09:00 not on fridays", Schedule(time(9), "UTC", WEEKDAYS[:4])),
        ("at 8 on Mondays, Wed and fri", Schedule(time(8), "UTC", ("mon", "wed", "fri"))),
        ("08:15 mon-thu sunday", Schedule(time(8, 15), "UTC", ("mon", "tue", "wed", "thu", "sun"))),
        ("08:15 sat–mon", Schedule(time(8, 15), "UTC", ("mon", "sat", "sun"))),
        ("7:00 except 2026-12-25", Schedule(time(7), "UTC", WEEKDAYS, (date(2026, 12, 25),))),
        ("09:00 GMT+2", Schedule(time(9), "Etc/GMT-2")),
        ("09:00 utc -3 daily", Schedule(time(9), "Etc/GMT+3", DAYS)),
        ("weekdays 09:00 GMT − 05:00", Schedule(time(9), "Etc/GMT+5")),
        ("09:00+02:00", Schedule(time(9), "Etc/GMT-2")),
        ("9am UTC+14 mon-thu", Schedule(time(9), "Etc/GMT-14", ("mon", "tue", "wed", "thu"))),
        ("9am GMT+0", Schedule(time(9), "UTC")),
        ("09:00 Etc/GMT+2", Schedule(time(9), "Etc/GMT+2")),
    ],
)
def test_what_people_type(text: str, expected: Schedule) -> None:
    """In their own words."""
    assert parse(text, zone="UTC") == expected


@pytest.mark.parametrize(
    ("text", "nearest", "says"),
    [
        ("09:00 Europe/Berln", "Europe/Berlin", "Did you mean Europe/Berlin?"),
        ("09:00 wekdays", "weekdays", "Did you mean weekdays?"),
        ("09:00 wensday", "wednesday", "wednesday"),
        ("weekdays", "", "A time of day is missing"),
        ("09:00 10:00", "", "one time of day"),
        ("25:00", "", "isn't a time of day"),
        ("13pm", "", "isn't a time of day"),
        ("09:00 2026-02-30", "", "There is no 2026-02-30"),
        ("09:00 UTC Europe/Berlin", "", "one time zone"),
        ("09:00 GMT+5:30", "", "no zone GMT+5:30. Name a city"),
        ("09:00 UTC+15", "", "no zone UTC+15. Name a city"),
        ("09:00 GMT+2 Berlin", "", "not UTC+2 and Europe/Berlin"),
        ("09:00 GMT2", "GMT", "Did you mean GMT?"),
    ],
)
def test_what_is_none_is_told_with_the_nearest(text: str, nearest: str, says: str) -> None:
    """And with an example."""
    with pytest.raises(NotASchedule, match="For example") as caught:
        parse(text, zone="UTC")

    assert caught.value.nearest == nearest
    assert says in caught.value.sentence


@given(st.integers(-12, 14), st.sampled_from(["GMT{}", "utc{}", "Gmt {}", "UTC{}:00"]))
def test_hours_are_counted_as_people_count_them(hours: int, form: str) -> None:
    """Two hours east are GMT+2, as typed and as shown, though the zones of the list have the other sign."""
    schedule = parse(f"at 09:00 {form.format(f'{hours:+d}')} daily", zone="Europe/Berlin")

    assert schedule.moment_on(date(2026, 7, 1)) == at("2026-07-01T09:00+00:00") - timedelta(hours=hours)
    assert f"UTC{hours:+d}" in render(schedule) if hours else "UTC" in render(schedule)


def test_a_time_that_spring_skips_is_the_next_there_is() -> None:
    """In Berlin 02:30 does not exist on 29 March 2026: clocks go from 02:00 to 03:00."""
    assert first_moment(date(2026, 3, 29), time(2, 30), BERLIN) == at("2026-03-29T03:00+02:00")


def test_a_time_that_comes_twice_in_autumn_is_meant_once() -> None:
    """On 25 October 2026 02:30 comes at +02:00 and again at +01:00."""
    schedule = Schedule(time(2, 30), "Europe/Berlin", DAYS)
    first = at("2026-10-25T02:30+02:00")

    assert schedule.moment_on(date(2026, 10, 25)) == first
    assert schedule.next_after(first) == at("2026-10-26T02:30+01:00")
    assert schedule.due_day(first + timedelta(hours=1)) == date(2026, 10, 25)


def test_a_day_that_a_country_left_out_has_none() -> None:
    """Samoa went from 29 to 31 December 2011."""
    schedule = Schedule(time(9), "Pacific/Apia", DAYS)

    assert schedule.moment_on(date(2011, 12, 30)) is None
    assert schedule.next_after(at("2011-12-29T09:00-10:00")) == at("2011-12-31T09:00+14:00")


def test_days_and_holidays_are_kept() -> None:
    """Friday before Christmas 2026, then Monday; the team's holidays count with the channel's."""
    schedule = Schedule(time(9), "Europe/Berlin", holidays=(date(2026, 12, 25),)).but_on([date(2026, 12, 28)])

    assert schedule.next_after(at("2026-12-24T09:00+01:00")) == at("2026-12-29T09:00+01:00")
    assert schedule.moment_on(date(2026, 12, 26)) is None


def test_late_is_on_the_same_day_and_within_hours() -> None:
    """A bot that was down over night does not tell of yesterday morning."""
    schedule, evening = Schedule(time(9), "Europe/Berlin"), Schedule(time(23), "Europe/Berlin")
    due = at("2026-11-20T09:00+01:00")

    assert schedule.due_day(due - timedelta(seconds=1)) is None
    assert schedule.due_day(due) == schedule.due_day(due + LATE) == date(2026, 11, 20)
    assert schedule.due_day(due + LATE + timedelta(seconds=1)) is None
    assert evening.due_day(at("2026-11-20T23:59+01:00")) == date(2026, 11, 20)
    assert evening.due_day(at("2026-11-21T00:10+01:00")) is None


def test_a_day_that_had_its_briefing_is_left_out() -> None:
    """Whoever moves the time later in the day gets the next one tomorrow."""
    schedule = Schedule(time(15), "UTC")

    assert schedule.next_after(at("2026-11-19T10:00Z"), done=[date(2026, 11, 19)]) == at("2026-11-20T15:00Z")


def test_holidays_without_end_have_no_next() -> None:
    """No endless search."""
    start = date(2026, 1, 1)
    holidays = tuple(start + timedelta(days=n) for n in range(1000))

    assert Schedule(time(9), "UTC", DAYS, holidays).next_after(at("2026-01-01T00:00Z")) is None


@given(schedules, st.one_of(moments, near_changes))
def test_next_is_later_and_on_its_own_day(schedule: Schedule, now: datetime) -> None:
    """Strictly later; on a day that is wanted; and due then, by the same rule that sends it."""
    following = schedule.next_after(now)
    assert following and following > now
    local = following.astimezone(ZoneInfo(schedule.zone)).date()

    assert DAYS[local.weekday()] in schedule.days and local not in schedule.holidays
    assert schedule.due_day(following) == local


@given(schedules, near_changes)
def test_never_twice_on_one_local_day(schedule: Schedule, now: datetime) -> None:
    """Over the nights on which clocks change, too."""
    local_days = []
    for _ in range(8):
        following = schedule.next_after(now)
        assert following
        now = following
        local_days.append(now.astimezone(ZoneInfo(schedule.zone)).date())

    assert len(set(local_days)) == len(local_days)
    assert local_days == sorted(local_days)
