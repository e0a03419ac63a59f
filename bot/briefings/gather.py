"""Gathers from all rooms what a briefing says now."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from attrs import define, evolve

from bot.briefings.cases import Case, elevated, ended, follow_ups, left_open, next_step, ongoing
from bot.briefings.issues import issue_as_told, marked, net, news_of, that_matter
from bot.briefings.model import (
    CustomersWaiting,
    Doubt,
    Impact,
    Issue,
    News,
    NextStep,
    Ongoing,
    Planned,
    Rose,
    ServiceTrouble,
    Situation,
    Unlisted,
    excerpt,
)
from bot.escalations.service import EscalationService
from bot.handoffs.model import Handoff
from bot.handoffs.service import HandoffService
from bot.investigations.asking import AskService
from bot.investigations.evidence import KEPT, EvidenceService
from bot.investigations.model import Investigation, card_key
from bot.investigations.overview import Overview
from bot.investigations.service import InvestigationService
from bot.known_issues.model import IssueState, KnownIssue
from bot.known_issues.service import KnownIssueService
from bot.known_issues.twins import once
from bot.maintenance.calendar import Calendar
from bot.maintenance.model import Maintenance
from bot.messages.owed import Owed
from bot.releases.model import UntoldFix, untold_fixes
from bot.releases.service import ReleaseService
from bot.replies.service import round_key
from bot.status.model import BROKEN, LEVEL_WORDS, Level, TargetStatus, page_title
from bot.status.service import StatusService
from bot.targets.model import Catalog
from bot.tasks import Slices, others_first
from bot.trends.record import TrendRecord
from bot.trends.showing import Showing
from bot.vendors.service import VendorService

Permalink = Callable[[str, str], Awaitable[str]]
"""The address of a message for people, by channel and ts; "" where there is none."""
FIRST_LOOK_BACK = timedelta(hours=24)
"""What a channel's first briefing calls new."""
LONGEST_LOOK_BACK = timedelta(days=7)
"""What a channel that had none for months calls new: all of it would be no briefing, and long to gather."""
AHEAD = timedelta(hours=48)
"""Maintenance that begins so soon is told."""
TOLD_CHANGES = 30
TOLD_ISSUES = 20
TOLD_MARKED = 10
TOLD_PLANNED = 10
TOLD_RISES = 5
ISSUES_IN = ("known_issues", "known_links", "known_changes", "known_twins", "ticket_links", "investigations")
"""The tables of what is told of known issues."""
"""So many are listed, the worst first; of the others the number is told."""


@dataclass(frozen=True, slots=True)
class Sources:
    """The services that a briefing asks."""

    investigations: InvestigationService
    evidence: EvidenceService
    escalations: EscalationService
    known: KnownIssueService
    asks: AskService
    status: StatusService
    handoffs: HandoffService
    vendors: VendorService
    releases: ReleaseService
    trends: TrendRecord
    shown_trends: Showing
    calendar: Calendar


@dataclass(frozen=True, slots=True)
class _Known:
    """What there is to say of known issues."""

    news: tuple[News, ...]
    issues: tuple[Issue, ...]
    pending: tuple[Issue, ...]
    found_by_qa: tuple[Issue, ...]
    unlisted: Unlisted


_WithDevelopment = Mapping[int, tuple[Handoff, KnownIssue | None]]
"""By investigation what development has, with the issue once the tracker has it."""


