"""When a maintenance is, as people type it."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.errors import BadInput
from bot.maintenance.times import DoubtfulTime, read_end, read_plan

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 20, 19, 0, tzinfo=UTC)
"""A Friday, eight in the evening in Berlin."""


def moment(text: str) -> datetime:
    """ "20 22:00" on the clocks of Berlin in November."""
    day, clock = text.split()
    hour, minute = clock.split(":")
    return datetime(2026, 11, int(day), int(hour), int(minute), tzinfo=BERLIN).astimezone(UTC)


@pytest.mark.parametrize(
    ("typed", "begins", "ends", "whom", "why"),
    [
        ("us-east 22:00-23:30 new kernel", "20 22:00", "20 23:30", "us-east", "new kernel"),
        ("us-east 22:00 – 23:30", "20 22:00", "20 23:30", "us-east", ""),
        ("us-east from 22:00 to 23:30: new kernel", "20 22:00", "20 23:30", "us-east", "new kernel"),
        ("us-east 22:00-02:00", "20 22:00", "21 02:00", "us-east", ""),
        ("us-east 18:00-21:00", "20 18:00", "20 21:00", "us-east", ""),
        ("us-east 06:00-07:00", "21 06:00", "21 07:00", "us-east", ""),
        ("us-east 22:00-10:00", "20 22:00", "21 10:00", "us-east", ""),
        ("us-east 23:00 for 23 h", "20 23:00", "21 22:00", "us-east", ""),
        ("us-east 22:00 - tomorrow 21:00", "20 22:00", "21 21:00", "us-east", ""),
        ("us-east tomorrow 10pm-11:30pm", "21 22:00", "21 23:30", "us-east", ""),
        ("us-east tomorrow at 22:00 for 90 min", "21 22:00", "21 23:30", "us-east", ""),
        ("us-east now-23:30", "20 20:00", "20 23:30", "us-east", ""),
        ("us-east for 90 min new kernel", "20 20:00", "20 21:30", "us-east", "new kernel"),
        ("us-east for 1 h 30 min", "20 20:00", "20 21:30", "us-east", ""),
        ("us-east until 23:30", "20 20:00", "20 23:30", "us-east", ""),
        ("us-east, us-west sunday 22:00-23:30", "22 22:00", "22 23:30", "us-east, us-west", ""),
        ("us-east 2026-11-24 22:00 - 2026-11-25 02:00 why", "24 22:00", "25 02:00", "us-east", "why"),
        ("us-east 24 nov 22:00-23:30", "24 22:00", "24 23:30", "us-east", ""),
        ("us-east Nov 24, 22:00-23:30", "24 22:00", "24 23:30", "us-east", ""),
        ("us-east 21:00-22:30 UTC", "20 22:00", "20 23:30", "us-east", ""),
        ("us-east 22:00-23:30 Europe/Berlin why", "20 22:00", "20 23:30", "us-east", "why"),
        ("us-east 21:00 UTC - 22:30 UTC why", "20 22:00", "20 23:30", "us-east", "why"),
        ("us-east 16:00-17:30 EST", "20 22:00", "20 23:30", "us-east", ""),
        ("us-east 22:00-23:30 CET why", "20 22:00", "20 23:30", "us-east", "why"),
        ("us-east 22:00-23:30 tomorrow why", "21 22:00", "21 23:30", "us-east", "why"),
        ("us-east 22:00-23:30 on Sunday", "22 22:00", "22 23:30", "us-east", ""),
        ("us-east 21:00-22:30 tomorrow UTC", "21 22:00", "21 23:30", "us-east", ""),
        ("us-east mon 22:00 - 02:00 tue", "23 22:00", "24 02:00", "us-east", ""),
        ("us-east 22:00-23:30 monitor and mayor swap", "20 22:00", "20 23:30", "us-east", "monitor and mayor swap"),
        ("us-east 24.11. 22:00-23:30", "24 22:00", "24 23:30", "us-east", ""),
        ("us-east 24/11 22:00-23:30", "24 22:00", "24 23:30", "us-east", ""),
        ("us-east Nov 24th, 2026 22:00-23:30", "24 22:00", "24 23:30", "us-east", ""),
        ("us-east 10-11:30pm", "20 22:00", "20 23:30", "us-east", ""),
        ("us-east 11-1am", "20 23:00", "21 01:00", "us-east", ""),
        ("us-east 22.00-23.30", "20 22:00", "20 23:30", "us-east", ""),
        ("us-east 22:00\N{NON-BREAKING HYPHEN}23:30", "20 22:00", "20 23:30", "us-east", ""),
        ("us-east for 1,5 h", "20 20:00", "20 21:30", "us-east", ""),
        ("us-east tonight 1:00-2:00", "21 01:00", "21 02:00", "us-east", ""),
        ("us-east friday 10:00-11:00", "27 10:00", "27 11:00", "us-east", ""),
        ("us-east 24 nov 22:00 - 24 nov 24:00", "24 22:00", "25 00:00", "us-east", ""),
        ("us-east 21:00-22:30 gmt+0", "20 22:00", "20 23:30", "us-east", ""),
    ],
)
def test_a_time_is_read_on_the_clock_of_who_types(typed: str, begins: str, ends: str, whom: str, why: str) -> None:
    plan = read_plan(typed, now=NOW, zone=BERLIN)

    assert (plan.time.begins_at, plan.time.ends_at) == (moment(begins), moment(ends))
    assert (plan.whom, plan.why) == (whom, why)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("us-east", "from when until when"),
        ("us-east tonight", "from when until when"),
        ("us-east 25:00-26:00", "no time of day"),
        ("us-east 22:00-23:30 Europe/Atlantis", "don't know the zone"),
        ("us-east 22:00-23:30 UTC+5:30", "don't know the zone UTC"),
        ("us-east 22:00-23:30 IST", "don't know the zone IST"),
        ("us-east 22:00 UTC - 23:30 PST", "in one zone"),
        ("us-east for 90 min tomorrow", "from when on tomorrow"),
        ("us-east 3/4 22:00-23:30", "in two ways"),
        ("us-east 0000-01-01 22:00-23:30", "no day of the calendar"),
        ("us-east 9999-12-31 22:00-02:00", "no day of the calendar"),
        ("us-east 31 nov 22:00-23:30", "no day of the calendar"),
    ],
)
def test_what_is_no_time_is_told(typed: str, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        read_plan(typed, now=NOW, zone=BERLIN)


@pytest.mark.parametrize(
    ("typed", "says", "meant"),
    [
        ("us-east 23:00-22:00 why", "23 h, from Friday 23:00 until Saturday 22:00", ("20 23:00", "21 22:00")),
        ("us-east now-19:30", "23 h 30 min, from Friday 20:00 until Saturday 19:30", ("20 20:00", "21 19:30")),
        ("us-east until 19:30 UTC", "", None),
        ("us-east until 18:30 UTC", "23 h 30 min, from Friday 19:00 until Saturday 18:30", ("20 20:00", "21 19:30")),
        ("us-east sunday 23:00-22:00", "23 h, from Sunday 23:00 until Monday 22:00", ("22 23:00", "23 22:00")),
        ("us-east 18:00-19:00", "18:00 has passed today: the next is Saturday 18:00", ("21 18:00", "21 19:00")),
        ("us-east 18:00 for 1 h", "18:00 has passed today: the next is Saturday 18:00", ("21 18:00", "21 19:00")),
    ],
)
def test_what_a_slip_may_have_made_is_asked_back(typed: str, says: str, meant: tuple[str, str] | None) -> None:
    """With its day and length, and with what says the same without a doubt, to copy."""
    if not meant:
        assert read_plan(typed, now=NOW, zone=BERLIN).whom == "us-east"
        return
    with pytest.raises(DoubtfulTime) as asked:
        read_plan(typed, now=NOW, zone=BERLIN)
    sure = read_plan(asked.value.meant, now=NOW, zone=BERLIN)

    assert says in asked.value.sentence
    assert (sure.time.begins_at, sure.time.ends_at) == tuple(map(moment, meant))
    assert (sure.whom, sure.why) == ("us-east", "why" if typed.endswith("why") else "")


def test_a_new_end_that_is_tomorrow_by_a_slip_is_asked_back() -> None:
    """At eight in the evening 19:30 is most of a day away."""
    with pytest.raises(BadInput, match=r"19:30 is Saturday 19:30\. If you mean that, say the day"):
        read_end("to 19:30", ends_at=moment("20 23:30"), now=NOW, zone=BERLIN)


@pytest.mark.parametrize(
    ("typed", "ends"),
    [
        ("to 23:45", "20 23:45"),
        ("until 00:30", "21 00:30"),
        ("by 30 min", "21 00:00"),
        ("45m", "21 00:15"),
        ("to tomorrow 02:00", "21 02:00"),
        ("to 02:00 tomorrow", "21 02:00"),
        ("to 23:00 UTC", "21 00:00"),
    ],
)
def test_a_new_end_is_read(typed: str, ends: str) -> None:
    assert read_end(typed, ends_at=moment("20 23:30"), now=NOW, zone=BERLIN) == moment(ends)


def test_an_hour_that_clocks_jump_over_is_the_one_after_it() -> None:
    """On 28 March 2027 clocks in Berlin go from two to three."""
    plan = read_plan("us-east 2027-03-28 02:30-04:00", now=datetime(2027, 3, 27, 12, tzinfo=UTC), zone=BERLIN)

    assert plan.time.begins_at == datetime(2027, 3, 28, 1, 0, tzinfo=UTC)
    assert plan.time.ends_at == datetime(2027, 3, 28, 2, 0, tzinfo=UTC)


def test_the_day_of_a_leap_year_is_the_next_that_there_is() -> None:
    plan = read_plan("us-east 29 feb 10:00-11:00", now=datetime(2027, 12, 20, 12, tzinfo=UTC), zone=UTC)

    assert plan.time.begins_at == datetime(2028, 2, 29, 10, tzinfo=UTC)
