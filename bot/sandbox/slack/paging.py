"""Cursors (https://docs.slack.dev/apis/web-api/pagination)."""

import base64
import binascii
from collections.abc import Sequence
from typing import TypeVar

from bot.sandbox.slack.errors import ApiError

Item = TypeVar("Item")


def page(items: Sequence[Item], cursor: str, limit: int) -> tuple[list[Item], str]:
    """The items after `cursor` and the next cursor, "" at the end. The cursor names a place in the sequence."""
    start = _decoded(cursor) if cursor else 0
    chosen = list(items[start : start + limit])
    more = start + limit < len(items)
    return chosen, base64.b64encode(f"next_ts:{start + limit}".encode()).decode() if more else ""


def _decoded(cursor: str) -> int:
    try:
        word, _, number = base64.b64decode(cursor, validate=True).decode().partition(":")
        if word != "next_ts":
            raise ValueError(cursor)
        return int(number)
    except (ValueError, binascii.Error):
        raise ApiError("invalid_cursor") from None
