"""What the App Home shows to one person, as data, and when a look is over. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.briefings.model import Issue, NextStep
from bot.escalations.model import Escalation
from bot.handoffs.model import Handoff
from bot.handovers.model import Handover, Offer
from bot.investigations.model import Event, EventKind, Investigation
from bot.known_issues.model import Change, KnownIssue
from bot.people import USUAL, DmKind, PersonalSettings
from bot.reminders.claim_model import ShownQuestion
from bot.replies.model import Round

LOOK_OVER = timedelta(minutes=10)
"""Whoever opens the Home once more within this time still looks: what is new to them stays."""
LONGEST_AGO = timedelta(days=14)
"""What happened before is not told as new, however long somebody was away."""
LATELY = timedelta(hours=4)
"""So long after somebody looked their Home is kept up to date: Slack does not tell when a tab is closed."""

DM_WORDS = {
    DmKind.HANDOVER: "Somebody asks me to take an investigation over",
    DmKind.DAY_END: "My day ends with investigations open",
    DmKind.STILL_ON_IT: "Whether I'm still on what I own",
    DmKind.LANE: "Triage: a lane waits for me",
    DmKind.ASK: "Whether to tell development of a known issue",
    DmKind.NEWS: "News of known issues that I follow",
    DmKind.TREND: "My own tickets belong to a rise",
}
SHORT_WORDS = {
    DmKind.HANDOVER: "handovers",
    DmKind.DAY_END: "the end of your day",
    DmKind.STILL_ON_IT: "“still on it?”",
    DmKind.LANE: "lanes",
    DmKind.ASK: "telling development",
    DmKind.NEWS: "known issues",
    DmKind.TREND: "your tickets in a rise",
}
_WEEK = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

Place = tuple[str, str]
"""Where a message is: channel and ts."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Who opened it. `team` is the title of their Tier 2 team, "" for everybody else.

    Who is no `colleague` is a guest, a stranger, an app or has left.
    """

    user: str
    team: str = ""
    tier2: bool = False
    manages: bool = False
    colleague: bool = True
    by_hours: bool = True
    """Whether anything that reaches them goes by their working hours."""


class Part(StrEnum):
    """What somebody has to do with an investigation."""

    OWNER = "owner"
    HELPER = "helper"
    REPORTER = "reporter"
    """It came from a message of theirs, or they opened it."""
    NONE = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """A live investigation. `say` is what Tier 1 should tell customers now."""

    investigation: Investigation
    title: str
    part: Part = Part.NONE
    next: NextStep | None = None
    place: Place | None = None
    say: str = ""


@dataclass(frozen=True, slots=True)
class EscalationWaits:
    """Management is asked; `again` where whoever acknowledged it is asked whether they are still on it."""

    escalation: Escalation
    title: str
    place: Place | None = None
    again: bool = False


@dataclass(frozen=True, slots=True)
class HandoverWaits:
    handover: Handover
    title: str


@dataclass(frozen=True, slots=True)
class LaneWaits:
    """Triage decides how development takes it."""

    handoff: Handoff
    title: str
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class RoundWaits:
    """Customers get an answer as soon as somebody approves it."""

    reply_round: Round
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for the reader and for nobody else, or for them and a few others; the most urgent first."""

    escalations: tuple[EscalationWaits, ...] = ()
    claims: tuple[ShownQuestion, ...] = ()
    handovers: tuple[HandoverWaits, ...] = ()
    lanes: tuple[LaneWaits, ...] = ()
    rounds: tuple[RoundWaits, ...] = ()
    day_end: tuple[Offer, tuple[Investigation, ...]] | None = None

    @property
    def count(self) -> int:
        listed = (self.escalations, self.claims, self.handovers, self.lanes, self.rounds)
        return sum(map(len, listed)) + (self.day_end is not None)


NOTHING_WAITS = Waiting()


@dataclass(frozen=True, slots=True)
class Changed:
    """What happened to one investigation, oldest first."""

    investigation: Investigation
    title: str
    events: tuple[Event, ...]
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Changes:
    """What happened since somebody looked last; `issues` are those that they follow."""

    since: datetime
    investigations: tuple[Changed, ...] = ()
    issues: tuple[tuple[KnownIssue, Change], ...] = ()

    @property
    def any(self) -> bool:
        return bool(self.investigations or self.issues)


@dataclass(frozen=True, slots=True)
class HomeView:
    """Everything on one person's Home."""

    reader: Reader
    waiting: Waiting = NOTHING_WAITS
    mine: tuple[Listed, ...] = ()
    free: tuple[Listed, ...] = ()
    others: tuple[Listed, ...] = ()
    changes: Changes | None = None
    issues: tuple[Issue, ...] = ()
    settings: PersonalSettings = USUAL
    kinds: tuple[DmKind, ...] = ()
    """Of direct messages that can reach the reader."""

    @property
    def nothing_open(self) -> bool:
        return not (self.mine or self.free or self.others)


@dataclass(frozen=True, slots=True)
class Look:
    """When somebody opened the Home last, and since when what happened is new to them (None for the first time)."""

    user: str
    looked_at: datetime
    new_since: datetime | None = None


def looked(before: Look | None, user: str, now: datetime) -> Look:
    """The look that begins or goes on: what was shown as new in one that is over is not new any more."""
    if not before:
        return Look(user, now)
    if now - before.looked_at < LOOK_OVER:
        return Look(user, now, before.new_since)
    return Look(user, now, before.looked_at)


def new_since(look: Look | None, now: datetime) -> datetime | None:
    """Since when what happened is told as new."""
    since = look.new_since if look else None
    return max(since, now - LONGEST_AGO) if since else None


_SMALL = frozenset((EventKind.TICKETS, EventKind.PROBE, EventKind.STILL_ON_IT))
"""What happens all the time, and what the card says at a glance."""


def worth_telling(events: Iterable[Event], user: str) -> tuple[Event, ...]:
    """What others did, and what the bot found that is no routine."""
    return tuple(event for event in events if event.actor != user and event.kind not in _SMALL)


def part_of(investigation: Investigation, user: str) -> Part:
    """What a person has to do with it, the most of it."""
    if investigation.owner == user:
        return Part.OWNER
    if user in investigation.helpers:
        return Part.HELPER
    author = investigation.source.author if investigation.source else ""
    return Part.REPORTER if user in (author, investigation.opened_by) else Part.NONE


def parted(rows: Sequence[Listed]) -> tuple[tuple[Listed, ...], tuple[Listed, ...], tuple[Listed, ...]]:
    """Mine, those that nobody has, and the others, each in its order; the reader's own come first among theirs."""
    order = list(Part)
    mine = sorted((row for row in rows if row.part is not Part.NONE), key=lambda row: order.index(row.part))
    rest = [row for row in rows if row.part is Part.NONE]
    free = tuple(row for row in rest if not row.investigation.owner)
    return tuple(mine), free, tuple(row for row in rest if row.investigation.owner)


def days_words(days: frozenset[int]) -> str:
    """ "Mon to Fri", "Mon, Wed"."""
    listed = sorted(days)
    if len(listed) > 2 and listed == list(range(listed[0], listed[-1] + 1)):
        return f"{_WEEK[listed[0]]} to {_WEEK[listed[-1]]}"
    return ", ".join(_WEEK[day] for day in listed)
