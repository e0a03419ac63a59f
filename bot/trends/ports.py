"""What trends are seen with: the detector, and the tickets that the desk's stream has stored."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.tickets.stream_model import ReadTicket
from bot.trends.model import Rise, SeriesKey


class RiseDetector(Protocol):
    """Counts customers and says what rises; in memory, and built anew at each start. Not safe for several threads."""

    def add(self, tickets: Iterable[ReadTicket]) -> None:
        """Tickets that are new, or that changed: each counts once."""

    def gap(self, since: datetime, until: datetime) -> None:
        """Nobody read the tickets of this time."""

    def step(self, now: datetime) -> Sequence[Rise]:
        """What rises at `now`, which never goes back."""

    def speaks_from(self) -> datetime | None:
        """When it has learned enough to say what is unusual; None before its first ticket."""

    def usual(self, series: SeriesKey, since: datetime, until: datetime) -> float:
        """How many customers are usual in this time."""

    def customers(self, series: SeriesKey, since: datetime, until: datetime) -> int:
        """How many wrote in this time."""


class StoredTickets(Protocol):
    """What the desk's stream has read, as it is stored."""

    def tickets(self, ticket_ids: Collection[int]) -> Sequence[ReadTicket]:
        """Those of these numbers that are stored."""

    def words(self, terms: Collection[int]) -> Mapping[int, str]:
        """The words of these terms; a term that only one customer uses has none."""


class NothingStored:
    """Where no stream is read."""

    def tickets(self, ticket_ids: Collection[int]) -> Sequence[ReadTicket]:
        return ()

    def words(self, terms: Collection[int]) -> Mapping[int, str]:
        return {}
