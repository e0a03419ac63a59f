"""Which known issues and investigations of our own answer a question, and what an investigation or trend is about."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.clock import Clock
from bot.known_issues.intake import ISSUE
from bot.known_issues.model import KnownIssue
from bot.known_issues.search.finder import READ_BEFORE, Finder, Hits, IssueHit
from bot.known_issues.search.fitting import Fitting, IssueFit, Statement
from bot.known_issues.search.index import Index
from bot.known_issues.search.meaning.likeness import Meaning
from bot.known_issues.search.near import shipped
from bot.known_issues.search.query import Match, MatchLevel, SearchQuestion, question
from bot.known_issues.store import KnownIssueStore
from bot.known_issues.twins import once
from bot.reading.reader import TicketReader
from bot.stored import Stored
from bot.targets.model import Catalog

INVESTIGATION = "investigation"
"""The kind of the document of an investigation of our own."""
COMPARED = 16
"""How many hits are compared with what is asked, since some are about something else."""
COVERS = 0.55
"""Who has so much of a question answers it, however short it is."""
TELLS = 1.6
"""So much in common answers a long question of which it is a small part; in words that no other document has."""
BESIDE_BEST = 0.4
"""What has less of the question than this share of what the best hit has is not worth a line."""
WEAK = 0.6
"""Less than this in common is no hit."""
RELATED_MAX = 3
"""What only may be related fills up so many lines."""
MEANS_IT, MAY_MEAN = 0.45, 0.3
"""How alike in meaning a hit must be to be an answer, or to be told as related, whatever its words."""
ALIKE = 0.55
"""The share of a symptom's words, by weight, that an issue must have to be taken for the same."""
ALIKE_WORDS = 2
CLOSED_RECENTLY_DAYS = 30
_TOLD = Stored[Statement](Statement)


@dataclass(frozen=True, slots=True)
class _Compared:
    """A hit with its record, and how both fit."""

    hit: IssueHit
    match: Match
    fit: IssueFit

    @property
    def words(self) -> int:
        """How many things that were asked it has, targets aside."""
        return len([group for group in (*self.hit.groups, *self.hit.near) if not group.target])


class IssueMatcher:
    """One ranking: words find, what else both say decides among those, and what contradicts is left out."""

    def __init__(
        self,
        *,
        store: KnownIssueStore,
        index: Index,
        catalog: Catalog,
        words: Mapping[str, Sequence[str]],
        reader: TicketReader,
        clock: Clock,
        meaning: Meaning,
        read_before: int = READ_BEFORE,
    ) -> None:
        """`words` are synonyms, `meaning` compares by what texts mean, where it can; so many documents stay read."""
        self._store = store
        self._index = index
        self._finder = Finder(index=index, near=shipped(), read_before=read_before)
        self._fitting = Fitting(catalog=catalog, reader=reader)
        self._catalog = catalog
        self._words = words
        self._clock = clock
        self._meaning = meaning

    def search(
        self, words: str, *, target: str, limit: int, context: Sequence[str]
    ) -> tuple[list[Match], Mapping[str, tuple[str, ...]]]:
        """The best matches, best first, and what slips were read as."""
        asked = question(words, self._words, self._catalog, target=target)
        result, compared = self._compared(words, asked, self._fitting.asked(words, context=context))
        return _once(_answers(compared, result.rarest))[:limit], result.instead

    def read_ahead(self, before: int | None, count: int) -> int | None:
        """Reads so many issues as a search would, from the one `before` them (None: the newest) to older ones.

        Returns the last one's number, None where there are no older ones.
        """
        issues = self._store.older(before, count)
        self._told(issues.values())
        return min(issues, default=None)

    def like(self, target_key: str, symptom: str) -> Match | None:
        """The known issue that a new investigation is probably about; None where none is alike enough."""
        return self._same(symptom, target_key, self._fitting.trouble(target_key, symptom))

    def like_trend(self, *, target: str, symptom: str, platform: str, words: Sequence[str]) -> Match | None:
        """The known issue that a rise is probably about; None where none is alike enough.

        `target` and `symptom` (a class of the reading) are keys, `platform` is one with or without a version
        ("ios 26.2"), `words` are what customers have in common; each may be empty.
        """
        text = " ".join((*words, symptom, platform))
        complaint = self._fitting.trouble(target, text) if target else self._fitting.asked(text)
        return self._same(text, target, complaint)

    def _same(self, text: str, target_key: str, about: Statement) -> Match | None:
        asked = question(text, self._words, self._catalog, target=target_key)
        if not any(not group.target for group in asked.groups):
            return None
        _, compared = self._compared(text, asked, about)
        alike = (candidate.match for candidate in compared if _alike(candidate, target_key))
        return next((match for match in alike if match.issue and self._matters(match)), None)

    def _compared(self, text: str, asked: SearchQuestion, about: Statement) -> tuple[Hits, list[_Compared]]:
        """Those that may be about the same, best first."""
        likeness = self._meaning.compare(text)
        result = self._finder.find(asked, limit=COMPARED, now=self._clock(), likeness=likeness)
        issues = self._store.several([hit.head.record_id for hit in result.hits if hit.head.kind == ISSUE])
        own = [hit.head.record_id for hit in result.hits if hit.head.kind == INVESTIGATION]
        learned, statements = self._index.learned(own), self._told(issues.values())
        compared = []
        for hit in result.hits:
            is_issue = hit.head.kind == ISSUE
            issue = issues.get(hit.head.record_id) if is_issue else None
            lesson = None if is_issue else learned.get(hit.head.record_id)
            if not issue and not lesson:
                continue
            said = statements[issue.id] if issue else self._fitting.learned(lesson) if lesson else Statement()
            fit = self._fitting.fit(about, said)
            if not fit.apart:
                match = Match(issue, lesson, why=tuple(group.said for group in hit.groups))
                compared.append(_Compared(hit, _ranked(match, hit, fit, asked.target, result.rarest), fit))
        return result, sorted(compared, key=lambda candidate: (-candidate.match.score, -candidate.hit.head.id))

    def _told(self, issues: Collection[KnownIssue]) -> dict[int, Statement]:
        """What issues are read as: reading them takes longer than finding them, so it is stored."""
        marks = {issue.id: self._fitting.mark(issue) for issue in issues}
        statements = {number: _TOLD.read(text) for number, text in self._index.read_as(marks).items()}
        new = {issue.id: self._fitting.issue(issue) for issue in issues if issue.id not in statements}
        if new:
            self._index.keep_read(
                {number: (marks[number], _TOLD.write(statement)) for number, statement in new.items()}
            )
        return statements | new

    def _matters(self, match: Match) -> bool:
        closed_at = match.issue.issue.closed_at if match.issue and match.issue.issue.closed else None
        return not closed_at or (self._clock() - closed_at).days <= CLOSED_RECENTLY_DAYS


