"""Results as pictures: an MTR as bars per hop, also from several places, a sweep as a strip, before and after. Pure."""

from collections.abc import Sequence
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from bot.pictures.model import ALT_MAX, Picture
from bot.pictures.palette import BAD, DELAY, INK, LINE, ODD, PAPER, SOFT, WELL
from bot.probes.icmp.loss import ms, of
from bot.probes.model import Numbers, ProbeReading, ProbeResult, Shape
from bot.probes.wording import long

WIDTH = 800
"""Pixels at twice the size at which a phone shows them."""
MARGIN = 32
INNER = WIDTH - 2 * MARGIN
TEXT, TITLE = 26, 34
"""Sizes of letters in pixels; none is smaller than TEXT."""


class Canvas:
    """Draws from the top down; `png` is as high as what was drawn."""

    def __init__(self, height_max: int) -> None:
        self._image = Image.new("RGB", (WIDTH, height_max), PAPER)
        self._draw = ImageDraw.Draw(self._image)
        self._fonts = {size: ImageFont.load_default(size) for size in (TEXT, TITLE)}
        self.y = MARGIN

    def text(self, x: int, y: int, words: str, *, width: int = INNER, size: int = TEXT, colour: str = INK) -> None:
        """One line, shortened in the middle where it is wider than `width`."""
        self._draw.text((x, y), self._fitted(words, width, size), fill=colour, font=self._fonts[size])

    def lines(self, words: str, *, at_most: int, size: int = TEXT, colour: str = INK) -> None:
        """A paragraph of whole words at the current place; the last line allowed ends in "…"."""
        rest = words.split()
        for number in range(at_most):
            line = self._next_line(rest, size)
            if not line:
                return
            if number == at_most - 1 and rest:
                line = f"{line} …"
            self.text(MARGIN, self.y, line, size=size, colour=colour)
            self.y += round(size * 1.35)

    def box(self, x: float, y: float, width: float, height: float, fill: str, *, outline: str = "") -> None:
        corner = (x, y, x + max(width, 2), y + height)
        self._draw.rounded_rectangle(corner, radius=5, fill=fill, outline=outline or None, width=3)

    def line(self, y: int) -> None:
        self._draw.line((MARGIN, y, WIDTH - MARGIN, y), fill=LINE, width=2)

    def png(self) -> bytes:
        """Cut to what was drawn, with a thin border that ends it on a light page too."""
        height = min(self._image.height, self.y + MARGIN)
        card = self._image.crop((0, 0, WIDTH, height))
        ImageDraw.Draw(card).rectangle((0, 0, WIDTH - 1, height - 1), outline=LINE, width=2)
        buffer = BytesIO()
        card.quantize(64).save(buffer, "PNG", optimize=True)
        return buffer.getvalue()

    def _next_line(self, rest: list[str], size: int) -> str:
        """Takes the words of one line off the front of `rest`."""
        line = ""
        while rest and (not line or self._width(f"{line} {rest[0]} …", size) <= INNER):
            line = f"{line} {rest.pop(0)}".strip()
        return line

    def _fitted(self, words: str, width: int, size: int) -> str:
        fitted, keep = words, len(words)
        while keep > 2 and self._width(fitted, size) > width:
            keep -= 1
            fitted = f"{words[: keep - keep // 2]}…{words[len(words) - keep // 2 :]}"
        return fitted

    def _width(self, words: str, size: int) -> float:
        return self._fonts[size].getlength(words)


HOPS_FROM = 2
SWEEP_FROM = 8
"""A shorter path and a sweep of fewer addresses are read as fast in their tables."""

PANELS_MAX = 4
"""Places in one picture: more would be a picture that nobody scrolls through."""

_ROWS_MAX, _PANEL_ROWS_MAX = 16, 7
_ROW, _CELL = 92, 46
_LOSS_X, _LOSS_WIDTH, _DELAY_X, _DELAY_WIDTH = MARGIN, 180, 420, 190
_LINES, _NAMED = 4, 6
_COLUMNS, _LABELLED_MAX = 8, 96
_DENSE_COLUMNS = 32
_LETTERS = {WELL: PAPER, BAD: PAPER, INK: PAPER, ODD: INK}
"""What can be read on each colour."""


