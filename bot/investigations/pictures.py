"""The strip of an investigation's timeline: what happened when, as a line and a list. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.investigations.model import Event, EventKind
from bot.pictures.canvas import INNER, MARGIN, TEXT, TITLE, WIDTH, Canvas
from bot.pictures.model import Picture, cut_alt
from bot.pictures.palette import BAD, DELAY, LETTERS, LINE, SOFT, WELL

MILESTONES = {
    EventKind.OPENED: ("Opened", DELAY),
    EventKind.ESCALATED: ("Escalated", BAD),
    EventKind.ACKNOWLEDGED: ("Acknowledged", DELAY),
    EventKind.HANDED_OFF: ("Sent to Tier 3", DELAY),
    EventKind.VENDOR: ("Vendor asked", DELAY),
    EventKind.FIXED: ("Fix released", WELL),
    EventKind.TOLD: ("Customers told", WELL),
    EventKind.RESOLVED: ("Resolved", WELL),
    EventKind.DISMISSED: ("Not a trend", SOFT),
}
"""What is worth a place on the strip: each kind once, when it happened first."""
_ENDS = (EventKind.RESOLVED, EventKind.DISMISSED)
_RADIUS, _ROW = 17, 44
_APART = 2 * _RADIUS + 4


@dataclass(frozen=True, slots=True)
class Milestone:
    """One of them, and how long after the opening."""

    kind: EventKind
    after: timedelta

    @property
    def words(self) -> str:
        return MILESTONES[self.kind][0]

    @property
    def colour(self) -> str:
        return MILESTONES[self.kind][1]


def milestones(events: Sequence[Event]) -> list[Milestone]:
    """In their order; an end counts where nothing was opened again after it."""
    if not events:
        return []
    first: dict[EventKind, datetime] = {}
    for event in events:
        if event.kind is EventKind.REOPENED:
            first = {kind: at for kind, at in first.items() if kind not in _ENDS}
        elif event.kind in MILESTONES:
            first.setdefault(event.kind, event.at)
    start = events[0].at
    return sorted(
        (Milestone(kind, max(at - start, timedelta())) for kind, at in first.items()), key=lambda one: one.after
    )


def picture_of_timeline(name: str, events: Sequence[Event], now: datetime) -> Picture | None:
    """None where it would show nothing but the opening."""
    listed = milestones(events)
    if len(listed) < 2:
        return None
    ended = listed[-1].kind in _ENDS
    whole = listed[-1].after if ended else max(rounded(now - events[0].at), listed[-1].after)
    canvas = Canvas()
    canvas.lines(f"{name}: {spoken(whole)}" + ("" if ended else " so far"), at_most=1, size=TITLE, bold=True)
    _draw_line(canvas, listed, whole)
    for number, milestone in enumerate(listed, 1):
        _dot(canvas, MARGIN + _RADIUS, canvas.y + _RADIUS, number, milestone)
        canvas.text(MARGIN + 2 * _RADIUS + 14, canvas.y + 3, milestone.words)
        words = "at the start" if not milestone.after and number == 1 else f"after {spoken(milestone.after)}"
        canvas.text(WIDTH - MARGIN, canvas.y + 3, words, align="right", colour=SOFT)
        canvas.y += _ROW
    return Picture(canvas.png(), cut_alt(_in_words(name, listed, whole, ended=ended)))


def spoken(time: timedelta) -> str:
    """As people say it: "40 s", "6 min", "4 h 50 min", "3 days 2 h"."""
    seconds = round(time.total_seconds())
    if seconds < 60:
        return f"{seconds} s"
    minutes = seconds // 60
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    days, hours = divmod(hours, 24)
    named = "1 day" if days == 1 else f"{days} days"
    return f"{named} {hours} h" if hours else named


def rounded(time: timedelta) -> timedelta:
    """What goes on is told in tens of minutes: the same picture serves for a while."""
    step = 60 if time < timedelta(hours=1) else 600
    return timedelta(seconds=time.total_seconds() // step * step)


def _draw_line(canvas: Canvas, listed: Sequence[Milestone], whole: timedelta) -> None:
    """Where each lies in time, as far apart as their dots must be; red while management has not answered."""
    canvas.y += 14
    y, places = canvas.y + _RADIUS, _places([milestone.after for milestone in listed], whole)
    canvas.line(MARGIN, y, WIDTH - MARGIN, y, colour=LINE, width=6)
    at = {milestone.kind: x for milestone, x in zip(listed, places, strict=True)}
    if EventKind.ESCALATED in at:
        until = at.get(EventKind.ACKNOWLEDGED, WIDTH - MARGIN)
        if until > at[EventKind.ESCALATED]:
            canvas.line(at[EventKind.ESCALATED], y, until, y, colour=BAD, width=6)
    for number, (milestone, x) in enumerate(zip(listed, places, strict=True), 1):
        _dot(canvas, x, y, number, milestone)
    canvas.y += 2 * _RADIUS + 20


def _places(after: Sequence[timedelta], whole: timedelta) -> list[float]:
    left, width = MARGIN + _RADIUS, INNER - 2 * _RADIUS
    share = whole.total_seconds() or 1.0
    places = [left + width * one.total_seconds() / share for one in after]
    for number in range(1, len(places)):
        places[number] = max(places[number], places[number - 1] + _APART)
    for number in reversed(range(len(places))):
        most = left + width - (len(places) - 1 - number) * _APART
        places[number] = min(places[number], most)
    return places


def _dot(canvas: Canvas, x: float, y: float, number: int, milestone: Milestone) -> None:
    canvas.dot(x, y, _RADIUS, milestone.colour)
    canvas.text(x, y - TEXT / 2 - 3, str(number), align="centre", colour=LETTERS[milestone.colour], bold=True)


def _in_words(name: str, listed: Sequence[Milestone], whole: timedelta, *, ended: bool) -> str:
    first, *others = listed
    told = [f"{_begun_small(other.words)} after {spoken(other.after)}" for other in others]
    return f"{name} took {spoken(whole)}{'' if ended else ' so far'}: {_begun_small(first.words)}, {', '.join(told)}."


def _begun_small(words: str) -> str:
    """Inside a sentence; names in it keep their capitals."""
    return words[:1].lower() + words[1:]
