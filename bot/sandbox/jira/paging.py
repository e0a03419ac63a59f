"""Pages of Jira's search: a token that belongs to its query, and leads to the rest."""

import base64
import json
from collections.abc import Callable, Mapping
from typing import Any

from bot.sandbox.jira.errors import refused
from bot.sandbox.rest.answers import Json

MAX_DEFAULT, MAX_WITH_FIELDS, MAX_IDS = 50, 100, 5_000
ASTRAY: Mapping[str, Callable[[str], str]] = {
    "the same token": lambda token: "again",
    "two tokens in turn": lambda token: "odd" if token == "even" else "even",
    "tokens without an end": lambda token: f"{token}x",
}
"""Ways in which the token of the next page can be wrong, by the token of this one."""
LAST_WITH_TOKEN = "a token on the last page"
"""A harmless way: `isLast` says that it is the last page, and there is a token all the same."""


class Paging:
    """`rows_max` is what a page holds at the most. With `astray` each page is the first, and leads on as it says.

    A token holds the ids of the first page's query: what changes meanwhile is neither twice nor skipped. Jira does not
    promise it: with `by_place` the token is a place in a query that is made anew for each page.
    """

    def __init__(self) -> None:
        self.rows_max = MAX_IDS
        self.astray = ""
        self.by_place = False

    def page(self, query: str, asked: Any, most: int, matching: Callable[[], list[str]]) -> tuple[list[str], Json]:
        """The ids on one page, and what leads on; `asked` is its token, "" or None on the first."""
        most = min(most, self.rows_max)
        if self.astray in ASTRAY:
            return matching()[:most], {"nextPageToken": ASTRAY[self.astray](str(asked or ""))}
        place, ids = _read_token(asked, query) if asked else (0, matching())
        if self.by_place:
            ids = matching()[place:]
        page, rest = ids[:most], ids[most:]
        if rest:
            return page, {"nextPageToken": _token(query, place + most, rest), "isLast": False}
        return page, {"isLast": True, **({"nextPageToken": "again"} if self.astray == LAST_WITH_TOKEN else {})}


def _token(query: str, place: int, rest: list[str]) -> str:
    return base64.urlsafe_b64encode(json.dumps([query, place, rest]).encode()).decode()


def _read_token(token: Any, query: str) -> tuple[int, list[str]]:
    try:
        asked, place, rest = json.loads(base64.urlsafe_b64decode(str(token)))
    except ValueError as error:
        raise refused(400, "The provided nextPageToken is invalid or expired.") from error
    if asked != query:
        raise refused(400, "The provided nextPageToken does not belong to this query.")
    return place, rest
