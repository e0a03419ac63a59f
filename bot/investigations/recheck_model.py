"""What is true now of a target that somebody is about to call mended: its smoke check, its alerts. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from bot.probes.batch import Batch, ProbeRun, RunState
from bot.probes.model import Verdict
from bot.status.model import BAD, Level, SourceKind, TargetStatus


class RecheckProgress(StrEnum):
    """`nothing` failed before; `barred` says that it can't be run again now."""

    NOTHING = "nothing"
    BARRED = "barred"
    RUNNING = "running"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Rechecked:
    """One investigation, by `name` ("INV-3") and its target's title.

    `failed` is how many probes are run again; `failing`, `unmeasured` and `chance` are what those say that have ended
    and do not simply pass, `passing` how many do. `alerts` fire now; `page` is the level of its status page where that
    is bad; `unread` are sources that don't answer; `watched` is whether any source tells of alerts. `why` is what keeps
    the probes from running.
    """

    investigation_id: int
    name: str
    title: str
    progress: RecheckProgress = RecheckProgress.NOTHING
    failed: int = 0
    failing: tuple[Verdict, ...] = ()
    passing: int = 0
    chance: tuple[Verdict, ...] = ()
    unmeasured: tuple[ProbeRun, ...] = ()
    alerts: int = 0
    page: Level | None = None
    unread: tuple[str, ...] = ()
    watched: bool = False
    why: str = ""

    @property
    def waiting(self) -> int:
        """How many results are not in."""
        return self.failed - len(self.failing) - self.passing - len(self.unmeasured)

    @property
    def trouble(self) -> bool:
        """Whether something is known to be wrong now."""
        return bool(self.failing or self.alerts or self.page)


def read(
    investigation_id: int, title: str, batch: Batch | None, status: TargetStatus | None, why: str = ""
) -> Rechecked:
    """`batch` is None where nothing failed before, or where it can't be run again, for the reason `why`."""
    runs = batch.runs if batch else ()
    live = batch is not None and batch.is_live
    done = [run for run in runs if run.result and run.state is RunState.DONE]
    measured = [run.result.verdict for run in done if run.result and run.result.measured]
    barred = [run for run in done if run.result and not run.result.measured]
    barred += [] if live else [run for run in runs if run not in done]
    reports = status.reports if status else ()
    pages = [report.level for report in reports if report.kind is SourceKind.PAGE and report.level in BAD]
    alerting = [report for report in reports if report.kind is SourceKind.ALERTS and report.read_at]
    ended = RecheckProgress.RUNNING if live else RecheckProgress.ENDED
    return Rechecked(
        investigation_id,
        f"INV-{investigation_id}",
        title,
        ended if batch else RecheckProgress.BARRED if why else RecheckProgress.NOTHING,
        failed=len(runs),
        failing=tuple(verdict for verdict in measured if not verdict.ok),
        passing=sum(verdict.ok for verdict in measured),
        chance=tuple(verdict for verdict in measured if verdict.ok and verdict.may_be_chance),
        unmeasured=tuple(barred),
        alerts=sum(len(report.firing) for report in alerting),
        page=max(pages, key=BAD.index, default=None),
        unread=tuple(report.title for report in reports if report.failing_since or not report.read_at),
        watched=bool(alerting),
        why=why,
    )
