"""Splits a text into the pieces that BERT's English model knows. Pure."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from bot.loose_json import normalized

READ_MAX = 4_000
"""Characters of a text that are split."""
_LONGEST_WORD = 100
_NOTHING = ("Mn", "Cf")
"""Accents, and what is not seen."""
_SPLIT = re.compile(r"[^\W_]+|[^\w\s]|_")
"""Words, and each other mark by itself."""
_ALONE = re.compile("([\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff])")
"""Each of these is a word."""


class WordPieces:
    """`vocabulary` leads from pieces to their numbers; a piece that goes on begins with "##"."""

    def __init__(self, vocabulary: Mapping[str, int]) -> None:
        self._vocabulary = vocabulary
        self._unknown = vocabulary["[UNK]"]
        self._begin, self._end = vocabulary["[CLS]"], vocabulary["[SEP]"]

    def numbers(self, text: str, *, at_most: int) -> list[int]:
        """The numbers of a text's pieces between the marks of its begin and end, all in all at most so many."""
        numbers = [self._begin]
        for word in _words(text[:READ_MAX]):
            numbers += self._pieces(word)
            if len(numbers) >= at_most:
                break
        return [*numbers[: at_most - 1], self._end]

    def _pieces(self, word: str) -> Sequence[int]:
        """The longest pieces that it has, from its begin; one unknown piece where it can't be split."""
        if len(word) > _LONGEST_WORD:
            return (self._unknown,)
        pieces, start = list[int](), 0
        while start < len(word):
            mark = "##" if start else ""
            end = next((end for end in range(len(word), start, -1) if mark + word[start:end] in self._vocabulary), 0)
            if not end:
                return (self._unknown,)
            pieces.append(self._vocabulary[mark + word[start:end]])
            start = end
        return pieces


def _words(text: str) -> list[str]:
    plain = normalized("NFD", text.lower())
    plain = "".join(char for char in plain if unicodedata.category(char) not in _NOTHING)
    return _SPLIT.findall(_ALONE.sub(r" \1 ", plain))


@lru_cache(maxsize=1)
def shipped() -> WordPieces:
    """The vocabulary of BERT's uncased English model, which comes with the bot."""
    lines = (Path(__file__).parent / "vocabulary.txt").read_text("utf-8").splitlines()
    return WordPieces({piece: number for number, piece in enumerate(lines)})
