"""The numbers of a period: what was asked, counted, and kept for a moment where counting takes long."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, tzinfo
from typing import TypeVar

from bot.clock import Clock
from bot.numbers.counts import (
    IssueNumbers,
    Read,
    elevated,
    escalated,
    readers_by_week,
)
from bot.numbers.grouping import Groups, Names
from bot.numbers.model import Asked, Case, Grouping, first_monday, sample
from bot.numbers.noticing import noticed
from bot.numbers.overview import Numbers, Period, of_choice
from bot.numbers.store import AT_ONCE, NumbersStore
from bot.numbers.waits import (
    reopened_of,
    sampled,
    steps_of,
    tickets_by_group,
    waits_by_group,
)
from bot.tasks import others_first

T = TypeVar("T")

LOOK_BACK = timedelta(days=7)
"""A rise may be older than the investigation that looks into it: so long before the period they are read."""
ISSUES = 10
"""Known issues that are shown."""
QUICK_S, WORTH, KEPT_MOST_S = 0.02, 50, 60.0
"""What took longer to read is kept so many times as long, at most a minute, whatever is written meanwhile."""


@dataclass(slots=True)
class _Kept:
    """A period as it was read, and what was counted of it: true until something is written, kept until `until_s`."""

    period: Period
    changes: int
    until_s: float
    numbers: dict[Asked, Numbers] = field(default_factory=dict)


class NumbersService:
    """`zone` is the one whose days and hours count."""

    def __init__(self, *, store: NumbersStore, clock: Clock, names: Names, zone: tzinfo, worth: float = WORTH) -> None:
        self._store = store
        self._clock = clock
        self._names = names
        self._zone = zone
        self._worth = worth
        self._kept: dict[int, _Kept] = {}
        self._reading = asyncio.Lock()

    async def numbers(self, asked: Asked) -> Numbers:
        kept = await self._period(asked.weeks)
        if asked not in kept.numbers:
            kept.numbers[asked] = await self._counted(kept.period, asked)
        return kept.numbers[asked]

    async def chosen(self, asked: Asked) -> tuple[Period, Groups]:
        """Each thing that the numbers were counted of, and how it is grouped."""
        period = (await self._period(asked.weeks)).period
        return of_choice(period, asked), self._groups(period, asked)

    def _groups(self, period: Period, asked: Asked) -> Groups:
        return Groups(asked.by, self._zone, self._names, period.since, period.until)

    async def _counted(self, whole: Period, asked: Asked) -> Numbers:
        """In parts: of ten thousand cases each takes some 20 ms."""
        period, groups = of_choice(whole, asked), self._groups(whole, asked)
        trends = [case for case in period.cases if not case.dismissed]
        readers = readers_by_week(period.briefings, replace(groups, by=Grouping.WEEK))
        steps = steps_of(period.cases)
        await others_first()
        waits = sampled(waits_by_group(period.cases, groups, asked.step))
        await others_first()
        tickets_by = sampled(tickets_by_group(period.cases, groups))
        await others_first()
        first = noticed(period.cases, period.rises, groups)
        await others_first()
        return Numbers(
            asked=asked,
            since=period.since.date(),
            as_of=period.until,
            opened=len(period.cases),
            dismissed=len(period.cases) - len(trends),
            without_ticket=sum(not case.timed for case in trends),
            steps=steps,
            waits=waits,
            tickets=sample([float(case.tickets) for case in trends]),
            tickets_by=tickets_by,
            noticed=first,
            escalated=escalated(period.escalations),
            elevated=elevated(period.elevations, groups),
            reopened=reopened_of(period.cases),
            issues=self._issues(trends, period.issues),
            read=Read(
                len(period.briefings),
                sample([float(each.readers) for each in period.briefings], "briefing"),
                sampled(readers, "briefing"),
            ),
            teams=self._names.teams,
            targets=self._targets(whole.cases, asked),
        )

    async def _period(self, weeks: int) -> _Kept:
        async with self._reading:
            loop = asyncio.get_running_loop()
            began_s, changes, since = loop.time(), self._store.changes, first_monday(self._clock(), weeks, self._zone)
            kept = self._kept.get(weeks)
            fresh = kept and (kept.changes == changes or began_s < kept.until_s)
            if kept and fresh and kept.period.since == since:
                return kept
            period = await self._read(since)
            took_s = loop.time() - began_s
            kept = _Kept(period, changes, began_s + min(self._worth * max(0, took_s - QUICK_S), KEPT_MOST_S))
            self._kept[weeks] = kept
            loop.call_later(KEPT_MOST_S, self._let_go, weeks, kept)
            return kept

    def _let_go(self, weeks: int, kept: _Kept) -> None:
        """Nobody looks at it any more, or a newer one is there."""
        if self._kept.get(weeks) is kept:
            del self._kept[weeks]

    async def _read(self, since: datetime) -> Period:
        until = self._clock()
        cases = await _all(self._store.cases, since, lambda case: (case.opened_at, case.number))
        elevations = await _all(self._store.elevations, since, lambda each: (each[1].at, each[0]))
        rises, escalations = self._store.rises(since - LOOK_BACK), self._store.escalations(since)
        await others_first()
        issues = self._store.issues_of_investigations()
        await others_first()
        return Period(
            since=since,
            until=until,
            cases=cases,
            rises=rises,
            escalations=escalations,
            elevations=[record for _, record in elevations],
            briefings=self._store.briefings(since),
            issues=issues,
        )

    def _issues(self, cases: Sequence[Case], linked: Sequence[tuple[int, int]]) -> tuple[IssueNumbers, ...]:
        """Those with most tickets; only of these are customers counted, each once."""
        tickets, found = {case.number: case.tickets for case in cases}, dict[int, list[int]]()
        for issue, investigation in linked:
            if investigation in tickets:
                found.setdefault(issue, []).append(investigation)
        most = sorted(found, key=lambda issue: (-sum(map(tickets.__getitem__, found[issue])), issue))[:ISSUES]
        issues = [counted for issue in most if (counted := self._store.issue(issue, found[issue]))]
        return tuple(sorted(issues, key=lambda issue: (-issue.customers, issue.number)))

    def _targets(self, cases: Sequence[Case], asked: Asked) -> Mapping[str, str]:
        """Those of the configuration, and those that cases have and no configuration any more."""
        former = {case.target for case in cases} | ({asked.target} if asked.target else set())
        return {**self._names.targets, **{key: key for key in sorted(former - set(self._names.targets))}}


async def _all(
    read: Callable[[tuple[datetime, int]], list[T]], since: datetime, place: Callable[[T], tuple[datetime, int]]
) -> list[T]:
    """All that `read` finds from then on, in parts: others have the loop between them. `place` is where one stands."""
    after, records = (since - timedelta(microseconds=1), 0), list[T]()
    while True:
        part = read(after)
        records += part
        if len(part) < AT_ONCE:
            return records
        after = place(part[-1])
        await others_first()