def _answers(compared: Sequence[_Compared], rarest: float) -> list[Match]:
    """What matches, then what may be related, each best first; one word alone counts where nothing has more."""
    more = any(candidate.words > 1 for candidate in compared)
    matching = [
        candidate
        for candidate in compared
        if candidate.words > 1 or (candidate.words and not more) or candidate.hit.covered >= COVERS
    ]
    best = max((candidate.hit.covered for candidate in matching), default=0.0)
    worth = [
        candidate
        for candidate in compared
        if (candidate in matching and candidate.hit.covered >= BESIDE_BEST * best) or _means(candidate)
    ]
    sure = [candidate.match for candidate in worth if candidate.match.level is MatchLevel.WORDS]
    related = [
        candidate.match
        for candidate in worth
        if candidate.match.level is MatchLevel.AREA and (candidate.hit.text >= WEAK * rarest or _means(candidate))
    ]
    return [*sure, *related[: max(0, RELATED_MAX - len(sure))]]


def _means(candidate: _Compared) -> bool:
    return candidate.hit.alike >= MAY_MEAN


def _ranked(match: Match, hit: IssueHit, fit: IssueFit, target: str, rarest: float) -> Match:
    score = (hit.score + fit.bonus * rarest) * fit.factor
    answers = hit.covered >= COVERS or hit.text * fit.factor >= TELLS * rarest or hit.alike >= MEANS_IT
    return replace(
        match,
        near=tuple(group.said for group in hit.near),
        target=target if target in hit.head.targets else "",
        score=score,
        covered=hit.covered,
        level=MatchLevel.WORDS if answers else MatchLevel.AREA,
    )


def _once(matches: Sequence[Match]) -> list[Match]:
    """One bug in two trackers is one match, in the place of the better of both."""
    kept = {issue.id for issue in once(match.issue for match in matches if match.issue)}
    places: dict[int, int] = {}
    for place, match in enumerate(matches):
        for number in (match.issue.id, *(twin.id for twin in match.issue.also)) if match.issue else ():
            places.setdefault(number, place)
    distinct = [match for match in matches if not match.issue or match.issue.id in kept]
    order = {id(match): place for place, match in enumerate(matches)}
    return sorted(distinct, key=lambda match: places[match.issue.id] if match.issue else order[id(match)])


def _alike(candidate: _Compared, target: str) -> bool:
    """Most of the words, two at least, and no other target."""
    targets = candidate.hit.head.targets
    return (
        candidate.hit.covered >= ALIKE
        and candidate.words >= ALIKE_WORDS
        and (not target or target in targets or not targets)
    )
