"""What status pages say of a target: nothing is sent, only the latest readings are told."""

from collections.abc import Callable, Sequence
from datetime import datetime

from bot.clock import Clock
from bot.errors import BadInput
from bot.names import few_named
from bot.probes.model import About, Fault, ProbeKind, ProbeReading, ProbeResult, Progress, Subject, Verdict
from bot.probes.results import Run
from bot.status.model import LEVEL_WORDS, Level, SourceKind, StatusReport, TargetStatus

STATUS = ProbeKind(
    "status",
    columns=("Source", "Says", "Read"),
    needs="no status page is configured for it",
    applies=lambda subject: bool(subject.status_of),
    noun="sources",
    rules_out="the status page",
)
_INCIDENTS_SHOWN = 3
_UNDER_WAY = ("in_progress", "verifying")
StatusOf = Callable[[str], TargetStatus | None]
"""What all sources say of a target, by its key; None where none does."""


class StatusProbe:
    """`status_of` tells what is known now; whoever reads the pages does so all the time."""

    kind = STATUS

    def __init__(self, *, status_of: StatusOf, clock: Clock) -> None:
        self._status_of = status_of
        self._clock = clock

    async def run(self, subject: Subject, *, progress: Progress) -> ProbeResult:
        """Alerts are left out: they are the team's own, not the provider's."""
        status = self._status_of(subject.status_of) if subject.status_of else None
        pages = [report for report in (status.reports if status else ()) if report.kind is SourceKind.PAGE]
        if not pages:
            raise BadInput(f"No status page is configured for {subject.label}: [status.pages] in secondline.toml.")
        run, now = Run(self.kind, subject.label, self._clock), self._clock()
        return run.result(_verdict(run.label, sorted(pages, key=_first), now), [_reading(page, now) for page in pages])


def _verdict(label: str, pages: Sequence[StatusReport], now: datetime) -> Verdict:
    """Where nobody knows how it does, that is no trouble, and no health."""
    bad = [page for page in pages if _ok(page) is False]
    sentence = "; ".join(_sentence(page, now) for page in pages)
    known = all(_ok(page) is not None for page in pages)
    return STATUS.verdict(
        about=About(label),
        wrong=sentence if bad or not known else "",
        found="" if bad or not known else sentence,
        faults=tuple(Fault(About(page.title), _level(page)) for page in bad),
        among=len(pages),
        measured=bool(bad) or known,
    )


def _ok(page: StatusReport) -> bool | None:
    """None where it is not known how the target does."""
    return None if page.level is Level.UNKNOWN else page.level is Level.OPERATIONAL


def _first(page: StatusReport) -> int:
    """Trouble first, then what is not known, then what is fine."""
    return {False: 0, None: 1, True: 2}[_ok(page)]


def _failure(page: StatusReport) -> str:
    """Why it does not answer now."""
    return page.failure if page.failing_since else ""


def _sentence(page: StatusReport, now: datetime) -> str:
    """ "status page says degraded for 25 min (“Card payments fail”), read 40 s ago"."""
    failure = _failure(page)
    if not page.read_at:
        return f"{page.title} {f'does not answer ({failure})' if failure else 'is not read yet'}"
    lasting = f" for {_span(page.since, now)}" if page.since and _ok(page) is False else ""
    fails = f", and does not answer now ({failure})" if failure else ""
    read = f"read {_span(page.read_at, now)} ago{fails}"
    return f"{page.title} says {_level(page)}{lasting}{_incidents(page)}, {read}"


def _incidents(page: StatusReport) -> str:
    incidents = (*page.incidents, *page.page_wide)
    titles = [incident.title for incident in incidents if not incident.planned or incident.stage in _UNDER_WAY]
    named = few_named([f"“{title}”" for title in titles], _INCIDENTS_SHOWN)
    return f" ({named})" if named else ""


def _reading(page: StatusReport, now: datetime) -> ProbeReading:
    read = f"{_span(page.read_at, now)} ago" if page.read_at else "never"
    says = _level(page) + _incidents(page)
    return ProbeReading(page.title, bool(_ok(page)), (page.title, says, read), _failure(page))


def _level(report: StatusReport) -> str:
    """In words; the page's own word where nobody taught us what it means."""
    if report.read_at and not report.components:
        return "nothing of it, as it has no such component"
    strange = dict.fromkeys(
        component.word for component in report.components if component.level is Level.UNKNOWN and component.word
    )
    words = f" (“{', '.join(strange)}”)" if report.told is Level.UNKNOWN and strange else ""
    return LEVEL_WORDS[report.level] + words


def _span(since: datetime, now: datetime) -> str:
    """ "40 s", "25 min", "3 h", "2 days"."""
    seconds = max(0, round((now - since).total_seconds()))
    if seconds < 120:
        return f"{seconds} s"
    if seconds < 7200:
        return f"{seconds // 60} min"
    return f"{seconds // 3600} h" if seconds < 172800 else f"{seconds // 86400} days"
