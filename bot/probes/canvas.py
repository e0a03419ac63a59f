"""A light card to draw on: readable on a phone and on a dark page, since it brings its own background. Pure."""

from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

WIDTH = 800
"""Pixels at twice the size at which a phone shows them."""
MARGIN = 32
INNER = WIDTH - 2 * MARGIN
TEXT, TITLE = 26, 34
"""Sizes of letters in pixels; none is smaller than TEXT."""

PAPER, INK, SOFT, LINE = "#FBFBF9", "#1D1F23", "#575C66", "#D9DADD"
WELL, ODD, BAD, DELAY = "#2F8F5B", "#D99A1E", "#C0362C", "#3367A6"
"""Colours of what is well, what is odd but harmless, what is bad, and of delays."""


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
        found = BytesIO()
        card.quantize(64).save(found, "PNG", optimize=True)
        return found.getvalue()

    def _next_line(self, rest: list[str], size: int) -> str:
        """Takes the words of one line off the front of `rest`."""
        line = ""
        while rest and (not line or self._width(f"{line} {rest[0]} …", size) <= INNER):
            line = f"{line} {rest.pop(0)}".strip()
        return line

    def _fitted(self, words: str, width: int, size: int) -> str:
        shown, keep = words, len(words)
        while keep > 2 and self._width(shown, size) > width:
            keep -= 1
            shown = f"{words[: keep - keep // 2]}…{words[len(words) - keep // 2 :]}"
        return shown

    def _width(self, words: str, size: int) -> float:
        return self._fonts[size].getlength(words)
