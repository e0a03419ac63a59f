"""Reads a file as the program does, in this process."""

from functools import cache
from typing import Any

from bot.customer_logs.program import read_file
from bot.customer_logs.reading.knowledge import Knowledge, knowledge

NOW = "2026-11-30T12:00:00+00:00"
KEY = "0123456789abcdef" * 4


@cache
def shipped() -> Knowledge:
    return knowledge()


def answer(name: str, content: bytes, **more: Any) -> dict[str, Any]:
    """What the program answers."""
    return read_file({"name": name, "key": KEY, "now": NOW} | more, content, known=None if "own" in more else shipped())


def reports(name: str, content: bytes | str, **more: Any) -> list[dict[str, Any]]:
    read = answer(name, content.encode() if isinstance(content, str) else content, **more)
    assert read["problem"] == ""
    return list(read["reports"])


def report(content: bytes | str, **more: Any) -> dict[str, Any]:
    """Of a file with one log."""
    (only,) = reports("client.log", content, **more)
    return only
