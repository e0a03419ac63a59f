"""The picture of a trend: customers an hour over the last day, above what is usual in each hour. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.pictures.canvas import INNER, MARGIN, TEXT, WIDTH, Canvas
from bot.pictures.letters import width_of
from bot.pictures.model import Picture, cut_alt
from bot.pictures.palette import BAD, BAND, DELAY, INK, SOFT

HOURS = 24
_AXIS_WIDTH, _HEIGHT, _ROOM, _GAP = 46, 112, 34, 4
_LEFT = MARGIN + _AXIS_WIDTH
_COLUMN = (INNER - _AXIS_WIDTH) / HOURS
_EVERY_H = 6


@dataclass(frozen=True, slots=True)
class HourOfDay:
    """A clock hour, by its beginning in the zone of the team: customers who wrote, and how many are usual."""

    at: datetime
    customers: int
    low: int
    high: int

    @property
    def more(self) -> bool:
        return self.customers > self.high


def picture_of_day(subject: str, hours: Sequence[HourOfDay]) -> Picture:
    """A bar for each hour, the last one so far; those above the band of what is usual are red."""
    canvas = Canvas()
    _legend(canvas, hours)
    base, top = canvas.y + _ROOM + _HEIGHT, _axis_top(hours)
    _axes(canvas, hours, base, top)
    for place, hour in enumerate(hours):
        _usual(canvas, hour, place, base, top)
    for place in range(len(hours)):
        _bar(canvas, hours, place, base, top)
    canvas.line(_LEFT, base, WIDTH - MARGIN, base, colour=SOFT)
    canvas.y = base + 8 + TEXT
    return Picture(canvas.png(), cut_alt(in_words(subject, hours)))


def in_words(subject: str, hours: Sequence[HourOfDay]) -> str:
    """What the picture shows, as a sentence."""
    last, most = hours[-1], max(hours, key=lambda hour: hour.customers)
    now = f"{last.customers} since {last.at:%H:%M}, usually {_span(last)} in that hour"
    peak = "" if most is last else f"; {most.customers} in the hour with the most, from {most.at:%H:%M} on"
    about = f" about {subject}" if subject else ""
    return f"Customers an hour who wrote{about} over the last {len(hours)} h: {now}{peak}."


def _span(hour: HourOfDay) -> str:
    return str(hour.low) if hour.low == hour.high else f"{hour.low} to {hour.high}"


def _axis_top(hours: Sequence[HourOfDay]) -> int:
    """A round number that is no less than anything drawn."""
    most = max(4, *(max(hour.customers, hour.high) for hour in hours))
    step = 10 ** math.floor(math.log10(most))
    return next(int(step * times) for times in (1, 2, 4, 6, 8, 10) if step * times >= most)


def _legend(canvas: Canvas, hours: Sequence[HourOfDay]) -> None:
    parts = [(DELAY, False, "customers an hour"), (BAND, False, "usual")]
    parts += [(BAD, False, "more")] if any(hour.more for hour in hours) else []
    parts += [(DELAY, True, "so far")]
    x = float(MARGIN)
    for colour, hatched, words in parts:
        canvas.box(x, canvas.y + 5, 22, 22, colour, hatched=hatched)
        canvas.text(x + 30, canvas.y, words, colour=INK)
        x += 54 + width_of(words, TEXT)
    canvas.y += TEXT + 8


def _axes(canvas: Canvas, hours: Sequence[HourOfDay], base: float, top: int) -> None:
    for value in (0, top):
        y = base - _HEIGHT * value / top
        canvas.line(_LEFT, y, WIDTH - MARGIN, y)
        canvas.text(_LEFT - 10, y - 18, str(value), align="right", colour=SOFT)
    for place in range(0, len(hours) - 2, _EVERY_H):
        x = _LEFT + place * _COLUMN
        canvas.line(x, base, x, base + 6, colour=SOFT)
        canvas.text(x, base + 8, f"{hours[place].at:%H:%M}", colour=SOFT)
    canvas.text(WIDTH - MARGIN, base + 8, "now", align="right", colour=SOFT)


def _usual(canvas: Canvas, hour: HourOfDay, place: int, base: float, top: int) -> None:
    """A step of the band, never so thin that nobody sees it."""
    upper, lower = (base - _HEIGHT * edge / top for edge in (hour.high, hour.low))
    canvas.box(_LEFT + place * _COLUMN, min(upper, lower - 4), _COLUMN, max(lower - upper, 4), BAND, round_by=0)


def _bar(canvas: Canvas, hours: Sequence[HourOfDay], place: int, base: float, top: int) -> None:
    """The hour with the most says its number."""
    hour = hours[place]
    if not hour.customers:
        return
    height, x = max(_HEIGHT * hour.customers / top, 3), _LEFT + place * _COLUMN + _GAP / 2
    last = place == len(hours) - 1
    canvas.box(x, base - height, _COLUMN - _GAP, height, BAD if hour.more else DELAY, round_by=3, hatched=last)
    if hour is max(hours, key=lambda each: each.customers):
        words = str(hour.customers)
        middle = min(x + (_COLUMN - _GAP) / 2, WIDTH - MARGIN - width_of(words, TEXT, bold=True) / 2)
        canvas.text(middle, base - height - 32, words, align="centre", bold=True)
