"""Spans of time in words."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.probes.wording.times import days, ends

NOW = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (12.4, "12 days"),
        (1.0, "1 day"),
        (0.5, "12 hours"),
        (0.05, "1 hour"),
        (0.01, "14 minutes"),
        (0.0, "less than a minute"),
        (-790.2, "790 days"),
        (-0.5, "12 hours"),
    ],
)
def test_days_are_said_as_people_say_them(count: float, words: str) -> None:
    """Under a day in hours, under an hour in minutes; what is over is as long as what is to come."""
    assert days(count) == words


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(days=5.5), "expires in 5 days"),
        (timedelta(minutes=30), "expires in 30 minutes"),
        (timedelta(days=-790), "expired on 2024-09-30 (790 days ago)"),
        (timedelta(hours=-3), "expired on 2026-11-29 (3 hours ago)"),
    ],
)
def test_an_end_is_told_before_and_after(left: timedelta, words: str) -> None:
    """Never "in -18960 hours"."""
    assert ends(NOW + left, NOW) == words
