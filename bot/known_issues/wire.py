"""Reads what a tracker's answer must have, else raises TrackerError; stamps of what we wrote there. Pure."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from bot.known_issues.tracker import TrackerError
from bot.loose_json import digits, instant, line

_DAY = len("2026-11-20")


def identity(row: Mapping[str, Any], key: str, system: str) -> str:
    """A whole number as text, also where a server writes it as text."""
    number = digits(row.get(key))
    if not number:
        raise malformed(system, key)
    return number


def needed_instant(row: Mapping[str, Any], key: str, system: str) -> datetime:
    moment = instant(row.get(key))
    if moment is None:
        raise malformed(system, key)
    return moment


def day(value: object) -> date | None:
    """The date of "2026-11-20" or of a time."""
    try:
        return date.fromisoformat(line(value, 40)[:_DAY])
    except ValueError:
        return None


def circular(system: str) -> TrackerError:
    """The answer of a server whose next page is one that it had before."""
    return TrackerError(system, "unexpected answer: its list of pages leads in a circle", retry=True)


def malformed(system: str, missing: str) -> TrackerError:
    """The answer of a server that speaks something else."""
    return TrackerError(system, f"unexpected answer without {missing!r}: check that its address is right", retry=False)


_ANY = re.compile(r"<!--\s*secondline:.*?(?:-->|\Z)", re.DOTALL | re.IGNORECASE)
_LAST = re.compile(r"<!-- secondline: (?P<stamp>[!-=?-~]+) -->\s*\Z")


def stamped(body: str, stamp: str) -> str:
    """`body` with the stamp as an HTML comment at its end; one that it holds already, perhaps forged, is taken out."""
    return f"{without_stamps(body)}\n\n<!-- secondline: {stamp} -->"


def stamp_of(body: str) -> str:
    """The stamp at the very end, "" where there is none: what people quote from elsewhere does not count."""
    match = _LAST.search(body)
    return match["stamp"] if match else ""


def without_stamps(body: str) -> str:
    return _ANY.sub("", body).rstrip() if "secondline" in body.casefold() else body
