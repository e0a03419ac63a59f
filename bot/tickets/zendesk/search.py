"""Reading the search of one Zendesk, page by page, and counting what it finds."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from bot.tickets.model import Ticket
from bot.tickets.zendesk.errors import NotThere
from bot.tickets.zendesk.wire import TicketFrom, integer, ticket_from, tickets_from
from bot.tickets.zendesk.workers import Worker

PAGE_ROWS = 100
MAX_SEARCH_ROWS = 1_000
"""Zendesk answers 422 to a search page past this row."""
MAX_OVERLAP_COUNTS = 16
"""Enough for any four phrases (6 + 4 + 1 overlaps); each is a request against the account's search limit."""

Overlap = frozenset[int]


@dataclass(frozen=True, slots=True)
class Slice:
    """The newest tickets of one search text, and how many match it in all."""

    tickets: tuple[Ticket, ...]
    count: int

    @property
    def whole(self) -> bool:
        return len(self.tickets) >= self.count


def read_newest(worker: Worker, *, text: str, limit: int, read: TicketFrom) -> Slice:
    """Pages by number: zenpy's search puts `per_page` into the query text and stops unseen at 1,000 rows.

    Where a server tells no total, all that can be read is counted.
    """
    rows = min(max(limit, 1), PAGE_ROWS)
    by_id: dict[int, Ticket] = {}
    total: int | None = None
    for page in range(1, MAX_SEARCH_ROWS // rows + 1):
        body = _page(worker, text, rows, page)
        # New tickets move rows to the next page while it is read, so some come twice.
        by_id |= {ticket.id: ticket for ticket in tickets_from(body.get("results"), read)}
        total = integer(body, "count") if body.get("count") is not None else None
        if (len(by_id) >= limit and total is not None) or not _more(body, rows):
            break
    return Slice(tuple(by_id.values())[: max(limit, 0)], len(by_id) if total is None else total)


def read_count(worker: Worker, *, text: str) -> int:
    """By search/count; by the search itself where that is missing."""
    try:
        body: dict[str, Any] = {"count": worker.zenpy(lambda zenpy: zenpy.search.count(query=text))}
    except NotThere:
        return read_newest(worker, text=text, limit=PAGE_ROWS, read=ticket_from).count
    return integer(body, "count")


def _page(worker: Worker, text: str, rows: int, page: int) -> dict[str, Any]:
    order = {"sort_by": "created_at", "sort_order": "desc"}
    return worker.rest("GET", "/api/v2/search.json", params={"query": text, "per_page": rows, "page": page, **order})


def _more(body: dict[str, Any], rows: int) -> bool:
    """A full page without any word about a next one may have one."""
    return bool(body["results"]) and bool(body.get("next_page", len(body["results"]) >= rows))


async def union_size(counts: Sequence[int], count_overlap: Callable[[Overlap], Awaitable[int]]) -> int:
    """The number of tickets in any of several sets of `counts` tickets, by inclusion and exclusion.

    `count_overlap` is asked how many are in all of the sets with these indexes, only where that can be more
    than none. Where more than MAX_OVERLAP_COUNTS would be needed the answer is the largest set: a lower bound.
    The counts are taken one after the other while tickets come in, so the result is held to what is possible.
    """
    level = [frozenset({index}) for index, count in enumerate(counts) if count]
    total, sign, asked = sum(counts), -1, 0
    while candidates := overlaps(level):
        asked += len(candidates)
        if asked > MAX_OVERLAP_COUNTS:
            return max(counts)
        sizes = await asyncio.gather(*(count_overlap(candidate) for candidate in candidates))
        total += sign * sum(sizes)
        sign = -sign
        level = [candidate for candidate, size in zip(candidates, sizes, strict=True) if size]
    return min(max(total, *counts, 0), sum(counts))


def overlaps(level: Iterable[Overlap]) -> list[Overlap]:
    """The overlaps of one more set that can hold anything: all their parts of the size before are in `level`."""
    known = set(level)
    grown = {one | other for one, other in combinations(known, 2) if len(one | other) == len(one) + 1}
    return [overlap for overlap in grown if all(overlap - {index} in known for index in overlap)]
