"""Who reaches what, drawn: places and addresses as coloured cells with their values. Pure."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum

from bot.pictures.canvas import INNER, LEADING, MARGIN, TEXT, TITLE, Canvas
from bot.pictures.letters import width_of
from bot.pictures.model import Picture, cut_alt
from bot.pictures.palette import BAD, LETTERS, LINE, ODD, SOFT, WELL
from bot.probes.batch import ProbeRun
from bot.probes.icmp.loss import ms, of
from bot.probes.matrix import city_of, place_name
from bot.probes.model import Numbers, ProbeReading, ProbeResult, Shape

COLUMNS_MAX, ROWS_MAX = 3, 14
"""What can be read on a phone; the worst are drawn where there are more."""
TOLD_MAX = 6
"""Cells in trouble that a screen reader hears one by one."""
_NAMES_WIDTH, _HEIGHT, _GAP = 186, 46, 6


class Shade(IntEnum):
    """How a cell does, the worst last."""

    FINE = 0
    UNKNOWN = 1
    ODD = 2
    BAD = 3


MARKS = {Shade.FINE: "✓", Shade.UNKNOWN: "?", Shade.ODD: "!", Shade.BAD: "✕"}
"""Each level has a mark, for whoever does not tell the colours apart."""
_FILLS = {Shade.FINE: WELL, Shade.UNKNOWN: LINE, Shade.ODD: ODD, Shade.BAD: BAD}
_LEGEND = {Shade.FINE: "fine", Shade.UNKNOWN: "not known", Shade.ODD: "may be chance", Shade.BAD: "trouble"}
_LOST = " lost"
"""Of a cell, said once in the legend."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What one place saw of one address."""

    words: str
    level: Shade


@dataclass(frozen=True, slots=True)
class Grid:
    """Names of rows and columns, and what is known of each pair."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: dict[tuple[str, str], Cell]

    @property
    def flipped(self) -> "Grid":
        return Grid(self.columns, self.rows, {(column, row): cell for (row, column), cell in self.cells.items()})

    def worst(self, *, rows: int, columns: int) -> "Grid":
        """At most so many of each: those in the worst trouble, in their order."""
        levels_of_row, levels_of_column = self._levels(0), self._levels(1)
        return Grid(_most(self.rows, levels_of_row, rows), _most(self.columns, levels_of_column, columns), self.cells)

    def _levels(self, side: int) -> dict[str, Shade]:
        """The worst level of each row (0) or column (1)."""
        levels: dict[str, Shade] = {}
        for names, cell in self.cells.items():
            levels[names[side]] = max(cell.level, levels.get(names[side], Shade.FINE))
        return levels


def picture_of_grid(runs: Sequence[ProbeRun]) -> Picture | None:
    """Draws the results of `runs`, all of one kind: places by addresses; None where there are fewer than two cells."""
    measured = [run for run in runs if run.result and not run.result.waiting]
    grid = grid_of(measured)
    if len(grid.cells) < 2:
        return None
    heading = f"{measured[0].kind} {' and '.join(dict.fromkeys(run.label for run in measured))}"
    lying = grid if len(grid.columns) <= len(grid.rows) else grid.flipped
    drawn = lying.worst(rows=ROWS_MAX, columns=COLUMNS_MAX)
    canvas = Canvas()
    canvas.lines(heading, at_most=2, size=TITLE, bold=True)
    canvas.y += 6
    _draw_head(canvas, drawn)
    for row in drawn.rows:
        _draw_row(canvas, drawn, row)
    _draw_foot(canvas, drawn, left_out=len(lying.rows) + len(lying.columns) - len(drawn.rows) - len(drawn.columns))
    return Picture(canvas.png(), cut_alt(f"{heading}: {in_words(grid)}"))


def grid_of(runs: Sequence[ProbeRun]) -> Grid:
    """A row for each place, a column for each address or, where a probe has one answer for all, for each subject."""
    cells: dict[tuple[str, str], Cell] = {}
    for place, run in _named_places(runs):
        for name, cell in _cells(run):
            column, nth = name, 1
            while (place, column) in cells:
                nth += 1
                column = f"{name} ({nth})"
            cells[place, column] = cell
    rows, columns = (tuple(dict.fromkeys(names)) for names in zip(*cells, strict=True)) if cells else ((), ())
    return Grid(rows, columns, cells)


def in_words(grid: Grid) -> str:
    """What the cells show, as sentences: "4 of 10 lost from Brisbane to 192.0.2.3. The other 5 are fine."""
    worst = sorted(grid.cells.items(), key=lambda item: -item[1].level)
    bad = [f"{cell.words} from {row} to {column}" for (row, column), cell in worst if cell.level is not Shade.FINE]
    fine = len(grid.cells) - len(bad)
    if not bad:
        return "the one is fine." if fine == 1 else f"all {fine} are fine."
    more = f", and {len(bad) - TOLD_MAX} more" if len(bad) > TOLD_MAX else ""
    rest = f" The other {fine} are fine." if fine > 1 else " The other one is fine." if fine else ""
    return f"{'; '.join(bad[:TOLD_MAX])}{more}.{rest}"


