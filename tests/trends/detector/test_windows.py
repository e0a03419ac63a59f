"""Counts in windows: the same as counting anew each minute, in whatever order tickets come."""

from hypothesis import given
from hypothesis import strategies as st

from bot.trends.detector.series import Series
from bot.trends.detector.windows import Windows
from bot.trends.model import SeriesKey

LENGTHS = (30, 60, 180)
STEPS = st.lists(st.tuples(st.integers(0, 400), st.lists(st.integers(-250, 60), max_size=6)), max_size=12)


@given(steps=STEPS)
def test_windows_count_what_is_in_them(steps: list[tuple[int, list[int]]]) -> None:
    """Tickets come late, early, or not for hours."""
    series, windows = Series(SeriesKey(target="a"), 0, len(LENGTHS)), Windows(lengths_min=LENGTHS)
    now, put = 1000, list[int]()
    windows.advance(now)
    for onward, minutes in steps:
        for minute in minutes:
            windows.put(now + minute, series)
            put.append(now + minute)
        now += onward
        windows.advance(now)

        assert series.counts == [sum(now - length < minute <= now for minute in put) for length in LENGTHS]


def test_what_is_taken_out_is_not_counted() -> None:
    series, windows = Series(SeriesKey(target="a"), 0, len(LENGTHS)), Windows(lengths_min=LENGTHS)
    windows.advance(1000)
    for minute in (990, 990, 900):
        windows.put(minute, series)

    windows.take(990, series)
    windows.take(985, series)

    assert series.counts == [1, 1, 2]
    windows.advance(1030)
    assert series.counts == [0, 1, 2]
