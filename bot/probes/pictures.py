"""Results as pictures: an MTR as bars per hop, a sweep as a strip, alone or before and now. Pure."""

from collections.abc import Sequence
from datetime import UTC
from itertools import zip_longest

from bot.pictures.canvas import INNER, MARGIN, TEXT, TITLE, WIDTH, Canvas
from bot.pictures.letters import width_of
from bot.pictures.model import Picture, cut_alt
from bot.pictures.palette import BAD, DELAY, INK, LETTERS, LINE, ODD, SOFT, WELL
from bot.probes.icmp.loss import ms, of, percent
from bot.probes.model import Numbers, ProbeReading, ProbeResult, Shape
from bot.probes.wording import long

HOPS_FROM = 2
SWEEP_FROM = 8
"""A shorter path and a sweep of fewer addresses are read as fast in their tables."""

_ROWS_MAX = 16
_NAME, _BAR, _SLIM, _GAP = 34, 22, 13, 14
_LOSS_X, _LOSS_WIDTH, _LOSS_WORDS = MARGIN, 190, 150
_DELAY_X = _LOSS_X + _LOSS_WIDTH + _LOSS_WORDS + 20
_DELAY_WIDTH = WIDTH - MARGIN - _DELAY_X - 122
_NAMED = 6
_COLUMNS, _LABELLED_MAX, _CELL = 6, 96, 46
_DENSE_COLUMNS, _DENSE_CELL = 32, 20

Hop = ProbeReading
Row = tuple[Hop | None, Hop | None]
"""A hop before, None where there is nothing to compare with, and now."""


def picture_of(result: ProbeResult, before: ProbeResult | None = None) -> Picture | None:
    """Draws an MTR or a larger sweep, beside the same probe `before`; None where there is nothing to draw."""
    if not _drawable(result):
        return None
    if before and (before.kind != result.kind or not _drawable(before)):
        before = None
    canvas = Canvas()
    canvas.lines(f"{result.kind} {result.label}{_from(result)}", at_most=2, size=TITLE, bold=True)
    if before:
        canvas.lines(f"Before at {_time(before)}, now at {_time(result)}", at_most=1, colour=SOFT)
    _part(canvas, result, before)
    alt = f"{result.kind} of {result.label}{_from(result)}: {long(result.verdict)}"
    if before:
        now, then = long(result.verdict), long(before.verdict)
        alt = f"{result.kind} of {result.label}{_from(result)}, now: {now}. Before, at {_time(before)}: {then}"
    return Picture(canvas.png(), cut_alt(alt))


def _drawable(result: ProbeResult) -> bool:
    """Whether there is more to see than its table shows as fast; of a path every hop has been counted."""
    if result.verdict.shape is Shape.HOPS:
        return len(result.readings) >= HOPS_FROM and result.verdict.path is not None
    return result.verdict.shape is Shape.ADDRESSES and len(result.readings) >= SWEEP_FROM


def _part(canvas: Canvas, result: ProbeResult, before: ProbeResult | None) -> None:
    if result.verdict.shape is Shape.HOPS:
        _path(canvas, result, before)
        return
    if before:
        canvas.lines("Before", at_most=1, bold=True)
        _strip(canvas, before)
        canvas.lines("Now", at_most=1, bold=True)
    canvas.y += 6
    _strip(canvas, result)
    _strip_legend(canvas, [*(before.readings if before else ()), *result.readings])


def _path(canvas: Canvas, result: ProbeResult, before: ProbeResult | None) -> None:
    rows = list(zip_longest(before.readings, result.readings)) if before else [(None, hop) for hop in result.readings]
    drawn = [hop for row in rows for hop in row if hop]
    longest_ms = max(hop.numbers.worst_ms or 0.0 for hop in drawn) or 1.0
    _axes(canvas, longest_ms)
    ends = {id(result.readings[-1]), id(before.readings[-1]) if before else 0}
    for first, last in _ranges(rows):
        canvas.rule()
        canvas.y += 8
        if first == last:
            _hop(canvas, rows[first], ends, longest_ms, compared=before is not None)
        else:
            canvas.lines(f"hops {first + 1} to {last + 1}: nothing lost", at_most=1, colour=SOFT)
            canvas.y += 6
    canvas.rule()
    _path_legend(canvas, drawn, ends, compared=before is not None)


