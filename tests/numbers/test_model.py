"""What a sample can say, and what it can't."""

import statistics
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.numbers.model import first_monday, sample, week_of

NINE = datetime(2026, 11, 20, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("count", "median", "p90", "note"),
    [
        (0, None, None, "no cases"),
        (1, None, None, "1 case: too few for a median"),
        (2, None, None, "2 cases: too few for a median"),
        (3, 2, None, "3 cases: too few for a p90"),
        (9, 5, None, "9 cases: too few for a p90"),
        (10, 5.5, 9, ""),
        (100, 50.5, 90, ""),
    ],
)
def test_small_samples_say_so(count: int, median: float | None, p90: float | None, note: str) -> None:
    made = sample([float(n) for n in range(count, 0, -1)])

    assert (made.cases, made.median, made.p90, made.note) == (count, median, p90, note)


@given(st.lists(st.floats(0, 1e6), min_size=10, max_size=60))
def test_nine_of_ten_are_not_above_the_p90_and_fewer_are_below_it(values: list[float]) -> None:
    made = sample(values)

    assert made.p90 in values and made.median == statistics.median(values)
    assert sum(value <= made.p90 for value in values) >= 0.9 * len(values) > sum(value < made.p90 for value in values)


def test_weeks_begin_on_monday_where_the_team_is() -> None:
    """23:30 on Sunday in London is Monday in Berlin."""
    sunday = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    berlin = ZoneInfo("Europe/Berlin")

    assert week_of(sunday, UTC).isoformat() == "2026-11-16"
    assert week_of(sunday, berlin).isoformat() == "2026-11-23"
    assert first_monday(sunday, 1, berlin).isoformat() == "2026-11-23T00:00:00+01:00"
    assert first_monday(NINE, 12, berlin).isoformat() == "2026-08-31T00:00:00+02:00"
