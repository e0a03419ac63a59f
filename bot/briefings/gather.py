"""Gathers from all rooms what a briefing says now."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.briefings.model import Doubt, Issue, News, NextStep, Situation, Unlisted, excerpt, told
from bot.briefings.news import net
from bot.briefings.rules import (
    Case,
    elevated,
    ended,
    follow_ups,
    left_open,
    marked,
    news_of,
    next_step,
    ongoing,
    that_matter,
    told_once,
)
from bot.briefings.sources import Age, Handoffs, IssueLinks, KnownIssues, Releases, ServiceStatus, Waiting
from bot.briefings.waiting import NotTold
from bot.escalations.service import EscalationService
from bot.investigations.evidence import EvidenceService
from bot.investigations.model import Investigation, card_key
from bot.investigations.service import InvestigationService
from bot.known_issues.twins import once
from bot.messages.owed import Owed

Permalink = Callable[[str, str], Awaitable[str]]
"""The address of a message for people, by channel and ts; "" where there is none."""
FIRST_LOOK_BACK = timedelta(hours=24)
"""What a channel's first briefing calls new."""
LONGEST_LOOK_BACK = timedelta(days=7)
"""What a channel that had none for months calls new: all of it would be no briefing, and long to gather."""
TOLD_CHANGES = 30
TOLD_ISSUES = 20
TOLD_MARKED = 10
"""So many are listed, the worst first; of the others the number is told."""


_NONE = Unlisted()


@dataclass(frozen=True, slots=True)
class _Known:
    news: tuple[News, ...] = ()
    issues: tuple[Issue, ...] = ()
    pending: tuple[Issue, ...] = ()
    found_by_qa: tuple[Issue, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    unlisted: Unlisted = _NONE


class Gatherer:
    """Reads our own records only: a briefing never waits for a tracker, a status page or the desk."""

    def __init__(
        self,
        *,
        investigations: InvestigationService,
        evidence: EvidenceService,
        escalations: EscalationService,
        owed: Owed,
        permalink: Permalink,
        untouched_h: float,
        known_issues: KnownIssues | None = None,
        links: IssueLinks | None = None,
        status: ServiceStatus | None = None,
        handoffs: Handoffs | None = None,
        releases: Releases | None = None,
    ) -> None:
        self._investigations = investigations
        self._evidence = evidence
        self._escalations = escalations
        self._owed = owed
        self._permalink = permalink
        self._untouched = timedelta(hours=untouched_h)
        self._known_issues = known_issues
        self._links = links
        self._status = status
        self._handoffs = handoffs
        self._releases = releases

    async def situation(self, channel: str, *, now: datetime, day: date, before: Situation | None) -> Situation:
        """What is to be said in a channel; its own investigations come first. `before` is what was said last."""
        since = max(before.at, now - LONGEST_LOOK_BACK) if before else now - FIRST_LOOK_BACK
        live = sorted(self._investigations.live(), key=lambda found: (found.channel != channel, found.id))
        closed = self._investigations.closed_since(since)
        waiting = self._waiting()
        cases = await asyncio.gather(*(self._linked(self._case(found, waiting)) for found in live))
        over = await asyncio.gather(*(self._linked(self._case(found, {})) for found in closed))
        earlier = {each.id: each for each in before.investigations} if before else {}
        known = self._known(since)
        count, waiting_for = self._releases.not_told() if self._releases else (0, ())
        untold = await asyncio.gather(*(self._told_where(each, key) for each, key in waiting_for))
        due = [each for case in cases for each in follow_ups(case, now=now, day=day, untouched=self._untouched)]
        return Situation(
            at=now,
            since=since if before else None,
            investigations=tuple(ongoing(case, earlier.get(case.found.id)) for case in cases),
            ended=tuple(map(ended, over)),
            news=known.news,
            issues=known.issues,
            pending=known.pending,
            found_by_qa=known.found_by_qa,
            troubles=tuple(self._status.troubles()) if self._status else (),
            elevated=tuple(each for case in cases for each in elevated(case)),
            follow_ups=(*due, *(each for case in over for each in left_open(case))),
            not_told=tuple(untold),
            customers_not_told=count,
            doubts=known.doubts,
            unlisted=known.unlisted,
        )

    def current(self, issue_ids: Iterable[int]) -> dict[int, Issue]:
        """Issues as they are now, by id."""
        source = self._known_issues
        return {number: told(source.get(number)) for number in issue_ids} if source else {}

    def next_steps(self, found: Iterable[Investigation]) -> dict[int, NextStep]:
        """What the live ones of these need now, by id."""
        waiting = self._waiting()
        return {each.id: next_step(self._case(each, waiting)) for each in found if each.live}

    def not_told(self) -> dict[str, int]:
        """How many customers still wait to be told, by what for."""
        return {each.key: each.count for each, _ in self._releases.not_told()[1]} if self._releases else {}

    def _known(self, since: datetime) -> _Known:
        source = self._known_issues
        if not source:
            return _Known()
        listed = source.changes_since(since)
        affected, urgent = self._links.affected(since) if self._links else {}, source.marked()
        by_id = {each.id: each for each in (*map(source.get, affected), *(found for found, _ in listed), *urgent)}
        news = told_once(news_of(net(change for _, change in listed), by_id), by_id)
        issues = that_matter(once(by_id.values()), affected, (each.issue_id for each in news))
        pending, found_by_qa = marked(urgent, affected, issues)
        return _Known(
            news=news[:TOLD_CHANGES],
            issues=issues[:TOLD_ISSUES],
            pending=pending[:TOLD_MARKED],
            found_by_qa=found_by_qa[:TOLD_MARKED],
            doubts=tuple(_doubts(source.ages())),
            unlisted=Unlisted(
                news=len(news[TOLD_CHANGES:]),
                issues=len(issues[TOLD_ISSUES:]),
                pending=len(pending[TOLD_MARKED:]),
                found_by_qa=len(found_by_qa[TOLD_MARKED:]),
            ),
        )

    def _waiting(self) -> dict[int, Waiting]:
        """What development has, by investigation."""
        return {each.investigation_id: each for each in self._handoffs.waiting()} if self._handoffs else {}

    def _case(self, found: Investigation, waiting: Mapping[int, Waiting]) -> Case:
        return Case(
            seen=self._evidence.overview(found.id),
            escalation=self._escalations.latest(found.id),
            waiting=waiting.get(found.id),
            given_back=self._handoffs is not None and found.id not in waiting,
        )

    async def _linked(self, case: Case) -> Case:
        return replace(case, link=await self._link(card_key(case.found.id)))

    async def _told_where(self, found: NotTold, key: str) -> NotTold:
        return replace(found, link=await self._link(key))

    async def _link(self, key: str) -> str:
        sent = self._owed.place_of(key)
        return await self._permalink(*sent) if sent else ""


def _doubts(ages: Iterable[Age]) -> Iterator[Doubt]:
    for age in ages:
        if age.failing_since:
            yield Doubt(age.title, age.as_of, age.failing_since, excerpt(age.reason))
