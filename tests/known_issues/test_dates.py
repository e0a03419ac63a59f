"""Dates in words, and what is no date."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.known_issues.dates import the_date

WRITTEN = date(2026, 11, 20)


@pytest.mark.parametrize(
    "text",
    [
        "2026-12-12",
        "2026/12/12",
        "Planned: 2026-12-12.",
        "12 Dec 2026",
        "12th of December, 2026",
        "Dec 12, 2026",
        "Dec 12",
        "december 12th",
        "12. Dezember 2026",
        "am 12. Dez.",
        "12.12.2026",
        "12. 12. 2026",
        "12 de diciembre de 2026",
        "12 décembre",
        "12/12/2026",
        "~~5 Dec~~ 12 Dec",
        "12 Dec (was promised for 12 December)",
    ],
)
def test_a_date_is_read(text: str) -> None:
    """As people write it, in English, German, Spanish, French."""
    assert the_date(text, written=WRITTEN) == date(2026, 12, 12)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "fixed in 10.12.2026.1",
        "soon",
        "Q4 2026",
        "2026",
        "December",
        "5/6/2026",
        "31 Feb",
        "2026-13-01",
        "5 Dec or 12 Dec",
        "version 12.12.20261",
        "mayo 5x",
        "2026-12-12-1",
        "marching 5",
    ],
)
def test_what_is_not_one_certain_date_is_none(text: str) -> None:
    """An ETA is never made up."""
    assert the_date(text, written=WRITTEN) is None


def test_a_day_without_a_year_is_the_next_one() -> None:
    """A few months back are still this year: the date has passed."""
    assert the_date("5 Jan", written=date(2026, 12, 20)) == date(2027, 1, 5)
    assert the_date("5 Oct", written=date(2026, 12, 20)) == date(2026, 10, 5)


@given(
    st.dates(date(2020, 1, 1), date(2035, 12, 31)), st.sampled_from(["%Y-%m-%d", "%d %b %Y", "%d.%m.%Y", "%B %d, %Y"])
)
def test_every_date_comes_back(day: date, form: str) -> None:
    """Reading is the inverse of writing."""
    assert the_date(f"ETA {day.strftime(form)}", written=WRITTEN) == day


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    """Nothing crashes."""
    the_date(text, written=WRITTEN)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (date(2026, 12, 30), date(2026, 12, 12)),
        (date(2027, 1, 2), date(2026, 12, 12)),
        (date(2026, 7, 30), date(2026, 12, 12)),
        (date(2026, 6, 10), date(2025, 12, 12)),
    ],
)
def test_a_day_without_a_year_does_not_jump_at_new_year(written: date, meant: date) -> None:
    """A comment after it makes no overdue date one of the next year."""
    assert the_date("Dec 12", written=written) == meant


@pytest.mark.parametrize("text", ["12 APRİL 2026", "12 Aprıl 2026", "ſep 12 2026"])
def test_letters_that_only_look_like_a_month_are_none(text: str) -> None:
    """Python's regular expressions take them for i and s."""
    assert the_date(text, written=date(2026, 4, 1)) is None