def picture_of(result: ProbeResult, before: ProbeResult | None = None) -> Picture | None:
    """Draws an MTR or a larger sweep, beside the same probe `before`; None where there is nothing to draw."""
    if not _drawable(result):
        return None
    canvas = Canvas(_height(result) + (_height(before) if before else 0))
    canvas.lines(f"{result.kind} {result.label}{_from(result)}", at_most=1, size=TITLE)
    alt = f"{result.kind} of {result.label}{_from(result)}: {long(result.verdict)}"
    if before and _drawable(before) and before.kind == result.kind:
        _part(canvas, before, f"Before, {_time(before)}: ")
        canvas.y += MARGIN
        _part(canvas, result, f"After, {_time(result)}: ")
        now, then = long(result.verdict), long(before.verdict)
        alt = f"{result.kind} of {result.label}, after: {now}. Before, {_time(before)}: {then}"
    else:
        _part(canvas, result, f"{_time(result)}: ")
    return Picture(canvas.png(), _alt(alt))


def picture_of_places(results: Sequence[ProbeResult]) -> Picture | None:
    """The MTRs to one target from several places, a panel each; where there are many, those in trouble come first."""
    drawable = [result for result in results if result.kind == "mtr" and _drawable(result)]
    if not drawable:
        return None
    panels = sorted(drawable, key=lambda result: result.ok)[:PANELS_MAX] if len(drawable) > PANELS_MAX else drawable
    canvas = Canvas(sum(map(_height, panels)))
    canvas.lines(f"mtr {panels[0].label}", at_most=1, size=TITLE)
    for panel in panels:
        canvas.y += MARGIN // 2
        canvas.lines(_from(panel).strip(), at_most=1)
        _part(canvas, panel, f"{_time(panel)}: ", rows_max=_PANEL_ROWS_MAX)
    left_out = len(drawable) - len(panels)
    if left_out:
        canvas.y += 12
        canvas.lines(f"… and {left_out} more in the table", at_most=1, colour=SOFT)
    descriptions = [f"{_from(panel).strip()}: {long(panel.verdict)}" for panel in panels]
    return Picture(canvas.png(), _alt(f"mtr of {panels[0].label} {'; '.join(descriptions)}"))


def _alt(words: str) -> str:
    return words if len(words) <= ALT_MAX else words[: ALT_MAX - 1] + "…"


def _drawable(result: ProbeResult) -> bool:
    """Whether there is more to see than its table shows as fast; of a path every hop has been counted."""
    if _is_path(result):
        return len(result.readings) >= HOPS_FROM and result.verdict.path is not None
    return result.verdict.shape is Shape.ADDRESSES and len(result.readings) >= SWEEP_FROM


def _is_path(result: ProbeResult) -> bool:
    return result.verdict.shape is Shape.HOPS


