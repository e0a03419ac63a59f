"""Reading JSON from outside that may hold anything. Pure."""

import json
import math
import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Literal

_LARGEST = 1e9
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_AUTHORITY = re.compile(r"\A[^/]*+//([^/?#]*+)")
AUTHORITY_MAX = 300
"""A longer host is none: names have 253 letters."""
_MARKS_MAX = 30
"""So many combining marks follow a letter in any language (Unicode's "Stream-Safe Text Format", UAX #15)."""
_FIRST_YEAR = 1971
"""What is earlier is a program's zero, such as Go's of the year 1."""


def parsed(body: bytes | str) -> Any:
    """What JSON says. Raises ValueError for what is none, and for what is nested without end."""
    try:
        return json.loads(body)
    except RecursionError as error:
        raise ValueError("nested too deep") from error


def mapping(value: object) -> Mapping[str, Any]:
    """`value` where it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def items(value: object) -> list[Any]:
    """`value` where it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def objects(value: object, limit: int = 2000) -> list[Mapping[str, Any]]:
    """The objects among the first `limit` entries of a list; whatever else is in it is left out."""
    return [item for item in items(value)[:limit] if isinstance(item, dict)]


def number(value: object) -> float | None:
    """A finite number that is not negative, or None."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0 <= value <= _LARGEST and math.isfinite(value) else None


def whole(value: object) -> int | None:
    amount = number(value)
    return None if amount is None else int(amount)


def text(value: object, limit: int = 200_000) -> str:
    """Text with single line ends and without lone surrogates, which no database takes; "" for anything else."""
    if not isinstance(value, str):
        return ""
    return value[:limit].encode("utf-8", "replace").decode().replace("\x00", "").replace("\r\n", "\n")


def line(value: object, limit: int = 300) -> str:
    """Text in one line, without control characters; what joins emoji and scripts stays."""
    return " ".join(_CONTROL.sub(" ", text(value, limit * 4)).split())[:limit]


def lines(values: object, key: str = "") -> tuple[str, ...]:
    """The texts of a list, or those under `key` in its objects; what has none is left out."""
    texts = (line(mapping(item).get(key)) if key and isinstance(item, dict) else line(item) for item in items(values))
    return tuple(words for words in texts if words)


def has_endless_host(url: str) -> bool:
    """Whether the host of an address is longer than any. Asked before `urlsplit`, which puts its marks in order."""
    match = _AUTHORITY.match(url)
    return match is not None and len(match[1]) > AUTHORITY_MAX


def normalized(form: Literal["NFC", "NFD", "NFKC"], words: str) -> str:
    """A text in a normal form of Unicode, without the marks that no language piles up.

    Marks are put in order one by one: a letter with 65,000 of them would take five seconds.
    """
    if words.isascii():
        return words
    kept, marks = [], 0
    for char in words:
        marks = marks + 1 if unicodedata.combining(char) else 0
        if marks <= _MARKS_MAX:
            kept.append(char)
    return unicodedata.normalize(form, "".join(kept))


def digits(value: object) -> str:
    """A whole number as text, also where a server writes it as text; "" for anything else."""
    digits_of = str(value) if isinstance(value, int | str) else ""
    return digits_of if digits_of.isascii() and digits_of.isdigit() and len(digits_of) < 20 else ""


def instant(value: object) -> datetime | None:
    """An aware time in UTC from ISO 8601, where a zone is +0100, +01:00, Z or none (UTC); None where it is no time."""
    try:
        moment = datetime.fromisoformat(line(value, 40))
        moment = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment if moment.year >= _FIRST_YEAR else None


def address(value: object) -> str:
    """An http or https URL without spaces, "" for anything else."""
    url = line(value, 2000)
    return url if url.startswith(("https://", "http://")) and " " not in url else ""
