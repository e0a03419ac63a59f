"""The table of reminders, and working time."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.investigations.model import State
from bot.reminders.model import BEGINS, RULES, ReminderFacts, ReminderKind, tomorrow
from tests.world import OFFICE

NOW = datetime(2026, 11, 20, 9, 12, tzinfo=UTC)
EARLIER, LATER = NOW - timedelta(hours=1), NOW + timedelta(hours=1)
QUIET = ReminderFacts(state=State.OPEN, owner="UKIM", opened_at=NOW, free_since=EARLIER, news_at=LATER)


def changed(**facts: object) -> ReminderFacts:
    return ReminderFacts(**({name: getattr(QUIET, name) for name in ReminderFacts.__slots__} | facts))


@pytest.mark.parametrize(
    ("kind", "facts", "since"),
    [
        (ReminderKind.UNCLAIMED, {}, None),
        (ReminderKind.UNCLAIMED, {"owner": None}, EARLIER),
        (ReminderKind.FREED, {"owner": None}, EARLIER),
        (ReminderKind.NO_UPDATE, {}, None),
        (ReminderKind.NO_UPDATE, {"state": State.ESCALATED}, LATER),
        (ReminderKind.NO_UPDATE, {"state": State.HANDED_OFF}, None),
        (ReminderKind.NOT_TOLD, {}, None),
        (ReminderKind.NOT_TOLD, {"wrote_at": EARLIER}, NOW),
        (ReminderKind.NOT_TOLD, {"wrote_at": LATER}, LATER),
        (ReminderKind.NOT_TOLD, {"wrote_at": EARLIER, "told_at": LATER}, LATER),
        (ReminderKind.NOT_TOLD, {"wrote_at": EARLIER, "released_at": LATER, "to_tell": 2}, None),
        (ReminderKind.FIX_NOT_TOLD, {"released_at": LATER}, None),
        (ReminderKind.FIX_NOT_TOLD, {"released_at": LATER, "to_tell": 2}, LATER),
        (ReminderKind.LONG_OPEN, {}, NOW),
    ],
)
def test_when_it_begins(kind: ReminderKind, facts: dict[str, object], since: datetime | None) -> None:
    assert BEGINS[kind](changed(**facts)) == since


def test_the_times_of_the_issue() -> None:
    """The first ones; none of them comes for ever."""
    first = {rule.kind: rule.usual.after for rule in RULES}

    assert first[ReminderKind.UNCLAIMED] == timedelta(minutes=5)
    assert first[ReminderKind.NO_UPDATE] == timedelta(minutes=30)
    assert first[ReminderKind.NOT_TOLD] == timedelta(minutes=60)
    assert first[ReminderKind.LONG_OPEN] == timedelta(days=1)
    assert all(0 < rule.usual.times <= 5 for rule in RULES)


QUARTER = timedelta(minutes=15)
MOMENTS = st.integers(0, 14 * 96).map(lambda quarters: NOW + quarters * QUARTER)
SPANS = st.integers(1, 24 * 4).map(lambda quarters: quarters * QUARTER)


@given(moment=MOMENTS, span=SPANS)
def test_working_time_is_as_long_as_it_is(moment: datetime, span: timedelta) -> None:
    """A quarter of an hour begins at work, or it isn't worked: three minutes of one reach over each edge."""
    end = OFFICE.after(moment, span)
    quarters = [moment + number * QUARTER for number in range(int((end - moment) / QUARTER) + 1)]
    worked = sum(OFFICE.contain(each) for each in quarters if each < end) * QUARTER

    assert abs(worked - span) <= QUARTER
    assert OFFICE.contain(end - timedelta(seconds=1))


@given(moment=MOMENTS)
def test_tomorrow_is_another_working_time(moment: datetime) -> None:
    then = tomorrow(OFFICE, moment)

    assert OFFICE.start_of(then) == then > moment
    assert OFFICE.start_of(then) != OFFICE.start_of(moment)
