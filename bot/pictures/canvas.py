"""Draws from the top down: edges are smooth, letters are never smaller than what a phone shows readably."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from io import BytesIO
from typing import Literal

from PIL import Image, ImageDraw

from bot.pictures.letters import drawable, font, shortened, width_of
from bot.pictures.palette import INK, LINE, PAPER

WIDTH = 720
"""Pixels: twice as many as a phone shows it wide."""
MARGIN = 24
INNER = WIDTH - 2 * MARGIN
TEXT, TITLE = 25, 30
"""Sizes of letters in pixels, half of that on a phone; none is smaller than TEXT."""
LEADING = 1.3
_FINE = 3
"""Shapes are drawn so many times as large and made smaller again, which smooths their edges."""
_COLOURS = 64
"""So many are enough for smooth edges, and make a third of the bytes."""

Align = Literal["left", "right", "centre"]
_ANCHORS = {"left": "la", "right": "ra", "centre": "ma"}
_BAND = 120
"""Pixels of the height that are drawn large at a time: the whole of a tall picture would take 40 MB."""
_HAND = ThreadPoolExecutor(1, thread_name_prefix="drawing")
"""Draws all pictures, one at a time: each thread more that draws would keep ten megabytes for itself."""

_Stroke = Callable[[ImageDraw.ImageDraw], None]
_Corners = list[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class _Shape:
    """How a shape is drawn from its corners, which say in which bands it lies."""

    corners: _Corners
    draw: Callable[[ImageDraw.ImageDraw, _Corners], None]
    reach: float = 0.0

    def within(self, top: float, bottom: float) -> bool:
        heights = [y for _, y in self.corners]
        return min(heights) - self.reach < bottom and max(heights) + self.reach > top

    def on(self, pen: ImageDraw.ImageDraw, top: float) -> None:
        self.draw(pen, [(x * _FINE, (y - top) * _FINE) for x, y in self.corners])


class Canvas:
    """Notes what is to be drawn; `png` draws it, as high as it became. `y` is where the next part begins."""

    def __init__(self) -> None:
        self.y = MARGIN
        self._shapes: list[_Shape] = []
        self._letters: list[_Stroke] = []

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        width: float = INNER,
        align: Align = "left",
        colour: str = INK,
        bold: bool = False,
        size: int = TEXT,
    ) -> None:
        """One line, shortened in the middle where it is wider than `width`."""
        line = shortened(drawable(words), width, size, bold=bold)
        face, anchor = font(size, bold=bold), _ANCHORS[align]
        self._letters.append(lambda pen: pen.text((x, y), line, fill=colour, font=face, anchor=anchor))

    def lines(self, words: str, *, at_most: int, size: int = TEXT, colour: str = INK, bold: bool = False) -> None:
        """A paragraph of whole words at the current place; the last line allowed ends in "…"."""
        rest = drawable(words).split()
        for number in range(at_most):
            line = _next_line(rest, size, bold)
            if not line:
                return
            if number == at_most - 1 and rest:
                line = f"{line} …"
            self.text(MARGIN, self.y, line, size=size, colour=colour, bold=bold)
            self.y += round(size * LEADING)

    def box(
        self, x: float, y: float, width: float, height: float, fill: str, *, round_by: int = 4, hatched: bool = False
    ) -> None:
        """A filled box, at least two pixels wide; `hatched` ones are told apart without colours too."""
        right = x + max(width, 2)
        radius = round_by * _FINE
        self._shapes.append(
            _Shape(
                [(x, y), (right, y + height)],
                lambda pen, corners: pen.rounded_rectangle(corners, radius=radius, fill=fill),
            )
        )
        for start in range(round(-height) + 6, round(right - x), 12) if hatched else ():
            self._stripe(x, y, right - x, height, start)

    def line(self, x: float, y: float, to_x: float, to_y: float, *, colour: str = LINE, width: int = 2) -> None:
        wide = width * _FINE
        self._shapes.append(
            _Shape([(x, y), (to_x, to_y)], lambda pen, ends: pen.line(ends, fill=colour, width=wide), reach=width)
        )

    def dot(self, x: float, y: float, radius: float, fill: str) -> None:
        around = [(x - radius, y - radius), (x + radius, y + radius)]
        self._shapes.append(_Shape(around, lambda pen, corners: pen.ellipse(corners, fill=fill)))

    def rule(self) -> None:
        """A thin line over the whole width at the current place."""
        self.line(MARGIN, self.y, WIDTH - MARGIN, self.y)

    def png(self) -> bytes:
        """As high as what was drawn, with a thin border that ends it on a light page too."""
        return _HAND.submit(self._encoded).result()

    def _encoded(self) -> bytes:
        buffer = BytesIO()
        self._drawn(round(self.y) + MARGIN).quantize(_COLOURS).save(buffer, "PNG", optimize=True)
        return buffer.getvalue()

    def _drawn(self, height: int) -> Image.Image:
        card = Image.new("RGB", (WIDTH, height), PAPER)
        for top in range(0, height, _BAND):
            large = Image.new("RGB", (WIDTH * _FINE, min(_BAND, height - top) * _FINE), PAPER)
            pen = ImageDraw.Draw(large)
            for shape in self._shapes:
                if shape.within(top, top + _BAND):
                    shape.on(pen, top)
            card.paste(large.reduce(_FINE), (0, top))
        pen = ImageDraw.Draw(card)
        for write in self._letters:
            write(pen)
        pen.rectangle((0, 0, WIDTH - 1, height - 1), outline=LINE, width=2)
        return card

    def _stripe(self, x: float, y: float, width: float, height: float, start: float) -> None:
        """A slanting line of paper through a box, from its lower to its upper edge."""
        left, right = max(start, 0.0), min(start + height, width)
        if right - left > 2:
            self.line(x + left, y + height - (left - start), x + right, y + height - (right - start), colour=PAPER)


def _next_line(rest: list[str], size: int, bold: bool) -> str:
    """Takes the words of one line off the front of `rest`."""
    line = ""
    while rest and (not line or width_of(f"{line} {rest[0]} …", size, bold=bold) <= INNER):
        line = f"{line} {rest.pop(0)}".strip()
    return line