def _axes(canvas: Canvas, longest_ms: float) -> None:
    """What the two columns of bars mean, and how far they go."""
    canvas.y += 6
    for x, width, name, most in (
        (_LOSS_X, _LOSS_WIDTH, "lost", "100 %"),
        (_DELAY_X, _DELAY_WIDTH, "delay", ms(longest_ms)),
    ):
        canvas.text(x, canvas.y, name, colour=SOFT)
        canvas.text(x + width, canvas.y, most, colour=SOFT, align="right")
        canvas.line(x, canvas.y + TEXT + 10, x + width, canvas.y + TEXT + 10, colour=SOFT)
        for end in (x, x + width):
            canvas.line(end, canvas.y + TEXT + 4, end, canvas.y + TEXT + 10, colour=SOFT)
    canvas.y += TEXT + 18


def _hop(canvas: Canvas, row: Row, ends: set[int], longest_ms: float, *, compared: bool) -> None:
    """Its name over its bars; where two measurements are compared, the earlier one stands above the newer one."""
    names = dict.fromkeys(hop.name for hop in row if hop)
    canvas.text(MARGIN, canvas.y, " → ".join(names), width=INNER)
    canvas.y += _NAME
    top, height = canvas.y, (2 * _SLIM + 4 if compared else _BAR)
    for number, hop in enumerate(row if compared else row[1:]):
        if hop:
            _bars(canvas, hop, ends, longest_ms, (top + number * (_SLIM + 4), _SLIM if compared else _BAR))
    words = _compared_words(row) if compared else _loss_words(row[1])
    colour = INK if any(hop and hop.numbers.lost for hop in row) else SOFT
    canvas.text(_LOSS_X + _LOSS_WIDTH + 12, top + (height - TEXT) / 2 - 3, words, width=_LOSS_WORDS, colour=colour)
    now = row[1]
    if now and now.numbers.received:
        canvas.text(
            WIDTH - MARGIN, top + (height - TEXT) / 2 - 3, ms(now.numbers.average_ms or 0.0), align="right", width=118
        )
    canvas.y = top + height + _GAP


def _bars(canvas: Canvas, hop: Hop, ends: set[int], longest_ms: float, place: tuple[float, float]) -> None:
    """Red and hatched is loss that is the path's, not that of one router alone or before the place that is told."""
    (y, height), numbers = place, hop.numbers
    canvas.box(_LOSS_X, y, _LOSS_WIDTH, height, LINE)
    if _counts(hop, ends):
        colour = ODD if hop.ok else BAD
        canvas.box(_LOSS_X, y, _LOSS_WIDTH * numbers.lost / numbers.sent, height, colour, hatched=not hop.ok)
    if numbers.received:
        start, end = (_DELAY_WIDTH * (value or 0.0) / longest_ms for value in (numbers.best_ms, numbers.worst_ms))
        canvas.box(_DELAY_X, y + height / 2 - 2, _DELAY_WIDTH, 4, LINE)
        canvas.box(_DELAY_X + start, y + 2, max(end - start, 6), height - 4, DELAY)


def _counts(hop: Hop, ends: set[int]) -> bool:
    """Whether its loss is drawn: a router that never answers loses nothing, the end of the path does."""
    return bool(hop.numbers.lost) and (id(hop) in ends or bool(hop.numbers.received))


def _compared_words(row: Row) -> str:
    """Lost before and now: "5 → 0 of 10"."""
    before, now = (hop.numbers if hop and hop.numbers.sent else None for hop in row)
    if before is None or now is None:
        return f"{_lost(before)} → {_lost(now)}"
    if before.sent == now.sent:
        return f"{before.lost} → {now.lost} of {now.sent}"
    return f"{percent(before.lost, before.sent).removesuffix(' %')} → {percent(now.lost, now.sent)}"


def _lost(numbers: Numbers | None) -> str:
    return of(numbers.lost, numbers.sent) if numbers else "–"


def _loss_words(hop: Hop | None) -> str:
    numbers = hop.numbers if hop else Numbers()
    if not numbers.sent:
        return "not asked"
    if not numbers.received:
        return "no answer"
    return of(numbers.lost, numbers.sent) if numbers.lost else "none"


