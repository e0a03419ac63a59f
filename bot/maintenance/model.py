"""A maintenance: which targets, from when until when, who says so, and how it goes. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.errors import BadInput
from bot.maintenance.sweep_model import SmokeSweep
from bot.status.trouble import BEFORE_IT

WHY_MAX = 300
LONGEST = timedelta(days=7)
FARTHEST = timedelta(days=90)
"""Who types a time farther away than this has mistyped it."""
OVERRUN = timedelta(hours=1)
"""A page may leave a maintenance open for ever: so long after its planned end trouble is expected no more."""


class Phase(StrEnum):
    PLANNED = "planned"
    GOING = "going"
    OVER = "over"
    CANCELLED = "cancelled"


LIVE = (Phase.PLANNED, Phase.GOING)


class ChangeKind(StrEnum):
    """What was done to a maintenance after it was planned."""

    MOVED = "moved"
    LONGER = "longer"
    SHORTER = "shorter"
    TARGETS = "targets"
    ENDED = "ended"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Change:
    """`by` is "" for the status page; `until` is the end that it has from then on."""

    kind: ChangeKind
    at: datetime
    by: str = ""
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Maintenance:
    """One planned time, with one message.

    `planned_by` is who typed it, "" where a status page (`page`, its name; `page_id`, the page's own id) says it.
    `stage` is the page's word. `ended_at` is when it was over, whatever was planned.
    """

    id: int
    targets: tuple[str, ...]
    phase: Phase
    begins_at: datetime
    ends_at: datetime
    channel: str
    created_at: datetime
    why: str = ""
    planned_by: str = ""
    page: str = ""
    page_id: str = ""
    stage: str = ""
    url: str = ""
    ended_at: datetime | None = None
    changes: tuple[Change, ...] = ()
    sweep_id: int | None = None

    @property
    def name(self) -> str:
        return f"M-{self.id}"

    @property
    def live(self) -> bool:
        return self.phase in LIVE

    def holds(self, now: datetime) -> bool:
        """Whether trouble of its targets is expected at this moment."""
        return self.live and self.begins_at <= now < self.holds_until

    @property
    def holds_until(self) -> datetime:
        """A page says itself when it is over, as long as that is not much later than it had said."""
        return self.ends_at + OVERRUN if self.overrunning else self.ends_at

    @property
    def overrunning(self) -> bool:
        """Whether the page still calls it under way, whatever time it is."""
        return bool(self.page) and self.stage in PAGE_GOING

    def over_at(self, now: datetime) -> bool:
        """Whether its time is over; while a page says that it goes on it is not."""
        return now >= self.ends_at and not self.overrunning


PAGE_GOING = ("in_progress", "verifying")

_NEVER = frozenset({"leak"})
"""Addresses of customers that leak are told at once, whatever is planned."""
_NOT_OF: Mapping[str, frozenset[str]] = {
    "gateway": frozenset({"crash", "payment"}),
    "website": frozenset({"crash", "drops", "speed", "streaming"}),
    "payments": frozenset({"connect", "crash", "drops", "slow", "speed", "dns", "streaming"}),
}
"""By the kind of target, what its maintenance does not bring: it is told although it is about the target."""


def explains(kind: str, symptom: str) -> bool:
    """Whether a maintenance of such a target may be why customers write; "" is no symptom that they share."""
    return symptom not in _NEVER and symptom not in _NOT_OF.get(kind, frozenset())


def begins_in(maintenance: Maintenance, moment: datetime) -> bool:
    """Whether something that began then may be of it; work often begins a little early."""
    return moment >= maintenance.begins_at - BEFORE_IT


@dataclass(frozen=True, slots=True)
class PlannedTime:
    begins_at: datetime
    ends_at: datetime


class NotAMaintenance(BadInput):
    """There is none of this name, or it is over."""

    def __init__(self, name: str, live: Sequence[str]) -> None:
        listed = f" These are planned or going on: {', '.join(live)}." if live else " Nothing is planned."
        super().__init__(f"{name} is over, or was never planned.{listed}")


def checked(time: PlannedTime, now: datetime) -> PlannedTime:
    """Raises BadInput for a time that nobody means."""
    if time.ends_at <= time.begins_at:
        raise BadInput("It ends before it begins. For example: `/t2 maintenance us-east 22:00-23:30 new kernel`.")
    if time.ends_at <= now:
        raise BadInput("That time has passed already. Say the day: `/t2 maintenance us-east tomorrow 22:00-23:30`.")
    if time.ends_at - time.begins_at > LONGEST:
        raise BadInput(f"A maintenance of more than {LONGEST.days} days hides too much. Plan it in parts.")
    if time.begins_at - now > FARTHEST:
        raise BadInput(f"That is more than {FARTHEST.days} days away. Check the date.")
    return time


def card_key(maintenance_id: int) -> str:
    return f"maintenance/{maintenance_id}"


@dataclass(frozen=True, slots=True)
class ShownMaintenance:
    """`titles` are those of its targets; `sweep` is the check after it."""

    maintenance: Maintenance
    titles: tuple[str, ...]
    sweep: "ShownSweep | None" = None
    late: bool = False
    """Its planned time is over, and its page says that it goes on."""


@dataclass(frozen=True, slots=True)
class ShownSweep:
    """`done` of `asked` playbooks have ended."""

    sweep: SmokeSweep
    titles: tuple[str, ...]
    asked: int = 0
    done: int = 0
