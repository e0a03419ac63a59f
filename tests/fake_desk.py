"""A help desk in memory."""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime

from bot.tickets.desk import DeskError
from bot.tickets.model import Found, Ticket, TicketQuery


def ticket(number: int, created_at: datetime, subject: str = "US East is slow", status: str = "open") -> Ticket:
    return Ticket(number, subject, status, created_at, created_at, f"https://desk.test/agent/tickets/{number}")


@dataclass
class FakeDesk:
    """Implements the port `Desk`.

    `found` is what a search finds, newest first; `hidden` tickets exist though no search knows them yet. Each error
    in `failures` ends one call, `down` ends all of them, those in `lost_answers` come after a tag was written. `total`
    is the desk's own count where it is not the number of tickets.
    """

    found: list[Ticket] = field(default_factory=list)
    hidden: list[Ticket] = field(default_factory=list)
    total: int | None = None
    down: DeskError | None = None
    failures: deque[DeskError] = field(default_factory=deque)
    lost_answers: deque[DeskError] = field(default_factory=deque)
    tags: dict[int, set[str]] = field(default_factory=dict)
    queries: list[TicketQuery] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)

    async def search(self, query: TicketQuery, *, limit: int) -> Found:
        self._answer("search")
        self.queries.append(query)
        found = [each for each in self.found if all(word in each.subject.lower() for word in query.also)]
        return Found(tuple(found[:limit]), len(found) if self.total is None else self.total)

    async def count(self, query: TicketQuery) -> int:
        self._answer("count")
        return sum(each.created_at >= query.created_after for each in self.found)

    async def tickets(self, ids: list[int]) -> list[Ticket]:
        self._answer("tickets")
        return [each for each in [*self.found, *self.hidden] if each.id in ids]

    async def add_tag(self, ticket_id: int, tag: str) -> None:
        self._answer("add_tag")
        self.tags.setdefault(ticket_id, set()).add(tag)
        if self.lost_answers:
            raise self.lost_answers.popleft()

    async def remove_tag(self, ticket_id: int, tag: str) -> None:
        self._answer("remove_tag")
        self.tags.setdefault(ticket_id, set()).discard(tag)

    async def check(self) -> str:
        self._answer("check")
        return "ok, acting as bot@acme.test"

    async def close(self) -> None:
        self.calls.append("close")

    def _answer(self, call: str) -> None:
        self.calls.append(call)
        if self.down:
            raise self.down
        if self.failures:
            raise self.failures.popleft()


def unreachable() -> DeskError:
    return DeskError("Zendesk", "it does not answer", retry=True)
