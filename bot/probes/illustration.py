"""Which one picture answers the question of a batch: which hop, which place, which address, better or worse. Pure."""

from collections.abc import Sequence

from bot.pictures.model import Picture
from bot.probes.batch import Batch, ProbeRun, RunState, measured_before
from bot.probes.grid_picture import picture_of_grid
from bot.probes.matrix import seen_from_here
from bot.probes.model import Shape
from bot.probes.pictures import picture_of


def illustration(batch: Batch, before: Batch | None = None) -> Picture | None:
    """Draws what was measured, beside the same as it was `before`; None where words say it as fast.

    Where it looked from several places these are the question; else the path of what loses packets, else the addresses.
    """
    places = _from_places(batch)
    if any(run.place for run in places):
        return picture_of_grid(places)
    for run in _telling(batch):
        result = run.result
        drawn = picture_of(result, measured_before(run, before)) if result else None
        if drawn:
            return drawn
    swept = [run for run in _own(batch) if run.shape is Shape.ADDRESSES]
    return picture_of_grid(swept) if swept and any(run.result and not run.result.ok for run in swept) else None


def _from_places(batch: Batch) -> Sequence[ProbeRun]:
    """Those of the customers with what is seen from here, or those that somebody asked for."""
    part = batch.customers
    if part and part.ended and part.results:
        return [*seen_from_here(batch), *_done(part.runs)]
    return _done(batch.runs) if not batch.playbook else ()


def _done(runs: Sequence[ProbeRun]) -> list[ProbeRun]:
    return [run for run in runs if run.state is RunState.DONE and run.result]


def _own(batch: Batch) -> list[ProbeRun]:
    """A control is there to compare with, not to look at."""
    return [run for run in _done(batch.runs) if run.step != "control" and not run.place]


def _telling(batch: Batch) -> list[ProbeRun]:
    """What fails before what is fine, a path before a sweep."""
    ranked = {Shape.HOPS: 0, Shape.ADDRESSES: 1}
    return sorted(
        _own(batch), key=lambda run: (bool(run.result and run.result.ok), ranked.get(run.shape or Shape.PARTS, 2))
    )
