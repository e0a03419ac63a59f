"""What the status probe tells: the reports of status pages, as the room of status has them."""

from bot.probes.status_page import Bulletin
from bot.status.cards import LEVEL_WORDS
from bot.status.model import Level, Report, SourceKind
from bot.status.service import StatusService


class PageBulletins:
    """Implements Bulletins. Alerts are left out: they are the team's own, not the provider's."""

    def __init__(self, status: StatusService) -> None:
        self._status = status

    def __call__(self, target: str) -> tuple[Bulletin, ...]:
        found = self._status.of(target)
        reports = found.reports if found else ()
        return tuple(_bulletin(report) for report in reports if report.kind is SourceKind.PAGE)


_UNDER_WAY = ("in_progress", "verifying")


def _bulletin(report: Report) -> Bulletin:
    return Bulletin(
        source=report.title,
        level=_level(report),
        ok=None if report.level is Level.UNKNOWN else report.level is Level.OPERATIONAL,
        since=report.since,
        read_at=report.read_at,
        incidents=tuple(
            each.title
            for each in (*report.incidents, *report.page_wide)
            if not each.planned or each.stage in _UNDER_WAY
        ),
        failure=report.failure if report.failing_since else "",
    )


def _level(report: Report) -> str:
    """In words; the page's own word where nobody taught us what it means."""
    if report.read_at and not report.components:
        return "nothing of it, as it has no such component"
    strange = dict.fromkeys(each.word for each in report.components if each.level is Level.UNKNOWN and each.word)
    said = f" (“{', '.join(strange)}”)" if report.told is Level.UNKNOWN and strange else ""
    return LEVEL_WORDS[report.level] + said
