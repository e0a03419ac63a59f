"""Rules about what was collected."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.tickets.collection import Watch, growth, hours_before, symptom_words
from tests.hostile import NOW

WATCH = Watch(1, (), "", NOW, True, NOW)
COUNTS = st.integers(0, 10**6)


@given(COUNTS, COUNTS, st.floats(0, 800))
def test_rate_before_is_never_negative(total: int, last_hour: int, window_h: float) -> None:
    """The two numbers are counted at different moments, so the part may be more than the whole."""
    rate = hours_before(total, last_hour, NOW - timedelta(hours=window_h), NOW)

    assert rate >= 0


@given(COUNTS, st.integers(2, 720))
def test_steady_rate_is_found(per_hour: int, window_h: int) -> None:
    """As many each hour is that many before."""
    rate = hours_before(per_hour * window_h, per_hour, NOW - timedelta(hours=window_h), NOW)

    assert rate == pytest.approx(per_hour)


@pytest.mark.parametrize(
    ("last_hour", "before", "words"),
    [
        (None, None, ""),
        (12, 1.0, "12 in the last hour, before that about 1 an hour"),
        (3, 0.0, "3 in the last hour, before that none"),
        (0, 0.1, "0 in the last hour, before that about one every 10 hours"),
    ],
)
def test_growth_in_words(last_hour: int | None, before: float | None, words: str) -> None:
    """What a person sees at a glance."""
    assert growth(replace(WATCH, last_hour=last_hour, hours_before=before)) == words


@given(COUNTS, st.floats(0, 10**6, allow_subnormal=False))
def test_growth_never_fails(last_hour: int, before: float) -> None:
    """A card that can't be rendered would not be sent."""
    assert growth(replace(WATCH, last_hour=last_hour, hours_before=before)).startswith(f"{last_hour} in the last hour")


@given(st.text())
def test_symptom_words_are_few_and_plain(symptom: str) -> None:
    """No search grammar gets through, whatever people type."""
    words = symptom_words(symptom)

    assert len(words) <= 3
    assert not [word for word in words if set(word) & set(' :"*<>()')]


def test_words_that_say_nothing_are_left_out() -> None:
    """People write sentences."""
    assert symptom_words("Customers can't connect since today") == ("connect",)
