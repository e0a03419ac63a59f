"""The picture of a trend, and its alternative text."""

from datetime import UTC, datetime, timedelta
from io import BytesIO

from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.pictures.model import ALT_MAX
from bot.trends.pictures import HOURS, HourOfDay, picture_of_day

BEGINS = datetime(2026, 11, 29, 15, tzinfo=UTC)


def hours(counts: list[int], low: int = 1, high: int = 6) -> list[HourOfDay]:
    return [HourOfDay(BEGINS + timedelta(hours=place), count, low, high) for place, count in enumerate(counts)]


def test_its_words_say_the_number_of_now_what_is_usual_and_the_most() -> None:
    picture = picture_of_day("U.S. East", hours([2] * 20 + [9, 40, 31, 22]))

    assert picture.alt == (
        "Customers an hour who wrote about U.S. East over the last 24 h: 22 since 14:00, usually 1 to 6 in that hour; "
        "40 in the hour with the most, from 12:00 on."
    )


def test_a_rise_of_everything_has_no_subject() -> None:
    assert picture_of_day("", hours([3] * 24, 3, 3)).alt == (
        "Customers an hour who wrote over the last 24 h: 3 since 14:00, usually 3 in that hour; "
        "3 in the hour with the most, from 15:00 on."
    )


@settings(max_examples=40)
@given(st.lists(st.integers(0, 100_000), min_size=HOURS, max_size=HOURS), st.integers(0, 9), st.integers(0, 50_000))
def test_any_numbers_make_a_picture(counts: list[int], low: int, more: int) -> None:
    picture = picture_of_day("x" * 60, hours(counts, low, low + more))

    assert Image.open(BytesIO(picture.png)).size[0] == 720
    assert len(picture.alt) <= ALT_MAX
