"""What is true of a target now, of all that was measured, the worst first, and what failed and runs again. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.probes.batch import Batch, ProbeRun, RunState
from bot.probes.icmp.path_facts import PathEnd
from bot.probes.model import Numbers, Shape, Verdict

OWN_STEPS = ("target", "worst")


@dataclass(frozen=True, slots=True)
class Findings:
    """The newest measured run of each kind and place: of the target itself, the worst first, and of its control."""

    own: tuple[ProbeRun, ...] = ()
    control: tuple[ProbeRun, ...] = ()

    @property
    def worst(self) -> ProbeRun | None:
        return self.own[0] if self.own else None

    @property
    def failing(self) -> tuple[ProbeRun, ...]:
        return tuple(run for run in self.own if run.fails)


def findings(batches: Sequence[Batch], target: str) -> Findings:
    """Those of `target` (a key); `batches` are oldest first.

    Other targets and typed hosts say nothing about it, and what could not be measured replaces nothing that was.
    """
    runs = [run for batch in batches if batch.target == target for run in batch.runs]
    own = _newest(run for run in runs if run.step in OWN_STEPS)
    return Findings(tuple(sorted(own, key=_rank)), tuple(_newest(run for run in runs if run.step == "control")))


def badness(verdict: Verdict) -> tuple[int, float]:
    """How bad it is, the larger the worse: fine, perhaps chance, something fails, all of it is dead or lost.

    A way whose routers answer while its end does not may lead to a host that ignores pings: the least that can fail.
    """
    if verdict.ok:
        return (1 if verdict.may_be_chance else 0), 0.0
    if verdict.path and verdict.path.end is PathEnd.SILENT:
        return 2, 0.0
    if verdict.faults and verdict.among:
        return 2, sum(_gone(fault.numbers) for fault in verdict.faults) / verdict.among
    return 2, _gone(verdict.numbers)


def _gone(numbers: Numbers) -> float:
    """The share that is lost of something that loses packets; all of what fails in another way."""
    return numbers.lost / numbers.sent if numbers.lost and numbers.sent else 1.0


def _newest(runs: Iterable[ProbeRun]) -> list[ProbeRun]:
    """By kind and place, in the order in which those were first measured."""
    newest: dict[tuple[str, str], ProbeRun] = {}
    for run in runs:
        if run.state is RunState.DONE and run.result and run.result.measured:
            kept = newest.get((run.kind, run.place))
            if kept is None or kept.id < run.id:
                newest[run.kind, run.place] = run
    return list(newest.values())


def _rank(run: ProbeRun) -> tuple[int, float, bool, int]:
    """What fails first, the worst of it before the rest, what was seen from this machine before other places."""
    kind, share = badness(run.result.verdict) if run.result else (0, 0.0)
    return -kind, -share, bool(run.place), run.id


TITLE = "Smoke check"
AGAIN_MAX = 6
"""So many are run again, the worst first: somebody waits for them."""
FRESH = timedelta(seconds=20)
"""Who asks once more within this time is shown what was just measured."""


def failed(batches: Sequence[Batch], target: str) -> tuple[ProbeRun, ...]:
    """Returns of each kind and place the newest run that failed, the worst first; `batches` are oldest first.

    A path is not traced again where a ping of the same target tells whether packets are still lost.
    """
    own = [run for batch in batches if batch.target == target for run in batch.runs if run.step in OWN_STEPS]
    newest = _newest(run for run in own if run.fails)
    # What is seen from here before what other places see.
    return tuple(sorted(said_once(newest), key=lambda run: (bool(run.place), *_rank(run)))[:AGAIN_MAX])


def said_once(failing: Sequence[ProbeRun]) -> list[ProbeRun]:
    """Leaves out traces, which take long and say where, whose ping fails too."""
    pinged = {run.place for run in failing if run.shape is Shape.ADDRESSES}
    return [run for run in failing if run.shape is not Shape.HOPS or run.place not in pinged]
