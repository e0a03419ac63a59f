"""Words and pairs of words of a complaint: what rises although nobody configured it. Pure."""

from collections.abc import Sequence
from typing import Final

from bot.reading.lexicon import Entry

TERMS_MAX: Final = 40


def terms_of(words: Sequence[Entry], breaks: Sequence[int], configured: Sequence[bool]) -> tuple[str, ...]:
    """The first ones, in the order in which they stand; those that are configured anyway only beside others.

    Pairs stand together in one clause, with nothing but small words between them.
    """
    terms: dict[str, None] = {}
    before, before_configured = "", False
    for at, entry in enumerate(words):
        if breaks[at]:
            before = ""
        if entry.small:
            continue
        if entry.silent:
            before = ""
            continue
        word, own = entry.word, configured[at]
        if before and not (own and before_configured) and before != word:
            terms[f"{before} {word}"] = None
        if not own and len(word) > 2 and not (entry.number and word.replace(".", "").isdigit()):
            terms[word] = None
        if len(terms) >= TERMS_MAX:
            break
        before, before_configured = word, own
    return tuple(terms)[:TERMS_MAX]
