"""From a question to the best documents, in a time that does not grow with the number of documents."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.known_issues.index import COMMON, Head, Index
from bot.known_issues.search import Group, Question, nearest, rank, rarity

FINALISTS = 60
"""How many of the best by words are looked at for target, state and recency."""
TOGETHER = 200
"""How many documents that have every word are looked at, the newest first."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A document with the groups of the question that it has."""

    head: Head
    groups: tuple[Group, ...]
    score: float
    covered: float


@dataclass(frozen=True, slots=True)
class Found:
    """Hits, best first, and which unknown words were read as which others."""

    hits: tuple[Hit, ...]
    instead: dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class _Sought:
    """A group with the documents that have it: all of them, or the newest where it is common."""

    group: Group
    ids: frozenset[int]
    weight: float

    @property
    def common(self) -> bool:
        return len(self.ids) >= COMMON


class Finder:
    """Rare words find documents and are ranked by FTS5's bm25; common ones only add to what was found.

    bm25 reads the whole list of each word, which takes a tenth of a second for one that most of 100,000 documents have.
    """

    def __init__(self, *, index: Index) -> None:
        self._index = index

    def find(self, question: Question, *, limit: int, now: datetime) -> Found:
        total = self._index.total()
        instead: dict[str, tuple[str, ...]] = {}
        sought = [self._sought(group, total, instead) for group in question.groups]
        sought = [each for each in sought if each.ids]
        if not sought:
            return Found((), instead)
        # A word that no document has tells nothing of their rarity: it counts as much as the others do on average.
        asked = sum(each.weight for each in sought) * len(question.groups) / len(sought)
        together = set(self._together(sought))
        text = self._text(sought)
        best = self._finalists(sought, together, text)
        hits = [self._hit(head, question, sought, together, text, asked, now) for head in self._index.heads(best)]
        hits.sort(key=lambda hit: (-hit.score, -hit.head.id))
        return Found(tuple(hits[:limit]), instead)

    def _sought(self, group: Group, total: int, instead: dict[str, tuple[str, ...]]) -> _Sought:
        """A word that no document has is taken for one that is a slip away."""
        ids = self._index.having(group.query)
        if not ids and len(group.forms) == 1 and len(group.forms[0]) == 1:
            word = group.forms[0][0]
            meant = nearest(word, self._index.like(word))
            if meant:
                instead[group.said] = meant
                group = replace(group, forms=tuple((each,) for each in meant))
                ids = self._index.having(group.query)
        return _Sought(group, frozenset(ids), rarity(len(ids), total))

    def _together(self, sought: Sequence[_Sought]) -> list[int]:
        query = " AND ".join(f"({each.group.query})" for each in sought)
        return self._index.having(query, TOGETHER)

    def _text(self, sought: Sequence[_Sought]) -> dict[int, float]:
        """bm25 by the rarest words, as many as together have few documents."""
        room = COMMON
        chosen: list[str] = []
        for each in sorted(sought, key=lambda each: len(each.ids)):
            if each.common or (chosen and len(each.ids) > room):
                break
            room -= len(each.ids)
            chosen.append(each.group.query)
        return self._index.scored(" OR ".join(chosen)) if chosen else {}

    def _finalists(self, sought: Sequence[_Sought], together: set[int], text: dict[int, float]) -> list[int]:
        """Best by weight of their words, then bm25, then newest."""
        weights: dict[int, float] = {}
        for each in sought:
            for number in each.ids:
                weights[number] = weights.get(number, 0.0) + each.weight
        every = sum(each.weight for each in sought)
        weights |= dict.fromkeys(together, every)
        ordered = sorted(weights, key=lambda number: (-weights[number] - text.get(number, 0.0) / 10, -number))
        return ordered[:FINALISTS]

    def _hit(
        self,
        head: Head,
        question: Question,
        sought: Sequence[_Sought],
        together: set[int],
        text: dict[int, float],
        asked: float,
        now: datetime,
    ) -> Hit:
        there = [each for each in sought if head.id in each.ids or head.id in together or self._also(each, head)]
        covered = sum(each.weight for each in there) / asked
        score = rank(
            text.get(head.id, 0.0) + sum(each.weight for each in there),
            covered,
            same_target=bool(question.target) and question.target in head.targets,
            live=head.live,
            at=head.at,
            now=now,
        )
        return Hit(head, tuple(each.group for each in there), score, covered)

    def _also(self, each: _Sought, head: Head) -> bool:
        """A common word's list is cut short, so one more look tells whether an older document has it."""
        return each.common and self._index.has(each.group.query, head.id)
