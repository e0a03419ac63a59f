"""How long customers waited for each step, of all cases and by week, team, target or hour. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from bot.numbers.model import STEP_WORDS, Case, Grouping, Sample, Step, sample, week_of


@dataclass(frozen=True, slots=True)
class StepNumbers:
    """One step of all cases, in minutes from the first ticket. `missing` have not reached it; most never need to."""

    step: Step
    words: str
    minutes: Sample
    missing: int


@dataclass(frozen=True, slots=True)
class GroupNumbers:
    """Cases of one week, team, target or hour. `key` is what programs call it, `words` what people do."""

    key: str
    words: str
    minutes: Sample


@dataclass(frozen=True, slots=True)
class Names:
    """What people call teams and targets, by key."""

    teams: Mapping[str, str]
    targets: Mapping[str, str]


def steps_of(cases: Sequence[Case]) -> tuple[StepNumbers, ...]:
    timed = [case for case in cases if case.timed]
    found = []
    for step in Step:
        waits = waits_of(timed, step)
        found.append(StepNumbers(step, STEP_WORDS[step], sample(waits), len(timed) - len(waits)))
    return tuple(found)


def waits_of(cases: Iterable[Case], step: Step) -> list[float]:
    return [wait for case in cases if (wait := case.waited(step)) is not None]


def groups_of(groups: Sequence[tuple[str, str, Sequence[Case]]], step: Step) -> tuple[GroupNumbers, ...]:
    return tuple(GroupNumbers(key, words, sample(waits_of(cases, step))) for key, words, cases in groups)


def grouped(
    cases: Iterable[Case], by: Grouping, zone: tzinfo, names: Names, span: tuple[datetime, datetime]
) -> list[tuple[str, str, list[Case]]]:
    """The cases whose times count, by key and words. Weeks and hours are all there, in their order, also empty ones;
    of teams and targets those that have any, the one with most cases first."""
    key_of = _KEYS[by]
    found: dict[str, list[Case]] = {key: [] for key in _expected(by, zone, span)}
    for case in cases:
        if case.timed:
            found.setdefault(key_of(case, zone), []).append(case)
    if by in (Grouping.TEAM, Grouping.TARGET):
        found = dict(sorted(found.items(), key=lambda group: (-len(group[1]), group[0])))
    return [(key, _words(by, key, names), listed) for key, listed in found.items()]


def _expected(by: Grouping, zone: tzinfo, span: tuple[datetime, datetime]) -> list[str]:
    if by is Grouping.HOUR:
        return [f"{hour:02}" for hour in range(24)]
    if by is not Grouping.WEEK:
        return []
    first, last = (week_of(moment, zone) for moment in span)
    return [(first + timedelta(weeks=week)).isoformat() for week in range((last - first).days // 7 + 1)]


def _hour(case: Case, zone: tzinfo) -> str:
    moment = case.first_ticket_at or case.opened_at
    return f"{moment.astimezone(zone).hour:02}"


_KEYS: Mapping[Grouping, Callable[[Case, tzinfo], str]] = {
    Grouping.WEEK: lambda case, zone: week_of(case.opened_at, zone).isoformat(),
    Grouping.TEAM: lambda case, zone: case.team,
    Grouping.TARGET: lambda case, zone: case.target,
    Grouping.HOUR: _hour,
}


def _words(by: Grouping, key: str, names: Names) -> str:
    match by:
        case Grouping.WEEK:
            return f"{datetime.fromisoformat(key):%-d %b}"
        case Grouping.HOUR:
            return f"{key}:00"
        case Grouping.TEAM:
            return names.teams.get(key, key) or "No team"
    return names.targets.get(key, key)
