"""Asking development: when many customers are affected, a lead decides whether the tracker hears of it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.known_issues.model import Age, KnownIssue

LISTED = 50
"""Tickets whose links stand in a comment."""


class AskState(StrEnum):
    """`wanted` is on its way; `failed` will not succeed by itself; `told` is answered by a handoff."""

    OFFERED = "offered"
    DECLINED = "declined"
    WANTED = "wanted"
    SENT = "sent"
    FAILED = "failed"
    TOLD = "told"


OPEN = (AskState.OFFERED, AskState.WANTED, AskState.FAILED)
"""Somebody or something is still waited for."""


@dataclass(frozen=True, slots=True)
class DevelopmentAsk:
    """One step of one issue. `tickets` is how many there were at the offer, `failure` why the last try failed."""

    id: int
    issue_id: int
    step: int
    state: AskState
    at: datetime
    tickets: int
    decided_by: str = ""
    decided_at: datetime | None = None
    next_at: datetime | None = None
    attempts: int = 0
    failure: str = ""
    url: str = ""

    @property
    def stamp(self) -> str:
        """The mark by which its comment is found again after a lost answer."""
        return f"ki-{self.issue_id}/ask-{self.step}"


@dataclass(frozen=True, slots=True)
class Affected:
    """A ticket that people confirmed: nothing of what the customer wrote."""

    number: int
    url: str
    created_at: datetime
    found_at: datetime | None = None
    """When a search or a person first named it."""


@dataclass(frozen=True, slots=True)
class Counted:
    """How many confirmed tickets are about an issue, how many of them were named since a moment, and by which
    investigations."""

    tickets: int
    more: int
    investigations: frozenset[int]


@dataclass(frozen=True, slots=True)
class AskedIssue:
    """An ask as its card shows it."""

    ask: DevelopmentAsk
    issue: KnownIssue
    affected: int
    day: int
    """How many of these came within the last day."""
    age: Age


def step_passed(count: int, steps: Sequence[int], offered: Sequence[int]) -> int | None:
    """The highest step that `count` reached, where it is above everything that was offered before."""
    passed = max((step for step in steps if step <= count), default=0)
    return passed if passed > max(offered, default=0) else None


def within_a_day(affected: Sequence[Affected], now: datetime) -> int:
    return sum(ticket.created_at > now - timedelta(days=1) for ticket in affected)


def comment(affected: Sequence[Affected], investigations: Sequence[str], now: datetime) -> str:
    """Returns the comment for development as Markdown. Trackers may be public, so it quotes no customer."""
    day, week = within_a_day(affected, now), sum(ticket.created_at > now - timedelta(days=7) for ticket in affected)
    newest = sorted(affected, key=lambda ticket: (ticket.created_at, ticket.number), reverse=True)
    links = [
        f"- [#{ticket.number}]({ticket.url})" if ticket.url else f"- #{ticket.number}" for ticket in newest[:LISTED]
    ]
    more = [f"- and {len(newest) - LISTED} more"] if len(newest) > LISTED else []
    tickets = "1 support ticket is" if len(newest) == 1 else f"{len(newest)} support tickets are"
    lines = [
        f"**{tickets} confirmed to be about this**: {day} in the last 24 hours, {week} in the last 7 days.",
        "",
        f"Investigations: {', '.join(investigations)}. When can customers expect a fix, or is there a workaround?",
        "",
        *links,
        *more,
    ]
    return "\n".join(lines)
