"""Letters: DejaVu Sans Condensed, which has every alphabet of Europe (its licence stands beside the files)."""

import unicodedata
from functools import lru_cache
from pathlib import Path

from PIL import ImageFont

_FOLDER = Path(__file__).parent / "fonts"
REGULAR, BOLD = _FOLDER / "DejaVuSansCondensed.ttf", _FOLDER / "DejaVuSansCondensed-Bold.ttf"


@lru_cache(maxsize=8)
def font(size: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    """The font in a size of pixels. The simple layout is enough: these alphabets have a letter for each sound."""
    return ImageFont.truetype(BOLD if bold else REGULAR, size, layout_engine=ImageFont.Layout.BASIC)


def drawable(words: str) -> str:
    """Words in one line, with each accent as part of its letter."""
    return unicodedata.normalize("NFC", " ".join(words.split()))


def width_of(words: str, size: int, *, bold: bool = False) -> float:
    return font(size, bold=bold).getlength(words)


def shortened(words: str, width: float, size: int, *, bold: bool = False) -> str:
    """Shortened in the middle where it is wider than `width`: the ends of addresses and host names tell most."""
    fitted, keep = words, len(words)
    while keep > 2 and width_of(fitted, size, bold=bold) > width:
        keep -= 1
        fitted = f"{words[: keep - keep // 2]}…{words[len(words) - keep // 2 :]}"
    return fitted
