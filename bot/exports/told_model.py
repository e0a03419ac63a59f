"""Who was told in a story: management by a ladder, customers by rounds of replies. Pure."""

from dataclasses import dataclass
from datetime import datetime

from bot.exports.times import Happened


@dataclass(frozen=True, slots=True)
class LadderStepLine:
    """One step of a ladder. `at` is when it was told, or is due while it is `planned`; `whom` says by which way too."""

    at: datetime | None
    whom: str
    became: str
    planned: bool = False
    failed: bool = False


@dataclass(frozen=True, slots=True)
class EscalatedOnce:
    """One escalation. `parts` are what was written, by their headings; `answer` is who answered, or why nobody has
    to."""

    at: datetime
    by: str
    priority: str
    parts: tuple[tuple[str, str], ...]
    steps: tuple[LadderStepLine, ...]
    answer: str
    answered_at: datetime | None = None
    waits: bool = False
    """Whether an answer is awaited."""
    asked: tuple[Happened, ...] = ()
    """What management wanted to know."""
    stands: str = ""
    """Why nobody else is asked, "" where others are, or need not be."""


@dataclass(frozen=True, slots=True)
class AnsweredTicket:
    """`became` is "answered", or why it was not; `at` when it was answered."""

    number: int
    became: str
    at: datetime | None = None
    url: str = ""
    failed: bool = False


@dataclass(frozen=True, slots=True)
class RoundOfReplies:
    """One round, with the tickets of this investigation alone. `words` say how far it is, `counts` what is not 0."""

    at: datetime
    """When it was approved, or opened while nobody has."""
    news: str
    words: str
    counts: tuple[tuple[str, int], ...]
    approved_by: str = ""
    trouble: str = ""
    """Why it does not go on, "" where it does."""
    tickets: tuple[AnsweredTicket, ...] = ()
