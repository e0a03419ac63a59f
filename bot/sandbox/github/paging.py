"""GitHub's pages: `page` and `per_page`, and a Link header whose addresses name the repository by its id."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar
from urllib.parse import urlencode

from bot.sandbox.github.errors import problem
from bot.sandbox.rest.answers import Answer, Call, Json

PER_PAGE, PER_PAGE_MAX = 30, 100
Row = TypeVar("Row")
Astray = Callable[[str, Mapping[str, str], int], str]
"""Is given a list's address without its query, the query, and the number of the page; gives another next page."""


def _at(place: str, query: Mapping[str, str]) -> str:
    return f"{place}?{urlencode(query)}"


def _numbered(place: str, query: Mapping[str, str], page: int) -> str:
    return _at(place, {**query, "page": str(page)})


ASTRAY: Mapping[str, Astray] = {
    "the same page": lambda place, query, page: _at(place, query),
    "the same page by its number": _numbered,
    "the same page in another order": lambda place, query, page: _at(place, dict(reversed(list(query.items())))),
    "two pages in turn": lambda place, query, page: _numbered(place, query, 3 - page),
    "a page before": lambda place, query, page: _numbered(place, query, page % 5 + 1),
    "no page": lambda place, query, page: place,
    "another host": lambda place, query, page: "https://evil.test/",
    "no address": lambda place, query, page: "https://[/?page=2",
    "pages without an end": lambda place, query, page: _numbered(place, query, page + 1),
}
"""Ways in which the link to the next page can be wrong, as of a broken or hostile server."""


def number(call: Call, name: str, default: int, most: int | None = None) -> int:
    """A number of the query; what is no number, or less than 1, is the default, as GitHub has it."""
    text = call.query.get(name, "")
    asked = int(text) if text.isdigit() and int(text) >= 1 else default
    return asked if most is None else min(asked, most)


class Paging:
    """`rows_max` is what a page holds at the most. With `astray` each page is the first, and leads on as it says."""

    def __init__(self) -> None:
        self.rows_max = PER_PAGE_MAX
        self.astray: Astray | None = None

    def paged(self, call: Call, rows: Sequence[Row], write: Callable[[Row], Json], *, path: str) -> Answer:
        """One page; `path` is where its neighbours are."""
        page, links = self.page_of(call, rows, path=path)
        return Answer([write(row) for row in page], headers=links)

    def page_of(
        self, call: Call, rows: Sequence[Row], *, path: str, rows_max: int = 0
    ) -> tuple[Sequence[Row], dict[str, str]]:
        """The rows of one page and its Link header; none where everything is on one page.

        More than `rows_max` rows can't be reached where it is given.
        """
        page, per_page = number(call, "page", 1), number(call, "per_page", PER_PAGE, self.rows_max)
        place, query = f"{call.base}{path}", dict(call.query)
        if self.astray is not None:
            return rows[:per_page], {"Link": f'<{self.astray(place, query, page)}>; rel="next"'}
        if rows_max and page * per_page > rows_max:
            raise problem(422, f"Only the first {rows_max} search results are available")
        last = max(1, -(-(min(len(rows), rows_max) if rows_max else len(rows)) // per_page))
        links: dict[str, int] = {}
        if page < last:
            links |= {"next": page + 1, "last": last}
        if page > 1:
            links |= {"first": 1, "prev": page - 1}
        header = ", ".join(f'<{_numbered(place, query, there)}>; rel="{rel}"' for rel, there in links.items())
        return rows[(page - 1) * per_page : page * per_page], {"Link": header} if header else {}
