"""Reading a tracker's JSON, which may hold anything: what must be there and is not is a TrackerError. Pure."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from bot.known_issues.tracker import TrackerError

_DAY = len("2026-11-20")


def mapping(value: object) -> Mapping[str, Any]:
    """`value` where it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def rows(value: object) -> list[Any]:
    """`value` where it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def text(value: object, limit: int = 200_000) -> str:
    """Text with single line ends and without lone surrogates, which no database takes; "" for anything else."""
    if not isinstance(value, str):
        return ""
    return value[:limit].encode("utf-8", "replace").decode().replace("\x00", "").replace("\r\n", "\n")


def line(value: object, limit: int = 300) -> str:
    """Text in one line."""
    return " ".join(text(value, limit * 4).split())[:limit]


def lines(values: object, key: str = "") -> tuple[str, ...]:
    """The texts of a list, or those under `key` in its objects; what has none is left out."""
    found = (line(mapping(each).get(key)) if key and isinstance(each, dict) else line(each) for each in rows(values))
    return tuple(each for each in found if each)


def identity(row: Mapping[str, Any], key: str, system: str) -> str:
    """A whole number as text, also where a server writes it as text."""
    value = row.get(key)
    shown = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if isinstance(shown, str) and shown.isascii() and shown.isdigit() and len(shown) < 20:
        return shown
    raise malformed(system, key)


def instant(value: object) -> datetime | None:
    """An aware time in UTC from ISO 8601; Jira writes its zone as +0100."""
    try:
        moment = datetime.fromisoformat(line(value, 40))
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def needed_instant(row: Mapping[str, Any], key: str, system: str) -> datetime:
    found = instant(row.get(key))
    if found is None:
        raise malformed(system, key)
    return found


def day(value: object) -> date | None:
    """The date of "2026-11-20" or of a time."""
    try:
        return date.fromisoformat(line(value, 40)[:_DAY])
    except ValueError:
        return None


def address(value: object) -> str:
    """An http or https URL without spaces, "" for anything else."""
    found = line(value, 2000)
    return found if found.startswith(("https://", "http://")) and " " not in found else ""


def malformed(system: str, missing: str) -> TrackerError:
    """The answer of a server that speaks something else."""
    return TrackerError(system, f"unexpected answer without {missing!r}: check that its address is right", retry=False)
