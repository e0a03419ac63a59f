"""Since when there is trouble, and what tells so first. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.investigations.model import Investigation
from bot.status.model import BAD, SourceKind, StatusReport, TargetStatus
from bot.tickets.collection import Collected


class OnsetSource(StrEnum):
    ALERT = "alert"
    PAGE = "page"
    RISE = "rise"
    TICKET = "ticket"
    OPENING = "opening"


ONSET_WORDS = {
    OnsetSource.ALERT: "the first alert",
    OnsetSource.PAGE: "the status page",
    OnsetSource.RISE: "the rise of tickets",
    OnsetSource.TICKET: "the first confirmed ticket",
    OnsetSource.OPENING: "when it was opened",
}
"""Behind the time: "since 09:02, the first alert"."""


@dataclass(frozen=True, slots=True)
class Onset:
    """The earliest evidence of trouble."""

    at: datetime
    source: OnsetSource = OnsetSource.OPENING

    @property
    def words(self) -> str:
        return ONSET_WORDS[self.source]


def onset(investigation: Investigation, *, status: TargetStatus | None, collected: Collected | None) -> Onset:
    """The first of alerts, status pages and tickets; at the latest when the investigation was opened."""
    found = [moment for report in (status.reports if status else ()) for moment in _trouble_since(report)]
    found += _tickets(collected) if collected else []
    return min([*found, Onset(investigation.opened_at)], key=lambda each: each.at)


def _tickets(collected: Collected) -> Iterator[Onset]:
    if rise := collected.rise_began_at:
        yield Onset(rise, OnsetSource.RISE)
    elif first := collected.began_at:
        yield Onset(first, OnsetSource.TICKET)


def _trouble_since(report: StatusReport) -> Iterator[Onset]:
    """Since when a source tells of trouble, where it does now."""
    if report.told not in BAD:
        return
    source = OnsetSource.ALERT if report.kind is SourceKind.ALERTS else OnsetSource.PAGE
    moments = [alert.began_at for alert in report.firing]
    moments += [incident.began_at for incident in report.trouble if incident.began_at and incident.level in BAD]
    yield from (Onset(moment, source) for moment in [*moments, *([report.since] if report.since else [])])
