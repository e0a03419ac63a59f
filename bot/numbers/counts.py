"""What is counted beside times: steps of ladders, elevated tickets, known issues, readers of briefings. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.numbers.grouping import Groups
from bot.numbers.model import Sample, sample
from bot.numbers.waits import GroupNumbers


@dataclass(frozen=True, slots=True)
class EscalationRecord:
    """`steps` of its ladder were told before somebody acknowledged it, the post itself included."""

    at: datetime
    target: str
    team: str
    steps: int
    acknowledged: bool
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class StepCount:
    steps: int
    escalations: int


@dataclass(frozen=True, slots=True)
class Escalated:
    """`needed` is how many steps it took until somebody acknowledged, `withdrawn` counts those that were taken back or
    needed no more before that."""

    escalations: int
    needed: Sample
    counts: tuple[StepCount, ...]
    waiting: int
    withdrawn: int


@dataclass(frozen=True, slots=True)
class ElevationRecord:
    """A ticket that Tier 1 did not answer in time. `taken` is whether Tier 2 took it since."""

    at: datetime
    target: str
    team: str
    taken: bool


@dataclass(frozen=True, slots=True)
class ElevatedGroup:
    key: str
    words: str
    tickets: int
    taken: int


@dataclass(frozen=True, slots=True)
class Elevated:
    tickets: int
    taken: int
    groups: tuple[ElevatedGroup, ...]


@dataclass(frozen=True, slots=True)
class IssueNumbers:
    """A known issue with the customers whose tickets are about it: those of investigations that people say are it."""

    number: int
    title: str
    customers: int
    tickets: int
    investigations: int

    @property
    def name(self) -> str:
        return f"KI-{self.number}"


@dataclass(frozen=True, slots=True)
class BriefingRecord:
    """`readers` pressed *Mark as Read*."""

    at: datetime
    readers: int


@dataclass(frozen=True, slots=True)
class Read:
    briefings: int
    readers: Sample
    groups: tuple[GroupNumbers, ...]
    """By week, whatever else is grouped by."""


def escalated(records: Sequence[EscalationRecord]) -> Escalated:
    steps = [record.steps for record in records if record.acknowledged]
    return Escalated(
        escalations=len(records),
        needed=sample([float(count) for count in steps], "escalation"),
        counts=tuple(StepCount(count, many) for count, many in sorted(Counter(steps).items())),
        waiting=sum(not record.acknowledged and not record.withdrawn for record in records),
        withdrawn=sum(not record.acknowledged and record.withdrawn for record in records),
    )


def elevated(records: Sequence[ElevationRecord], groups: Groups) -> Elevated:
    made = groups.of(records, lambda record: groups.key(record.at, record.team, record.target))
    rows = (ElevatedGroup(each.key, each.words, len(each.members), _taken(each.members)) for each in made)
    return Elevated(len(records), _taken(records), tuple(rows))


def _taken(records: Iterable[ElevationRecord]) -> int:
    return sum(record.taken for record in records)


def readers_by_week(records: Iterable[BriefingRecord], weeks: Groups) -> list[tuple[str, str, list[float]]]:
    made = weeks.of(records, lambda record: weeks.key(record.at, "", ""))
    return [(group.key, group.words, [float(record.readers) for record in group.members]) for group in made]
