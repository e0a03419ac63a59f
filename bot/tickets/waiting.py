"""Who waits for a reply since when, and giving a ticket to another group of agents. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.tickets.answering import MERGED_TAG
from bot.tickets.model import Ticket

ELEVATED_TAG = "secondline-elevated"
"""Marks a ticket that was elevated, set by the very update that moved it: no ticket is moved twice."""
ON_AGENTS = ("new", "open")
"""Pending waits for the customer, on hold for somebody else: an agent said so."""


@dataclass(frozen=True, slots=True)
class DeskGroup:
    """A group of agents in the desk."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class TicketComment:
    """A comment as far as it tells who waits for whom."""

    by_agent: bool
    public: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Wait:
    """A customer who waits for a reply."""

    since: datetime
    """The first words of theirs that nobody has answered: who asks again has waited as long as before."""
    touched_at: datetime | None = None
    """When an agent last did something with it since: a note, or a change of a ticket that somebody has."""


def wait_of(ticket: Ticket, newest_first: Sequence[TicketComment], *, whole: bool) -> Wait | None:
    """Returns since when the customer waits; None where they have a reply, or the ticket is not on the agents.

    Where `newest_first` is the whole of it, its last one opened the ticket: that is the customer's, also where an agent
    typed it for them.
    """
    if ticket.status not in ON_AGENTS:
        return None
    since, noted_at = None, None
    for place, comment in enumerate(newest_first):
        opening = whole and place == len(newest_first) - 1
        if comment.by_agent and not opening:
            if comment.public:
                break
            noted_at = noted_at or comment.at
        elif comment.public:
            since = comment.at
    if since is None:
        return None
    said_at = newest_first[0].at
    changed_at = ticket.updated_at if ticket.assignee_id and ticket.updated_at > said_at else None
    touched = [moment for moment in (noted_at, changed_at) if moment and moment > since]
    return Wait(since, max(touched, default=None))


@dataclass(frozen=True, slots=True)
class TicketWait:
    """A ticket as it is now, and since when its customer waits."""

    ticket: Ticket
    wait: Wait | None


@dataclass(frozen=True, slots=True)
class GroupTickets:
    """The newest tickets of some groups that wait for agents."""

    tickets: tuple[Ticket, ...]
    more_before: datetime | None = None
    """There are others, created then or earlier; None where there are not."""


@dataclass(frozen=True, slots=True)
class ElevationOrder:
    """What is to become of a ticket that nobody answered."""

    wait: Wait
    """As it was judged: of a ticket on which that changed nothing is done."""
    from_groups: frozenset[int]
    group_id: int
    note: str
    """For agents only."""
    stamp: str
    """Finds it again where nobody knows whether it was done."""


class Elevated(StrEnum):
    """What became of it."""

    DONE = "done"
    ALREADY = "already"
    """It has the mark: an earlier attempt was done, or another bot's."""
    CHANGED = "changed"
    """Its customer has a reply meanwhile, or somebody works on it."""
    ELSEWHERE = "elsewhere"
    """It is in another group."""
    OVER = "over"
    """Solved, closed, merged, or waiting for somebody else than agents."""
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class ElevationResult:
    """What became of it, and the ticket as it was found; its wait where that is another than was judged."""

    kind: Elevated
    ticket: Ticket | None = None
    wait: Wait | None = None
    ours: bool = False
    """Whether the mark is of this very order."""


def against(ticket: Ticket | None, order: ElevationOrder) -> Elevated | None:
    """Says why a ticket is left where it is; None where nothing but its comments may."""
    if ticket is None or ticket.status == "deleted":
        return Elevated.GONE
    if ticket.status not in ON_AGENTS or MERGED_TAG in ticket.tags:
        return Elevated.OVER
    return Elevated.ELSEWHERE if ticket.group_id not in order.from_groups else None