@define(kw_only=True, eq=False, repr=False, slots=False)
class Gatherer:
    """Reads our own records only: a briefing never waits for a tracker, a status page or the desk.

    `written` is another one where something of what is `ISSUES_IN` was written.
    """

    _sources: Sources
    _catalog: Catalog
    _owed: Owed
    _permalink: Permalink
    _untouched: timedelta
    _written: Callable[[], object]

    def __attrs_post_init__(self) -> None:
        self._read: dict[int, Case] = {}
        """Cases of records that nobody has written since: an overview is another one where anything was."""
        self._told: dict[int, tuple[Case, Ongoing]] = {}
        self._known_then: tuple[object, _Known] | None = None

    def without_links(self) -> "Gatherer":
        """The same, which asks Slack for no address of a message."""
        return evolve(self, permalink=_no_link)

    async def situation(self, channel: str, *, now: datetime, day: date, before: Situation | None) -> Situation:
        """What is to be said in a channel; its own investigations come first. `before` is what was said last."""
        since = max(before.at, now - LONGEST_LOOK_BACK) if before else now - FIRST_LOOK_BACK
        investigations = self._sources.investigations
        live = sorted(investigations.live(), key=lambda each: (each.channel != channel, each.id))
        closed = investigations.closed_since(since)
        cases, over = await self._cases(live, self._with_development()), await self._cases(closed, {})
        earlier = {investigation.id: investigation for investigation in before.investigations} if before else {}
        await others_first()
        known = self._known(since)
        await others_first()
        untold = self._sources.releases.untold()
        due = [item for case in cases for item in follow_ups(case, now=now, day=day, untouched=self._untouched)]
        rises = tuple(self._rises(since, now))
        await others_first()
        return Situation(
            at=now,
            since=since if before else None,
            investigations=tuple(self._ongoing(case, earlier.get(case.investigation.id)) for case in cases),
            ended=tuple(map(ended, over)),
            news=known.news,
            issues=known.issues,
            pending=known.pending,
            found_by_qa=known.found_by_qa,
            troubles=tuple(self._troubles()),
            rises=rises,
            planned=tuple(map(self._planned, self._sources.calendar.ahead(AHEAD)[:TOLD_PLANNED])),
            elevated=tuple(item for case in cases for item in elevated(case)),
            follow_ups=(*due, *(item for case in over for item in left_open(case))),
            not_told=tuple(await asyncio.gather(*map(self._customers_waiting, untold_fixes(untold)))),
            customers_not_told=len({customer.ticket_id for customer in untold}),
            doubts=tuple(self._doubts()),
            unlisted=known.unlisted,
        )

    async def _cases(self, investigations: Sequence[Investigation], development: _WithDevelopment) -> list[Case]:
        """All of them: a few at a time, as there may be a hundred, and others have something to do meanwhile."""
        cases, slices = list[Case](), Slices()
        for investigation in investigations:
            cases.append(self._case(investigation, development))
            await slices.pause()
        return cases if self._permalink is _no_link else await asyncio.gather(*map(self._linked, cases))

    def _ongoing(self, case: Case, earlier: Ongoing | None) -> Ongoing:
        """What nobody compares with before is the same as long as the case is."""
        number = case.investigation.id
        kept = self._told.get(number)
        if earlier or case is not self._read.get(number):
            return ongoing(case, earlier)
        if not kept or kept[0] is not case:
            kept = self._told[number] = (case, ongoing(case, None))
        return kept[1]

    def _rises(self, since: datetime, now: datetime) -> list[Rose]:
        """What nobody looked into, as long as it is not said to be none."""
        rose = [judged.trend for judged in self._sources.trends.rose_between(since, now) if judged.real is None]
        name = self._sources.shown_trends.name
        return [Rose(name(trend), trend.noticed_at, trend.most, trend.most_window_h) for trend in rose[:TOLD_RISES]]

    def _planned(self, maintenance: Maintenance) -> Planned:
        titles = tuple(self._catalog.named(target).title for target in maintenance.targets)
        begins, ends, why = maintenance.begins_at, maintenance.ends_at, excerpt(maintenance.why)
        return Planned(maintenance.name, titles, begins, ends, why, bool(maintenance.page))

    def current(self, issue_ids: Iterable[int]) -> dict[int, Issue]:
        """Issues as they are now, by id."""
        return {number: issue_as_told(self._sources.known.get(number)) for number in issue_ids}

    def next_steps(self, investigations: Iterable[Investigation]) -> dict[int, NextStep]:
        """What the live ones of these need now, by id."""
        development = self._with_development()
        live = [investigation for investigation in investigations if investigation.live]
        return {investigation.id: next_step(self._case(investigation, development)) for investigation in live}

    def issues_that_matter(self, since: datetime) -> tuple[Issue, ...]:
        """What hurts customers, or changed since then, the worst first."""
        return self._known(since).issues

    def not_told(self) -> dict[str, int]:
        """How many customers still wait to be told, by what for."""
        fixes = untold_fixes(self._sources.releases.untold())
        return {_waiting(fix).key: fix.count for fix in fixes}

    def _known(self, since: datetime) -> _Known:
        version = (since, self._written())
        if not self._known_then or self._known_then[0] != version:
            self._known_then = (version, self._known_since(since))
        return self._known_then[1]

    def _known_since(self, since: datetime) -> _Known:
        known = self._sources.known
        changes, urgent = known.log.since(since), known.marked()
        there = {issue.id: issue for issue in (*(issue for issue, _ in changes), *urgent)}
        impacts = self.impacts(since, also=there)
        listed = (*known.several([number for number in impacts if number not in there]), *there.values())
        by_id = {issue.id: issue for issue in listed}
        news = news_of(net(change for _, change in changes), by_id)
        issues = that_matter(once(by_id.values()), impacts, (item.issue_id for item in news))
        pending, found_by_qa = marked(urgent, impacts, issues)
        return _Known(
            news=news[:TOLD_CHANGES],
            issues=issues[:TOLD_ISSUES],
            pending=pending[:TOLD_MARKED],
            found_by_qa=found_by_qa[:TOLD_MARKED],
            unlisted=Unlisted(
                news=len(news[TOLD_CHANGES:]),
                issues=len(issues[TOLD_ISSUES:]),
                pending=len(pending[TOLD_MARKED:]),
                found_by_qa=len(found_by_qa[TOLD_MARKED:]),
            ),
        )

    def impacts(self, since: datetime, also: Iterable[int] = ()) -> dict[int, Impact]:
        """What hurts, by issue id: that a live investigation is about, that more customers have since then, or that is
        urgent; and `also` as far as anybody has it."""
        known, asks = self._sources.known, self._sources.asks
        live = {investigation.id for investigation in self._sources.investigations.live()}
        ended = {investigation.id for investigation in self._sources.investigations.closed_since(since)}
        hot = known.links.issues_of({*live, *ended, *self._sources.evidence.decided_since(since)})
        # One bug in two trackers has the same number in both.
        hot = [one for group in known.groups({*hot, *known.urgent_and_linked()}).values() for one in group]
        counts = asks.counts({*hot, *also}, since)
        return {
            issue_id: Impact(counted.tickets, counted.more, counted.investigations & live)
            for issue_id, counted in sorted(counts.items())
            if counted.tickets or counted.investigations & live
        }

    def _with_development(self) -> _WithDevelopment:
        """What is released, or declined, is given back."""
        with_development: dict[int, tuple[Handoff, KnownIssue | None]] = {}
        for handoff in self._sources.handoffs.current():
            issue = self._sources.known.get(handoff.issue_id) if handoff.issue_id else None
            if not issue or not _given_back(issue):
                with_development[handoff.investigation_id] = (handoff, issue)
        return with_development

    def _case(self, investigation: Investigation, development: _WithDevelopment) -> Case:
        handoff, issue = development.get(investigation.id, (None, None))
        overview = self._sources.evidence.overview(investigation.id, details=False)
        kept = self._read.get(investigation.id)
        if kept and kept.overview is overview and (kept.handoff, kept.eta) == (handoff, issue and issue.reading.eta):
            return kept
        if len(self._read) >= KEPT:
            self._read.clear()
            self._told.clear()
        case = self._read[investigation.id] = self._case_of(overview, handoff, issue)
        return case

    def _case_of(self, overview: Overview, handoff: Handoff | None, issue: KnownIssue | None) -> Case:
        investigation = overview.investigation
        return Case(
            overview=overview,
            escalation=self._sources.escalations.latest(investigation.id),
            unanswered_since=self._sources.escalations.unanswered_since(investigation.id),
            handoff=handoff,
            vendors=self._sources.vendors.standing(investigation.id),
            eta=issue.reading.eta if issue else None,
        )

    def _troubles(self) -> Iterable[ServiceTrouble]:
        for status in self._sources.status.all():
            if status.level is not Level.OPERATIONAL and not status.as_planned:
                yield (
                    _page_trouble(status) if status.page else _trouble(status, self._catalog.named(status.target).title)
                )

    def _doubts(self) -> Iterable[Doubt]:
        for age in self._sources.known.ages():
            if age.failing_since:
                yield Doubt(age.title, age.as_of, age.failing_since, excerpt(age.reason))

    async def _linked(self, case: Case) -> Case:
        return replace(case, link=await self._link(card_key(case.investigation.id)))

    async def _customers_waiting(self, fix: UntoldFix) -> CustomersWaiting:
        return replace(_waiting(fix), link=await self._link(round_key(fix.round_id)))

    async def _link(self, key: str) -> str:
        sent = self._owed.place_of(key)
        return await self._permalink(*sent) if sent else ""


