"""What somebody wants or complains of exactly, where a class of symptoms has things that are not the same. Pure.

Cards that are declined and refunds are both about payment; who asks for the one is not helped with the other.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from bot.reading.clauses import Clause, ClauseVerdict
from bot.reading.cues import FAILS, STATE
from bot.reading.lexicon import Hit
from bot.reading.symptoms import PLAIN, names_only
from bot.reading.word_lists import phrases_by_key, vocabulary

DECLINED: Final = "declined"
QUESTION: Final = "question"
"""Something is asked or wanted, and nothing is wrong."""
_SENTENCE = 2


def matter_phrases() -> dict[tuple[str, str], tuple[str, ...]]:
    return phrases_by_key("matter", vocabulary("matters"))


def matters_of(clauses: Sequence[Clause]) -> Iterator[Hit]:
    """What is said, each once; that something is asked or wanted only where nothing says that something is wrong."""
    matters: dict[str, Hit] = {}
    wrong, sentence = False, list[Clause]()
    for clause in clauses:
        if clause.rank == _SENTENCE:
            wrong |= _wrong(sentence)
            sentence = []
        sentence.append(clause)
        for hit in clause.hits:
            if hit.kind in ("matter", "wish"):
                what = hit.value if hit.kind == "matter" else QUESTION
                matters.setdefault(what, hit._replace(value=what))
    if wrong or _wrong(sentence):
        matters.pop(QUESTION, None)
    yield from matters.values()


def _wrong(sentence: Sequence[Clause]) -> bool:
    """Names of services and of parts of a bill are no trouble, nor is what somebody asks about."""
    asks = any(hit.value == QUESTION for clause in sentence for hit in clause.hits if hit.kind == "matter")
    for clause in sentence:
        if any(hit.kind == "verb" or (_says(hit) and not asks) for hit in clause.trouble):
            return True
        if any(hit.kind == "matter" and hit.value != QUESTION for hit in clause.hits):
            return True
        if clause.verdict is ClauseVerdict.FAILS and any(hit.kind in (FAILS, STATE) for hit in clause.hits):
            return True
    return False


def _says(hit: Hit) -> bool:
    """Whether a word of a symptom says that something is wrong, and not only what it is about."""
    return int(hit.value.rpartition(" ")[2]) >= PLAIN and not names_only(hit.value)
