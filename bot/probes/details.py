"""What a batch measured, table by table, for whoever asks for it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.probes.batch import Batch, ProbeRun
from bot.probes.matrix import matrix, seen_from_here
from bot.probes.model import ProbeResult, Shape
from bot.probes.tables import shown_columns, worst_first
from bot.probes.wording import long

PLACES = "From all places"


@dataclass(frozen=True, slots=True)
class Detail:
    """One table with its words. `searched` is true where a reader looks for some rows, false where all are read."""

    label: str
    words: str
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    remedy: str = ""
    searched: bool = False


def details(batch: Batch) -> list[Detail]:
    """What tells most comes first: who reaches what, then what fails, then the rest in its order."""
    places = _places(batch)
    runs = [run for run in batch.all_runs if run.result]
    ordered = sorted(runs, key=lambda run: (not run.fails, run.step == "control"))
    return [*([places] if places else []), *(_detail(run, run.result) for run in ordered if run.result)]


def _places(batch: Batch) -> Detail | None:
    runs: Sequence[ProbeRun] = batch.runs if any(run.place for run in batch.runs) else ()
    if batch.customers and batch.customers.results:
        runs = [*seen_from_here(batch), *batch.customers.runs]
    if not runs:
        return None
    columns, rows = matrix(runs)
    return Detail(PLACES, f"{runs[0].kind} of {runs[0].label}", columns, tuple(rows))


def _detail(run: ProbeRun, result: ProbeResult) -> Detail:
    compared = " (to compare)" if run.step == "control" else ""
    columns, cells = shown_columns(result)
    rows = tuple(tuple(reading.cells[place] for place in cells) for reading in worst_first(result))
    return Detail(
        f"{run.name}{compared}",
        long(result.verdict),
        columns,
        rows if columns else (),
        result.remedy,
        searched=result.verdict.shape is Shape.ADDRESSES,
    )
