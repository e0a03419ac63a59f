"""Search: pages of at most 1,000 rows, counts, and the export by cursor that lives for an hour."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from bot.clock import Clock
from bot.sandbox.zendesk import grammar, paging
from bot.sandbox.zendesk.answers import Answer, ApiError, Call, Endpoint, Json
from bot.sandbox.zendesk.desk import Desk
from bot.sandbox.zendesk.grammar import Term
from bot.sandbox.zendesk.index import Indexed, words
from bot.sandbox.zendesk.matching import Matcher, invalid
from bot.sandbox.zendesk.tickets import PRIORITIES, STATUSES, Ticket, User, iso, parsed_time
from bot.sandbox.zendesk.wire import ticket_json, user_json

ROWS_MAX = 1_000
CURSOR_LIFE = timedelta(hours=1)
_SORTS: dict[str, Callable[[Indexed], Any]] = {
    "created_at": lambda ticket: (ticket.created_at, ticket.id),
    "updated_at": lambda ticket: (ticket.updated_at, ticket.id),
    "status": lambda ticket: (STATUSES.index(ticket.status), ticket.id),
    "priority": lambda ticket: (("", *PRIORITIES).index(ticket.priority), ticket.id),
    "ticket_type": lambda ticket: (ticket.type, ticket.id),
}


class SearchApi:
    """The three search endpoints over the index of one desk."""

    def __init__(self, *, desk: Desk, clock: Clock) -> None:
        self._desk = desk
        self._clock = clock

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint("GET", "/search", self.search, "tickets:read", "search_index"),
            Endpoint("GET", "/search/count", self.count, "tickets:read", "search_index"),
            Endpoint("GET", "/search/export", self.export, "tickets:read", "search_export"),
        ]

    def search(self, call: Call) -> Answer:
        rows = self._rows(call)
        problems = self._desk.problems_with_incidents()
        page = paging.by_offset(call, rows, "results", lambda row: _written(call, row, problems), rows_max=ROWS_MAX)
        return Answer({**page, "facets": None})

    def count(self, call: Call) -> Answer:
        return Answer({"count": len(self._rows(call))})

    def export(self, call: Call) -> Answer:
        """Sorted by creation; the cursor names the last row and when the export began."""
        if call.query.get("filter[type]") != "ticket":
            raise ApiError(400, "InvalidParameter", "filter[type] must be ticket, user, organization or group")
        cursor = paging.read_cursor(call.query.get("page[after]", ""))
        began = parsed_time(str(cursor.get("began", ""))) or self._clock()
        if self._clock() - began > CURSOR_LIFE:
            raise ApiError(400, "InvalidPaginationParameter", "cursor has expired")
        size = paging.number(call, "page[size]", paging.PAGE_MAX, most=1_000)
        tickets = sorted(self._tickets(call), key=lambda ticket: (ticket.created_at, ticket.id))
        left = [ticket for ticket in tickets if [iso(ticket.created_at), ticket.id] > cursor.get("mark", ["", 0])]
        return Answer(self._export_page(call, left, size, iso(began)))

    def _export_page(self, call: Call, left: Sequence[Ticket], size: int, began: str) -> Json:
        page, more = left[:size], len(left) > size
        last = paging.write_cursor(mark=[iso(page[-1].created_at), page[-1].id], began=began) if page else None
        problems = self._desk.problems_with_incidents()
        return {
            "results": [_written(call, ticket, problems) for ticket in page],
            "facets": None,
            "meta": {"has_more": more, "after_cursor": last, "before_cursor": None},
            "links": {"prev": None, "next": paging.link(call, {"page[after]": last}) if more else None},
        }

    def _terms(self, call: Call) -> list[Term]:
        query = call.query.get("query", "")
        if not query.strip():
            raise invalid("query can't be blank")
        return grammar.parse(query)

    def _tickets(self, call: Call) -> list[Ticket]:
        return self._desk.tickets([ticket.id for ticket in self._found(call, self._terms(call))])

    def _rows(self, call: Call) -> list[Ticket | User]:
        terms = self._terms(call)
        kinds = {term.value.lower() for term in terms if term.field == "type"} or {"ticket", "user"}
        rows: list[Ticket | User] = []
        if kinds & {"ticket", *("problem", "incident", "question", "task")}:
            rows.extend(self._desk.tickets([ticket.id for ticket in self._found(call, terms)]))
        if "user" in kinds:
            rows.extend(self._users(terms))
        return rows

    def _found(self, call: Call, terms: list[Term]) -> list[Indexed]:
        matcher = Matcher(
            now=self._clock(), users=self._desk.users(), groups=self._desk.groups(), me=call.actor.user_id
        )
        test = matcher.test(terms)
        tickets = [one for one in self._desk.index.visible() if test(one)]
        return _ordered(tickets, terms, call)

    def _users(self, terms: list[Term]) -> list[User]:
        """Users are found by free words in name and address; any other keyword finds tickets only."""
        if any(term.field not in ("", "type", "order_by", "sort") for term in terms):
            return []
        asked = [word for term in terms if not term.field for word in words(term.value)]
        users = self._desk.users()
        return [user for user in users if all(_starts(word, (*words(user.name), *words(user.email))) for word in asked)]


def _written(call: Call, row: Ticket | User, problems: set[int]) -> Json:
    """`problems` are those that have incidents."""
    if isinstance(row, User):
        return {**user_json(row, base=call.base), "result_type": "user"}
    return {**ticket_json(row, base=call.base, has_incidents=row.id in problems), "result_type": "ticket"}


def _starts(word: str, among: tuple[str, ...]) -> bool:
    return any(one.startswith(word) for one in among)


def _ordered(tickets: list[Indexed], terms: list[Term], call: Call) -> list[Indexed]:
    """By the parameters or by `order_by:` and `sort:` in the query; else by relevance, best first."""
    said = {term.field: term.value.lower() for term in terms if term.field in ("order_by", "sort")}
    by = call.query.get("sort_by") or said.get("order_by", "")
    by = {"created": "created_at", "updated": "updated_at"}.get(by, by)
    descending = (call.query.get("sort_order") or said.get("sort", "desc")).lower() != "asc"
    if by in _SORTS:
        return sorted(tickets, key=_SORTS[by], reverse=descending)
    asked = {word for term in terms if term.field in ("", "subject", "description") for word in words(term.value)}
    return sorted(tickets, key=lambda one: (-_hits(one, asked), one.id))


def _hits(ticket: Indexed, asked: set[str]) -> int:
    return sum(word in asked for text in ticket.texts for word in text)
