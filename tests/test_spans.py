"""Spans of time that people type."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadInput
from bot.spans import Timed
from bot.spans import timed as read

NOW = datetime(2026, 11, 30, 14, 0, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
"""Three in the afternoon."""


def timed(text: str) -> Timed:
    return read(text, now=NOW, zone=BERLIN)


@pytest.mark.parametrize(
    ("text", "minutes", "rest"),
    [
        ("in 30 min call the provider", 30, "call the provider"),
        ("in 30min to call the provider", 30, "call the provider"),
        ("to call the provider in 2 h", 120, "call the provider"),
        ("in 1 h 30 look again", 90, "look again"),
        ("in 1h30 look again", 90, "look again"),
        ("in 2 hours and 5 minutes: look", 125, "look"),
        ("in half an hour", 30, ""),
        ("In an hour, that the fix is out", 60, "the fix is out"),
        ("in 1,5 h look", 90, "look"),
        ("in 2 days", 2880, ""),
        ("in 5 min 3 tickets", 5, "3 tickets"),
        ("in 30 minutes 48201 is the ticket", 30, "48201 is the ticket"),
        ("call people in 2 cities in 2 h!", 120, "call people in 2 cities"),
        ("in\xa030 min call", 30, "call"),
        ("in 30 min. call", 30, "call"),
        ("in an hour and a half call", 90, "call"),
        ("in 1 h 3 tickets must be answered", 60, "3 tickets must be answered"),
        ("in 2 h 12 customers wait", 120, "12 customers wait"),
        ("in 2 days 3 customers wait", 2880, "3 customers wait"),
        ("in 2 weeks", 20160, ""),
        ("at 16:30 call", 90, "call"),
        ("today at 4 pm: call", 60, "call"),
        ("to call at 15.45", 45, "call"),
        ("tomorrow at 9 call", 18 * 60, "call"),
        ("tomorrow 9", 18 * 60, ""),
        ("tomorrow 9:30 am call", 18 * 60 + 30, "call"),
        ("to call tomorrow at 15:00", 24 * 60, "call"),
        ("at 15:00 tomorrow call", 24 * 60, "call"),
        ("to call at 15:00 tomorrow", 24 * 60, "call"),
        ("at 15:30 UTC call", 90, "call"),
        ("tomorrow at 9 EST call", 24 * 60, "call"),
        ("on Tuesday at 9:00 call", 18 * 60, "call"),
        ("monday 9 am call", 6 * 24 * 60 + 18 * 60, "call"),
        ("2 Dec 15:00 call", 48 * 60, "call"),
        ("today at 5 pm call", 120, "call"),
    ],
)
def test_span(text: str, minutes: float, rest: str) -> None:
    """It stands first or last; a number that counts something else is left alone."""
    assert timed(text) == Timed(timedelta(minutes=minutes), rest)


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("tomorrow", ""),
        ("tomorrow: call", "call"),
        ("to call tomorrow!", "call"),
        ("tomorrow 9 tickets are due", "9 tickets are due"),
        ("tomorrow morning call", "call"),
    ],
)
def test_tomorrow(text: str, rest: str) -> None:
    assert timed(text) == Timed(None, rest)


@pytest.mark.parametrize("text", ["", "soon", "in 2 cities", "what was in 2 h of logs here", "min 30", "in 12345 min"])
def test_no_time(text: str) -> None:
    """Says what could be said."""
    with pytest.raises(BadInput, match=re.escape("`in 2 h`")):
        timed(text)


def test_a_clock_that_has_passed_is_told() -> None:
    with pytest.raises(BadInput, match=r"2 pm has passed today\. For tomorrow: `remind me tomorrow at 14:00 …`"):
        timed("at 2 pm call")


@given(number=st.integers(1, 9999), unit=st.sampled_from(["min", "h", "d"]), text=st.text("abc xyz", max_size=20))
def test_whatever_is_said_beside_it(number: int, unit: str, text: str) -> None:
    """First and last are the same."""
    words = " ".join(text.split())
    span = timedelta(minutes=number * {"min": 1, "h": 60, "d": 1440}[unit])

    assert timed(f"in {number} {unit} {words}") == timed(f"{words} in {number} {unit}") == Timed(span, words)


@given(st.text(max_size=60))
def test_any_text(text: str) -> None:
    """A time, or a sentence."""
    try:
        assert timed(text).text == " ".join(timed(text).text.split())
    except BadInput as error:
        assert "Say when" in error.sentence
