"""The bench's output: a table that a terminal and a report can both show."""

from collections.abc import Iterable, Sequence

from tests.bench.figures import Figure

HEAD = ("what", "measured", "bound", "")
MARKS = {True: "ok", False: "OVER", None: ""}


def table(title: str, figures: Iterable[Figure]) -> str:
    """A titled table; notes stand below it, numbered."""
    listed = list(figures)
    notes = list(dict.fromkeys(figure.note for figure in listed if figure.note))
    rows = [HEAD, *(_cells(figure, notes) for figure in listed)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    lines = [_line(row, widths) for row in rows]
    lines.insert(1, "  ".join("-" * width for width in widths).rstrip())
    return "\n".join([f"== {title}", *lines, *(f"  [{number}] {note}" for number, note in enumerate(notes, 1))])


def summary(figures: Iterable[Figure]) -> str:
    """One line over everything."""
    marks = [figure.within for figure in figures if figure.within is not None]
    over = marks.count(False)
    return f"{len(marks)} bounds measured, {over} not held" if over else f"{len(marks)} bounds measured, all held"


def _cells(figure: Figure, notes: Sequence[str]) -> tuple[str, str, str, str]:
    mark = f"[{notes.index(figure.note) + 1}]" if figure.note else ""
    return figure.what, f"{figure.measured} {mark}".rstrip(), figure.bound, MARKS[figure.within]


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
