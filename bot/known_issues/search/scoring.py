"""How well a document answers a question, word by word. Pure.

A word counts by its rarity, and by the place where the document has it. A word that is only near counts in part, and
one that the document has not at all costs nothing but what it would have added.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.known_issues.search.query import WordGroup, words_of
from bot.known_issues.search.stems import stem

PLACES = {"title": 1.0, "symptom": 1.0, "workaround": 0.5, "aliases": 0.8}
"""What a word counts in each place; said in a second one it counts a little more."""
AGAIN = 0.2
READ_MAX = 1_500
"""Characters of each place that are read."""
HEAVIEST = 10
"""A question is covered when its so many rarest words are: a long one tells much beside."""


@dataclass(frozen=True, slots=True)
class DocumentWords:
    """A document's stems with what they count, and all of them in a row for phrases."""

    weights: Mapping[str, float]
    row: str


@dataclass(frozen=True, slots=True)
class SoughtTerm:
    """A group of a question with its rarity (`weight`); `near` are stems that say nearly the same, with their share."""

    group: WordGroup
    stems: tuple[tuple[str, ...], ...]
    near: Mapping[str, float]
    weight: float


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a document has of a question: the groups that it has themselves, and near ones.

    `text` is the weight of all, by its places; `share` (0 to 1) is how much of the question is there at all.
    """

    groups: tuple[WordGroup, ...]
    near: tuple[WordGroup, ...]
    text: float
    share: float


def read(places: Mapping[str, str]) -> DocumentWords:
    """Reads a document's texts by their place."""
    weights: dict[str, float] = {}
    row: list[str] = []
    for place, weight in PLACES.items():
        stems = [stem(word) for word in words_of(places.get(place, "")[:READ_MAX])]
        row += [*stems, "."]
        for word in dict.fromkeys(stems):
            before = weights.get(word)
            weights[word] = weight if before is None else max(before, weight) + AGAIN
    return DocumentWords(weights, f" {' '.join(row)} ")


def coverage(words: DocumentWords, sought: Sequence[SoughtTerm]) -> Coverage:
    groups, near, text, there = list[WordGroup](), list[WordGroup](), 0.0, 0.0
    for term in sought:
        own = max((_own(words, form) for form in term.stems), default=0.0)
        if own:
            groups.append(term.group)
            text += term.weight * own
            there += term.weight
            continue
        other, share = max(
            ((words.weights.get(s, 0.0) * share, share) for s, share in term.near.items()), default=(0.0, 0.0)
        )
        if other:
            near.append(term.group)
            text += term.weight * other
            there += term.weight * share
    return Coverage(tuple(groups), tuple(near), text, there / whole(sought) if there else 0.0)


def whole(sought: Sequence[SoughtTerm]) -> float:
    """The weight of a question whose every word is there."""
    return sum(sorted((term.weight for term in sought), reverse=True)[:HEAVIEST])


def _own(words: DocumentWords, form: Sequence[str]) -> float:
    if len(form) == 1:
        return words.weights.get(form[0], 0.0)
    if f" {' '.join(form)} " not in words.row:
        return 0.0
    return min(words.weights[stem] for stem in form)
