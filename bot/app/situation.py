"""What a briefing asks of the rooms beside it, answered by their services."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.briefings.model import Trouble, excerpt
from bot.briefings.sources import Affected, Waiting
from bot.briefings.waiting import NotTold
from bot.handoffs.model import Handoff
from bot.handoffs.service import HandoffService
from bot.investigations.asking import AskService
from bot.investigations.service import InvestigationService
from bot.known_issues.links import Verdict
from bot.known_issues.model import KnownIssue
from bot.known_issues.service import KnownIssueService
from bot.releases.model import not_told
from bot.releases.service import ReleaseService
from bot.replies.book import round_key
from bot.status.cards import LEVEL_WORDS, page_title
from bot.status.model import BROKEN, Level, TargetStatus
from bot.status.service import StatusService
from bot.targets.model import Catalog
from bot.tickets.service import TicketService


class BriefedLinks:
    """Implements bot.briefings.sources.IssueLinks."""

    def __init__(self, known: KnownIssueService, asks: AskService, investigations: InvestigationService) -> None:
        self._known = known
        self._asks = asks
        self._investigations = investigations

    def affected(self, since: datetime) -> Mapping[int, Affected]:
        live = {found.id for found in self._investigations.live()}
        """One bug in two trackers has the same number in both."""
        linked = {number for issue_id in self._known.linked() for number in self._known.same(issue_id)}
        counted = {issue_id: self._counted(issue_id, since, live) for issue_id in sorted(linked)}
        return {issue_id: each for issue_id, each in counted.items() if each.tickets or each.investigations}

    def _counted(self, issue_id: int, since: datetime, live: set[int]) -> Affected:
        tickets = self._asks.affected(issue_id)
        links = [link for number in self._known.same(issue_id) for link in self._known.links_to(number)]
        links = [link for link in links if link.verdict is Verdict.IT_IS]
        more = sum(bool(ticket.found_at and ticket.found_at > since) for ticket in tickets)
        return Affected(len(tickets), more, frozenset(link.investigation_id for link in links) & live)


class BriefedStatus:
    """Implements bot.briefings.sources.ServiceStatus."""

    def __init__(self, status: StatusService, catalog: Catalog) -> None:
        self._status = status
        self._catalog = catalog

    def troubles(self) -> Sequence[Trouble]:
        bad = [status for status in self._status.all() if status.level is not Level.OPERATIONAL]
        return [self._trouble(status) for status in bad]

    def _trouble(self, status: TargetStatus) -> Trouble:
        if status.page:
            return _page_trouble(status)
        sinces = [report.since for report in status.reports if report.since and report.level is status.level]
        said = [report.title for report in status.reports if report.level is status.level]
        alerts = Counter(alert.name for report in status.reports for alert in report.firing)
        firing = f"; alerts: {', '.join(alerts)}" if alerts else ""
        return Trouble(
            name=self._catalog.named(status.target).title,
            line=f"{LEVEL_WORDS[status.level]}, says {' and '.join(said)}{firing}",
            known=status.level is not Level.UNKNOWN,
            since=min(sinces, default=None),
            broken=status.level in BROKEN,
        )


def _page_trouble(status: TargetStatus) -> Trouble:
    """What is open about all of a page."""
    (report,) = status.reports
    shown = report.trouble or report.incidents
    return Trouble(
        name=page_title(status.page),
        line="; ".join(f"“{each.title}” ({each.stage})" for each in shown[:3]),
        known=status.level is not Level.UNKNOWN,
        since=min((each.began_at for each in shown if each.began_at), default=None),
        broken=status.level in BROKEN,
    )


class BriefedHandoffs:
    """Implements bot.briefings.sources.Handoffs."""

    def __init__(self, handoffs: HandoffService, known: KnownIssueService, tickets: TicketService) -> None:
        self._handoffs = handoffs
        self._known = known
        self._tickets = tickets

    def waiting(self) -> Sequence[Waiting]:
        """What is released, or declined, is given back."""
        shown = [
            (found, self._known.get(found.issue_id) if found.issue_id else None) for found in self._handoffs.current()
        ]
        return [self._waiting(found, known) for found, known in shown if not known or not _given_back(known)]

    def _waiting(self, found: Handoff, known: KnownIssue | None) -> Waiting:
        collected = self._tickets.of(found.investigation_id)
        confirmed = collected.confirmed if collected else ()
        return Waiting(
            investigation_id=found.investigation_id,
            handed_at=found.handed_at,
            tickets=tuple((ticket.ticket_id, ticket.url) for ticket in confirmed),
            issue_id=found.issue_id,
            issue_title=known.issue.title if known else found.draft.title,
            issue_url=known.issue.url if known else "",
            eta=known.reading.eta if known else None,
            accepted=found.decision is not None,
        )


class BriefedReleases:
    """Implements bot.briefings.sources.Releases."""

    def __init__(self, releases: ReleaseService) -> None:
        self._releases = releases

    def not_told(self) -> tuple[int, Sequence[tuple[NotTold, str]]]:
        found = self._releases.untold()
        listed = [
            (
                NotTold(each.about, excerpt(each.title), excerpt(each.version), each.count, each.since),
                round_key(each.round_id),
            )
            for each in not_told(found)
        ]
        return len({each.ticket_id for each in found}), listed


def _given_back(known: KnownIssue) -> bool:
    return known.issue.released or known.issue.state == "declined" or known.gone_at is not None
