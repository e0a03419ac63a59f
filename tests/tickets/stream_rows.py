"""Rows of a desk's stream, and a desk that tells them, for the tests."""

from datetime import UTC, datetime, timedelta

from bot.reading.model import Reading, Said
from bot.tickets.stream import LeftRow, StreamRow
from bot.tickets.stream_hash import StreamHash

BEGAN = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
HASH = StreamHash(b"k" * 32)


def row(
    number: int,
    *,
    minute: float = 0,
    changed: float | None = None,
    customer: int | None = None,
    status: str = "new",
    terms: tuple[str, ...] = (),
    target: str = "us-east",
    symptom: str = "connect",
    versions: tuple[str, ...] = (),
) -> StreamRow:
    """A ticket, created and changed so many minutes after BEGAN."""
    created_at = BEGAN + timedelta(minutes=minute)
    reading = Reading(
        affected=(Said(target, (target,)),) if target else (),
        symptom=Said(symptom, ("down",)) if symptom else None,
        versions=versions,
        language="en",
        terms=terms,
    )
    changed_at = created_at if changed is None else BEGAN + timedelta(minutes=changed)
    return StreamRow(number, created_at, changed_at, status, customer or 700 + number, None, reading)


def left(number: int, changed: float) -> LeftRow:
    return LeftRow(number, BEGAN + timedelta(minutes=changed))