async def _no_link(_channel: str, _ts: str) -> str:
    return ""


def _given_back(known: KnownIssue) -> bool:
    return known.issue.released or known.issue.state is IssueState.DECLINED or known.gone_at is not None


def _waiting(fix: UntoldFix) -> CustomersWaiting:
    return CustomersWaiting(fix.about, excerpt(fix.title), excerpt(fix.version), fix.count, fix.since)


def _trouble(status: TargetStatus, title: str) -> ServiceTrouble:
    worst = [report for report in status.reports if report.level is status.level]
    alerts = Counter(alert.name for report in status.reports for alert in report.firing)
    firing = f"; alerts: {', '.join(alerts)}" if alerts else ""
    return ServiceTrouble(
        name=title,
        line=f"{LEVEL_WORDS[status.level]}, says {' and '.join(report.title for report in worst)}{firing}",
        known=status.level is not Level.UNKNOWN,
        since=min((report.since for report in worst if report.since), default=None),
        broken=status.level in BROKEN,
    )


def _page_trouble(status: TargetStatus) -> ServiceTrouble:
    """What is open about all of a page."""
    (report,) = status.reports
    incidents = report.trouble or report.incidents
    return ServiceTrouble(
        name=page_title(status.page),
        line="; ".join(f"“{incident.title}” ({incident.stage})" for incident in incidents[:3]),
        known=status.level is not Level.UNKNOWN,
        since=min((incident.began_at for incident in incidents if incident.began_at), default=None),
        broken=status.level in BROKEN,
    )
