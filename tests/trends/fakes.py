"""A detector and a stream that say what a test tells them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.tickets.stream_model import ReadTicket
from bot.trends.model import Rise, SeriesKey

US_EAST = SeriesKey(target="us-east")


def read_ticket(
    number: int, at: datetime, target: str = "us-east", symptom: str = "connect", **more: object
) -> ReadTicket:
    fields = {"affected": (target,) if target else (), "symptom": symptom, "customer": number} | more
    return ReadTicket(id=number, created_at=at, updated_at=at, status="new", **fields)  # type: ignore[arg-type]


def rise(
    at: datetime,
    *,
    series: SeriesKey = US_EAST,
    customers: int = 31,
    expected: float = 4.0,
    tickets: Iterable[int] = range(101, 132),
    window_h: float = 1.0,
    fleet: bool = False,
) -> Rise:
    numbers = tuple(sorted(tickets, reverse=True))
    since = at - timedelta(minutes=50)
    return Rise(series, at, since, window_h, customers, expected, 9.0, numbers, fleet)


@dataclass
class FakeStored:
    """Implements `StoredTickets`."""

    known: dict[int, ReadTicket] = field(default_factory=dict)
    terms: dict[int, str] = field(default_factory=dict)

    def tickets(self, ticket_ids: Collection[int]) -> Sequence[ReadTicket]:
        return [self.known[number] for number in ticket_ids if number in self.known]

    def words(self, terms: Iterable[int]) -> Mapping[int, str]:
        return {term: self.terms[term] for term in terms if term in self.terms}


@dataclass
class FakeDetector:
    """Implements `RiseDetector`: says what a test puts into `rises`, and counts what it puts into `counted`."""

    rises: list[Rise] = field(default_factory=list)
    learned_at: datetime | None = None
    counted: dict[SeriesKey, int] = field(default_factory=dict)
    expected: float = 4.0
    seen: dict[int, ReadTicket] = field(default_factory=dict)
    gaps: list[tuple[datetime, datetime]] = field(default_factory=list)
    steps: list[datetime] = field(default_factory=list)

    def add(self, tickets: Iterable[ReadTicket]) -> None:
        self.seen |= {ticket.id: ticket for ticket in tickets}

    def gap(self, since: datetime, until: datetime) -> None:
        self.gaps.append((since, until))

    def step(self, now: datetime) -> Sequence[Rise]:
        self.steps.append(now)
        return self.rises

    def speaks_from(self) -> datetime | None:
        return self.learned_at

    def usual(self, series: SeriesKey, since: datetime, until: datetime) -> float:
        return self.expected * (until - since) / timedelta(hours=1)

    def customers(self, series: SeriesKey, since: datetime, until: datetime) -> int:
        return self.counted.get(series, 0)
