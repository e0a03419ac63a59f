"""Tickets by hour, what is usual, and the picture of both."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.pictures.palette import BAD, BAND, DELAY
from bot.tickets.collection import Collected
from bot.tickets.hours import HOURS, HourCount, Hours, hours_of
from bot.tickets.pictures import in_words, picture_of_hours, usual_words
from bot.tickets.rise import usual_counts
from tests.hostile import NOW
from tests.probes.test_pictures import opened, pixels
from tests.tickets.test_collection import WATCH, linked


def collected(*hours_ago: float, total: int | None = None, last_hour: int | None = None) -> Collected:
    """Tickets written so long ago, and what the desk counted."""
    tickets = tuple(linked(number, ago) for number, ago in enumerate(hours_ago))
    recent = sum(ago < 1 for ago in hours_ago) if last_hour is None else last_hour
    return Collected(replace(WATCH, total=len(tickets) if total is None else total, last_hour=recent), tickets)


def told(hours: Hours | None) -> dict[int, float]:
    """By hours ago, without those that had none."""
    assert hours
    counts = enumerate(reversed(hours.counts))
    return {ago: round(count.tickets, 2) for ago, count in counts if count and count.tickets}


def some(*last: float, usual: tuple[int, int] | None = (0, 2)) -> Hours:
    return Hours((*[HourCount(0)] * (HOURS - len(last)), *[HourCount(tickets) for tickets in last]), usual)


def test_each_ticket_counts_in_its_hour() -> None:
    hours = hours_of(collected(0.1, 0.5, 0.9, 1.1, 5.5, 23.5))
    assert told(hours) == {0: 3, 1: 1, 5: 1, 23: 1}


def test_nothing_is_known_before_a_search() -> None:
    assert hours_of(Collected(replace(WATCH, total=None, last_hour=None), ())) is None


def test_the_last_hour_is_what_the_desk_counted() -> None:
    """It lists the newest hundred of them only."""
    hours = hours_of(collected(*[0.2] * 100, total=400, last_hour=390))
    assert hours and hours.last == 390 and hours.most == 390


def test_what_the_desk_counted_and_did_not_list_is_shared_among_the_hours_before_what_it_listed() -> None:
    """And told from what was listed: nobody knows in which of them these were."""
    hours = hours_of(collected(0.5, 1.5, 12.0, total=27))
    assert hours
    exact = [count.exact for count in hours.counts if count]
    assert told(hours)[20] == pytest.approx(2.0, abs=0.01) and told(hours)[1] == 1
    assert exact == [False] * 12 + [True] * 12 and sum(told(hours).values()) == pytest.approx(27, abs=0.1)


def test_hours_that_were_not_asked_for_are_not_empty() -> None:
    search = collected(0.5, 2.5)
    hours = hours_of(replace(search, watch=replace(search.watch, since=NOW - timedelta(hours=6))))
    assert hours and hours.counts[: HOURS - 6] == (None,) * (HOURS - 6) and None not in hours.counts[HOURS - 6 :]


def test_what_is_usual_is_taken_from_before_the_rise() -> None:
    """However long that lasts."""
    quiet, rise = [22.5, 15.5, 9.5], [step / 10 for step in range(1, 40)]
    assert hours_of(collected(*quiet, *rise)).usual == (0, 1)  # type: ignore[union-attr]
    assert hours_of(collected(*[hour + 0.5 for hour in range(24)])).usual == (0, 3)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("per_hour", "usual"), [(0, (0, 0)), (1 / 6, (0, 1)), (1, (0, 3)), (4, (1, 8)), (20, (12, 29))]
)
def test_usual_is_what_19_of_20_hours_have(per_hour: float, usual: tuple[int, int]) -> None:
    assert usual_counts(per_hour) == usual


@given(st.floats(0, 5000))
def test_usual_never_fails(per_hour: float) -> None:
    low, high = usual_counts(per_hour)
    assert 0 <= low <= high


def test_what_is_more_than_usual_is_red_and_what_is_usual_is_a_band() -> None:
    rise, usual = pixels(picture_of_hours(some(4, 30))), pixels(picture_of_hours(some(1, 2)))
    assert rise[BAD] > 1500 and usual[BAD] == 0
    assert pixels(picture_of_hours(some(1, 2)), BAND, DELAY)[BAND] > 10_000


def test_the_picture_is_small_and_wide() -> None:
    image = opened(picture_of_hours(some(4, 30)))
    assert image.width > 2.5 * image.height


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (some(4, 30), "30 in the last hour; usually 0 to 2."),
        (some(47, 20, 8, usual=(3, 15)), "8 in the last hour, 47 in the hour with the most, 2 h ago; usually 3 to 15."),
        (some(1, usual=None), "1 in the last hour."),
    ],
)
def test_the_picture_in_words(hours: Hours, words: str) -> None:
    assert in_words(hours) == f"Tickets an hour over the last 24 h: {words}"
    assert picture_of_hours(hours).alt == in_words(hours)


def test_no_tickets_in_words() -> None:
    assert in_words(some(0)) == "No tickets over the last 24 h."
    assert (usual_words(0, 0), usual_words(2, 2), usual_words(0, 3)) == ("none", "2", "0 to 3")


@settings(max_examples=40)
@given(st.lists(st.integers(0, 10**6), min_size=HOURS, max_size=HOURS), st.integers(0, 10**5))
def test_any_numbers_can_be_drawn(numbers: list[int], high: int) -> None:
    hours = Hours(tuple(HourCount(number) for number in numbers), (0, high))
    assert picture_of_hours(hours).png
