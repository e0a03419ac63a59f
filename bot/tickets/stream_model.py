"""A ticket of the desk's stream as it is stored: what the reading found, without text and without names."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ReadTicket:
    """One ticket, read. Keys are those of `bot.reading.model.Reading`."""

    id: int
    created_at: datetime
    updated_at: datetime
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
