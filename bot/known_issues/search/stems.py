"""The common part of a word's forms: "connects", "connecting" and "connection" are one. Pure.

Meant for English and cheap; the table of near words joins what it misses, and the forms of other languages.
"""

from functools import lru_cache

_ENDINGS = (
    ("ations", ""), ("ation", ""), ("ions", ""), ("ion", ""), ("ings", ""), ("ing", ""), ("ies", "y"), ("ments", ""),
    ("ment", ""), ("edly", ""), ("ers", ""), ("ed", ""), ("er", ""), ("ly", ""), ("es", ""), ("s", ""), ("e", ""),
)  # fmt: skip
_LAST = frozenset(ending[-1] for ending, _ in _ENDINGS)
"""Most words end in another letter, and are their own stem."""
_LEFT = 3
"""Letters that must be left of a word."""


@lru_cache(maxsize=8_192)
def stem(word: str) -> str:
    if len(word) <= _LEFT or word[-1] not in _LAST or not word.isalpha():
        return word
    for ending, instead in _ENDINGS:
        left = len(word) - len(ending)
        if left >= _LEFT and word.endswith(ending) and not (ending == "s" and word.endswith(("ss", "us", "is"))):
            return _single(word[:left]) + instead
    return word


def _single(rest: str) -> str:
    """ "dropp" of "dropped" is "drop", and "call" of "called" is "call"."""
    double = len(rest) > _LEFT and rest[-1] == rest[-2] and rest[-1] in "bdfgmnprt"
    return rest[:-1] if double else rest
