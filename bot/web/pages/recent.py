"""What happened lately, a line each for the board: investigations, rises, status, known issues, maintenance."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.investigations.model import Event, EventKind, Investigation
from bot.investigations.service import InvestigationService
from bot.known_issues.model import Change, KnownIssue
from bot.known_issues.model import ChangeKind as IssueChange
from bot.known_issues.service import KnownIssueService
from bot.known_issues.twins import once
from bot.maintenance.model import ChangeKind as MaintenanceChange
from bot.maintenance.model import Maintenance, Phase
from bot.maintenance.service import MaintenanceService
from bot.names import few_named
from bot.people import People
from bot.status.service import StatusService
from bot.targets.model import Catalog
from bot.trends.model import Trend
from bot.trends.service import TrendService
from bot.web.pages.board_model import RecentChange

_ISSUES = {
    IssueChange.NEW: "is new",
    IssueChange.ETA: "has another ETA",
    IssueChange.WORKAROUND: "has another workaround",
    IssueChange.DONE: "is fixed, not released yet",
    IssueChange.RELEASED: "is released",
    IssueChange.DECLINED: "was closed without a fix",
    IssueChange.REGRESSED: "has regressed",
    IssueChange.REOPENED: "was reopened",
}
"""What of a known issue support hears of here."""
_EVENTS = {
    EventKind.OPENED: "{name} opened",
    EventKind.CLAIMED: "{who} owns {name}",
    EventKind.RELEASED: "{name} has no owner",
    EventKind.HANDED_OVER: "{about} owns {name}, from {who}",
    EventKind.TAKEN_OVER: "{who} owns {name}, from {about}",
    EventKind.ESCALATED: "{who} escalated {name}",
    EventKind.ACKNOWLEDGED: "{who} acknowledged {name}",
    EventKind.HANDED_BACK: "{who} handed the escalation of {name} back",
    EventKind.LAPSED: "{name} waits for management again",
    EventKind.TAKEN_BACK: "{who} took the escalation of {name} back",
    EventKind.HANDED_OFF: "{who} sent {name} to Tier 3",
    EventKind.VENDOR: "{who} has news from a vendor of {name}",
    EventKind.FIXED: "The fix for {name} is out",
    EventKind.TOLD: "Customers of {name} were answered",
    EventKind.SAID: "{who} told customers of {name}",
    EventKind.ADVISED: "What to tell customers of {name} is new",
    EventKind.RESOLVED: "{who} resolved {name}",
    EventKind.DISMISSED: "{who} dismissed {name}",
    EventKind.REOPENED: "{who} reopened {name}",
    EventKind.MOVED: "{name} went to another team",
    EventKind.MERGED: "{name} was merged",
    EventKind.UNMERGED: "{name} goes on by itself",
}
"""What of a timeline everybody hears of; the words that people typed there are Tier 2's."""
MAINTENANCES = {
    MaintenanceChange.MOVED: "moved",
    MaintenanceChange.LONGER: "takes longer",
    MaintenanceChange.SHORTER: "ends earlier",
    MaintenanceChange.TARGETS: "is of other targets now",
}
"""What became of one that is still planned or goes on; its end is told by itself."""
KINDS = frozenset(_EVENTS)
SHOWN = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class RecentSources:
    """Whom it asks."""

    investigations: InvestigationService
    known: KnownIssueService
    status: StatusService
    trends: TrendService
    maintenance: MaintenanceService


