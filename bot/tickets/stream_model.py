"""The desk's stream as records: a ticket as it is stored, without text and without names, and what is told of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class StreamSettings:
    history_days: int = 28
    """How far back it reads when it begins."""
    forget_days: int = 90
    version: str = ""
    """Of targets and rules of reading: where it is another one the history is read again, since no text is kept."""


@dataclass(frozen=True, slots=True)
class ReadTicket:
    """One ticket, read. Keys are those of `bot.reading.model.Reading`."""

    id: int
    created_at: datetime
    updated_at: datetime
    """Of the last change that is known here, also of one that people don't see."""
    status: str
    customer: int
    """A keyed hash of the requester, 63 bits: the same for all tickets of one, and of no use elsewhere."""
    assignee_id: int | None = None
    affected: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
    symptom: str = ""
    platform: str = ""
    versions: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    language: str = ""
    terms: tuple[int, ...] = ()
    """Keyed hashes of the reading's terms, 63 bits; the words of those that several customers use are kept beside."""


@dataclass(frozen=True, slots=True)
class StreamPart:
    """What was stored at once: some tickets of a page. Hearers are told in the same transaction."""

    tickets: tuple[ReadTicket, ...]
    """Those that are new, and those that are other than they were; a hearer that counts goes by `id`."""
    left: tuple[int, ...] = ()
    """Those that are no longer counted: deleted, merged into another one, spam, or made by the bot itself."""
    complete_until: datetime | None = None
    """Every ticket created before it is stored; None while the history is being read for the first time."""


@dataclass(frozen=True, slots=True)
class StreamGap:
    """A span of time whose tickets were not read as they came, but all together at its end."""

    since: datetime
    until: datetime
    desk: bool
    """Whether the desk did not answer; else the bot was away."""


class StreamWay(StrEnum):
    """How the desk is asked for what is new."""

    EXPORT = "export"
    SEARCH = "search"
    """Where the login may not export: minutes late, and what was deleted is noticed later."""


@dataclass(frozen=True, slots=True)
class StreamState:
    """How far the stream was read."""

    way: StreamWay = StreamWay.EXPORT
    cursor: str = ""
    """Where the desk goes on, in its own words."""
    begins_at: datetime | None = None
    """What was created before is no part of it. None before the first start."""
    reached_at: datetime | None = None
    """All changes up to then are stored."""
    complete_until: datetime | None = None
    version: str = ""
    filled_at: datetime | None = None
    """When the history was read to its end; None before that."""
    failing_since: datetime | None = None
    reason: str = ""
    """Why the desk does not tell, where it fails."""
    exported_at: datetime | None = None
    """When an export was last tried, where the way is a search."""


@dataclass(frozen=True, slots=True)
class StreamStanding:
    """How the stream goes, for people."""

    enabled: bool = False
    way: StreamWay = StreamWay.EXPORT
    days: int = 0
    """How many days of the history are read."""
    of_days: int = 0
    left: timedelta | None = None
    """How long the history takes still; None where that is not known yet."""
    filled: bool = False
    behind: bool = False
    """Whether what is read is not what is new."""
    complete_until: datetime | None = None
    failing_since: datetime | None = None
    reason: str = ""
