"""What is counted: cases with the moments that they reached, samples of them, and what a small sample can say. Pure."""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from urllib.parse import urlencode

WEEKS = (4, 12, 26, 52)
"""How many weeks back somebody may look."""
MEDIAN_FROM, P90_FROM = 3, 10
"""Of fewer cases these say nothing: a p90 of nine cases is the worst of them."""
KEY_MAX = 200
"""Characters of a team's or a target's key that are compared."""


class Step(StrEnum):
    """What customers wait for."""

    OPENED = "opened"
    CLAIMED = "claimed"
    EVIDENCE = "first_evidence"
    ESCALATED = "escalated"
    ACKNOWLEDGED = "acknowledged"
    TOLD = "customers_told"
    RESOLVED = "resolved"


STEP_WORDS = {
    Step.OPENED: "Opened",
    Step.CLAIMED: "Claimed",
    Step.EVIDENCE: "First evidence",
    Step.ESCALATED: "Escalated",
    Step.ACKNOWLEDGED: "Acknowledged",
    Step.TOLD: "Customers told",
    Step.RESOLVED: "Resolved",
}


class Grouping(StrEnum):
    """By what cases are put together. The hour is that of the first ticket, the week that of the opening."""

    WEEK = "week"
    TEAM = "team"
    TARGET = "target"
    HOUR = "hour"


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to see; "" is every team, and every target."""

    weeks: int = 12
    team: str = ""
    target: str = ""
    by: Grouping = Grouping.WEEK
    step: Step = Step.CLAIMED

    @property
    def query(self) -> str:
        """As an address has it."""
        return urlencode({field.name: getattr(self, field.name) for field in fields(self)})


@dataclass(frozen=True, slots=True)
class Case:
    """One investigation. `waits` are minutes from the first ticket, in the order of Step: 0 for what was
    done before it, None where a step was not reached or no ticket tells when it began."""

    number: int
    target: str
    team: str
    opened_at: datetime
    first_ticket_at: datetime | None
    waits: tuple[float | None, ...]
    tickets: int
    dismissed: bool = False
    ended: bool = False
    reopened: bool = False

    @property
    def name(self) -> str:
        return f"INV-{self.number}"

    @property
    def timed(self) -> bool:
        """Whether its times are counted: it is a trend, and a ticket tells when it began."""
        return self.first_ticket_at is not None and not self.dismissed

    def waited(self, step: Step) -> float | None:
        return self.waits[_PLACES[step]]


_PLACES = {step: place for place, step in enumerate(Step)}


@dataclass(frozen=True, slots=True)
class Sample:
    """Some numbers of one kind; `note` says what so few can't tell, "" where they can."""

    cases: int
    median: float | None = None
    p90: float | None = None
    note: str = ""


def sample(values: Sequence[float], noun: str = "case") -> Sample:
    """The median, and the value that nine of ten do not pass (nearest rank: it is one of them)."""
    ordered, count = sorted(values), len(values)
    if not count:
        return Sample(0, note=f"no {noun}s")
    cases = f"{count} {noun}{'' if count == 1 else 's'}"
    if count < MEDIAN_FROM:
        return Sample(count, note=f"{cases}: too few for a median")
    median = statistics.median(ordered)
    if count < P90_FROM:
        return Sample(count, median, note=f"{cases}: too few for a p90")
    return Sample(count, median, ordered[math.ceil(0.9 * count) - 1])


def first_monday(now: datetime, weeks: int, zone: tzinfo) -> datetime:
    """When the first of the last `weeks` weeks began; the one that goes on is the last of them."""
    today = now.astimezone(zone).date()
    monday = today - timedelta(days=today.weekday(), weeks=weeks - 1)
    return datetime.combine(monday, time(), tzinfo=zone)


def week_of(moment: datetime, zone: tzinfo) -> date:
    """The Monday of its week."""
    day = moment.astimezone(zone).date()
    return day - timedelta(days=day.weekday())
