"""What a row of the bench says: one figure, its bound, and whether it is within."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


class CannotRun(Exception):
    """Something that a row needs is missing or did not work; the text says what."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table. `within` is None where there is no bound, only something to know."""

    what: str
    measured: str
    bound: str = ""
    within: bool | None = None
    note: str = ""


def median(values: Sequence[float]) -> float:
    return statistics.median(values)


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` (0 to 1) of all values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, min(len(ordered), -int(-len(ordered) * share // 1)) - 1)]


def at_most(what: str, values: Sequence[float], bound: float, unit: str, note: str = "") -> Figure:
    """The median of several runs against a bound; the slowest run is told beside it."""
    shown = f"{_number(median(values))} {unit}"
    if len(values) > 1:
        shown += f", worst {_number(max(values))} of {len(values)} runs"
    return Figure(what, shown, f"{_number(bound)} {unit}", median(values) <= bound, note)


def ratio(ours: float, theirs: float) -> str:
    """ "0.42x" of the peer's figure."""
    return f"{ours / theirs:.2f}x" if theirs else "-"


def _number(value: float) -> str:
    """Three digits that count: 0.123, 1.23, 12.3, 123."""
    digits = 0 if value >= 100 else 1 if value >= 10 else 2 if value >= 1 else 3
    text = f"{value:.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
