"""The one parser of spans of time that people type: "in 30 min", "in 1 h 30", "at 15:00", "tomorrow at 9". Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from bot.errors import BadInput
from bot.spoken_days import NAMED as DAY
from bot.spoken_days import WEEKDAYS, clock_read, day_named
from bot.zones import NAMED as ZONE
from bot.zones import first_moment, zone_spoken

_UNITS = {"m": 1, "min": 1, "mins": 1, "minute": 1, "minutes": 1}
_UNITS |= {"h": 60, "hr": 60, "hrs": 60, "hour": 60, "hours": 60, "d": 1440, "day": 1440, "days": 1440}
_UNITS |= {"w": 10080, "week": 10080, "weeks": 10080}
_SMALLER = {60: 1}
"""What a number without a unit counts behind hours: "1 h 30" is an hour and a half, "1 h 3 tickets" is an hour."""
_SPAN = re.compile(
    r"""\bin[ ](?P<number>\d{1,4}(?:[.,]\d{1,2})?|an?|half[ ]an?)[ ]?(?P<unit>[a-z]{1,7})(?![a-z])\.?
    (?:[ ](?P<half>and[ ]a[ ]half)\b
      |(?:,?[ ]and[ ]|[ ])?(?P<more>\d{1,2})
       (?:[ ]?(?P<more_unit>(?:m|min|mins|minutes?|h|hrs?|hours?)\b)|(?<=[0-5][05])(?![\w.,])))?""",
    re.IGNORECASE | re.VERBOSE,
)
_HALF = r"[ ]?[ap]\.?m\b\.?"
_CLOCK = (
    rf"(?P<clock>\d{{1,2}}[:.]\d\d(?:{_HALF})?|\d{{1,2}}{_HALF}|(?<=\bat[ ])\d{{1,2}}|\d{{1,2}}(?=[ ]?(?:[,;:!]|$)))"
    r"(?![\w%]|[:.]\d|[ ][%€$£])"
)
_IN_ZONE = rf"(?:[ ]?(?P<zone>(?:{ZONE})(?![\w/+-])))?"
_DAY_FIRST = re.compile(
    rf"\b(?:on[ ])?(?P<day>{DAY})(?!\w)(?:[ ]morning\b)?(?:,?[ ](?:at[ ])?{_CLOCK}{_IN_ZONE})?", re.IGNORECASE
)
_CLOCK_FIRST = re.compile(
    rf"\bat[ ](?=\d{{1,2}}(?:[:.]|{_HALF})){_CLOCK}{_IN_ZONE}(?:,?[ ](?:on[ ])?(?P<day>{DAY})(?!\w))?", re.IGNORECASE
)
_TOMORROW = "tomorrow"
_LONGEST, _LAST = 1000, 100
_WORDS = {"a": 1.0, "an": 1.0, "half a": 0.5, "half an": 0.5}
_AROUND = " ,:;-–—"
_TO = re.compile(r"\A(?:me )?(?:to|that|about)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Timed:
    """After what time, None for tomorrow, and what."""

    span: timedelta | None
    text: str


def timed(text: str, *, now: datetime, zone: tzinfo) -> Timed:
    """ "in 30 min to call them", "to call them at 15:00" or "tomorrow: call them". Raises BadInput without a time.

    The time stands first or last; what is between other words belongs to them. A clock is one in `zone`.
    """
    words = " ".join(text.split()).strip(_AROUND)
    if len(words) > _LONGEST:  # is refused, and looked through for nothing
        words = f"{words[: _LONGEST - _LAST]} … {words[-_LAST:]}"
    for hit in _hits(words):
        span, end = _span(hit) if hit.re is _SPAN else (None, hit.end())
        before, after = words[: hit.start()].strip(_AROUND), words[end:].lstrip(".").strip(_AROUND)
        if (before and after.strip(".!")) or (hit.re is _SPAN and span is None):
            continue
        if hit.re is not _SPAN and hit["clock"]:
            span = _until(hit, now, zone)
        return Timed(span, _TO.sub("", before or after, count=1).strip(_AROUND))
    raise BadInput("Say when: `remind me in 30 min call the provider again`, `in 2 h`, `at 15:00`, or `tomorrow`.")


def _hits(words: str) -> Iterator[re.Match[str]]:
    """What may be the time, the surest first: a day alone is none, but for tomorrow."""
    clocks = list(_CLOCK_FIRST.finditer(words))
    yield from _SPAN.finditer(words)
    yield from (hit for hit in clocks if hit["day"])
    yield from (hit for hit in _DAY_FIRST.finditer(words) if hit["clock"] or hit["day"].lower() == _TOMORROW)
    yield from clocks


def _until(hit: re.Match[str], now: datetime, usual: tzinfo) -> timedelta:
    name = zone_spoken(hit["zone"]) if hit["zone"] else ""
    if hit["zone"] and not name:
        raise BadInput(f"I don't know the zone {hit['zone']}. Name a city in it: `at 15:00 Asia/Kolkata`.")
    zone = ZoneInfo(name) if name else usual
    today, at = now.astimezone(zone).date(), clock_read(hit["clock"])
    day = day_named(hit["day"], today) if hit["day"] else today
    moment = _at(day, at, zone)
    if moment <= now and (hit["day"] or "").lower()[:3] in WEEKDAYS:
        moment = _at(day + timedelta(days=7), at, zone)
    if moment <= now:
        which = "today" if day == today else f"on {day:%-d %b}"
        raise BadInput(f"{hit['clock']} has passed {which}. For tomorrow: `remind me tomorrow at {at:%H:%M} …`.")
    return moment - now


def _at(day: date, at: time, zone: tzinfo) -> datetime:
    return first_moment(day, at, zone) or datetime.combine(day, at, zone)


def _span(hit: re.Match[str]) -> tuple[timedelta | None, int]:
    """With where it ends. None where it is no time after all, as in "in 2 cities".

    A number behind minutes counts something else: "in 5 min 3 tickets".
    """
    number, unit = hit["number"].lower(), _UNITS.get(hit["unit"].lower())
    if not unit:
        return None, hit.end()
    minutes = (_WORDS.get(number) or float(number.replace(",", "."))) * unit
    if hit["half"]:
        return timedelta(minutes=minutes + unit / 2), hit.end()
    if not hit["more"] or (not hit["more_unit"] and unit not in _SMALLER):
        return timedelta(minutes=minutes), hit.end("unit")
    more_unit = _UNITS[hit["more_unit"].lower()] if hit["more_unit"] else _SMALLER[unit]
    return timedelta(minutes=minutes + int(hit["more"]) * more_unit), hit.end()
