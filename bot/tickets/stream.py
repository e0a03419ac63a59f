"""The port to a desk's stream: every ticket that is new or has changed, read as it passes, never kept as text."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.reading.model import Reading, TicketText
from bot.tickets.desk import DeskError
from bot.tickets.stream_model import StreamWay

Read = Callable[[TicketText], Reading]
"""The reader of the room `reading`, built from the configured targets. Pure, and safe to call from any thread."""


class CursorDied(DeskError):
    """The desk no longer knows where the stream was: it is begun anew from the last time that was reached."""


@dataclass(frozen=True, slots=True)
class StreamRow:
    """A ticket as the desk tells it, already read: its text is not in it."""

    id: int
    created_at: datetime
    changed_at: datetime
    """Of the change that the row shows; the later of two rows of a ticket is the true one."""
    status: str
    requester_id: int | None
    assignee_id: int | None
    reading: Reading


@dataclass(frozen=True, slots=True)
class LeftRow:
    """A ticket that is no customer's complaint any more, or never was one."""

    id: int
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class StreamPlace:
    """Where to go on. Without a `cursor` the stream begins with what was changed at `since`."""

    way: StreamWay
    since: datetime
    cursor: str = ""


@dataclass(frozen=True, slots=True)
class StreamPage:
    """At most a thousand rows, in the order of their changes."""

    rows: tuple[StreamRow, ...]
    left: tuple[LeftRow, ...]
    cursor: str
    """Where the next page begins."""
    reached_at: datetime | None
    """Of the last change in it; None for an empty page."""
    complete_until: datetime | None
    """At the end of the stream: every change before it has been told. None where more is waiting."""
    unreadable: int = 0
    """Rows that are no tickets as Zendesk describes them; each is left out by itself."""


class TicketStream(Protocol):
    """What the stream asks of a desk."""

    async def page(self, place: StreamPlace) -> StreamPage:
        """The next page. Raises ExportRefused, CursorDied, and DeskError where the desk does not answer."""

    async def missing(self, ids: Sequence[int]) -> list[int]:
        """Which of these tickets are no longer there, or are deleted or merged: no search tells. Raises DeskError."""

    def wait_s(self) -> float:
        """Seconds until the account has requests to spare: what people wait for comes first."""

    async def close(self) -> None:
        """Closes threads and connections."""
