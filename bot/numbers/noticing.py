"""Who noticed a trend first, the bot or people, and how many of these were none. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from bot.numbers.grouping import Groups
from bot.numbers.model import Case, Sample, sample


@dataclass(frozen=True, slots=True)
class RisenTrend:
    """A rise that the bot noticed. `told` is whether it said so, or would have in shadow mode; `dismissed` that
    somebody said that it is no trend, or that its investigation is none."""

    number: int
    noticed_at: datetime
    target: str
    team: str
    told: bool
    dismissed: bool
    investigation: int | None
    opened_at: datetime | None
    """When its investigation was opened."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of those that were noticed: looked into and a trend, no trend, or nobody has said."""

    real: int = 0
    false: int = 0
    unsaid: int = 0

    @property
    def all(self) -> int:
        return self.real + self.false + self.unsaid


@dataclass(frozen=True, slots=True)
class NoticedGroup:
    key: str
    words: str
    bot: Judged
    people: Judged


@dataclass(frozen=True, slots=True)
class Noticed:
    """`later_min` is how many minutes after people the bot noticed what they had seen first; `never` counts what it did
    not notice at all."""

    bot: Judged
    people: Judged
    later_min: Sample
    never: int
    groups: tuple[NoticedGroup, ...]


@dataclass(frozen=True, slots=True)
class _First:
    """One trend, whoever noticed it first; `real` is None where nobody has said."""

    by_bot: bool
    key: str
    real: bool | None


def noticed(cases: Sequence[Case], rises: Sequence[RisenTrend], groups: Groups) -> Noticed:
    """Cases of the period, and rises of it and of the days before it."""
    earliest: dict[int, datetime] = {}
    for rise in rises:
        if rise.investigation is not None:
            earliest[rise.investigation] = min(rise.noticed_at, earliest.get(rise.investigation, rise.noticed_at))
    seen_first = [case for case in cases if not _before(earliest.get(case.number), case.opened_at)]
    first = [*_by_people(seen_first, groups), *_by_bot(rises, groups)]
    real = [case for case in seen_first if not case.dismissed]
    later = [
        (at - case.opened_at).total_seconds() / 60 for case in real if (at := earliest.get(case.number)) is not None
    ]
    return Noticed(
        bot=_judged(each for each in first if each.by_bot),
        people=_judged(each for each in first if not each.by_bot),
        later_min=sample(later),
        never=len(real) - len(later),
        groups=tuple(
            NoticedGroup(
                group.key,
                group.words,
                _judged(each for each in group.members if each.by_bot),
                _judged(each for each in group.members if not each.by_bot),
            )
            for group in groups.of(first, lambda each: each.key)
        ),
    )


def _before(noticed_at: datetime | None, opened_at: datetime) -> bool:
    """Whether the bot noticed it before it was opened."""
    return noticed_at is not None and noticed_at <= opened_at


def _by_people(seen_first: Iterable[Case], groups: Groups) -> Iterable[_First]:
    for case in seen_first:
        yield _First(False, groups.key(case.opened_at, case.team, case.target), not case.dismissed)


def _by_bot(rises: Iterable[RisenTrend], groups: Groups) -> Iterable[_First]:
    """Several rises that one investigation looks into are one trend."""
    alone, together = list[list[RisenTrend]](), dict[int, list[RisenTrend]]()
    for rise in rises:
        if rise.told and rise.noticed_at >= groups.since:
            if rise.investigation is None:
                alone.append([rise])
            else:
                together.setdefault(rise.investigation, []).append(rise)
    for same in chain(alone, together.values()):
        rise = min(same, key=lambda each: each.noticed_at)
        if rise.opened_at and not _before(rise.noticed_at, rise.opened_at):
            continue
        looked_into = True if rise.opened_at else None
        real = False if all(each.dismissed for each in same) else looked_into
        yield _First(True, groups.key(rise.noticed_at, rise.team, rise.target), real)


def _judged(firsts: Iterable[_First]) -> Judged:
    said = [each.real for each in firsts]
    return Judged(said.count(True), said.count(False), said.count(None))
