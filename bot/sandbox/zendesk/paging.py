"""Zendesk's two ways of paging: by offset (page, per_page) and by cursor (page[size], page[after])."""

import base64
import binascii
import json
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar
from urllib.parse import urlencode

from bot.sandbox.zendesk.answers import ApiError, Call, Json

PAGE_MAX = 100
OFFSET_ROWS_MAX = 10_000
Row = TypeVar("Row")


def number(call: Call, name: str, default: int, *, most: int | None = None) -> int:
    """A positive integer of the query string; more than `most` is cut to it, as Zendesk does."""
    text = call.query.get(name, "")
    if not text:
        return default
    if not text.isdigit() or int(text) < 1:
        raise ApiError(400, "InvalidPaginationParameter", f"{name} must be an integer greater than 0")
    return int(text) if most is None else min(int(text), most)


def link(call: Call, changed: Mapping[str, object]) -> str:
    """This request's URL on the host that was asked, with some parameters changed."""
    return f"{call.url}?{urlencode({**call.query, **changed})}"


def by_offset(call: Call, rows: Sequence[Row], key: str, write: Callable[[Row], Json], *, rows_max: int) -> Json:
    """One page with `count`, `next_page` and `previous_page`; `rows_max` bounds what paging reaches."""
    page, per_page = number(call, "page", 1), number(call, "per_page", PAGE_MAX, most=PAGE_MAX)
    if page * per_page > rows_max:
        raise too_deep(rows_max)
    start = (page - 1) * per_page
    more = start + per_page < len(rows)
    return {
        key: [write(row) for row in rows[start : start + per_page]],
        "next_page": link(call, {"page": page + 1}) if more else None,
        "previous_page": link(call, {"page": page - 1}) if page > 1 else None,
        "count": len(rows),
    }


def too_deep(rows_max: int) -> ApiError:
    if rows_max == 1_000:
        reason = "Invalid search: Requested response size was greater than Search Response Limits"
        return ApiError(422, "invalid", reason)
    return ApiError(400, "InvalidPaginationDepth", f"You cannot access pages past {rows_max} records by offset")


def by_cursor(
    call: Call, rows: Sequence[Row], key: str, write: Callable[[Row], Json], *, mark: Callable[[Row], object], most: int
) -> Json:
    """One page after the row whose `mark` the cursor names; marks are unique and JSON-able."""
    size = number(call, "page[size]", PAGE_MAX, most=most)
    after = read_cursor(call.query.get("page[after]", ""))
    marks = [mark(row) for row in rows]
    start = marks.index(after["mark"]) + 1 if after and after["mark"] in marks else 0
    chosen = rows[start : start + size]
    more = start + size < len(rows)
    last = write_cursor(mark=marks[start + len(chosen) - 1]) if chosen else None
    return {
        key: [write(row) for row in chosen],
        "meta": {"has_more": more, "after_cursor": last, "before_cursor": None},
        "links": {"prev": None, "next": link(call, {"page[after]": last}) if more else None},
    }


def wants_cursor(call: Call) -> bool:
    return any(name.startswith("page[") for name in call.query)


def write_cursor(**content: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")


def read_cursor(text: str) -> Json:
    """What `write_cursor` wrote; {} for none; a made-up one is Zendesk's 400."""
    if not text:
        return {}
    try:
        content = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (binascii.Error, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise ApiError(400, "InvalidPaginationParameter", "cursor is not valid") from error
    if not isinstance(content, dict):
        raise ApiError(400, "InvalidPaginationParameter", "cursor is not valid")
    return content
