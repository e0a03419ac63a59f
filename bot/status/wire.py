"""Reading JSON of status sources that may hold anything. Pure."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

MANY = 2000
"""So many entries of a list are read."""


def mapping(value: object) -> Mapping[str, Any]:
    """`value` where it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def objects(value: object) -> list[Mapping[str, Any]]:
    """The objects in a list; whatever else is in it is left out."""
    return [each for each in value[:MANY] if isinstance(each, dict)] if isinstance(value, list) else []


def words(value: object, limit: int = 300) -> str:
    """Text cut at `limit`; "" where `value` is no text. Half a surrogate pair can't be stored, so it becomes "?"."""
    return value.encode("utf-8", "replace").decode()[:limit].strip() if isinstance(value, str) else ""


def web_address(value: object) -> str:
    """An address that people may open; "" for any other scheme."""
    text = words(value, 2000)
    return text if text.startswith(("https://", "http://")) and not any(map(str.isspace, text)) else ""


def moment(value: object) -> datetime | None:
    """An ISO 8601 time in UTC; one without a zone is UTC's. None where it is none, or Go's zero time."""
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value.strip())
        found = (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return found if found.year > 1970 else None
