"""Putting together what belongs to one week, team, target or hour of the day. Pure."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Generic, TypeVar

from bot.numbers.model import Grouping, week_of

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Names:
    """What people call teams and targets, by key."""

    teams: Mapping[str, str]
    targets: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Group(Generic[T]):
    """`key` is what programs call it, `words` what people do."""

    key: str
    words: str
    members: tuple[T, ...]


@dataclass(frozen=True, slots=True)
class Groups:
    """Groups of a period, which is from `since` to `until`. Days and hours are those of `zone`."""

    by: Grouping
    zone: tzinfo
    names: Names
    since: datetime
    until: datetime

    def key(self, at: datetime, team: str, target: str) -> str:
        match self.by:
            case Grouping.WEEK:
                return week_of(at, self.zone).isoformat()
            case Grouping.HOUR:
                return f"{at.astimezone(self.zone).hour:02}"
            case Grouping.TEAM:
                return team
        return target

    def of(self, members: Iterable[T], key: Callable[[T], str]) -> tuple[Group[T], ...]:
        """Weeks and hours are all there, in their order, also empty ones; of teams and targets those that have any, the
        one with most first."""
        found: dict[str, list[T]] = {expected: [] for expected in self._expected()}
        for member in members:
            found.setdefault(key(member), []).append(member)
        if self.by in (Grouping.TEAM, Grouping.TARGET):
            found = dict(sorted(found.items(), key=lambda group: (-len(group[1]), group[0])))
        return tuple(Group(name, self.words(name), tuple(listed)) for name, listed in found.items())

    def words(self, key: str) -> str:
        match self.by:
            case Grouping.WEEK:
                return f"{date.fromisoformat(key):%-d %b}"
            case Grouping.HOUR:
                return f"{key}:00"
            case Grouping.TEAM:
                return self.names.teams.get(key, key) or "No team"
        return self.names.targets.get(key, key) or "No target"

    def _expected(self) -> list[str]:
        if self.by is Grouping.HOUR:
            return [f"{hour:02}" for hour in range(24)]
        if self.by is not Grouping.WEEK:
            return []
        first, last = (week_of(moment, self.zone) for moment in (self.since, self.until))
        return [(first + timedelta(weeks=week)).isoformat() for week in range((last - first).days // 7 + 1)]
