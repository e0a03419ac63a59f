"""What support does with known issues: find, read, make, comment."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from attrs import define, field

from bot.errors import existing
from bot.known_issues.intake import Intake, names
from bot.known_issues.links import IssueLinks
from bot.known_issues.model import Age, Change, ChangeKind, IssueDraft, KnownIssue, Learned, LinkVerdict, Suggestion
from bot.known_issues.naming import Naming, NoTracker
from bot.known_issues.search.index import Document, Index
from bot.known_issues.search.matcher import INVESTIGATION, IssueMatcher
from bot.known_issues.search.query import Found, Matches
from bot.known_issues.store import KnownIssueStore, TrackerStore
from bot.known_issues.tracker import Account, Tracker
from bot.known_issues.twins import once
from bot.records import Records
from bot.targets.model import Catalog


@define(kw_only=True, eq=False, repr=False, slots=False)
class KnownIssueService:
    """Answers from what is stored, but `create`, `comment`, `assignable` and `assign`, which ask the tracker.

    What its parts know is asked of them: `naming` (which issue people mean), `matcher` (what an investigation is
    probably about), `links` (what people decided), `log` (what changed), `intake` (what trackers tell).
    """

    _records: Records
    _store: KnownIssueStore
    _progress: TrackerStore
    _index: Index
    intake: Intake
    _catalog: Catalog
    _configured: Sequence[Tracker] = field(alias="trackers")
    matcher: IssueMatcher

    def __attrs_post_init__(self) -> None:
        database, self._clock = self._records.database, self._records.clock
        self._trackers = {tracker.name: tracker for tracker in self._configured}
        self.events, self.log = self.intake.events, self.intake.log
        self.links = IssueLinks(database=database, clock=self._clock)
        self.naming = Naming(store=self._store, trackers=tuple(self._configured), intake=self.intake)
        self._progress.begin(self._trackers)

    @property
    def trackers(self) -> Mapping[str, str]:
        """Titles for people by name; empty where none is configured."""
        return {name: tracker.title for name, tracker in self._trackers.items()}

    def get(self, issue_id: int) -> KnownIssue:
        """Raises NotFound."""
        return existing(self._store.get(issue_id), f"There is no KI-{issue_id}.")

    def with_uid(self, tracker: str, uid: str) -> KnownIssue | None:
        return self._store.by_uid(tracker, uid)

    def recent(self, limit: int) -> list[KnownIssue]:
        """Known ones, the newest change first."""
        return once(self._store.recent(limit))

    def marked(self) -> list[KnownIssue]:
        """Open ones that support hears of by itself and that are P0, P1, pending, or found by QA."""
        return once(self._store.marked())

    def several(self, issue_ids: Sequence[int]) -> list[KnownIssue]:
        """Those of these that there are, in their order."""
        there = self._store.several(issue_ids)
        return [there[number] for number in issue_ids if number in there]

    def urgent_and_linked(self) -> list[int]:
        """Open ones of the first two priorities that people say any investigation is about."""
        return self._store.urgent_and_linked()

    def groups(self, issue_ids: Collection[int]) -> dict[int, list[int]]:
        """Each of these with the same bug in other trackers, for counting many at once."""
        return self._store.groups(issue_ids)

    def search(self, words: str, *, target: str | None = None, limit: int = 5, context: Sequence[str] = ()) -> Matches:
        """The best hits among known issues and our own resolved investigations, best first.

        Nothing of another platform or target, or about something else that is asked. One word alone counts only where
        nothing has more of the question. `context` is what the investigation is about in which somebody asks.
        """
        hits, instead = self.matcher.search(words, target=target or "", limit=limit, context=context)
        return self.matches(Found(tuple(hits), instead))

    def matches(self, found: Found) -> Matches:
        """The same with the age of what it comes from."""
        return Matches(found.hits, tuple(self.ages()), found.instead)

    def ages(self) -> list[Age]:
        """Per tracker as of when its data is, and since when it does not answer."""
        return [self._progress.age(name, tracker.title) for name, tracker in self._trackers.items()]

    def age(self, tracker: str) -> Age:
        """Returns the age of one tracker's data; empty for a tracker that is not configured any more."""
        return self._progress.age(tracker, self.trackers.get(tracker, tracker))

    async def create(self, draft: IssueDraft, *, tracker: str, stamp: str) -> KnownIssue:
        """A new issue that support will find, once per stamp. Raises TrackerError, NoTracker."""
        marked = replace(draft, labels=tuple(dict.fromkeys([*draft.labels, *self.intake.marks(tracker)])))
        return self.naming.stored(await self._tracker(tracker).create(marked, stamp=stamp))

    async def comment(self, issue_id: int, text: str, *, stamp: str) -> str:
        """Say something on an issue (Markdown), once per stamp; its address. Raises as `assign`."""
        known = self.get(issue_id)
        return await self._tracker(known.issue.tracker).comment(known.issue, text, stamp=stamp)

    async def assignable(self, issue_id: int) -> tuple[Account, ...]:
        """Returns the accounts that its tracker can assign it to. Raises as `assign`."""
        return await self._tracker(self.get(issue_id).issue.tracker).assignable()

    async def assign(self, issue_id: int, account: str) -> None:
        """Raises NotFound, NoTracker, TrackerError."""
        known = self.get(issue_id)
        await self._tracker(known.issue.tracker).assign(known.issue, account)

    def regressed(self, issue_id: int) -> bool:
        """Customers write about it again although its fix is out, in the caller's transaction.

        False where that was said since its release.
        """
        known = self.get(issue_id)
        if self.has_regressed(issue_id):
            return False
        change = Change(issue_id, self._clock(), ChangeKind.REGRESSED, after=known.issue.fix_version)
        self.events.changed.tell([(known, self.log.add(change))])
        return True

    def has_regressed(self, issue_id: int) -> bool:
        """Whether that was said, and nothing was released since."""
        of_releases = (ChangeKind.RELEASED, ChangeKind.REGRESSED)
        kinds = [change.kind for change in self.log.of(issue_id) if change.kind in of_releases]
        return kinds[-1:] == [ChangeKind.REGRESSED]

    def released_at(self, issue_id: int) -> datetime | None:
        """Since when its fix is out, as far as the bot has seen it come out."""
        moments = [change.at for change in self.log.of(issue_id) if change.kind is ChangeKind.RELEASED]
        return max(moments, default=None)

    def hurry(self, tracker: str) -> None:
        """Somebody wants it to be asked at once, though it may have asked for silence."""
        if port := self._trackers.get(tracker):
            port.hurry()
            self.events.hurried.tell(tracker)

    def about(self, investigation_id: int) -> list[KnownIssue]:
        """The known issues that people say an investigation is about."""
        links = self.links.of(investigation_id)
        return once(self.get(link.issue_id) for link in links if link.verdict is LinkVerdict.IT_IS)

    def suggested(self, investigation_id: int) -> Suggestion | None:
        """What an investigation may be about, and nobody has said yet whether it is."""
        links = self.links.of(investigation_id)
        link = next((link for link in links if link.verdict is LinkVerdict.SUGGESTED), None)
        if not link:
            return None
        known = self.get(link.issue_id)
        return Suggestion(link, known, self.age(known.issue.tracker))

    def same(self, issue_id: int) -> list[int]:
        """An issue and the same bug in other trackers; the one that counts for all of them first."""
        known = self.get(issue_id)
        both = [known, *(self.get(twin.id) for twin in known.also)]
        first = [issue.id for issue in once(both)]
        return list(dict.fromkeys([*first, *(issue.id for issue in both)]))

    def learned(self, lesson: Learned) -> None:
        """A resolved investigation can be found from now on, in the caller's transaction."""
        self._index.put(
            Document(
                kind=INVESTIGATION,
                record_id=lesson.investigation_id,
                targets=(lesson.target,),
                at=lesson.at,
                live=False,
                title=lesson.root_cause,
                symptom=lesson.symptom,
                workaround=lesson.workaround,
                aliases=" ".join(names(self._catalog, [lesson.target])),
            )
        )

    def unlearned(self, investigation_id: int) -> None:
        """Forgets an investigation that was reopened, in the caller's transaction."""
        self._index.drop(INVESTIGATION, investigation_id)

    def _tracker(self, name: str) -> Tracker:
        try:
            return self._trackers[name]
        except KeyError:
            raise NoTracker(name) from None
