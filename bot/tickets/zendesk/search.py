"""Reading the search of one Zendesk, page by page, and counting what it finds."""

from dataclasses import dataclass
from typing import Any

from bot.tickets.model import Ticket
from bot.tickets.places import NOWHERE, PlaceFinder
from bot.tickets.zendesk.errors import NotThere
from bot.tickets.zendesk.wire import integer, tickets_from
from bot.tickets.zendesk.workers import Worker

PAGE_ROWS = 100
MAX_SEARCH_ROWS = 1_000
"""Zendesk answers 422 to a search page past this row."""


@dataclass(frozen=True, slots=True)
class Slice:
    """The newest tickets of one search text, and how many match it in all."""

    tickets: tuple[Ticket, ...]
    count: int

    @property
    def whole(self) -> bool:
        return len(self.tickets) >= self.count


def read_newest(worker: Worker, *, text: str, limit: int, agent_url: str, places: PlaceFinder = NOWHERE) -> Slice:
    """Pages by number: zenpy's search puts `per_page` into the query text and stops unseen at 1,000 rows.

    Where a server tells no total, all that can be read is counted.
    """
    rows = min(max(limit, 1), PAGE_ROWS)
    found: dict[int, Ticket] = {}
    total: int | None = None
    for page in range(1, MAX_SEARCH_ROWS // rows + 1):
        body = _page(worker, text, rows, page)
        # New tickets move rows to the next page while it is read, so some come twice.
        listed = tickets_from(body.get("results"), agent_url=agent_url, places=places)
        found |= {ticket.id: ticket for ticket in listed}
        total = integer(body, "count") if body.get("count") is not None else None
        if (len(found) >= limit and total is not None) or not _more(body, rows):
            break
    return Slice(tuple(found.values())[: max(limit, 0)], len(found) if total is None else total)


def read_count(worker: Worker, *, text: str) -> int:
    """By search/count; by the search itself where that is missing."""
    try:
        body: dict[str, Any] = {"count": worker.zenpy(lambda zenpy: zenpy.search.count(query=text))}
    except NotThere:
        return read_newest(worker, text=text, limit=PAGE_ROWS, agent_url="").count
    return integer(body, "count")


def _page(worker: Worker, text: str, rows: int, page: int) -> dict[str, Any]:
    order = {"sort_by": "created_at", "sort_order": "desc"}
    return worker.rest("GET", "/api/v2/search.json", params={"query": text, "per_page": rows, "page": page, **order})


def _more(body: dict[str, Any], rows: int) -> bool:
    """A full page without any word about a next one may have one."""
    return bool(body["results"]) and bool(body.get("next_page", len(body["results"]) >= rows))
