"""A smoke sweep: the playbooks of several targets at once, compared with the run before. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.messages.model import Place
from bot.probes.batch import Batch, RunState
from bot.probes.findings import findings
from bot.probes.model import Verdict
from bot.probes.wording.summary import still

WORDS_MAX = 120


class Reason(StrEnum):
    """Why everything is looked at."""

    MAINTENANCE = "maintenance"
    OUTAGE = "outage"
    """An investigation was resolved, or no source tells of trouble any more."""
    ASKED = "asked"


class Outcome(StrEnum):
    FINE = "fine"
    FAILING = "failing"
    UNMEASURED = "unmeasured"
    """Nothing could be measured, or something kept it from its end."""
    BY_HAND = "by_hand"
    """Only people can try it."""


class Since(StrEnum):
    """How a target does beside the run before."""

    NEW = "new"
    """It fails, and did not."""
    STILL = "still"
    AGAIN_FINE = "again_fine"
    SAME = "same"
    """Fine before and after."""
    FIRST = "first"
    """There was no run before."""


@dataclass(frozen=True, slots=True)
class SmokeRow:
    """One target. `words` say what fails; `before_at` is when the run before was."""

    target: str
    title: str
    outcome: Outcome
    words: str = ""
    since: Since = Since.FIRST
    before_at: datetime | None = None
    batch_id: int | None = None


@dataclass(frozen=True, slots=True)
class SmokeResult:
    """Every target, the worst first."""

    rows: tuple[SmokeRow, ...] = ()

    def of(self, outcome: Outcome) -> tuple[SmokeRow, ...]:
        return tuple(row for row in self.rows if row.outcome is outcome)

    @property
    def failing(self) -> tuple[SmokeRow, ...]:
        return self.of(Outcome.FAILING)

    @property
    def looked_at(self) -> int:
        """How many targets could be looked at by the bot."""
        return len(self.rows) - len(self.of(Outcome.BY_HAND))


@dataclass(frozen=True, slots=True)
class SweepOrder:
    """What somebody, or an end, asks for. `by` is "" where nobody did."""

    title: str
    reason: Reason
    targets: tuple[str, ...]
    place: Place
    by: str = ""
    maintenance_id: int | None = None
    investigation_id: int | None = None


@dataclass(frozen=True, slots=True)
class SmokeSweep:
    """`result` is None until all of it has ended."""

    id: int
    title: str
    reason: Reason
    targets: tuple[str, ...]
    channel: str
    requested_at: datetime
    requested_by: str = ""
    thread_key: str | None = None
    thread_ts: str | None = None
    ended_at: datetime | None = None
    maintenance_id: int | None = None
    investigation_id: int | None = None
    result: SmokeResult | None = None

    @property
    def place(self) -> Place:
        return Place(self.channel, thread_key=self.thread_key, thread_ts=self.thread_ts)


def sweep_key(sweep_id: int) -> str:
    return f"smoke/{sweep_id}"


@dataclass(frozen=True, slots=True)
class Looked:
    """What was measured of a target: now, and before; None for nothing."""

    target: str
    title: str
    now: Batch | None
    before: Batch | None = None


def judged(looks: Iterable[Looked]) -> SmokeResult:
    """The worst first: what newly fails, what still fails, what could not be looked at, then what is fine."""
    rows = [_row(look) for look in looks]
    return SmokeResult(tuple(sorted(rows, key=lambda row: (_OUTCOMES.index(row.outcome), row.since is not Since.NEW))))


_OUTCOMES = (Outcome.FAILING, Outcome.UNMEASURED, Outcome.FINE, Outcome.BY_HAND)


def failing_of(batch: Batch | None) -> list[Verdict]:
    """What fails in a run of a playbook, the worst first."""
    if not batch:
        return []
    return [run.result.verdict for run in findings([batch], batch.target).failing if run.result]


def _row(look: Looked) -> SmokeRow:
    if not look.now:
        return SmokeRow(look.target, look.title, Outcome.BY_HAND)
    failing = failing_of(look.now)
    if failing:
        more = f" (and {len(failing) - 1} more)" if len(failing) > 1 else ""
        outcome, words = Outcome.FAILING, still(failing[0]) + more
    else:
        words = _unmeasured(look.now)
        outcome = Outcome.UNMEASURED if words else Outcome.FINE
    before = look.before if look.before and _measured(look.before) else None
    return SmokeRow(
        look.target,
        look.title,
        outcome,
        words,
        _since(outcome, before),
        before.finished_at if before else None,
        look.now.id,
    )


def _since(outcome: Outcome, before: Batch | None) -> Since:
    if not before or outcome is Outcome.UNMEASURED:
        return Since.FIRST
    failed = bool(failing_of(before))
    if outcome is Outcome.FAILING:
        return Since.STILL if failed else Since.NEW
    return Since.AGAIN_FINE if failed else Since.SAME


def _measured(batch: Batch) -> bool:
    return any(result.measured for result in batch.results)


def _unmeasured(batch: Batch) -> str:
    """Why nothing is known of a target, "" where all that was looked at is fine."""
    if batch.state is not RunState.DONE:
        return "the check was interrupted"
    if _measured(batch):
        return ""
    why = next((result.verdict.wrong for result in batch.results if result.verdict.wrong), "")
    return why.rstrip(".") or "nothing could be measured"


def over(batches: Sequence[Batch]) -> bool:
    return not any(batch.is_live for batch in batches)
