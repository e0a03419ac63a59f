"""Which probes of a target failed while it was looked into: they run again before it is called mended. Pure."""

from collections.abc import Sequence
from datetime import timedelta

from bot.probes.batch import Batch, ProbeRun, RunState
from bot.probes.findings import OWN_STEPS, badness

TITLE = "What failed, again"
AGAIN_MAX = 6
"""So many are run again, the worst first: somebody waits for them."""
FRESH = timedelta(seconds=20)
"""Who asks once more within this time is shown what was just measured."""
_FOLLOWS = {"mtr": "ping", "traceroute": "ping"}
"""What takes long and says where, by what is quick and says whether."""


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
    """Failing runs without the traces whose ping says the same."""
    there = {(run.kind, run.place) for run in failing}
    return [run for run in failing if (_FOLLOWS.get(run.kind, ""), run.place) not in there]


def _worst_first(run: ProbeRun) -> tuple[bool, int, float, int]:
    """What is seen from here before what other places see."""
    kind, share = badness(run.result.verdict) if run.result else (0, 0.0)
    return bool(run.place), -kind, -share, run.id
