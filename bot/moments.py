"""The one parser of moments that have passed, as people type them: "at 14:05", "yesterday at 9:30 pm". Pure."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from bot.errors import BadInput

_CLOCK = r"(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))?[ ]?(?P<half>am|pm|a\.m\.|p\.m\.)?(?!\w|[:.]\d)"
_DAY = r"(?:(?P<day>today|yesterday|(?:on[ ])?\d{4}-\d{2}-\d{2})[ ,]{0,2})"
_FIRST = re.compile(
    rf"\A\s*+{_DAY}?at[ ]{_CLOCK}(?:[ ](?P<after>today|yesterday|on[ ]\d{{4}}-\d{{2}}-\d{{2}})\b)?", re.I
)
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

    A day may stand beside it: "yesterday at 14:05", "at 14:05 on 2026-11-29". Raises BadInput for a time that has not
    come, and for none.
    """
    hit = _FIRST.match(text)
    if not hit or not (hit["minute"] or hit["half"]):
        return Dated(None, text)
    clock, local = _clock(hit), now.astimezone(zone)
    named = (hit["day"] or hit["after"] or "").lower().removeprefix("on ")
    day = _day(named, local.date())
    at = datetime.combine(day, clock, zone)
    if at > now and not named and now - (before := at - timedelta(days=1)) <= _SAME_NIGHT:
        at = before
    if at > now:
        raise BadInput(f"{clock:%H:%M} hasn't come yet. For the day before: `note yesterday at {clock:%H:%M} …`.")
    return Dated(at, text[hit.end() :].lstrip(_AROUND))


def _clock(hit: re.Match[str]) -> time:
    hour, minute, half = int(hit["hour"]), int(hit["minute"] or 0), (hit["half"] or "").lower().replace(".", "")
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "pm" else 0)
    elif half:
        hour = 99
    if hour > 23 or minute > 59:
        raise BadInput(f"{hit[0].strip()[:40]!r} is no time. For example: `note at 14:05 the provider confirmed it`.")
    return time(hour, minute)


def _day(named: str, today: date) -> date:
    if named == "yesterday":
        return today - timedelta(days=1)
    if named in ("", "today"):
        return today
    try:
        return date.fromisoformat(named)
    except ValueError:
        raise BadInput(
            f"{named} is no day. For example: `note at 14:05 on 2026-11-29 the provider confirmed it`."
        ) from None
