"""What is true now of a target that somebody is about to call mended: its failed probes run again, its alerts. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from bot.probes.batch import Batch, ProbeRun, RunState
from bot.probes.wording import short
from bot.probes.wording.still import still
from bot.status.model import BAD, Level, SourceKind, TargetStatus


class Progress(StrEnum):
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
    progress: Progress = Progress.NOTHING
    failed: int = 0
    failing: tuple[str, ...] = ()
    passing: int = 0
    chance: tuple[str, ...] = ()
    unmeasured: tuple[str, ...] = ()
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
    live = batch is not None and batch.state in (RunState.QUEUED, RunState.RUNNING)
    results = [run.result for run in runs if run.result and run.state is RunState.DONE]
    measured = [each.verdict for each in results if each.measured]
    barred = [f"{each.kind} couldn't run ({each.verdict.wrong})" for each in results if not each.measured]
    barred += [] if live else [_left(run) for run in runs if run.state is not RunState.DONE or not run.result]
    reports = status.reports if status else ()
    pages = [each.level for each in reports if each.kind is SourceKind.PAGE and each.level in BAD]
    alerting = [each for each in reports if each.kind is SourceKind.ALERTS and each.read_at]
    ended = Progress.RUNNING if live else Progress.ENDED
    return Rechecked(
        investigation_id,
        f"INV-{investigation_id}",
        title,
        ended if batch else Progress.BARRED if why else Progress.NOTHING,
        failed=len(runs),
        failing=tuple(dict.fromkeys(still(verdict) for verdict in measured if not verdict.ok)),
        passing=sum(verdict.ok for verdict in measured),
        chance=tuple(short(verdict) for verdict in measured if verdict.ok and verdict.may_be_chance),
        unmeasured=tuple(barred),
        alerts=sum(len(each.firing) for each in alerting),
        page=max(pages, key=BAD.index, default=None),
        unread=tuple(each.title for each in reports if each.failing_since or not each.read_at),
        watched=bool(alerting),
        why=why,
    )


def _left(run: ProbeRun) -> str:
    """A run that will have no result any more."""
    words = {RunState.CANCELLED: "was cancelled", RunState.INTERRUPTED: "was interrupted"}
    return f"{run.kind} {words.get(run.state, 'did not run')}"