def _ranges(rows: Sequence[Row]) -> list[tuple[int, int]]:
    """Ranges of places: each hop by itself, and on a long path clean ones in the middle together."""
    count = len(rows)
    if count <= _ROWS_MAX:
        return [(place, place) for place in range(count)]
    ranges: list[tuple[int, int]] = []
    for place in range(count):
        dull = 2 <= place < count - 4 and _clean(rows[place])
        if dull and ranges and place - 1 >= 2 and ranges[-1][1] == place - 1 and _clean(rows[place - 1]):
            ranges[-1] = (ranges[-1][0], place)
        else:
            ranges.append((place, place))
    return ranges


def _clean(row: Row) -> bool:
    return not any(hop and hop.numbers.lost for hop in row)


def _path_legend(canvas: Canvas, hops: Sequence[Hop], ends: set[int], *, compared: bool) -> None:
    counted = [hop for hop in hops if _counts(hop, ends)]
    parts = [(BAD, True, "lost on the way")] if any(not hop.ok for hop in counted) else []
    parts += [(ODD, False, "this router only")] if any(hop.ok for hop in counted) else []
    parts += [(DELAY, False, "delay, best to worst")]
    _legend(canvas, parts)
    if compared:
        canvas.lines("Upper bars: before. Lower bars: now.", at_most=1, colour=SOFT)


def _legend(canvas: Canvas, parts: Sequence[tuple[str, bool, str]]) -> None:
    canvas.y += 10
    x = float(MARGIN)
    for colour, hatched, words in parts:
        width = 34 + width_of(words, TEXT)
        if x + width > WIDTH - MARGIN and x > MARGIN:
            x, canvas.y = float(MARGIN), canvas.y + TEXT + 10
        canvas.box(x, canvas.y + 4, 24, 24, colour, hatched=hatched)
        canvas.text(x + 32, canvas.y, words, colour=SOFT)
        x += width + 22
    canvas.y += TEXT + 10


def _strip(canvas: Canvas, result: ProbeResult) -> None:
    """A cell for each address, in the configured order, with its end and a mark; the bad ones by name below."""
    labelled = len(result.readings) <= _LABELLED_MAX
    columns, height = (_COLUMNS, _CELL) if labelled else (_DENSE_COLUMNS, _DENSE_CELL)
    width, gap = INNER / columns, 5 if labelled else 2
    for number, reading in enumerate(result.readings):
        x, y = MARGIN + (number % columns) * width, canvas.y + (number // columns) * (height + gap)
        shade = _shade(reading)
        canvas.box(x, y, width - gap, height, shade, hatched=not labelled and not reading.ok)
        if labelled:
            words = f"{_MARKS[shade]} {_last_part(reading.name)}"
            canvas.text(x + 8, y + (height - TEXT) / 2 - 3, words, width=width - gap - 12, colour=LETTERS[shade])
    canvas.y += (len(result.readings) + columns - 1) // columns * (height + gap) + 10
    bad = [reading for reading in result.readings if not reading.ok]
    for reading in bad[:_NAMED]:
        canvas.lines(f"✕ {reading.name}: {reading.reason}", at_most=1, colour=BAD)
    if len(bad) > _NAMED:
        canvas.lines(f"… and {len(bad) - _NAMED} more", at_most=1, colour=BAD)
    canvas.y += 4


_MARKS = {WELL: "✓", ODD: "!", BAD: "✕", INK: "✕"}
_SHADES = {WELL: "fine", ODD: "lost, may be chance", BAD: "lost", INK: "no answer"}


def _strip_legend(canvas: Canvas, readings: Sequence[ProbeReading]) -> None:
    there = {_shade(reading) for reading in readings}
    _legend(canvas, [(shade, False, words) for shade, words in _SHADES.items() if shade in there])


def _shade(reading: ProbeReading) -> str:
    if not reading.ok:
        return BAD if reading.numbers.received else INK
    return ODD if reading.numbers.lost else WELL


def _last_part(address: str) -> str:
    separator = ":" if ":" in address else "."
    return separator + address.rsplit(separator, 1)[-1]


def _from(result: ProbeResult) -> str:
    return f" from {result.place.name}" if result.place else ""


def _time(result: ProbeResult) -> str:
    return f"{result.started_at.astimezone(UTC):%H:%M} UTC"
