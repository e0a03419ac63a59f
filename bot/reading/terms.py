"""Words and pairs of words of a complaint: what rises although nobody configured it. Pure."""

from collections.abc import Sequence
from typing import Final

from bot.reading.languages import SILENT
from bot.reading.lexicon import Entry

TERMS_MAX: Final = 40
_LONGEST = 30
"""Letters of a word that is a term; what is longer is a token of a machine."""


def terms_of(words: Sequence[Entry], breaks: Sequence[int], configured: Sequence[bool]) -> tuple[str, ...]:
    """The first ones, in the order in which they stand; those that are configured anyway only beside others.

    Pairs stand together in one clause, with nothing but small words between them.
    """
    found: dict[str, None] = {}
    before, before_configured = "", False
    for at, entry in enumerate(words):
        if breaks[at]:
            before = ""
        word = entry.word
        if entry.small or len(word) > _LONGEST:
            continue
        if word in SILENT or (len(word) < 2 and not word.isdigit()):
            before = ""
            continue
        own = configured[at]
        number = word.replace(".", "").isdigit()
        if not own and not number and len(word) > 2:
            found[word] = None
        if before and not (own and before_configured) and before != word:
            found[f"{before} {word}"] = None
        before, before_configured = word, own
        if len(found) >= TERMS_MAX:
            break
    return tuple(found)[:TERMS_MAX]
