"""From a question to the best documents, in a time that does not grow with the number of documents."""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from bot.known_issues.search.index import COMMON, DocumentHead, Index
from bot.known_issues.search.meaning.likeness import Likeness
from bot.known_issues.search.near import NearWords
from bot.known_issues.search.query import SearchQuestion, WordGroup, nearest, rank, rarity
from bot.known_issues.search.scoring import DocumentWords, SoughtTerm, coverage, read
from bot.known_issues.search.stems import stem

FINALISTS = 40
"""How many documents are read and scored; the others have less of the question."""
BY_MEANING = 16
"""How many documents are added that are alike in meaning, whatever words they have."""
MEANS = 6.0
"""What it counts that both mean the same, in words that no other document has."""
READ_BEFORE = 200
"""How many documents that were read are kept."""
FIRST = 10
"""So many things that are said first count whole, and what comes later less and less: the first lines tell it."""
NEAREST = 0.45
"""The share of a word's meaning that another must have to be looked for in its place."""


@dataclass(frozen=True, slots=True)
class IssueHit:
    """A document with the groups of the question that it has, and those that it has only in other words.

    `text` is their weight, `covered` its share (0 to 1) of the question, `alike` how near both are in meaning (0 to 1,
    and 0 where no model is installed), `score` what ranks.
    """

    head: DocumentHead
    groups: tuple[WordGroup, ...]
    near: tuple[WordGroup, ...]
    text: float
    score: float
    covered: float
    alike: float = 0.0


@dataclass(frozen=True, slots=True)
class Hits:
    """Hits, best first, which unknown words were read as which others, and the weight of the rarest word there is."""

    hits: tuple[IssueHit, ...]
    instead: dict[str, tuple[str, ...]]
    rarest: float


@dataclass(frozen=True, slots=True)
class _Term:
    """A group on its way: what is scored of it, and the documents that have it, or near words, newest first."""

    sought: SoughtTerm
    ids: Sequence[int]
    near_ids: Sequence[int]


@dataclass(frozen=True, slots=True)
class _ReadDocument:
    """A document that was read once."""

    head: DocumentHead
    words: DocumentWords


class Finder:
    """Words find documents by FTS5; the best of those are read, and scored word by word."""

    def __init__(self, *, index: Index, near: NearWords, read_before: int = READ_BEFORE) -> None:
        self._read_before = read_before
        self._index = index
        self._near = near
        self._read: dict[int, _ReadDocument] = {}

    def find(self, question: SearchQuestion, *, limit: int, now: datetime, likeness: Likeness | None = None) -> Hits:
        total = self._index.total()
        instead: dict[str, tuple[str, ...]] = {}
        terms = [self._term(group, total, instead, place) for place, group in enumerate(question.groups)]
        alike = likeness.best(BY_MEANING) if likeness else ()
        documents = self._documents(list(dict.fromkeys((*_finalists(terms), *alike))))
        sought = _weighed(terms)
        rarest = rarity(1, total)
        hits = [_hit(question, sought, document, now) for document in documents]
        if likeness:
            hits = [_by_meaning(hit, likeness.of(hit.head.id), rarest) for hit in hits]
        return Hits(tuple(sorted(hits, key=_order)[:limit]), instead, rarest)

    def _term(self, group: WordGroup, total: int, instead: dict[str, tuple[str, ...]], place: int) -> _Term:
        """A word that nothing has, and nobody knows, is taken for one that is a slip away and that a document has."""
        ids = self._index.having(group.query)
        word = group.word
        near = {other.word: other.share for other in self._near.of(word) if other.share >= NEAREST} if word else {}
        near_ids = self._index.having(" OR ".join(f'"{other}"' for other in near)) if near else []
        if not ids and word and not near:
            meant = nearest(word, self._index.like(word), there=self._index.has)
            if meant:
                instead[group.said] = meant
                group = replace(group, forms=tuple((single,) for single in meant))
                ids = self._index.having(group.query)
        common = len(ids) >= COMMON
        # How far back the newest ones reach says how many there are.
        count = len(ids) * total / max(total - ids[-1] + 1, len(ids)) if common else float(len(ids))
        stems = tuple(tuple(map(stem, form)) for form in group.forms)
        weight = rarity(count, total) * (self._near.telling(word) if word else 1.0)
        weight *= FIRST / max(FIRST, place + 1)
        near_stems: dict[str, float] = {}
        for other, share in near.items():
            near_stems.setdefault(stem(other), share)
        return _Term(SoughtTerm(group, stems, near_stems, weight), ids, near_ids)

    def _documents(self, ids: Sequence[int]) -> list[_ReadDocument]:
        """A document never changes: another text is another document. Those that were asked for last stay."""
        before = {number: self._read.pop(number) for number in ids if number in self._read}
        new = [number for number in ids if number not in before]
        texts = self._index.texts(new)
        before |= {head.id: _ReadDocument(head, read(texts[head.id])) for head in self._index.heads(new)}
        self._read |= before
        for number in list(islice(self._read, max(0, len(self._read) - self._read_before))):
            del self._read[number]
        return list(before.values())


def _weighed(terms: Sequence[_Term]) -> list[SoughtTerm]:
    """A word that no document has, nor any that is near, counts as much as the others do on average."""
    there = [term.sought.weight for term in terms if term.ids or term.near_ids]
    usual = sum(there) / len(there) if there else 0.0
    return [
        term.sought if term.ids or term.near_ids else replace(term.sought, weight=min(term.sought.weight, usual))
        for term in terms
    ]


def _finalists(terms: Sequence[_Term]) -> list[int]:
    """Those with the most of it, rare words counting most, then the newest."""
    weights: dict[int, float] = {}
    for term in terms:
        best = max(term.sought.near.values(), default=0.0) * 0.8
        own = set(term.ids)
        for number in own:
            weights[number] = weights.get(number, 0.0) + term.sought.weight
        for number in term.near_ids:
            if number not in own:
                weights[number] = weights.get(number, 0.0) + term.sought.weight * best
    best_first = heapq.nlargest(FINALISTS, zip(weights.values(), weights, strict=True))
    return [number for _, number in best_first]


def _hit(question: SearchQuestion, sought: Sequence[SoughtTerm], document: _ReadDocument, now: datetime) -> IssueHit:
    head, has = document.head, coverage(document.words, sought)
    same_target = bool(question.target) and question.target in head.targets
    score = rank(has.text, same_target=same_target, live=head.live, at=head.at, now=now)
    return IssueHit(head, has.groups, has.near, has.text, score, has.share)


def _by_meaning(hit: IssueHit, alike: float, rarest: float) -> IssueHit:
    return replace(hit, alike=alike, score=hit.score + MEANS * rarest * alike)


def _order(hit: IssueHit) -> tuple[float, int]:
    return (-hit.score, -hit.head.id)
