"""What words mean: "langsam" is near "slow", and "because" tells little. A table that comes with the bot.

It is read where it lies and takes no memory of its own. How it was made stands in README.md, beside whose it is.
"""

import mmap
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_HEAD = struct.Struct("<4sI")
_MAGIC = b"NW01"
_ROW = struct.Struct("<IIB")
"""Where a word begins, its first near one, and how much it tells."""
_NEAR = struct.Struct("<HB")
_WHOLE = 255.0


@dataclass(frozen=True, slots=True)
class NearWord:
    """`share` (0 to 1) says how much of the meaning both have."""

    word: str
    share: float


class NearWords:
    """Looks words up in what `written` made."""

    def __init__(self, data: bytes | mmap.mmap) -> None:
        """Raises ValueError for what is no such table."""
        self._data = data
        magic, self._count = _HEAD.unpack_from(data)
        if magic != _MAGIC:
            raise ValueError("no table of near words")
        self._words = _HEAD.size + _ROW.size * (self._count + 1)
        self._near = self._words + self._row(self._count)[0]

    def has(self, word: str) -> bool:
        """Whether the table knows it as a word."""
        return self._place(word) >= 0

    def of(self, word: str) -> tuple[NearWord, ...]:
        """The nearest first; none for a word that the table does not have."""
        place = self._place(word)
        if place < 0:
            return ()
        first, last = self._row(place)[1], self._row(place + 1)[1]
        pairs = (_NEAR.unpack_from(self._data, self._near + _NEAR.size * at) for at in range(first, last))
        return tuple(NearWord(self._word(other), share / _WHOLE) for other, share in pairs)

    def _place(self, word: str) -> int:
        sought, low, high = _bytes(word), 0, self._count
        while low < high:
            middle = (low + high) // 2
            if self._bytes(middle) < sought:
                low = middle + 1
            else:
                high = middle
        return low if low < self._count and self._bytes(low) == sought else -1

    def telling(self, word: str) -> float:
        """How much a word tells by itself (0 to 1): little where everybody uses it, all where the table lacks it."""
        place = self._place(word)
        return self._row(place)[2] / _WHOLE if place >= 0 else 1.0

    def _row(self, place: int) -> tuple[int, int, int]:
        begins, first, telling = _ROW.unpack_from(self._data, _HEAD.size + _ROW.size * place)
        return begins, first, telling

    def _bytes(self, place: int) -> bytes:
        return self._data[self._words + self._row(place)[0] : self._words + self._row(place + 1)[0]]

    def _word(self, place: int) -> str:
        return self._bytes(place).decode("utf-8", "surrogatepass")


@dataclass(frozen=True, slots=True)
class TableWord:
    """A word of the table: its near words, nearest first, and how much it tells."""

    near: Sequence[NearWord]
    telling: float


def written(table: Mapping[str, TableWord]) -> bytes:
    """The file of a table; words are sorted by their bytes. Near words that the table does not have are left out."""
    ordered = sorted(table, key=_bytes)
    places = {word: place for place, word in enumerate(ordered)}
    rows, words, near, count = bytearray(), bytearray(), bytearray(), 0
    for word in ordered:
        rows += _ROW.pack(len(words), count, round(table[word].telling * _WHOLE))
        words += _bytes(word)
        for other in table[word].near:
            if other.word in places:
                near += _NEAR.pack(places[other.word], round(other.share * _WHOLE))
                count += 1
    rows += _ROW.pack(len(words), count, 0)
    return _HEAD.pack(_MAGIC, len(ordered)) + bytes(rows + words + near)


def _bytes(word: str) -> bytes:
    """Hostile text may have halves of characters."""
    return word.encode("utf-8", "surrogatepass")


@lru_cache(maxsize=1)
def shipped() -> NearWords:
    """The table that comes with the bot."""
    with (Path(__file__).parent / "near_words.bin").open("rb") as file:
        return NearWords(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
