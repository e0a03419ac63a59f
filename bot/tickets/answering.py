"""Answering customers: who they are, why a ticket takes no answer, and what became of it between two looks. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.tickets.model import Ticket

MERGED_TAG = "closed_by_merge"
"""Zendesk's own mark of a ticket that was merged into another."""
_OWN_TAGS = re.compile(r"inv-\d+|secondline-.+", re.DOTALL)
"""The bot's own tags: no customer and no agent set them."""


@dataclass(frozen=True, slots=True)
class Customer:
    """A ticket and the language of whoever wrote it."""

    ticket: Ticket
    locale: str = ""
    """Such as "de" or "pt-BR"; "" where nobody knows."""
    comment_id: int | None = None
    """Its newest public comment where the ticket was changed a moment ago, else None."""


@dataclass(frozen=True, slots=True)
class Macro:
    id: int
    title: str


@dataclass(frozen=True, slots=True)
class MacroEffect:
    """What a macro would do to one ticket."""

    text: str
    """Its comment as that customer would read it, "" for none."""
    public: bool
    status: str = ""


@dataclass(frozen=True, slots=True)
class HangOutcome:
    """What became of hanging one ticket on a problem."""

    ticket_id: int
    problem_id: int | None
    """The problem on which it hangs now; another than the one asked for means that it was left there."""
    reason: str = ""
    """Why it does not hang there; "" where it does."""
    retry: bool = False
    retry_after_s: float | None = None

    @property
    def done(self) -> bool:
        return not self.reason


class RefusalKind(StrEnum):
    """Why one ticket can't be answered; the others may be."""

    CLOSED = "closed"
    MERGED = "merged"
    GONE = "gone"
    REFUSED = "refused"


def unanswerable(ticket: Ticket | None) -> RefusalKind | None:
    """Why a ticket takes no answer; None where it takes one. No ticket counts as one that is gone."""
    if ticket is None or ticket.status == "deleted":
        return RefusalKind.GONE
    if ticket.status != "closed":
        return None
    return RefusalKind.MERGED if MERGED_TAG in ticket.tags else RefusalKind.CLOSED


class DifferenceKind(StrEnum):
    """What others can do to a ticket so that its approval counts no longer.

    Priority, subject, private notes and fields of the desk's own are not among them: they make no difference to what
    a customer is told.
    """

    WROTE = "wrote"
    ANSWERED = "answered"
    STATUS = "status"
    ASSIGNEE = "assignee"
    GROUP = "group"
    REQUESTER = "requester"
    PROBLEM = "problem"
    TAGGED = "tagged"
    UNTAGGED = "untagged"
    UNCONFIRMED = "unconfirmed"


class Doer(StrEnum):
    """Who changed a status, as far as the desk tells."""

    NOBODY_KNOWS = ""
    CUSTOMER = "customer"
    SOMEBODY = "somebody"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that others did to a ticket."""

    kind: DifferenceKind
    now: str = ""
    """The new status, the tags, or the number of the problem; "" for none."""
    by: Doer = Doer.NOBODY_KNOWS
    """Is told of a status only."""


@dataclass(frozen=True, slots=True)
class PublicComment:
    """A public comment."""

    id: int
    by_customer: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A ticket as it was looked at."""

    status: str
    updated_at: datetime
    requester_id: int | None = None
    assignee_id: int | None = None
    group_id: int | None = None
    problem_id: int | None = None
    tags: tuple[str, ...] = ()
    comment_id: int | None = None
    """Its newest public comment, 0 for none; None where nobody asked, since `updated_at` tells enough."""


def snapshot(ticket: Ticket, comment_id: int | None = None) -> Snapshot:
    return Snapshot(
        status=ticket.status,
        updated_at=ticket.updated_at,
        requester_id=ticket.requester_id,
        assignee_id=ticket.assignee_id,
        group_id=ticket.group_id,
        problem_id=ticket.problem_id,
        tags=ticket.tags,
        comment_id=comment_id,
    )


def may_have_been_written_to(before: Snapshot, now: Ticket) -> bool:
    """Whether its comments need to be read: each of them moves `updated_at`, by whole seconds."""
    return before.comment_id is not None or now.updated_at != before.updated_at


def said_since(before: Snapshot, newest_first: Iterable[PublicComment]) -> list[PublicComment]:
    """The public comments that came after the first look."""
    since = []
    for comment in newest_first:
        known = comment.id == before.comment_id if before.comment_id is not None else comment.at <= before.updated_at
        if known:
            break
        since.append(comment)
    return since


def differences(before: Snapshot, now: Ticket, said: Sequence[PublicComment] = ()) -> tuple[Difference, ...]:
    """What others did since; `said` are the public comments that came since. () where it is as it was."""
    changes = [Difference(DifferenceKind.WROTE)] if any(comment.by_customer for comment in said) else []
    changes += [Difference(DifferenceKind.ANSWERED)] if not all(comment.by_customer for comment in said) else []
    changes += [Difference(DifferenceKind.STATUS, now.status)] if now.status != before.status else []
    for kind, was, became in (
        (DifferenceKind.ASSIGNEE, before.assignee_id, now.assignee_id),
        (DifferenceKind.GROUP, before.group_id, now.group_id),
        (DifferenceKind.REQUESTER, before.requester_id, now.requester_id),
        (DifferenceKind.PROBLEM, before.problem_id, now.problem_id),
    ):
        changes += [Difference(kind, str(became or ""))] if was != became else []
    for kind, tags in (
        (DifferenceKind.TAGGED, _others(now.tags) - _others(before.tags)),
        (DifferenceKind.UNTAGGED, _others(before.tags) - _others(now.tags)),
    ):
        changes += [Difference(kind, ", ".join(sorted(tags)))] if tags else []
    return tuple(changes)


def _others(tags: Iterable[str]) -> set[str]:
    return {tag for tag in tags if not _OWN_TAGS.fullmatch(tag)}
