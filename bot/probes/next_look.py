"""What would settle where packets are lost: more of them, or the same from another place. Pure."""

from dataclasses import dataclass

from bot.probes.batch import Batch, ProbeRun, RunState

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
    """None while it is measured, and none where the target's path loses nothing or its place is as sure as can be."""
    lossy = losing(batch)
    if not batch.ended or batch.refining or not lossy:
        return ()
    path = lossy.result.verdict.path if lossy.result else None
    looks = [NextLook(cycles=MORE_CYCLES)] if path and path.cycles < MORE_CYCLES else []
    asked = {run.place for run in (*batch.runs, *(batch.customers.runs if batch.customers else ()))}
    place = next((place for place in COMPARED_FROM if place not in asked), "")
    if lossy.subject.remote and place:
        looks.append(NextLook(place=place))
    return tuple(looks)


def losing(batch: Batch) -> ProbeRun | None:
    """The MTR of a batch from here that shows packets to its target lost, be it by chance."""
    for run in batch.runs:
        if run.kind == "mtr" and run.step != "control" and not run.place and run.state is RunState.DONE:
            verdict = run.result.verdict if run.result else None
            if verdict and verdict.path and verdict.path.reached and verdict.numbers.lost:
                return run
    return None
