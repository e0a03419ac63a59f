"""Which known issues and investigations of our own answer a question, or are what a new investigation is about."""

from collections.abc import Mapping, Sequence

from bot.clock import Clock
from bot.known_issues.intake import ISSUE
from bot.known_issues.search.finder import Finder, Hit
from bot.known_issues.search.fitting import Fitting
from bot.known_issues.search.index import Index
from bot.known_issues.search.query import Match, question
from bot.known_issues.store import KnownIssueStore
from bot.known_issues.twins import once
from bot.reading.mentions import Mentions
from bot.targets.model import Catalog

INVESTIGATION = "investigation"
"""The kind of the document of an investigation of our own."""
ALIKE = 0.6
"""The share of a symptom's words, by weight, that an issue must have to be taken for the same."""
ALIKE_WORDS = 2
CLOSED_RECENTLY_DAYS = 30
SPARE = 7
"""How many more hits are read than are shown, since some are about something else."""


class IssueMatcher:
    """Words find; what contradicts the question is left out."""

    def __init__(
        self,
        *,
        store: KnownIssueStore,
        index: Index,
        catalog: Catalog,
        words: Mapping[str, Sequence[str]],
        clock: Clock,
    ) -> None:
        self._store = store
        self._index = index
        self._finder = Finder(index=index)
        self._fitting = Fitting(catalog=catalog)
        self._catalog = catalog
        self._words = words
        self._clock = clock

    def search(
        self, words: str, *, target: str, limit: int, context: Sequence[str]
    ) -> tuple[list[Match], Mapping[str, tuple[str, ...]]]:
        """The best matches, best first, and what slips were read as."""
        asked = question(words, self._words, self._catalog, target=target)
        result = self._finder.find(asked, limit=limit + SPARE, now=self._clock())
        more = any(len(hit.groups) > 1 for hit in result.hits)
        hits = [hit for hit in result.hits if len(hit.groups) > 1 or not more]
        about = self._fitting.asked(words, context=context)
        matches = [match for match in self._matches(hits, asked.target) if not self._about(match).apart(about)]
        return _once(matches)[:limit], result.instead

    def like(self, target_key: str, symptom: str) -> Match | None:
        """The known issue that a new investigation is probably about; None where none is alike enough."""
        asked = question(symptom, self._words, self._catalog, target=target_key)
        if not any(not group.target for group in asked.groups):
            return None
        result = self._finder.find(asked, limit=10, now=self._clock())
        hits = [hit for hit in result.hits if hit.head.kind == ISSUE and _alike(hit, target_key)]
        about = self._fitting.trouble(target_key, symptom)
        fitting = (match for match in self._matches(hits, target_key) if not self._about(match).apart(about))
        return next((match for match in fitting if self._matters(match)), None)

    def _matches(self, hits: Sequence[Hit], target: str) -> list[Match]:
        issues = self._store.several([hit.head.record_id for hit in hits if hit.head.kind == ISSUE])
        learned = self._index.learned([hit.head.record_id for hit in hits if hit.head.kind == INVESTIGATION])
        matches = []
        for hit in hits:
            own = hit.head.kind == ISSUE
            match = Match(
                issue=issues.get(hit.head.record_id) if own else None,
                learned=None if own else learned.get(hit.head.record_id),
                why=tuple(group.said for group in hit.groups),
                target=target if target in hit.head.targets else "",
                score=hit.score,
                covered=hit.covered,
            )
            matches += [match] if match.issue or match.learned else []
        return matches

    def _about(self, match: Match) -> Mentions:
        if match.issue:
            return self._fitting.issue(match.issue)
        return self._fitting.learned(match.learned) if match.learned else Mentions()

    def _matters(self, match: Match) -> bool:
        closed_at = match.issue.issue.closed_at if match.issue and match.issue.issue.closed else None
        return not closed_at or (self._clock() - closed_at).days <= CLOSED_RECENTLY_DAYS


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


def _alike(hit: Hit, target: str) -> bool:
    words = [group for group in hit.groups if not group.target]
    return hit.covered >= ALIKE and len(words) >= ALIKE_WORDS and (target in hit.head.targets or not hit.head.targets)
