"""How long customers waited for each step, and how many tickets a trend has; of all cases and of groups. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.numbers.grouping import Groups
from bot.numbers.model import STEP_WORDS, Case, Grouping, Sample, Step, sample


@dataclass(frozen=True, slots=True)
class StepNumbers:
    """One step of all cases, in minutes from the first ticket. `missing` have not reached it; many never need to."""

    step: Step
    words: str
    minutes: Sample
    missing: int


@dataclass(frozen=True, slots=True)
class GroupNumbers:
    """Something of the cases of one week, team, target or hour."""

    key: str
    words: str
    sample: Sample


@dataclass(frozen=True, slots=True)
class Reopened:
    """How many of the investigations that had ended were opened again."""

    reopened: int
    ended: int


def steps_of(cases: Sequence[Case]) -> tuple[StepNumbers, ...]:
    timed = [case for case in cases if case.timed]
    found = []
    for step in Step:
        waits = waits_of(timed, step)
        found.append(StepNumbers(step, STEP_WORDS[step], sample(waits), len(timed) - len(waits)))
    return tuple(found)


def waits_of(cases: Iterable[Case], step: Step) -> list[float]:
    return [wait for case in cases if (wait := case.waited(step)) is not None]


def waits_by_group(cases: Iterable[Case], groups: Groups, step: Step) -> list[tuple[str, str, list[float]]]:
    """The waits of each group, by its key and words. An hour is that of the first ticket, a week that of the
    opening."""

    def key(case: Case) -> str:
        first = case.first_ticket_at if groups.by is Grouping.HOUR else None
        return groups.key(first or case.opened_at, case.team, case.target)

    made = groups.of((case for case in cases if case.timed), key)
    return [(group.key, group.words, waits_of(group.members, step)) for group in made]


def tickets_by_group(cases: Iterable[Case], groups: Groups) -> list[tuple[str, str, list[float]]]:
    """How many tickets each trend of a group has."""
    trends = (case for case in cases if not case.dismissed)
    made = groups.of(trends, lambda case: groups.key(case.opened_at, case.team, case.target))
    return [(group.key, group.words, [float(case.tickets) for case in group.members]) for group in made]


def sampled(groups: Iterable[tuple[str, str, Sequence[float]]], noun: str = "case") -> tuple[GroupNumbers, ...]:
    return tuple(GroupNumbers(key, words, sample(values, noun)) for key, words, values in groups)


def reopened_of(cases: Sequence[Case]) -> Reopened:
    """One that is open again has ended before."""
    reopened = sum(case.reopened for case in cases)
    return Reopened(reopened, sum(case.ended or case.reopened for case in cases))
