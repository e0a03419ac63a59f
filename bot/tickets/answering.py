"""What a desk is told and asks about answering customers: pure records."""

from dataclasses import dataclass
from enum import StrEnum

from bot.tickets.model import Ticket

MERGED_TAG = "closed_by_merge"
"""Zendesk's own mark of a ticket that was merged into another."""


@dataclass(frozen=True, slots=True)
class Customer:
    """A ticket and the language of whoever wrote it: a locale such as "de" or "pt-BR", "" where nobody knows.

    `comment_id` is its newest public comment where the ticket was changed a moment ago, else None.
    """

    ticket: Ticket
    locale: str = ""
    comment_id: int | None = None


@dataclass(frozen=True, slots=True)
class Macro:
    id: int
    title: str


@dataclass(frozen=True, slots=True)
class MacroEffect:
    """What a macro would do to one ticket. `text` is its comment as that customer would read it, "" for none."""

    text: str
    public: bool
    status: str = ""


@dataclass(frozen=True, slots=True)
class Hung:
    """What became of hanging one ticket on a problem: `reason` is "" where it hangs there now.

    `problem_id` is the problem on which it hangs; another than the one asked for means that it was left there.
    """

    ticket_id: int
    problem_id: int | None
    reason: str = ""
    retry: bool = False
    retry_after_s: float | None = None

    @property
    def done(self) -> bool:
        return not self.reason


class Refusal(StrEnum):
    """Why one ticket can't be answered, whatever happens to the others."""

    CLOSED = "closed"
    MERGED = "merged"
    GONE = "gone"
    REFUSED = "refused"


def unanswerable(ticket: Ticket | None) -> Refusal | None:
    """Why nobody can write to a ticket any more; None where it can be answered. No ticket is one that is gone."""
    if ticket is None or ticket.status == "deleted":
        return Refusal.GONE
    if ticket.status != "closed":
        return None
    return Refusal.MERGED if MERGED_TAG in ticket.tags else Refusal.CLOSED
