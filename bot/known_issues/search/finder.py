"""From a question to the best documents, in a time that does not grow with the number of documents."""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.known_issues.search.index import COMMON, DocumentHead, Index
from bot.known_issues.search.query import SearchQuestion, WordGroup, nearest, rank, rarity

RAREST = 8
"""How many of the rarest words of a long question count; more find nothing better."""
FINALISTS = 24
"""How many of the best by words are looked at for target, state and recency."""
CHECKED = 5
"""For how many of these an old document is asked whether it has a common word."""
SCORED = 200
"""How many documents bm25 is worked out for, unless one word alone has more."""
COUNTED = 5_000
"""How many documents may have a common word for bm25 to be worked out for the newest of them: it counts them all."""
TOGETHER = 20
ENOUGH = 200.0
"""Common words are looked for together as long as so many documents can be expected to have all of them."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A document with the groups of the question that it has."""

    head: DocumentHead
    groups: tuple[WordGroup, ...]
    score: float
    covered: float


@dataclass(frozen=True, slots=True)
class Hits:
    """Hits, best first, and which unknown words were read as which others."""

    hits: tuple[Hit, ...]
    instead: dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class _SoughtWord:
    """A group with the documents that have it: all of them, or the newest where it is common; `count` is about all."""

    group: WordGroup
    ids: frozenset[int]
    common: bool
    count: float
    weight: float


@dataclass(frozen=True, slots=True)
class _Search:
    """A question on its way: `weight` of all of it, `text` bm25 by document, `also` what common words share."""

    target: str
    sought: tuple[_SoughtWord, ...]
    weight: float
    text: dict[int, float]
    also: frozenset[int]
    common: frozenset[int]
    """Positions in `sought` of the words that documents in `also` have."""
    now: datetime


class Finder:
    """Rare words find documents and are ranked by FTS5's bm25; common ones add to what was found.

    bm25 reads the whole list of each word, which takes a tenth of a second for one that most of 100,000 documents have.
    """

    def __init__(self, *, index: Index) -> None:
        self._index = index

    def find(self, question: SearchQuestion, *, limit: int, now: datetime) -> Hits:
        total = self._index.total()
        instead: dict[str, tuple[str, ...]] = {}
        looked = [self._sought(group, total, instead) for group in question.groups]
        sought = tuple(sorted((word for word in looked if word.ids), key=lambda word: word.count)[:RAREST])
        if not sought:
            return Hits((), instead)
        kept = {word.group.said for word in sought}
        instead = {said: meant for said, meant in instead.items() if said in kept}
        asked_for = min(len(question.groups), RAREST)
        # A word that no document has tells nothing of their rarity: it counts as much as the others do on average.
        weight = sum(word.weight for word in sought) * asked_for / len(sought)
        also, common = self._together(sought, total)
        asked = _Search(question.target, sought, weight, self._text(sought), also, common, now)
        hits = sorted((_hit(asked, head) for head in self._index.heads(_finalists(asked))), key=_order)
        checked = self._checked(asked, hits[: max(CHECKED, limit)])
        return Hits(tuple(sorted(checked, key=_order)[:limit]), instead)

    def _sought(self, group: WordGroup, total: int, instead: dict[str, tuple[str, ...]]) -> _SoughtWord:
        """A word that no document has is taken for one that is a slip away, and that a document has."""
        ids = self._index.having(group.query)
        if not ids and len(group.forms) == 1 and len(group.forms[0]) == 1:
            slip = group.forms[0][0]
            meant = nearest(slip, self._index.like(slip), there=self._index.has)
            if meant:
                instead[group.said] = meant
                group = replace(group, forms=tuple((word,) for word in meant))
                ids = self._index.having(group.query)
        common = len(ids) >= COMMON
        # How far back the newest ones reach says how many there are.
        count = len(ids) * total / max(total - ids[-1] + 1, len(ids)) if common else float(len(ids))
        return _SoughtWord(group, frozenset(ids), common, count, rarity(count, total))

    def _together(self, sought: Sequence[_SoughtWord], total: int) -> tuple[frozenset[int], frozenset[int]]:
        """The newest documents that have several common words at once, and which words those are."""
        expected, chosen = float(total), list[int]()
        for position, word in enumerate(sought):
            if word.common and (not chosen or expected * word.count / total >= ENOUGH):
                expected *= word.count / total
                chosen.append(position)
        if len(chosen) < 2:
            return frozenset(), frozenset()
        query = " AND ".join(f"({sought[position].group.query})" for position in chosen)
        return frozenset(self._index.having(query, TOGETHER)), frozenset(chosen)

    def _text(self, sought: Sequence[_SoughtWord]) -> dict[int, float]:
        """bm25 by the rarest words, as many as together have few documents."""
        room = float(SCORED)
        chosen: list[str] = []
        for word in sought:
            if word.common or (chosen and word.count > room):
                break
            room -= word.count
            chosen.append(word.group.query)
        if chosen:
            return self._index.scored(" OR ".join(chosen))
        rarest = sought[0]
        return self._index.scored(rarest.group.query, since=min(rarest.ids)) if rarest.count <= COUNTED else {}

    def _checked(self, asked: _Search, hits: Sequence[Hit]) -> list[Hit]:
        """Adds the common words that the hits have: their lists are cut short, so old documents are asked."""
        there = {hit.head.id: list(hit.groups) for hit in hits}
        for word in asked.sought:
            if word.common:
                unsure = [hit.head.id for hit in hits if word.group not in hit.groups]
                named = {hit.head.id for hit in hits if word.group.target and word.group.target in hit.head.targets}
                for number in named | (self._index.among(word.group.query, unsure) if unsure else set()):
                    there[number] += [word.group] if word.group not in there[number] else []
        return [
            _scored(asked, hit.head, [word for word in asked.sought if word.group in there[hit.head.id]])
            for hit in hits
        ]


def _hit(asked: _Search, head: DocumentHead) -> Hit:
    there = [
        word
        for position, word in enumerate(asked.sought)
        if head.id in word.ids or (position in asked.common and head.id in asked.also)
    ]
    return _scored(asked, head, there)


def _finalists(asked: _Search) -> list[int]:
    """Best by weight of their words, then bm25, then newest."""
    weights: dict[int, float] = {}
    rare = any(not word.common for word in asked.sought)
    for word in asked.sought:
        if word.common and rare:
            for number in word.ids & weights.keys():
                weights[number] += word.weight
            continue
        for number in word.ids:
            weights[number] = weights.get(number, 0.0) + word.weight
    together = sum(asked.sought[position].weight for position in asked.common)
    for number in asked.also:
        weights[number] = max(weights.get(number, 0.0), together)
    for number, score in asked.text.items():
        weights[number] += score / 10
    return heapq.nlargest(FINALISTS, weights, key=lambda number: (weights[number], number))


def _scored(asked: _Search, head: DocumentHead, there: Sequence[_SoughtWord]) -> Hit:
    words = sum(word.weight for word in there)
    covered = words / asked.weight
    score = rank(
        asked.text.get(head.id, 0.0) + words,
        covered,
        same_target=bool(asked.target) and asked.target in head.targets,
        live=head.live,
        at=head.at,
        now=asked.now,
    )
    return Hit(head, tuple(word.group for word in there), score, covered)


def _order(hit: Hit) -> tuple[float, int]:
    return (-hit.score, -hit.head.id)
