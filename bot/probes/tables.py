"""Readings as tables in a fixed-width font: what of them a message shows, and all of them for a file. Pure."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC

from bot.probes.icmp.peers import COLUMNS_IN_FULL, in_full
from bot.probes.model import ProbeReading, ProbeResult, Shape
from bot.probes.wording import long

_NOT_IN_NAME = re.compile(r"[^a-z0-9]+")

ROWS_SHOWN = 24
TABLE_MAX = 2900
"""Characters of a table in a message: a little less than a section takes."""

CELL_MAX = 40
WIDTH_MAX = 50
"""About what a thread shows in a fixed-width font without wrapping."""
EMPTY = ("", "-")
_PATH_COLUMNS = ("Hop", "Host", "Lost", "Avg", "Worst")
"""Those of a path that a message has room for; its report is attached as a file."""


def in_message(result: ProbeResult) -> tuple[str, list[ProbeReading]]:
    """The table for a message, what is bad first, and the readings that are left out of it."""
    readings = _ordered(result)
    names = _PATH_COLUMNS if result.verdict.shape is Shape.HOPS else result.columns
    places = [i for i, name in enumerate(result.columns) if name in names] or range(len(result.columns))
    columns = [result.columns[i] for i in places]
    rows = [[reading.cells[i] for i in places] for reading in readings]
    count = min(len(rows), ROWS_SHOWN)
    while count > 1 and len(table(columns, rows[:count])) > TABLE_MAX:
        count -= 1
    return table(columns, rows[:count]), readings[count:]


def with_list(result: ProbeResult) -> ProbeResult:
    """Adds a report that has every reading, where the result's table does not fit into a message."""
    if result.report or not result.readings or not result.columns or not in_message(result)[1]:
        return result
    name, text = report_of(result)
    return replace(result, report=text, report_name=name)


def report_of(result: ProbeResult) -> tuple[str, str]:
    """Name and text of a file that holds everything that was found: the kind's own report, else every reading."""
    if result.report:
        return result.report_name, result.report
    label = _NOT_IN_NAME.sub("-", result.label.lower()).strip("-")
    parts = [part for part in (result.kind, label[:60], f"{result.started_at.astimezone(UTC):%Y%m%dT%H%M%SZ}") if part]
    return "-".join(parts) + ".txt", _listed(result)


def table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Rows under their columns: the first column to the left, the others to the right.

    A table wider than a thread on a phone is turned into a paragraph per row, without empty cells.
    """
    cells = [[_one_line(cell)[:CELL_MAX] for cell in row] for row in (columns, *rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    if sum(widths) + 2 * (len(widths) - 1) > WIDTH_MAX:
        return "\n".join(_paragraph(columns, row) for row in rows)
    return _aligned(cells)


def _listed(result: ProbeResult) -> str:
    """Every reading in a line of its own, however wide, with what was found out about it at the end."""
    swept = result.verdict.shape is Shape.ADDRESSES
    columns = [*(COLUMNS_IN_FULL if swept else result.columns), "Finding"]
    rows = [[*(in_full(reading) if swept else reading.cells), reading.reason or "well"] for reading in _ordered(result)]
    where = result.place.name if result.place else "here"
    at = f"{result.started_at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
    head = f"{result.kind} {result.label} from {where}, {at}"
    text = _aligned([[_one_line(cell) for cell in row] for row in (columns, *rows)]) if rows else ""
    return f"{_one_line(head)}\n{_one_line(long(result.verdict))}\n\n{text}\n"


def _ordered(result: ProbeResult) -> list[ProbeReading]:
    """What is bad first, else in the order of the configuration; steps stay where they are."""
    in_order = result.verdict.shape in (Shape.STEPS, Shape.HOPS)
    return sorted(result.readings, key=lambda reading: not in_order and reading.ok)


def _aligned(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = []
    for first, *others in rows:
        cells = [first.ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True))]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def _paragraph(columns: Sequence[str], row: Sequence[str]) -> str:
    named = zip(columns[1:], row[1:], strict=True)
    parts = [f"{column.lower()} {_one_line(cell)}" for column, cell in named if cell.strip() not in EMPTY]
    return "\n  ".join([_one_line(row[0]), ", ".join(parts)])


def _one_line(cell: str) -> str:
    return " ".join(cell.split())
