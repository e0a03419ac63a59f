"""Offsets as people write them ("GMT+2" is "Etc/GMT-2" in the IANA list), and what a clock on the wall means. Pure."""

import re
import zoneinfo
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cache

# POSIX counts hours west of Greenwich, everybody else those east of it (https://data.iana.org/time-zones/tzdb/etcetera).
_OFFSET = re.compile(r"(?:(?P<of>utc|gmt)\s*)?(?P<sign>[+−–-])\s*(?P<hours>\d{1,2})(?::?(?P<minutes>\d\d))?", re.I)
_POSIX = re.compile(r"Etc/GMT(?P<sign>[+-])(?P<hours>\d{1,2})")

_SPOKEN = {
    "UTC": ("z", "utc", "gmt"),
    "America/New_York": ("est", "edt", "et"),
    "America/Chicago": ("cdt",),
    "America/Denver": ("mdt",),
    "America/Los_Angeles": ("pst", "pdt", "pt"),
    "Europe/London": ("bst",),
    "Europe/Berlin": ("cet", "cest", "mez", "mesz"),
    "Europe/Helsinki": ("eet", "eest"),
    "Europe/Moscow": ("msk",),
    "Asia/Tokyo": ("jst",),
    "Australia/Sydney": ("aest", "aedt"),
}
"""Whoever says EST in July means the clocks of New York."""
_SHORT = {short: name for name, shorts in _SPOKEN.items() for short in shorts}
_SEVERAL = ("ist", "cst", "mst", "ast", "hst", "sgt", "hkt", "nzst", "nzdt")
"""Those that several countries use, or few people know: whoever says one names a city instead."""

NAMED = r"(?:utc|gmt)[ ]?[+−–-]\d{1,2}(?::?\d\d)?|[a-z]{3,20}/[a-z_/]{3,30}|(?-i:[CEMP]T)|" + "|".join(
    short for short in (*_SHORT, *_SEVERAL) if len(short) != 2
)
"""A pattern for what may be a zone behind a time, known or not; "ET" is one only in capitals."""

_COUNTED = re.compile(r"(?:Etc/)?GMT[+-]?\d{1,2}|localtime|Factory")


@cache
def known_zones() -> frozenset[str]:
    """Names of the IANA list, as far as this machine has it: reading its folders takes most of reading the settings."""
    return frozenset(zoneinfo.available_timezones())


@cache
def spoken_zones() -> frozenset[str]:
    """Names of zones that can be offered to people: the whole list but those that count hours, and what is no zone."""
    return frozenset(name for name in known_zones() if not _COUNTED.fullmatch(name))


def is_offset(text: str) -> bool:
    """Whether it counts hours from Greenwich: "GMT+2", "utc −03:00", "+02:00"; a number alone does not."""
    match = _OFFSET.fullmatch(text.strip())
    return bool(match and (match["of"] or match["minutes"]))


def zone_of_offset(text: str) -> str:
    """The zone of the IANA list for an offset; "" where it has none, as for parts of hours."""
    match = _OFFSET.fullmatch(text.strip())
    if not match or int(match["minutes"] or 0):
        return ""
    hours, east = int(match["hours"]), match["sign"] == "+"
    zone = f"Etc/GMT{'-' if east else '+'}{hours}" if hours else "UTC"
    return zone if zone in known_zones() else ""


def zone_spoken(text: str) -> str:
    """The zone that people name behind a time: "GMT+2", "CEST", "europe/berlin"; "" where it is none that is known."""
    words = text.strip()
    if is_offset(words):
        return zone_of_offset(words)
    known = {name.lower(): name for name in spoken_zones()}
    return _SHORT.get(words.lower()) or known.get(words.lower(), "")


def zone_shown(zone: str) -> str:
    """The zone as people read it: "Etc/GMT-2" is "UTC+2"; other names are themselves."""
    match = _POSIX.fullmatch(zone)
    if not match or not int(match["hours"]):
        return zone
    return f"UTC{'-' if match['sign'] == '+' else '+'}{int(match['hours'])}"


def first_moment(day: date, at: time, zone: tzinfo) -> datetime | None:
    """The first moment at which clocks in the zone show that time, or jump over it; None if they skip to another day.

    A time that comes twice in autumn is meant once, the first time.
    """
    wall = datetime.combine(day, at, tzinfo=zone)
    moment = wall.astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == wall.replace(tzinfo=None):
        return moment
    moment = _end_of_gap(wall.replace(fold=1).astimezone(UTC), moment, zone)
    return moment if moment.astimezone(zone).date() == day else None


def _end_of_gap(before: datetime, after: datetime, zone: tzinfo) -> datetime:
    """The second at which the offset changes from that of `before` to that of `after`."""
    offset = after.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        before, after = (before, middle) if middle.astimezone(zone).utcoffset() == offset else (middle, after)
    return after
