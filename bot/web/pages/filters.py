"""How data becomes words in templates. Times are elements that a script writes anew in the reader's own zone."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, tzinfo
from functools import lru_cache, partial
from typing import Any

from markupsafe import Markup

_KEPT = 2_000
_HOUR_MIN, _EXACT_H = 60, 10
"""From so many hours on nobody asks for minutes."""


def filters(zone: tzinfo) -> Mapping[str, Callable[..., Any]]:
    """`clock` ("09:14"), `day` ("Mon 30 Nov"), `moment` (both), `lasting` ("for 12 min"), `ago` ("12 min ago"), and
    `old` ("12 min old"), each of an aware time; `counted` is "1 ticket" or "3 tickets",
    `duration` is minutes as people say them ("3 h 5 min").

    A page without scripts doesn't know how long ago that is, and names the moment in place of the last three.
    """
    # The same moments stand on a page for each kind of reader, and on the next one.
    time = lru_cache(_KEPT)(_time)
    return {
        "clock": partial(time, zone, "clock", "%H:%M"),
        "day": partial(time, zone, "day", "%a %-d %b"),
        "moment": partial(time, zone, "moment", "%a %-d %b, %H:%M"),
        "lasting": partial(time, zone, "lasting", "since %a %-d %b, %H:%M"),
        "ago": partial(time, zone, "ago", "%a %-d %b, %H:%M"),
        "old": partial(time, zone, "old", "since %a %-d %b, %H:%M"),
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


def _time(zone: tzinfo, kind: str, pattern: str, moment: datetime | None) -> str | Markup:
    if moment is None:
        return ""
    there = moment.astimezone(zone)
    text, exact = there.strftime(pattern), moment.astimezone(UTC).isoformat(timespec="seconds")
    return Markup('<time datetime="{}" data-as="{}" title="{}">{}</time>').format(
        exact, kind, there.strftime("%a %-d %b %Y, %H:%M %Z"), text
    )
