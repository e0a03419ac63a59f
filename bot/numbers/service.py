"""The numbers of a period: what was asked, counted, and kept as long as counting it is worth."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo

from bot.clock import Clock
from bot.investigations.teams import TeamName
from bot.numbers.model import STEP_WORDS, Asked, Case, Step, first_monday
from bot.numbers.store import AT_ONCE, NumbersStore
from bot.numbers.waits import GroupNumbers, Names, StepNumbers, grouped, groups_of, steps_of
from bot.targets.model import Catalog
from bot.tasks import others_first


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
    groups: tuple[GroupNumbers, ...]
    """The chosen step by the chosen grouping."""
    teams: Mapping[str, str] = field(default_factory=dict)
    """What can be chosen: titles by key."""
    targets: Mapping[str, str] = field(default_factory=dict)
    step_words: Mapping[Step, str] = field(default_factory=lambda: STEP_WORDS)


class NumbersService:
    """`zone` is the one whose days and hours count."""

    def __init__(
        self, *, store: NumbersStore, clock: Clock, catalog: Catalog, teams: Sequence[TeamName], zone: tzinfo
    ) -> None:
        self._store = store
        self._clock = clock
        self._zone = zone
        self._team_of = {target.key: target.team for target in catalog}
        self._names = Names({team.key: team.title for team in teams}, {target.key: target.title for target in catalog})

    async def numbers(self, asked: Asked) -> Numbers:
        now = self._clock()
        since = first_monday(now, asked.weeks, self._zone)
        every = await self._cases(since)
        cases = [case for case in every if _wanted(case, asked)]
        groups = grouped(cases, asked.by, self._zone, self._names, (since, now))
        trends = [case for case in cases if not case.dismissed]
        return Numbers(
            asked=asked,
            since=since.date(),
            as_of=now,
            opened=len(cases),
            dismissed=len(cases) - len(trends),
            without_ticket=sum(not case.timed for case in trends),
            steps=steps_of(cases),
            groups=groups_of(groups, asked.step),
            teams=self._names.teams,
            targets=self._targets(every, asked),
        )

    async def _cases(self, since: datetime) -> list[Case]:
        """All that were opened since then, in parts: others have the loop between them."""
        after, found = (since - timedelta(microseconds=1), 0), list[Case]()
        while True:
            part = self._store.cases(after, self._team_of)
            found += part
            if len(part) < AT_ONCE:
                return found
            after = (part[-1].opened_at, part[-1].number)
            await others_first()

    def _targets(self, cases: Sequence[Case], asked: Asked) -> Mapping[str, str]:
        """Those of the configuration, and those that cases have and no configuration any more."""
        former = {case.target for case in cases} | ({asked.target} if asked.target else set())
        return {**self._names.targets, **{key: key for key in sorted(former - set(self._names.targets))}}


def _wanted(case: Case, asked: Asked) -> bool:
    return asked.team in ("", case.team) and asked.target in ("", case.target)
