"""How data becomes words in templates. Times are elements that a script writes anew in the reader's own zone."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, tzinfo
from functools import lru_cache, partial
from typing import Any

from markupsafe import Markup

from bot.clock import Clock
from bot.known_issues import wording

_KEPT = 2_000
_HOUR_MIN, _EXACT_H = 60, 10
"""From so many hours on nobody asks for minutes."""


def filters(zone: tzinfo, clock: Clock) -> Mapping[str, Callable[..., Any]]:
    """`clock` ("09:14"), `day` ("Mon 30 Nov", with the year where it is another one), `moment` (both), `lasting` ("for
    12 min"), `ago` ("12 min ago"), and `old` ("12 min old"), each of an aware time; `counted` is "1 ticket" or
    "3 tickets", `duration` is minutes as people say them ("3 h 5 min"), `date` is a day of the calendar as a known
    issue's card has it ("12 Dec 2026").

    A page without scripts doesn't know how long ago that is, and names the moment in place of the last three.
    """
    # The same moments stand on a page for each kind of reader, and on the next one.
    kept = lru_cache(_KEPT)(_time)

    def time(kind: str, pattern: str, moment: datetime | None) -> str | Markup:
        return kept(zone, kind, pattern, clock().astimezone(zone).year, moment)

    return {
        "clock": partial(time, "clock", "%H:%M"),
        "day": partial(time, "day", "%a %-d %b"),
        "moment": partial(time, "moment", "%a %-d %b, %H:%M"),
        "lasting": partial(time, "lasting", "since %a %-d %b, %H:%M"),
        "ago": partial(time, "ago", "%a %-d %b, %H:%M"),
        "old": partial(time, "old", "since %a %-d %b, %H:%M"),
        "date": wording.day,
        "counted": counted,
        "duration": duration,
    }


def counted(count: int, noun: str, plural: str = "") -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {plural or f'{noun}s'}"


def duration(minutes: float) -> str:
    whole = round(minutes)
    if whole < 1:
        return "less than 1 min"
    if whole < _HOUR_MIN:
        return f"{whole} min"
    hours, rest = divmod(whole, _HOUR_MIN)
    if hours < _EXACT_H:
        return f"{hours} h {rest} min" if rest else f"{hours} h"
    return f"{round(minutes / _HOUR_MIN)} h" if hours < 48 else f"{round(minutes / _HOUR_MIN / 24)} days"


def _time(zone: tzinfo, kind: str, pattern: str, year: int, moment: datetime | None) -> str | Markup:
    """`year` is this one."""
    if moment is None:
        return ""
    there = moment.astimezone(zone)
    dated = pattern if there.year == year else pattern.replace("%b", "%b %Y")
    text, exact = there.strftime(dated), moment.astimezone(UTC).isoformat(timespec="seconds")
    return Markup('<time datetime="{}" data-as="{}" title="{}">{}</time>').format(
        exact, kind, there.strftime("%a %-d %b %Y, %H:%M %Z"), text
    )
