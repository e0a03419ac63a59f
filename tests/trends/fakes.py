"""A detector that says what a test tells it, and tickets as the stream stores them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.tickets.rise import HOUR
from bot.tickets.stream_model import ReadTicket
from bot.tickets.stream_store import StreamStore
from bot.trends.detector.model import UsualHour
from bot.trends.model import Rise, SeriesKey

if TYPE_CHECKING:
    from tests.world import World

NO_WORDS: Mapping[int, str] = {}
US_EAST = SeriesKey(target="us-east")


def read_ticket(
    number: int, at: datetime, target: str = "us-east", symptom: str = "connect", **more: object
) -> ReadTicket:
    fields = {"affected": (target,) if target else (), "symptom": symptom, "customer": number, "status": "new"} | more
    return ReadTicket(id=number, created_at=at, updated_at=at, **fields)  # type: ignore[arg-type]


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


def streamed(world: "World", tickets: Iterable[ReadTicket] = (), *, words: Mapping[int, str] = NO_WORDS) -> None:
    """As if the stream had read these, and everything until now."""
    store, now = StreamStore(database=world.database), world.clock()
    with world.database.transaction():
        if not store.state().begins_at:
            store.begin(now - timedelta(days=28))
        store.put(list(tickets))
        store.used((term, customer, word, now) for term, word in words.items() for customer in (1, 2, 3))
        store.note(complete_until=now, filled_at=now)


@dataclass
class FakeDetector:
    """Implements `RiseDetector`: says what a test puts into `rises`, or into `past` for a look by its time."""

    rises: list[Rise] = field(default_factory=list)
    past: dict[datetime, list[Rise]] = field(default_factory=dict)
    learned_at: datetime | None = None
    expected: float = 4.0
    seen: dict[int, ReadTicket] = field(default_factory=dict)
    gaps: list[tuple[datetime, datetime]] = field(default_factory=list)
    looks: list[datetime] = field(default_factory=list)

    def add(self, tickets: Iterable[ReadTicket]) -> None:
        self.seen |= {ticket.id: ticket for ticket in tickets}

    def leave(self, ticket_ids: Collection[int]) -> None:
        self.seen = {number: ticket for number, ticket in self.seen.items() if number not in ticket_ids}

    def gap(self, since: datetime, until: datetime) -> None:
        self.gaps.append((since, until))

    def step(self, now: datetime) -> Sequence[Rise]:
        self.looks.append(now)
        return self.past.get(now, self.rises)

    def speaks_from(self) -> datetime | None:
        return self.learned_at

    def usual(self, series: SeriesKey, since: datetime, until: datetime) -> Sequence[UsualHour]:
        return [UsualHour(hour, self.expected, 0, 9) for hour in _hours(since, until)]

    def customers(self, series: SeriesKey, since: datetime, until: datetime) -> Sequence[int]:
        hours = _hours(since, until)
        return [sum(hour <= ticket.created_at < hour + HOUR for ticket in self.seen.values()) for hour in hours]


def _hours(since: datetime, until: datetime) -> list[datetime]:
    first = since.replace(minute=0, second=0, microsecond=0)
    return [first + HOUR * number for number in range(-(-int((until - first).total_seconds()) // 3600))]
