"""The one parser of spans of time that people type: "in 30 min", "in 1 h 30", "tomorrow". Pure."""

import re
from dataclasses import dataclass
from datetime import timedelta

from bot.errors import BadInput

_UNITS = {"m": 1, "min": 1, "mins": 1, "minute": 1, "minutes": 1}
_UNITS |= {"h": 60, "hr": 60, "hrs": 60, "hour": 60, "hours": 60, "d": 1440, "day": 1440, "days": 1440}
_SMALLER = {1440: 60, 60: 1}
"""What a number without a unit counts behind a number with one: "1 h 30" is an hour and a half."""
_SPAN = re.compile(
    r"""\bin[ ](?P<number>\d{1,4}(?:[.,]\d{1,2})?|an?|half[ ]an?)[ ]?(?P<unit>[a-z]{1,7})(?![a-z])
    (?:(?:,?[ ]and[ ]|[ ])?(?P<more>\d{1,2})
       (?:[ ]?(?P<more_unit>(?:m|min|mins|minutes?|h|hrs?|hours?)\b)|(?![\w.,])))?""",
    re.IGNORECASE | re.VERBOSE,
)
_TOMORROW = re.compile(r"\btomorrow\b(?: morning\b)?", re.IGNORECASE)
_WORDS = {"a": 1.0, "an": 1.0, "half a": 0.5, "half an": 0.5}
_AROUND = " ,:;-–—"
_TO = re.compile(r"\A(?:me )?(?:to|that|about)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Timed:
    """After what time, None for tomorrow, and what."""

    span: timedelta | None
    text: str


def timed(text: str) -> Timed:
    """ "in 30 min to call them", "to call them in 30 min" or "tomorrow: call them". Raises BadInput without a time.

    The time stands first or last; what is between other words belongs to them.
    """
    words = " ".join(text.split()).strip(_AROUND)
    for hit in (*_SPAN.finditer(words), *_TOMORROW.finditer(words)):
        span, end = _span(hit) if hit.re is _SPAN else (None, hit.end())
        before, after = words[: hit.start()].strip(_AROUND), words[end:].strip(_AROUND)
        if (before and after.strip(".!")) or (hit.re is _SPAN and span is None):
            continue
        return Timed(span, _TO.sub("", before or after, count=1).strip(_AROUND))
    raise BadInput("Say when: `remind me in 30 min call the provider again`, `in 2 h`, or `tomorrow`.")


def _span(hit: re.Match[str]) -> tuple[timedelta | None, int]:
    """With where it ends. None where it is no time after all, as in "in 2 cities".

    A number behind minutes counts something else: "in 5 min 3 tickets".
    """
    number, unit = hit["number"].lower(), _UNITS.get(hit["unit"].lower())
    if not unit:
        return None, hit.end()
    minutes = (_WORDS.get(number) or float(number.replace(",", "."))) * unit
    if not hit["more"] or (unit == 1 and not hit["more_unit"]):
        return timedelta(minutes=minutes), hit.end("unit")
    more_unit = _UNITS[hit["more_unit"].lower()] if hit["more_unit"] else _SMALLER[unit]
    return timedelta(minutes=minutes + int(hit["more"]) * more_unit), hit.end()
