"""What trends are seen with: the detector, and the tickets that the desk's stream has stored."""

from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.tickets.stream_model import ReadTicket, StreamGap, StreamState
from bot.trends.detector.model import UsualHour
from bot.trends.model import Rise, SeriesKey


class RiseDetector(Protocol):
    """Counts customers and says what rises; in memory, and built anew at each start. Not safe for several threads."""

    def add(self, tickets: Iterable[ReadTicket]) -> None:
        """Tickets that are new, or that changed: each counts once."""

    def leave(self, ticket_ids: Collection[int]) -> None:
        """Tickets that are no longer counted: deleted, merged, spam."""

    def gap(self, since: datetime, until: datetime) -> None:
        """Nobody read the tickets of this time."""

    def step(self, now: datetime) -> Sequence[Rise]:
        """What rises at `now`, which never goes back."""

    def speaks_from(self) -> datetime | None:
        """When it has learned enough to say what is unusual; None before its first ticket."""

    def usual(self, series: SeriesKey, since: datetime, until: datetime) -> Sequence[UsualHour]:
        """What is usual in each whole hour of this time."""

    def customers(self, series: SeriesKey, since: datetime, until: datetime) -> Sequence[int]:
        """How many wrote in each whole hour of this time."""


class StoredTickets(Protocol):
    """What the desk's stream has read, as it is stored; `StreamService` is it."""

    @property
    def enabled(self) -> bool:
        """Whether anything is read at all."""

    def state(self) -> StreamState:
        """How far it is."""

    def history(self, since: datetime, until: datetime) -> AsyncIterator[Sequence[ReadTicket]]:
        """Tickets created from `since` on and before `until`, the oldest first, in parts; others work in between."""

    def tickets(self, ids: Collection[int]) -> Sequence[ReadTicket]:
        """Those of these numbers that are stored."""

    def newest(self, *, since: datetime, until: datetime, target: str = "", limit: int = 100) -> Sequence[ReadTicket]:
        """The newest that are about a target, "" for any."""

    def words(self, terms: Iterable[int]) -> Mapping[int, str]:
        """The words of these terms; a term that hardly anybody uses has none."""

    def gaps(self, *, since: datetime) -> Sequence[StreamGap]:
        """Spans of time that were read late and end after `since`, the oldest first."""
