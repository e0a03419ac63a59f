"""The one parser of moments that have passed, as people type them: "at 14:05", "yesterday at 9:30 pm". Pure."""

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from bot.errors import BadInput
from bot.spoken_days import NAMED as DAY
from bot.spoken_days import WEEKDAYS, day_named
from bot.zones import NAMED as ZONE
from bot.zones import zone_spoken

_CLOCK = r"(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))?[ ]?(?P<half>am|pm|a\.m\.|p\.m\.)?(?!\w|[:.]\d)"
_NO_CLOCK = r"(?![ ]?(?:%|[€$£]|per[ ]?cent\b|ms\b|[kmg]?b(?:it)?(?:/s|ps)?\b))"
"""Behind a number that is none of the clock's: "at 10.20 % loss"."""
_FIRST = re.compile(
    rf"""\A\s*+
    (?:(?:(?:on[ ])?(?P<day>{DAY})[ ,]{{1,2}}(?:at[ ])?|at[ ])(?P<clock>{_CLOCK}{_NO_CLOCK})
    (?:[ ]?(?P<zone>(?:{ZONE})(?![\w/+-])))?
    (?:,?[ ](?P<after>today|yesterday|tomorrow|tonight|on[ ]{DAY})(?!\w))?)""",
    re.IGNORECASE | re.VERBOSE,
)
_RANGE = re.compile(r"[ ]?[-‐‑–—][ ]?\d{1,2}[:.]\d\d")
_AROUND = " \t\n\r\xa0,:;-–—"
_SAME_NIGHT = timedelta(hours=12)
"""Shortly after midnight "at 23:50" is the evening before; at 9:00 it is a slip."""


@dataclass(frozen=True, slots=True)
class Dated:
    """When, None where the words begin with no time, and what."""

    at: datetime | None
    text: str


def dated(text: str, *, zone: tzinfo, now: datetime) -> Dated:
    """ "at 14:05 provider confirmed" as its moment in `zone` and "provider confirmed".

    A day and a zone may stand beside it: "yesterday at 14:05", "at 14:05 UTC on Monday". Raises BadInput for a time
    that has not come, and for none.
    """
    hit = _FIRST.match(text)
    named = (hit["day"] or hit["after"] or "").lower().removeprefix("on ") if hit else ""
    if not hit or not (hit["minute"] or hit["half"]) or named == "tomorrow":
        return Dated(None, text)
    zone = _zone(hit["zone"], zone)
    clock, local = _clock(hit), now.astimezone(zone)
    day = day_named(named, local.date(), passed=True) if named else local.date()
    at = datetime.combine(day, clock, zone)
    if at > now and not named and now - (before := at - timedelta(days=1)) <= _SAME_NIGHT:
        at = before
    elif at > now and day == local.date() and named[:3] in WEEKDAYS:
        at -= timedelta(days=7)
    if at > now:
        raise BadInput(f"{clock:%H:%M} hasn't come yet. For the day before: `note yesterday at {clock:%H:%M} …`.")
    lasting = _RANGE.match(text, hit.end())
    return Dated(at, text[hit.start("clock") if lasting else hit.end() :].lstrip(_AROUND))


def _zone(text: str | None, usual: tzinfo) -> tzinfo:
    name = zone_spoken(text) if text else ""
    if text and not name:
        raise BadInput(f"I don't know the zone {text}. Name a city in it: `note at 14:05 Asia/Kolkata …`.")
    return ZoneInfo(name) if name else usual


def _clock(hit: re.Match[str]) -> time:
    hour, minute, half = int(hit["hour"]), int(hit["minute"] or 0), (hit["half"] or "").lower().replace(".", "")
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "pm" else 0)
    elif half:
        hour = 99
    if hour > 23 or minute > 59:
        raise BadInput(
            f"{hit['clock'].strip()[:40]!r} is no time of day. For example: `note at 14:05 the provider confirmed it`."
        )
    return time(hour, minute)
