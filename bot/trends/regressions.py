"""Known issues whose fix is out and about which customers write again: said once on the issue."""

import re
from datetime import datetime

from attrs import define

from bot.database import Database
from bot.known_issues.model import KnownIssue, version_name
from bot.known_issues.service import KnownIssueService
from bot.targets.model import Catalog
from bot.tickets.stream_model import ReadTicket
from bot.trends.edits import Edits
from bot.trends.model import SYMPTOMS, Trend
from bot.trends.ports import RiseDetector, StoredTickets
from bot.trends.store import TrendStore

CUSTOMERS = 3
"""So many customers who have the fix and write about it make it regressed."""
_NUMBERS = re.compile(r"\d{1,9}(?:\.\d{1,9}){0,5}")


@define(kw_only=True, eq=False, repr=False, slots=False)
class Regressions:
    """Which known issue a trend is, and whether that has regressed."""

    _database: Database
    _store: TrendStore
    _stored: StoredTickets
    _known: KnownIssueService
    _catalog: Catalog
    _edits: Edits

    def issue_of(self, trend: Trend) -> KnownIssue | None:
        """What people said that its investigation, or the one before it, is about; else what it looks like."""
        for number in (trend.investigation_id, trend.again_of):
            if number and (about := self._known.about(number)):
                return about[0]
        series, key = trend.series, trend.series.symptom or trend.symptom
        said = [SYMPTOMS.get(key, ""), trend.words, f"error {series.code}" if series.code else ""]
        target = series.target or trend.about
        target = target if self._catalog.get(target) else ""
        words, version = [word for word in said if word], series.version or trend.version
        match = self._known.matcher.like_trend(target=target, symptom=key, platform=version, words=words)
        return match.issue if match else None

    async def look(self, detector: RiseDetector, at: datetime) -> None:
        """Say it of each issue that a trend shows to have regressed; whoever follows the issue hears that."""
        for trend in self._store.live():
            issue = self.issue_of(trend) if trend.rises(at) and not trend.dismissed_at else None
            if issue and self._came_back(issue, trend):
                with self._database.transaction():
                    if self._known.regressed(issue.id):
                        self._edits.changed(trend)

    def _came_back(self, known: KnownIssue, trend: Trend) -> bool:
        """Whether customers write who have the fix: of an app by its version, of anything else by the time."""
        released_at = self._known.released_at(known.id)
        if not known.issue.released or released_at is None:
            return False
        tickets = self._stored.tickets(trend.ticket_ids)
        target = self._catalog.get(trend.series.target or trend.about)
        if target and target.kind != "app":
            having = [ticket for ticket in tickets if ticket.created_at > released_at]
        else:
            having = [ticket for ticket in tickets if _has(ticket, known.issue.fix_version)]
        return len({ticket.customer for ticket in having}) >= CUSTOMERS


def _has(ticket: ReadTicket, fix_version: str) -> bool:
    """Whether it names a version of the app that is the fix's or a later one."""
    fixed = _numbers(version_name(fix_version))
    of_app = [_numbers(version) for version in ticket.versions if version.startswith("app ")]
    return bool(fixed) and any(number >= fixed for number in of_app)


def _numbers(version: str) -> tuple[int, ...]:
    """ "app 8.4.1" as (8, 4, 1); without zeros at its end, so that 8.4 and 8.4.0 are one."""
    found = _NUMBERS.search(version)
    numbers = tuple(map(int, found[0].split("."))) if found else ()
    while numbers and not numbers[-1]:
        numbers = numbers[:-1]
    return numbers
