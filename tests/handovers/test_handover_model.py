"""How long a handover waits, who is absent, who can take it: by everybody's own clock."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.handovers.model import OFFERED_TO, HandoverChoice, absence, who_can_take
from bot.people import Availability
from bot.working_hours import WorkingHours

BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
DAY = WorkingHours(time(9), time(18), frozenset(range(5)), BERLIN)
NIGHT = WorkingHours(time(22), time(6), frozenset(range(7)), BERLIN)
HALF_AN_HOUR = timedelta(minutes=30)


def berlin(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("hours", "asked", "until"),
    [
        (DAY, "2026-11-30T10:00", "2026-11-30T10:30"),
        (DAY, "2026-11-30T17:30", "2026-11-30T18:00"),
        (DAY, "2026-11-30T17:55", "2026-12-01T09:25"),
        (DAY, "2026-11-30T20:00", "2026-12-01T09:30"),
        (DAY, "2026-12-04T17:55", "2026-12-07T09:25"),
        (NIGHT, "2026-11-30T23:50", "2026-12-01T00:20"),
        (NIGHT, "2026-11-30T05:50", "2026-11-30T22:20"),
    ],
)
def test_only_working_time_counts(hours: WorkingHours, asked: str, until: str) -> None:
    """Half an hour of it: the rest of today, and what is missing in the morning, or on Monday."""
    assert hours.after(berlin(asked), HALF_AN_HOUR) == berlin(until)


def test_the_night_in_which_clocks_change_is_as_long_as_it_is() -> None:
    """02:00 to 03:00 does not exist on 28 March 2027, and exists twice on 31 October."""
    late = timedelta(hours=7)

    assert NIGHT.after(berlin("2027-03-27T22:00"), late) == berlin("2027-03-28T06:00")
    assert NIGHT.after(berlin("2027-10-30T22:00"), late) == berlin("2027-10-31T04:00")


@given(st.integers(0, 800 * 24 * 60), st.integers(1, 3000))
def test_the_end_is_in_working_time_and_never_sooner(begins: int, minutes: int) -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=begins)
    until = DAY.after(moment, timedelta(minutes=minutes))

    assert until >= moment + timedelta(minutes=minutes)
    assert DAY.contain(until - timedelta(seconds=1))


@pytest.mark.parametrize(
    ("person", "why"),
    [
        (Availability(zone=BERLIN), ""),
        (Availability(), ""),
        (Availability(zone=NEW_YORK), "is outside their working hours"),
        (Availability(away="On vacation", zone=BERLIN), "is away (“On vacation”)"),
        (Availability(gone=True, away="ill", zone=BERLIN), "has left"),
    ],
)
def test_why_somebody_can_not_be_asked(person: Availability, why: str) -> None:
    """A working day is the team's hours on the person's own clock: 09:30 in Berlin is night in New York.

    Whose clock Slack does not tell has the team's.
    """
    assert absence(person, DAY, berlin("2026-11-30T09:30")) == why


def test_those_who_stay_longest_come_first() -> None:
    """Whoever is away or at home is not offered."""
    people = [
        (HandoverChoice("UJO", "jo"), Availability(zone=BERLIN)),
        (HandoverChoice("UANA", "ana"), Availability(zone=NEW_YORK)),
        (HandoverChoice("UTOM", "tom"), Availability(zone=BERLIN, away="ill")),
        (HandoverChoice("ULEE", "lee"), Availability(zone=ZoneInfo("Asia/Tokyo"))),
    ]
    offered = who_can_take(people, DAY, berlin("2026-11-30T17:00"))

    assert [choice.user for choice in offered] == ["UANA", "UJO"]


def test_a_menu_has_an_end() -> None:
    people = [(HandoverChoice(f"U{number}", f"p{number:03}"), Availability(zone=BERLIN)) for number in range(500)]

    assert len(who_can_take(people, DAY, berlin("2026-11-30T10:00"))) == OFFERED_TO
