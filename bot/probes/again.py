"""Which probes of a target failed while it was looked into: they run again before it is called mended. Pure."""

from collections.abc import Sequence
from datetime import timedelta

from bot.probes.batch import Batch, ProbeRun, RunState
from bot.probes.findings import OWN_STEPS, badness
from bot.probes.model import Shape

TITLE = "What failed, again"
AGAIN_MAX = 6
"""So many are run again, the worst first: somebody waits for them."""
FRESH = timedelta(seconds=20)
"""Who asks once more within this time is shown what was just measured."""


def failed(batches: Sequence[Batch], target: str) -> tuple[ProbeRun, ...]:
    """Of each kind and place the newest run that failed at any time, the worst first; `batches` are oldest first.

    A path is not traced again where a ping of the same target tells whether packets are still lost.
    """
    newest: dict[tuple[str, str], ProbeRun] = {}
    for batch in batches:
        for run in batch.runs if batch.target == target else ():
            result = run.result if run.state is RunState.DONE and run.step in OWN_STEPS else None
            if result and result.measured and not result.ok:
                kept = newest.get((run.kind, run.place))
                newest[run.kind, run.place] = max(kept, run, key=lambda each: each.id) if kept else run
    return tuple(sorted(said_once(tuple(newest.values())), key=_worst_first)[:AGAIN_MAX])


def said_once(failing: Sequence[ProbeRun]) -> list[ProbeRun]:
    """Failing runs without the traces, which take long and say where, whose ping says the same."""
    pinged = {run.place for run in failing if _shape(run) is Shape.ADDRESSES}
    return [run for run in failing if _shape(run) is not Shape.HOPS or run.place not in pinged]


def _shape(run: ProbeRun) -> Shape | None:
    return run.result.verdict.shape if run.result else None


def _worst_first(run: ProbeRun) -> tuple[bool, int, float, int]:
    """What is seen from here before what other places see."""
    kind, share = badness(run.result.verdict) if run.result else (0, 0.0)
    return bool(run.place), -kind, -share, run.id
