"""Readings as the rows of a table: which columns a message shows of them, and all of them for a file. Pure."""

import re
from datetime import UTC

from bot.columns import aligned, one_line
from bot.probes.icmp.peers import COLUMNS_IN_FULL, in_full
from bot.probes.model import ProbeReading, ProbeResult, Shape
from bot.probes.wording import long

_NOT_IN_NAME = re.compile(r"[^a-z0-9]+")
_PATH_COLUMNS = ("Hop", "Host", "Lost", "Avg", "Worst")
"""Those of a path that somebody reads in a message; the file has all."""


def shown_columns(result: ProbeResult) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """The columns for a message, and at which places of a row their cells stand."""
    names = _PATH_COLUMNS if result.verdict.shape is Shape.HOPS else result.columns
    places = [place for place, name in enumerate(result.columns) if name in names] or range(len(result.columns))
    return tuple(result.columns[place] for place in places), tuple(places)


def worst_first(result: ProbeResult) -> list[ProbeReading]:
    """What is bad first, else in the order of the configuration; steps stay where they are."""
    in_order = result.verdict.shape in (Shape.STEPS, Shape.HOPS)
    return sorted(result.readings, key=lambda reading: not in_order and reading.ok)


def slug(text: str) -> str:
    """As it may stand in the name of a file."""
    return _NOT_IN_NAME.sub("-", text.lower()).strip("-")


def report_of(result: ProbeResult) -> tuple[str, str]:
    """Name and text of a file that holds everything that was found: the kind's own report, else every reading."""
    if result.report:
        return result.report_name, result.report
    parts = [
        part
        for part in (result.kind, slug(result.label)[:60], f"{result.started_at.astimezone(UTC):%Y%m%dT%H%M%SZ}")
        if part
    ]
    return "-".join(parts) + ".txt", _listed(result)


def _listed(result: ProbeResult) -> str:
    """Every reading in a line of its own, however wide, with what was found out about it at the end."""
    swept = result.verdict.shape is Shape.ADDRESSES
    columns = [*(COLUMNS_IN_FULL if swept else result.columns), "Finding"]
    rows = [
        [*(in_full(reading) if swept else reading.cells), reading.reason or "fine"] for reading in worst_first(result)
    ]
    where = result.place.name if result.place else "our own network"
    at = f"{result.started_at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
    head = f"{result.kind} {result.label} from {where}, {at}"
    text = aligned([[one_line(cell) for cell in row] for row in (columns, *rows)]) if rows else ""
    return f"{one_line(head)}\n{one_line(long(result.verdict))}\n\n{text}\n"
