"""Reading JSON from outside that may hold anything. Pure."""

import math
from collections.abc import Mapping
from typing import Any

_LARGEST = 1e9


def mapping(value: object) -> Mapping[str, Any]:
    """`value` where it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def items(value: object) -> list[Any]:
    """`value` where it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def number(value: object) -> float | None:
    """A finite number that is not negative, or None."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0 <= value <= _LARGEST and math.isfinite(value) else None


def whole(value: object) -> int | None:
    found = number(value)
    return None if found is None else int(found)


def words(value: object, limit: int = 200) -> str:
    """Text in one line, without control characters, cut at `limit`; "" where `value` is no text."""
    if not isinstance(value, str):
        return ""
    shown = "".join(c if c.isprintable() else " " for c in value[: limit * 4])
    return " ".join(shown.split())[:limit]
