"""A claim that nobody seems to hold any more: when its owner is asked, and what becomes of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.investigations.model import EventKind, Investigation, Latest
from bot.working_hours import WorkingHours


class ClaimEnd(StrEnum):
    """How a question to an owner ended; "" while it is open."""

    OPEN = ""
    KEPT = "kept"
    RELEASED = "released"
    """By its owner."""
    SILENT = "silent"
    """Nobody answered in time."""
    MOOT = "moot"
    """It was closed, or somebody else has it."""


class Freed(StrEnum):
    """Why an investigation was taken from its owner."""

    GONE = "gone"
    """They have left, or are a guest."""
    SILENT = "silent"
    """They didn't say whether they are still on it."""
    UNREACHED = "unreached"
    """Slack would not take the question."""


FREED_WORDS = {
    Freed.GONE: "they have left or are a guest now",
    Freed.SILENT: "they didn't say that they're still on it",
}
FREED_WORDS |= {Freed.UNREACHED: "they couldn't be asked whether they're still on it"}
"""As the timeline has it."""


@dataclass(frozen=True, slots=True)
class ClaimQuestion:
    """One "still on it?", to the owner alone."""

    id: int
    investigation_id: int
    owner: str
    asked_at: datetime
    since: datetime
    """When somebody last did something."""
    wrote: int
    """How many customers wrote since."""
    next_at: datetime
    """Until when they can answer."""
    ended_as: ClaimEnd = ClaimEnd.OPEN
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ShownQuestion:
    """A question to an owner, with what it is about."""

    question: ClaimQuestion
    investigation: Investigation
    title: str


def touched_at(investigation: Investigation, events: Sequence[Latest]) -> datetime:
    """When a person last did something with it; what machines found is nobody's care."""
    return max((event.at for event in events if event.actor), default=investigation.opened_at)


def ended_by(question: ClaimQuestion, investigation: Investigation, events: Sequence[Latest]) -> ClaimEnd:
    """What has answered an open question since; only what its owner did counts as a yes."""
    mine = [event for event in events if event.actor == question.owner and event.at > question.asked_at]
    if investigation.live and investigation.owner == question.owner:
        return ClaimEnd.KEPT if mine else ClaimEnd.OPEN
    return ClaimEnd.RELEASED if any(event.kind is EventKind.RELEASED for event in mine) else ClaimEnd.MOOT


def stale(touched: datetime, now: datetime, after: timedelta, hours: WorkingHours) -> bool:
    """Whether nobody did anything for so much working time; nobody is asked outside of it."""
    return bool(after) and hours.contain(now) and now >= hours.after(touched, after)
