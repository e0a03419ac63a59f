"""What rises, in words: how many customers wrote, and how many are usual then. Pure."""

import calendar
from collections.abc import Callable
from datetime import datetime

from bot.slack.text import foreign, plural
from bot.trends.model import SeriesKey, Trend, plain_name
from bot.trends.shown import ShownTrend

Title = Callable[[str], str]
"""What people call a target, by its key."""

RARE_H = 48
"""Fewer than one in so many hours is hardly anybody."""


def headline(shown: ShownTrend) -> str:
    """ "31 customers wrote about U.S. East in the last hour"."""
    trend = shown.trend
    who = plural(trend.customers, "customer") if trend.customers else "No customers"
    return f"{who} wrote {subject(shown)} {within(trend.window_h)}".replace("  ", " ")


def now_and_usual(trend: Trend) -> str:
    """For the card of an investigation: "31 customers wrote in the last hour; 4 is usual"."""
    wrote = f"{plural(trend.customers, 'customer')} wrote {within(trend.window_h)}"
    return f"{wrote}; {usual_number(trend.expected, trend.window_h)}"


def usual(shown: ShownTrend) -> str:
    """ "4 is usual on a Monday at 14:00"."""
    return f"{usual_number(shown.trend.expected, shown.trend.window_h)} on a {weekday_and_hour(shown.local)}"


def usual_number(expected: float, window_h: float) -> str:
    """ "4 is usual", and for less than one "1 in 6 h is usual"."""
    if expected >= 0.75:
        return f"{round(expected)} {'is' if round(expected) == 1 else 'are'} usual".replace(" are ", " is ")
    every_h = round(window_h / expected) if expected > 0 else RARE_H + 1
    return f"1 in {max(every_h, 2)} h is usual" if every_h <= RARE_H else "hardly anybody does"


def weekday_and_hour(local: datetime) -> str:
    return f"{calendar.day_name[local.weekday()]} at {local:%H}:00"


def subject(shown: ShownTrend) -> str:
    """What they wrote about, after "wrote"; "" where it is everything at once."""
    if shown.trend.fleet:
        return ""
    return f"about {name(shown)}"


def name(shown: ShownTrend) -> str:
    """What rises, as the beginning of a line: "U.S. East", "iOS 26.2", "“error 809”"."""
    return series_name(shown.trend.told, title=shown.title, words=shown.trend.words)


def series_name(series: SeriesKey, *, title: str, words: str) -> str:
    return foreign(plain_name(series, title=title, words=words), 60)


def within(window_h: float) -> str:
    """ "in the last hour"."""
    if window_h < 1:
        return f"in the last {round(window_h * 60)} min"
    return "in the last hour" if window_h == 1 else f"in the last {window_h:g} h"


def at_most(most: int, window_h: float) -> str:
    """ "45 customers in an hour"."""
    span = "30 min" if window_h < 1 else "an hour" if window_h == 1 else f"{window_h:g} h"
    return f"{plural(most, 'customer')} in {span}"
