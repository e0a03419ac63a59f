"""All numbers of a period together, and what they were counted of. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from bot.numbers.counts import (
    BriefingRecord,
    Elevated,
    ElevationRecord,
    Escalated,
    EscalationRecord,
    IssueNumbers,
    Read,
)
from bot.numbers.model import STEP_WORDS, Asked, Case, Sample, Step
from bot.numbers.noticing import Noticed, RisenTrend
from bot.numbers.waits import GroupNumbers, Reopened, StepNumbers


@dataclass(frozen=True, slots=True)
class Numbers:
    """Everything that the page shows. `since` is the first day, `as_of` when it was counted."""

    asked: Asked
    since: date
    as_of: datetime
    opened: int
    dismissed: int
    without_ticket: int
    """Nobody knows how long customers waited before these were opened: no ticket of theirs is confirmed."""
    steps: tuple[StepNumbers, ...]
    waits: tuple[GroupNumbers, ...]
    """The chosen step by the chosen grouping, in minutes."""
    tickets: Sample
    """Of each trend."""
    tickets_by: tuple[GroupNumbers, ...]
    noticed: Noticed
    escalated: Escalated
    elevated: Elevated
    reopened: Reopened
    issues: tuple[IssueNumbers, ...]
    read: Read
    teams: Mapping[str, str] = field(default_factory=dict)
    """What can be chosen: titles by key."""
    targets: Mapping[str, str] = field(default_factory=dict)
    step_words: Mapping[Step, str] = field(default_factory=lambda: STEP_WORDS)

    @property
    def drawn(self) -> tuple[str, ...]:
        """The names of the pictures that have something to show."""
        there = {
            "steps": self.steps[0].minutes.cases,
            "waits": sum(group.sample.cases for group in self.waits),
            "tickets": self.tickets.cases,
            "trends": self.noticed.bot.all + self.noticed.people.all,
            "escalations": self.escalated.escalations,
            "elevations": self.elevated.tickets,
            "issues": len(self.issues),
            "briefings": self.read.briefings,
        }
        return tuple(name for name, count in there.items() if count)


@dataclass(frozen=True, slots=True)
class Period:
    """What happened since the first day, whatever team or target it is of."""

    since: datetime
    until: datetime
    cases: Sequence[Case]
    rises: Sequence[RisenTrend]
    escalations: Sequence[EscalationRecord]
    elevations: Sequence[ElevationRecord]
    briefings: Sequence[BriefingRecord]
    issues: Sequence[tuple[int, int]]


def of_choice(period: Period, asked: Asked) -> Period:
    """What is of the team and the target that were asked for; a briefing is of a channel, and stays."""

    def wanted(each: Case | RisenTrend | EscalationRecord | ElevationRecord) -> bool:
        return asked.team in ("", each.team) and asked.target in ("", each.target)

    if not (asked.team or asked.target):
        return period
    return replace(
        period,
        cases=tuple(filter(wanted, period.cases)),
        rises=tuple(filter(wanted, period.rises)),
        escalations=tuple(filter(wanted, period.escalations)),
        elevations=tuple(filter(wanted, period.elevations)),
    )
