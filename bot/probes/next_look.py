"""How sure a batch is of where packets are lost, and what would settle it: more of them, or another place. Pure."""

from dataclasses import dataclass

from bot.probes.batch import Batch, ProbeRun, RunState
from bot.probes.icmp.confidence import Missing, judged
from bot.probes.icmp.path_facts import Confidence
from bot.probes.model import Verdict

MORE_CYCLES = 100
NEXT_LOOKS_MAX = 2
COMPARED_FROM = ("Berlin", "New York", "Singapore")
"""Places to ask from, the first that was not asked yet: far apart, and with many of Globalping's probes."""


@dataclass(frozen=True, slots=True)
class NextLook:
    """`cycles` from here, or from `place` where that is not ""."""

    cycles: int = 0
    place: str = ""

    @property
    def label(self) -> str:
        return f"From {self.place}" if self.place else f"{self.cycles} More"

    def value(self, batch_id: int) -> str:
        """A button's value; `read_next_look` is the inverse."""
        return f"{batch_id} {self.cycles} {self.place}".strip()


def read_next_look(value: str) -> tuple[int, NextLook]:
    batch_id, cycles, *place = value.split(" ", 2)
    return int(batch_id), NextLook(int(cycles), "".join(place))


def next_looks(batch: Batch) -> tuple[NextLook, ...]:
    """Returns nothing while it is measured, nor where nothing is lost or the place of the loss is as sure as can be."""
    lossy = losing(batch)
    if not batch.ended or batch.refining or not lossy:
        return ()
    verdict, _ = surely(batch) or (None, None)
    path = verdict.path if verdict else None
    if path and path.confidence is Confidence.HIGH:
        return ()
    looks = [NextLook(cycles=MORE_CYCLES)] if path and path.cycles < MORE_CYCLES else []
    asked = {run.place for run in batch.all_runs}
    place = next((place for place in COMPARED_FROM if place not in asked), "")
    if lossy.subject.remote and place:
        looks.append(NextLook(place=place))
    return tuple(looks)


def surely(batch: Batch) -> tuple[Verdict, Missing] | None:
    """The verdict of `losing` with its confidence, and what is missing for more; None where nothing loses packets.

    Its control is the MTR of the batch to a healthy target from here; other networks are those of the batch's runs from
    other places, and of its part for the customers.
    """
    lossy = losing(batch)
    if not lossy or not lossy.result:
        return None
    traces = [(run, run.result.verdict) for run in batch.all_runs if run.kind == "mtr" and run.result]
    control = next((verdict for run, verdict in traces if run.step == "control" and not run.place), None)
    others = [
        (run.seen_from.network if run.seen_from else "", verdict)
        for run, verdict in traces
        if run.step != "control" and run.place
    ]
    return judged(lossy.result.verdict, control=control, others=others)


def losing(batch: Batch) -> ProbeRun | None:
    """The MTR of a batch from here that shows packets to its target lost, be it by chance."""
    for run in batch.runs:
        if run.kind == "mtr" and run.step != "control" and not run.place and run.state is RunState.DONE:
            verdict = run.result.verdict if run.result else None
            if verdict and verdict.path and verdict.path.reached and verdict.numbers.lost:
                return run
    return None