def _named_places(runs: Sequence[ProbeRun]) -> Iterator[tuple[str, ProbeRun]]:
    """Each run with the shortest name of its place that no other has, and a number where two share the longest too."""
    cities = Counter(city for city, _ in {(city_of(run), place_name(run)) for run in runs})
    counts: Counter[tuple[str, str, str]] = Counter()
    for run in runs:
        name = city_of(run) if cities[city_of(run)] == 1 else place_name(run)
        counts[name, run.step, run.label] += 1
        nth = counts[name, run.step, run.label]
        yield (name if nth == 1 else f"{name} ({nth})"), run


def _cells(run: ProbeRun) -> Iterator[tuple[str, Cell]]:
    result = run.result
    assert result is not None
    if not result.measured:
        yield run.label, Cell("not measured", Shade.UNKNOWN)
    elif result.verdict.shape in (Shape.HOPS, Shape.STEPS) or not result.readings:
        yield run.label, _whole(result)
    else:
        yield from ((reading.name, _read(reading)) for reading in result.readings)


def _whole(result: ProbeResult) -> Cell:
    """Of a kind whose rows belong together: what came back from the end."""
    verdict = result.verdict
    if verdict.path and not verdict.path.reached:
        return Cell("not reached", Shade.UNKNOWN if result.ok else Shade.BAD)
    if verdict.numbers.sent:
        return _counted(verdict.numbers, ok=result.ok)
    return Cell("fine", Shade.FINE) if result.ok else Cell("fails", Shade.BAD)


def _read(reading: ProbeReading) -> Cell:
    if not reading.asked:
        return Cell(reading.reason or "not asked", Shade.UNKNOWN)
    if reading.numbers.sent:
        return _counted(reading.numbers, ok=reading.ok)
    if not reading.ok:
        return Cell(reading.reason or "fails", Shade.BAD)
    took = reading.numbers.took_ms
    return Cell("fine" if took is None else ms(took), Shade.ODD if reading.warns else Shade.FINE)


def _counted(numbers: Numbers, *, ok: bool) -> Cell:
    if not numbers.received:
        return Cell("no answer", Shade.BAD)
    if numbers.lost:
        return Cell(of(numbers.lost, numbers.sent) + _LOST, Shade.ODD if ok else Shade.BAD)
    took = numbers.median_ms if numbers.median_ms is not None else numbers.average_ms
    words = "none lost" if took is None else f"{took:.0f} ms" if took >= 10 else ms(took)
    return Cell(words, Shade.FINE if ok else Shade.ODD)


def _most(names: tuple[str, ...], levels: dict[str, Shade], most: int) -> tuple[str, ...]:
    worst = sorted(names, key=lambda name: -levels[name])[:most]
    return tuple(name for name in names if name in worst)


def _places(grid: Grid) -> Iterator[tuple[str, float, float]]:
    """Each column with where it begins and how wide it is."""
    width = (INNER - _NAMES_WIDTH) / len(grid.columns)
    for number, column in enumerate(grid.columns):
        yield column, MARGIN + _NAMES_WIDTH + number * width, width - _GAP


def _draw_head(canvas: Canvas, grid: Grid) -> None:
    for column, x, width in _places(grid):
        canvas.text(x + width / 2, canvas.y, column, width=width, align="centre", colour=SOFT)
    canvas.y += round(TEXT * LEADING) + 4


def _draw_row(canvas: Canvas, grid: Grid, row: str) -> None:
    down = canvas.y + (_HEIGHT - TEXT) / 2 - 3
    canvas.text(MARGIN, down, row, width=_NAMES_WIDTH - 12)
    for column, x, width in _places(grid):
        if cell := grid.cells.get((row, column)):
            fill = _FILLS[cell.level]
            canvas.box(x, canvas.y, width, _HEIGHT, fill)
            words = f"{MARKS[cell.level]} {cell.words.removesuffix(_LOST)}"
            canvas.text(x + width / 2, down, words, width=width - 6, align="centre", colour=LETTERS[fill])
    canvas.y += _HEIGHT + _GAP


def _draw_foot(canvas: Canvas, grid: Grid, *, left_out: int) -> None:
    """The legend of the levels that are there, and that something is left out."""
    canvas.y += 6
    drawn = [cell for (row, column), cell in grid.cells.items() if row in grid.rows and column in grid.columns]
    x = float(MARGIN)
    for level in sorted({cell.level for cell in drawn}):
        words, fill = _legend(level, drawn), _FILLS[level]
        canvas.box(x, canvas.y + 4, 30, 30, fill)
        canvas.text(x + 15, canvas.y + 5, MARKS[level], align="centre", colour=LETTERS[fill])
        canvas.text(x + 38, canvas.y + 5, words, colour=SOFT)
        x += 62 + width_of(words, TEXT)
    canvas.y += 36
    if left_out:
        canvas.y += 4
        others = "1 other is" if left_out == 1 else f"{left_out} others are"
        canvas.lines(f"The worst of more: {others} in the details.", at_most=1, colour=SOFT)


def _legend(level: Shade, cells: Sequence[Cell]) -> str:
    lost = any(cell.level is level and cell.words.endswith(_LOST) for cell in cells)
    return {Shade.ODD: "lost, may be chance", Shade.BAD: "lost"}.get(level, _LEGEND[level]) if lost else _LEGEND[level]