def _height(result: ProbeResult) -> int:
    """More than enough for title, verdict, bars and names."""
    return 500 + len(result.readings) * (_ROW if _is_path(result) else _CELL // 4)


def _part(canvas: Canvas, result: ProbeResult, head: str, *, rows_max: int = _ROWS_MAX) -> None:
    canvas.lines(head + long(result.verdict), at_most=_LINES, colour=SOFT if result.ok else BAD)
    canvas.y += 12
    _path(canvas, result, rows_max) if _is_path(result) else _strip(canvas, result)


def _path(canvas: Canvas, result: ProbeResult, rows_max: int) -> None:
    longest_ms = max(reading.numbers.worst_ms or 0.0 for reading in result.readings) or 1.0
    for first, last in _ranges(result.readings, rows_max):
        canvas.line(canvas.y)
        if first == last:
            _hop(canvas, result.readings[first], first == len(result.readings) - 1, longest_ms)
        else:
            words = f"hops {first + 1} to {last + 1}: nothing lost"
            canvas.text(MARGIN, canvas.y + 10, words, colour=SOFT)
            canvas.y += _CELL


def _hop(canvas: Canvas, hop: ProbeReading, is_last: bool, longest_ms: float) -> None:
    """Red is loss that is the path's; loss of one router alone, or before the place that is told, is another colour."""
    numbers, y = hop.numbers, canvas.y
    canvas.text(MARGIN, y + 8, hop.name)
    canvas.box(_LOSS_X, y + 52, _LOSS_WIDTH, 22, LINE)
    silent = not numbers.received
    if numbers.lost and (is_last or not silent):
        canvas.box(_LOSS_X, y + 52, _LOSS_WIDTH * numbers.lost / numbers.sent, 22, ODD if hop.ok else BAD)
    canvas.text(
        _LOSS_X + _LOSS_WIDTH + 14, y + 46, _loss_words(numbers), width=190, colour=INK if numbers.lost else SOFT
    )
    if not silent:
        start, end = (_DELAY_WIDTH * (value or 0.0) / longest_ms for value in (numbers.best_ms, numbers.worst_ms))
        canvas.box(_DELAY_X, y + 61, _DELAY_WIDTH, 4, LINE)
        canvas.box(_DELAY_X + start, y + 54, max(end - start, 5), 18, DELAY)
        canvas.text(_DELAY_X + _DELAY_WIDTH + 14, y + 46, ms(numbers.average_ms or 0.0), width=140)
    canvas.y += _ROW


def _loss_words(numbers: Numbers) -> str:
    if not numbers.sent:
        return "not asked"
    return f"{of(numbers.lost, numbers.sent)} lost" if numbers.received else "no answer"


def _ranges(hops: tuple[ProbeReading, ...], rows_max: int) -> list[tuple[int, int]]:
    """Ranges of places: each hop by itself, and on a long path clean ones in the middle together."""
    count = len(hops)
    if count <= rows_max:
        return [(place, place) for place in range(count)]
    ranges: list[tuple[int, int]] = []
    for place in range(count):
        dull = 2 <= place < count - 4 and not hops[place].numbers.lost
        if dull and ranges and place - 1 >= 2 and ranges[-1][1] == place - 1 and not hops[place - 1].numbers.lost:
            ranges[-1] = (ranges[-1][0], place)
        else:
            ranges.append((place, place))
    return ranges


def _strip(canvas: Canvas, result: ProbeResult) -> None:
    labelled = len(result.readings) <= _LABELLED_MAX
    columns = _COLUMNS if labelled else _DENSE_COLUMNS
    width, height = INNER / columns, _CELL if labelled else 23
    for number, reading in enumerate(result.readings):
        x, y = MARGIN + (number % columns) * width, canvas.y + (number // columns) * (height + 4)
        gap = 4 if labelled else 2
        canvas.box(x, y, width - gap, height, _shade(reading), outline=INK if not reading.ok else "")
        if labelled:
            canvas.text(
                round(x) + 10,
                y + 8,
                _last_part(reading.name),
                width=round(width) - 20,
                colour=_LETTERS[_shade(reading)],
            )
    canvas.y += (len(result.readings) + columns - 1) // columns * (height + 4) + 12
    for reading in [reading for reading in result.readings if not reading.ok][:_NAMED]:
        canvas.text(MARGIN, canvas.y, f"{reading.name}: {reading.reason}", colour=BAD)
        canvas.y += 36


def _shade(reading: ProbeReading) -> str:
    if not reading.ok:
        return INK if not reading.numbers.received else BAD
    return ODD if reading.numbers.lost else WELL


def _last_part(address: str) -> str:
    separator = ":" if ":" in address else "."
    return separator + address.rsplit(separator, 1)[-1]


def _from(result: ProbeResult) -> str:
    return f" from {result.place.name}" if result.place else ""


def _time(result: ProbeResult) -> str:
    return f"{result.started_at:%H:%M} UTC"
