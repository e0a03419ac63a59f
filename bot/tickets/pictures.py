"""The small picture of tickets over the last hours, for the card. Pure."""

import math

from bot.pictures.canvas import INNER, MARGIN, TEXT, WIDTH, Canvas
from bot.pictures.letters import width_of
from bot.pictures.model import Picture, cut_alt
from bot.pictures.palette import BAD, BAND, DELAY, INK, SOFT
from bot.tickets.hours import HOURS, HourCount, Hours

_AXIS_WIDTH, _HEIGHT, _ROOM, _GAP = 46, 112, 34, 4
_LEFT = MARGIN + _AXIS_WIDTH
_COLUMN = (INNER - _AXIS_WIDTH) / HOURS
_TICKS_H = (24, 18, 12, 6)


def picture_of_hours(hours: Hours) -> Picture:
    """A bar for each hour over the band of what is usual; the bars above it are red, and say how many."""
    canvas = Canvas()
    _legend(canvas, hours)
    top = _axis_top(hours)
    base = canvas.y + _ROOM + _HEIGHT
    _axes(canvas, base, top)
    if hours.usual:
        low, high = (base - _HEIGHT * min(edge / top, 1) for edge in hours.usual)
        canvas.box(_LEFT, min(high, low - 4), _COLUMN * HOURS, max(low - high, 4), BAND, round_by=0)
    for place, count in enumerate(hours.counts):
        if count and count.tickets:
            _bar(canvas, hours, place, base, top)
    canvas.line(_LEFT, base, WIDTH - MARGIN, base, colour=SOFT)
    canvas.y = base + 8 + TEXT
    return Picture(canvas.png(), cut_alt(in_words(hours)))


def in_words(hours: Hours) -> str:
    """What the picture shows, as a sentence."""
    if not hours.most:
        return f"No tickets over the last {HOURS} h."
    peak = max(range(HOURS), key=lambda place: _tickets(hours.counts[place]))
    ago = "" if peak == HOURS - 1 else f", {_number(hours.most)} in the hour with the most, {HOURS - 1 - peak} h ago"
    usual = f"; usually {usual_words(*hours.usual)}" if hours.usual else ""
    return f"Tickets an hour over the last {HOURS} h: {_number(hours.last)} in the last hour{ago}{usual}."


def usual_words(low: int, high: int) -> str:
    """Of an hour: "none", "3", "0 to 2"."""
    if low == high:
        return str(low) if low else "none"
    return f"{low} to {high}"


def _tickets(count: HourCount | None) -> float:
    return count.tickets if count else 0.0


def _number(tickets: float) -> str:
    return f"{tickets:.0f}"


def _unusual(hours: Hours, count: HourCount) -> bool:
    return hours.usual is not None and count.tickets > hours.usual[1]


def _axis_top(hours: Hours) -> int:
    """A round number that is no less than anything drawn."""
    most = max(hours.most, hours.usual[1] if hours.usual else 0, 4)
    step = 10 ** math.floor(math.log10(most))
    return next(int(step * times) for times in (1, 2, 4, 6, 8, 10) if step * times >= most)


def _legend(canvas: Canvas, hours: Hours) -> None:
    parts = [(DELAY, False, "tickets an hour")]
    parts += [(DELAY, True, "about")] if any(count and not count.exact for count in hours.counts) else []
    parts += [(BAND, False, f"usual: {usual_words(*hours.usual)}")] if hours.usual else []
    parts += [(BAD, False, "more")] if any(count and _unusual(hours, count) for count in hours.counts) else []
    x = float(MARGIN)
    for colour, hatched, words in parts:
        canvas.box(x, canvas.y + 5, 22, 22, colour, hatched=hatched)
        canvas.text(x + 30, canvas.y, words, colour=INK)
        x += 54 + width_of(words, TEXT)
    canvas.y += TEXT + 8


def _axes(canvas: Canvas, base: float, top: int) -> None:
    for value in (0, top):
        y = base - _HEIGHT * value / top
        canvas.line(_LEFT, y, WIDTH - MARGIN, y)
        canvas.text(_LEFT - 10, y - 18, str(value), align="right", colour=SOFT)
    for ago_h in _TICKS_H:
        x = _LEFT + (HOURS - ago_h) * _COLUMN
        canvas.line(x, base, x, base + 6, colour=SOFT)
        canvas.text(x, base + 8, f"{ago_h} h ago" if ago_h == HOURS else f"{ago_h} h", colour=SOFT)
    canvas.text(WIDTH - MARGIN, base + 8, "now", align="right", colour=SOFT)


def _bar(canvas: Canvas, hours: Hours, place: int, base: float, top: int) -> None:
    """The hour with the most says its number; the last one does not, since the card tells a newer one."""
    count = hours.counts[place]
    if count is None:
        return
    height = max(_HEIGHT * count.tickets / top, 3)
    x = _LEFT + place * _COLUMN + _GAP / 2
    colour = BAD if _unusual(hours, count) else DELAY
    canvas.box(x, base - height, _COLUMN - _GAP, height, colour, round_by=3, hatched=not count.exact)
    peak = count.tickets == hours.most and place == max(
        other for other, hour_count in enumerate(hours.counts) if _tickets(hour_count) == hours.most
    )
    if peak and place < HOURS - 3:
        words = _number(count.tickets)
        middle = min(x + (_COLUMN - _GAP) / 2, WIDTH - MARGIN - width_of(words, TEXT, bold=True) / 2)
        canvas.text(middle, base - height - 32, words, align="centre", bold=True)
