"""Reads a file as the program does, in this process."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from bot.customer_logs.program import read_file
from bot.customer_logs.reading.knowledge import Knowledge, knowledge
from bot.customer_logs.reading.own import own_signatures

NOW = "2026-11-30T12:00:00+00:00"
KEY = "0123456789abcdef" * 4


@cache
def shipped() -> Knowledge:
    return knowledge()


def answer(name: str, content: bytes, **more: Any) -> dict[str, Any]:
    """What the program answers."""
    return read_here({"name": name, "key": KEY, "now": NOW} | more, content)


def read_here(asked: Mapping[str, Any], content: bytes) -> dict[str, Any]:
    """As the program does, in this process."""
    own, refused = own_signatures(asked.get("own") or [])
    return read_file(asked, content, knowledge(own) if own else shipped()) | {"refused": refused}


def reports(name: str, content: bytes | str, **more: Any) -> list[dict[str, Any]]:
    read = answer(name, content.encode() if isinstance(content, str) else content, **more)
    assert read["problem"] == ""
    return list(read["reports"])


def report(content: bytes | str, **more: Any) -> dict[str, Any]:
    """Of a file with one log."""
    (only,) = reports("client.log", content, **more)
    return only
