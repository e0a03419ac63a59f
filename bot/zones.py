"""Offsets as people write them: two hours east is "GMT+2" for them, and "Etc/GMT-2" in the IANA list. Pure."""

import re
import zoneinfo
from functools import cache

# POSIX counts hours west of Greenwich, everybody else those east of it (https://data.iana.org/time-zones/tzdb/etcetera).
_OFFSET = re.compile(r"(?:(?P<of>utc|gmt)\s*)?(?P<sign>[+−–-])\s*(?P<hours>\d{1,2})(?::?(?P<minutes>\d\d))?", re.I)
_POSIX = re.compile(r"Etc/GMT(?P<sign>[+-])(?P<hours>\d{1,2})")

_COUNTED = re.compile(r"(?:Etc/)?GMT[+-]?\d{1,2}|localtime|Factory")


@cache
def spoken_zones() -> frozenset[str]:
    """Names of zones that can be offered to people: the whole list but those that count hours, and what is no zone."""
    return frozenset(name for name in zoneinfo.available_timezones() if not _COUNTED.fullmatch(name))


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
    return zone if zone in zoneinfo.available_timezones() else ""


def zone_shown(zone: str) -> str:
    """The zone as people read it: "Etc/GMT-2" is "UTC+2"; other names are themselves."""
    match = _POSIX.fullmatch(zone)
    if not match or not int(match["hours"]):
        return zone
    return f"UTC{'-' if match['sign'] == '+' else '+'}{int(match['hours'])}"