class Recent:
    """Reads our own records only."""

    def __init__(self, *, sources: RecentSources, people: People, catalog: Catalog) -> None:
        self._sources = sources
        self._people = people
        self._catalog = catalog

    async def since(self, moment: datetime) -> tuple[RecentChange, ...]:
        """The newest first; what is the same twice is one."""
        happened = self._sources.investigations.happened_since(moment, KINDS)
        people = {user for _, event in happened for user in (event.actor, event.about) if user}
        names = await self._people.called(people) if people else dict[str, str]()
        changes = [self._of_event(investigation, event, names) for investigation, event in happened]
        changes += self._rises(moment)
        changes += self._status(moment)
        changes += self._issues(moment)
        changes += self._maintenances(moment)
        newest = sorted(reversed(dict.fromkeys(changes)), key=lambda change: change.at, reverse=True)
        return tuple(newest[:SHOWN])

    def _of_event(self, investigation: Investigation, event: Event, names: Mapping[str, str]) -> RecentChange:
        def name(user: str | None, nobody: str) -> str:
            return names.get(user, "somebody") if user else nobody

        management = event.kind is EventKind.ACKNOWLEDGED
        who = name(event.actor, "Management" if management else "Second Line")
        words = _EVENTS[event.kind].format(name=investigation.name, who=who, about=name(event.about, "nobody"))
        title = self._title(investigation.target)
        return RecentChange(event.at, f"{words[:1].upper()}{words[1:]}: {title}", investigation.id)

    def _rises(self, moment: datetime) -> Iterator[RecentChange]:
        for trend in self._sources.trends.noticed_since(moment):
            about = self._about(trend)
            customers = f"{trend.most} customer{'' if trend.most == 1 else 's'}"
            yield RecentChange(trend.noticed_at, f"Rise noticed: {customers} wrote{about}")

    def _about(self, trend: Trend) -> str:
        target = self._sources.trends.target_of(trend)
        if trend.fleet:
            return " about everything"
        words = self._title(target) if target else trend.series.symptom or trend.series.version or trend.words
        return f" about {words}" if words else ""

    def _status(self, moment: datetime) -> Iterator[RecentChange]:
        for announcement in self._sources.status.announcements.lately():
            title = self._title(announcement.target)
            if announcement.announced_at >= moment:
                yield RecentChange(announcement.announced_at, f"Trouble announced: {title}")
            if announcement.over_at and announcement.over_at >= moment:
                yield RecentChange(announcement.over_at, f"Status is fine again: {title}")

    def _issues(self, moment: datetime) -> Iterator[RecentChange]:
        """One bug in two trackers is told once."""
        changes = [both for both in self._sources.known.log.since(moment) if both[1].kind in _ISSUES]
        first = {known.id for known in once({known.id: known for known, _ in changes}.values())}
        kinds = {(known.id, change.kind) for known, change in changes}
        for known, change in changes:
            if known.id in first or not _told_by_twin(known, change, kinds):
                yield RecentChange(
                    change.at, f"{known.name} {_ISSUES[change.kind]}: {known.issue.title}", issue=known.id
                )

    def _maintenances(self, moment: datetime) -> Iterator[RecentChange]:
        service = self._sources.maintenance
        for each in service.live():
            where = self._where(each)
            for change in each.changes:
                if change.at >= moment and change.kind in MAINTENANCES:
                    yield RecentChange(change.at, f"Maintenance {MAINTENANCES[change.kind]}: {where}")
            if each.phase is Phase.GOING and each.begins_at >= moment:
                yield RecentChange(each.begins_at, f"Maintenance began: {where}")
            elif each.phase is Phase.PLANNED and each.created_at >= moment:
                yield RecentChange(each.created_at, f"Maintenance planned: {where}")
        for each in service.ended_since(moment):
            became = "called off" if each.phase is Phase.CANCELLED else "is over"
            if each.ended_at:
                yield RecentChange(each.ended_at, f"Maintenance {became}: {self._where(each)}")

    def _where(self, maintenance: Maintenance) -> str:
        return few_named([self._title(key) for key in maintenance.targets], 3)

    def _title(self, target: str) -> str:
        return self._catalog.named(target).title


def _told_by_twin(known: KnownIssue, change: Change, kinds: set[tuple[int, IssueChange]]) -> bool:
    return any((twin.id, change.kind) in kinds for twin in known.also)
