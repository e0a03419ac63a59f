"""What status pages say of a target: nothing is sent, only the latest readings are told."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.clock import Clock
from bot.errors import BadInput
from bot.probes.model import About, Fault, ProbeKind, ProbeReading, ProbeResult, Progress, Subject, Verdict
from bot.probes.results import Run
from bot.status.model import LEVEL_WORDS, Level, Report, SourceKind, TargetStatus

STATUS = ProbeKind(
    "status",
    columns=("Source", "Says", "Read"),
    needs="no status page is configured for it",
    applies=lambda subject: bool(subject.status_of),
    noun="sources",
    rules_out="the status page",
)
_INCIDENTS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Bulletin:
    """What one page says. `ok` is None where it is not known how the target does; `level` is that in words.

    `since` is since when it is so, `read_at` when the page was last read, `failure` why it does not answer now.
    """

    source: str
    level: str
    ok: bool | None
    since: datetime | None = None
    read_at: datetime | None = None
    incidents: tuple[str, ...] = ()
    failure: str = ""


Bulletins = Callable[[str], Sequence[Bulletin]]
"""By the key of a target; none where no page tells of it."""
_UNDER_WAY = ("in_progress", "verifying")


def bulletins_of(status: TargetStatus | None) -> tuple[Bulletin, ...]:
    """What pages say of a target. Alerts are left out: they are the team's own, not the provider's."""
    reports = status.reports if status else ()
    return tuple(_bulletin(report) for report in reports if report.kind is SourceKind.PAGE)


class StatusProbe:
    """`bulletins` tells what is known now; whoever reads the pages does so all the time."""

    kind = STATUS

    def __init__(self, *, bulletins: Bulletins, clock: Clock) -> None:
        self._bulletins = bulletins
        self._clock = clock

    async def run(self, subject: Subject, *, progress: Progress) -> ProbeResult:
        unsorted = self._bulletins(subject.status_of) if subject.status_of else ()
        if not unsorted:
            raise BadInput(f"No status page is configured for {subject.label}: [status.pages] in secondline.toml.")
        run = Run(self.kind, subject.label, self._clock)
        now = self._clock()
        bulletins = sorted(unsorted, key=_first)
        return run.result(_verdict(run.label, bulletins, now), [_reading(bulletin, now) for bulletin in unsorted])


def _verdict(label: str, bulletins: Sequence[Bulletin], now: datetime) -> Verdict:
    """Where nobody knows how it does, that is no trouble, and no health."""
    bad = [bulletin for bulletin in bulletins if bulletin.ok is False]
    sentence = "; ".join(_sentence(bulletin, now) for bulletin in bulletins)
    known = all(bulletin.ok is not None for bulletin in bulletins)
    return STATUS.verdict(
        about=About(label),
        wrong=sentence if bad or not known else "",
        found="" if bad or not known else sentence,
        faults=tuple(Fault(About(bulletin.source), bulletin.level) for bulletin in bad),
        among=len(bulletins),
        measured=bool(bad) or known,
    )


def _first(bulletin: Bulletin) -> int:
    """Trouble before what is not known, before what is well."""
    return {False: 0, None: 1, True: 2}[bulletin.ok]


def _sentence(bulletin: Bulletin, now: datetime) -> str:
    """ "status page says degraded for 25 min (“Card payments fail”), read 40 s ago"."""
    if not bulletin.read_at:
        why = f"does not answer ({bulletin.failure})" if bulletin.failure else "is not read yet"
        return f"{bulletin.source} {why}"
    lasting = f" for {_span(bulletin.since, now)}" if bulletin.since and bulletin.ok is False else ""
    fails = f", and does not answer now ({bulletin.failure})" if bulletin.failure else ""
    read = f"read {_span(bulletin.read_at, now)} ago{fails}"
    return f"{bulletin.source} says {bulletin.level}{lasting}{_incidents(bulletin)}, {read}"


def _incidents(bulletin: Bulletin) -> str:
    named = ", ".join(f"“{title}”" for title in bulletin.incidents[:_INCIDENTS_SHOWN])
    more = len(bulletin.incidents) - _INCIDENTS_SHOWN
    return f" ({named}{f' and {more} more' if more > 0 else ''})" if named else ""


def _reading(bulletin: Bulletin, now: datetime) -> ProbeReading:
    read = f"{_span(bulletin.read_at, now)} ago" if bulletin.read_at else "never"
    says = bulletin.level + _incidents(bulletin)
    return ProbeReading(bulletin.source, bool(bulletin.ok), (bulletin.source, says, read), bulletin.failure)


def _bulletin(report: Report) -> Bulletin:
    incidents = (*report.incidents, *report.page_wide)
    return Bulletin(
        source=report.title,
        level=_level(report),
        ok=None if report.level is Level.UNKNOWN else report.level is Level.OPERATIONAL,
        since=report.since,
        read_at=report.read_at,
        incidents=tuple(
            incident.title for incident in incidents if not incident.planned or incident.stage in _UNDER_WAY
        ),
        failure=report.failure if report.failing_since else "",
    )


def _level(report: Report) -> str:
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
