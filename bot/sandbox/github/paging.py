"""GitHub's pages: `page` and `per_page`, and a Link header whose addresses name the repository by its id."""

from collections.abc import Callable, Sequence
from typing import TypeVar
from urllib.parse import urlencode

from bot.sandbox.github.errors import problem
from bot.sandbox.rest.answers import Answer, Call, Json

PER_PAGE, PER_PAGE_MAX = 30, 100
Row = TypeVar("Row")


def number(call: Call, name: str, default: int, most: int | None = None) -> int:
    """A number of the query; what is no number, or less than 1, is the default, as GitHub has it."""
    text = call.query.get(name, "")
    found = int(text) if text.isdigit() and int(text) >= 1 else default
    return found if most is None else min(found, most)


def paged(call: Call, rows: Sequence[Row], write: Callable[[Row], Json], *, path: str, rows_max: int = 0) -> Answer:
    """One page; `path` is where its neighbours are. More than `rows_max` rows can't be reached where it is given."""
    shown, links = page_of(call, rows, path=path, rows_max=rows_max)
    return Answer([write(row) for row in shown], headers=links)


def page_of(call: Call, rows: Sequence[Row], *, path: str, rows_max: int = 0) -> tuple[Sequence[Row], dict[str, str]]:
    """The rows of one page and its Link header; none where everything is on one page."""
    page, per_page = number(call, "page", 1), number(call, "per_page", PER_PAGE, PER_PAGE_MAX)
    if rows_max and page * per_page > rows_max:
        raise problem(422, f"Only the first {rows_max} search results are available")
    last = max(1, -(-(min(len(rows), rows_max) if rows_max else len(rows)) // per_page))
    links: dict[str, int] = {}
    if page < last:
        links |= {"next": page + 1, "last": last}
    if page > 1:
        links |= {"first": 1, "prev": page - 1}
    header = ", ".join(f'<{_address(call, path, there)}>; rel="{rel}"' for rel, there in links.items())
    return rows[(page - 1) * per_page : page * per_page], {"Link": header} if header else {}


def _address(call: Call, path: str, page: int) -> str:
    return f"{call.base}{path}?{urlencode({**call.query, 'page': page})}"
