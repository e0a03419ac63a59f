"""Spans of time that people type."""

import re
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadInput
from bot.spans import Timed, timed


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
    ],
)
def test_span(text: str, minutes: float, rest: str) -> None:
    """It stands first or last; a number that counts something else is left alone."""
    assert timed(text) == Timed(timedelta(minutes=minutes), rest)


@pytest.mark.parametrize(
    ("text", "rest"), [("tomorrow", ""), ("tomorrow: call", "call"), ("to call tomorrow!", "call")]
)
def test_tomorrow(text: str, rest: str) -> None:
    assert timed(text) == Timed(None, rest)


@pytest.mark.parametrize("text", ["", "soon", "in 2 cities", "what was in 2 h of logs here", "min 30", "in 12345 min"])
def test_no_time(text: str) -> None:
    """Says what could be said."""
    with pytest.raises(BadInput, match=re.escape("`in 2 h`")):
        timed(text)


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
