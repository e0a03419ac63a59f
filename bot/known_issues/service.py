"""What support does with known issues: find, read, make, comment; and what trackers tell of them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.errors import NotFound
from bot.known_issues.intake import PAGE, Intake, names
from bot.known_issues.model import Age, Change, IssueDraft, KnownIssue, Learned, Link, Release, TrackerIssue, Verdict
from bot.known_issues.naming import Naming, NoTracker
from bot.known_issues.search.index import Document, Index
from bot.known_issues.search.matcher import INVESTIGATION, Matcher
from bot.known_issues.search.query import Match, Matches
from bot.known_issues.store import KnownIssueStore, TrackerStore
from bot.known_issues.tracker import Account, Tracker
from bot.known_issues.twins import once
from bot.records import Records
from bot.targets.model import Catalog
from bot.tasks import others_first


class KnownIssueService:
    """`search` and `like` answer from what is stored; `read`, `create` and `comment` ask the tracker."""

    def __init__(
        self,
        *,
        records: Records,
        store: KnownIssueStore,
        progress: TrackerStore,
        index: Index,
        intake: Intake,
        catalog: Catalog,
        trackers: Sequence[Tracker],
        words: Mapping[str, Sequence[str]],
    ) -> None:
        self._database = records.database
        self._store = store
        self._progress = progress
        self._index = index
        self._intake = intake
        self._matcher = Matcher(store=store, index=index, catalog=catalog, words=words, clock=records.clock)
        self._catalog = catalog
        self._trackers = {tracker.name: tracker for tracker in trackers}
        self._naming = Naming(database=records.database, store=store, trackers=tuple(trackers), heard=self.heard)
        self._clock = records.clock
        self.events = intake.events
        self._heard: set[str] = set()
        progress.begin(self._trackers)

    @property
    def trackers(self) -> Mapping[str, str]:
        """Titles for people by name; empty where none is configured."""
        return {name: tracker.title for name, tracker in self._trackers.items()}

    def get(self, issue_id: int) -> KnownIssue:
        """Raises NotFound."""
        found = self._store.get(issue_id)
        if not found:
            raise NotFound(f"There is no KI-{issue_id}.")
        return found

    def with_uid(self, tracker: str, uid: str) -> KnownIssue | None:
        return self._store.by_uid(tracker, uid)

    def by_uid(self, tracker: str, uids: Sequence[str]) -> list[TrackerIssue]:
        """The stored ones among these, as their tracker last told them."""
        return [found.issue for found in self._store.with_uids(tracker, uids)]

    def recent(self, limit: int) -> list[KnownIssue]:
        """Known ones, the newest change first."""
        return once(self._store.recent(limit))

    def named(self, text: str) -> KnownIssue:
        """A stored issue by what people write: "KI-31", key or address. Raises NotFound."""
        return self._naming.named(text)

    def marked(self) -> list[KnownIssue]:
        """Open ones that support hears of by itself and that are P0, P1, pending, or found by QA."""
        return once(self._store.marked())

    def search(self, words: str, *, target: str | None = None, limit: int = 5, context: Sequence[str] = ()) -> Matches:
        """The best hits among known issues and our own resolved investigations, best first.

        Nothing of another platform or target, or about something else that is asked. One word alone counts only where
        nothing has more of the question. `context` is what the investigation is about in which somebody asks.
        """
        found, instead = self._matcher.search(words, target=target or "", limit=limit, context=context)
        return Matches(tuple(found), tuple(self.ages()), instead)

    def like(self, target_key: str, symptom: str) -> Match | None:
        """The known issue that a new investigation is probably about; None where none is alike enough.

        It must have most of the symptom's words, two at least, be of the same target or of none, and be open or
        closed lately; and nothing that both say may contradict that.
        """
        return self._matcher.like(target_key, symptom)

    def ages(self) -> list[Age]:
        """Per tracker as of when its data is, and since when it does not answer."""
        return [self._progress.age(name, tracker.title) for name, tracker in self._trackers.items()]

    def age(self, tracker: str) -> Age:
        """The same of one; one that is not configured any more has none."""
        return self._progress.age(tracker, self.trackers.get(tracker, tracker))

    async def read(self, text: str) -> KnownIssue:
        """As `named`; a key or an address that nobody knew is asked of the trackers, and stored.

        Raises NotFound, NoTracker, TrackerError.
        """
        return await self._naming.read(text)

    async def create(self, draft: IssueDraft, *, tracker: str, stamp: str) -> KnownIssue:
        """A new issue that support will find, once per stamp. Raises TrackerError, NoTracker."""
        marked = replace(draft, labels=tuple(dict.fromkeys([*draft.labels, *self._intake.marks(tracker)])))
        return self._naming.stored(await self._tracker(tracker).create(marked, stamp=stamp))

    async def comment(self, issue_id: int, text: str, *, stamp: str) -> str:
        """Say something on an issue (Markdown), once per stamp; its address. Raises as `read`."""
        found = self.get(issue_id)
        return await self._tracker(found.issue.tracker).comment(found.issue, text, stamp=stamp)

    async def assignable(self, issue_id: int) -> tuple[Account, ...]:
        """To whom its tracker can assign it. Raises as `read`."""
        return await self._tracker(self.get(issue_id).issue.tracker).assignable()

    async def assign(self, issue_id: int, account: str) -> None:
        """Raises as `read`."""
        found = self.get(issue_id)
        await self._tracker(found.issue.tracker).assign(found.issue, account)

    def hurry(self, tracker: str) -> None:
        """Somebody wants it to be asked at once, though it may have asked for silence."""
        if found := self._trackers.get(tracker):
            found.hurry()
            self.events.hurried.tell(tracker)

    def applied(self, tracker: str, issues: Sequence[TrackerIssue], *, cursor: str) -> list[Change]:
        """A page of what a tracker told, stored with the cursor after it."""
        with self._database.transaction():
            changes = self._intake.applied(issues)
            self._progress.reached(tracker, cursor)
        return changes

    def heard(self, issues: Sequence[TrackerIssue]) -> list[Change]:
        """The same for what a webhook told; the cursor stays where it is."""
        with self._database.transaction():
            return self._intake.applied(issues)

    def cursor_of(self, tracker: str) -> str:
        """Where `changes` goes on; "" at the beginning."""
        return self._progress.cursor(tracker)

    def answered(self, tracker: str) -> None:
        """All that had changed is stored: the data is as of now."""
        with self._database.transaction():
            before = self.age(tracker)
            again = before.failing_since is not None or tracker not in self._heard
            self._heard.add(tracker)
            self._progress.answered(tracker)
            self.events.answered.tell(tracker, again)
            self._aged(tracker, before.failing_since is not None or before.as_of is None)

    def failed(self, tracker: str, reason: str, *, since: datetime | None = None) -> None:
        """It does not answer; the first failure in a row says since when."""
        with self._database.transaction():
            first = self.age(tracker).failing_since is None
            self._progress.failed(tracker, reason, since or self._clock())
            self._aged(tracker, first)

    def labelled_otherwise(self, tracker: str, labels: Sequence[str], *, after: int) -> tuple[list[TrackerIssue], int]:
        """Of a page of stored issues those with a label that is none of these, and where the next page begins, or 0."""
        return self._store.labelled_otherwise(tracker, labels, after=after, limit=PAGE)

    def stale(self, tracker: str, limit: int) -> list[TrackerIssue]:
        """Open or linked issues that were longest not heard of, to be asked about again."""
        return self._store.stale(tracker, limit)

    def rechecked(self, tracker: str, found: Mapping[str, TrackerIssue | None]) -> list[Change]:
        """What became of them by uid: None is gone. A moved one keeps its uid."""
        with self._database.transaction():
            return self._intake.rechecked(tracker, found)

    def released(self, tracker: str, releases: Sequence[Release]) -> list[Release]:
        """Store releases; those that are new and came out since the tracker is known."""
        with self._database.transaction():
            return self._intake.released(tracker, releases)

    def releases(self, tracker: str, limit: int = 10) -> list[Release]:
        """Newest first."""
        return self._store.releases(tracker, limit)

    def changes_since(self, moment: datetime) -> list[tuple[KnownIssue, Change]]:
        """Everything that changed after `moment`, oldest first, each with its issue as it is now."""
        return self._store.changes_since(moment)

    def change(self, change_id: int) -> Change | None:
        return self._store.change(change_id)

    def changes_of(self, issue_id: int) -> list[Change]:
        """Everything that changed in one issue, oldest first."""
        return self._store.changes_of(issue_id)

    def link(self, investigation_id: int, issue_id: int, verdict: Verdict, *, by: str = "") -> Link:
        """What somebody decided, in the caller's transaction."""
        link = Link(investigation_id, issue_id, verdict, by, self._clock())
        return replace(link, id=self._store.link(link))

    def link_named(self, link_id: int) -> Link | None:
        return self._store.link_named(link_id)

    def linked(self, verdict: Verdict = Verdict.IT_IS) -> list[int]:
        """Issues that any investigation is about."""
        return self._store.linked_issues(verdict)

    def links_of(self, investigation_id: int) -> list[Link]:
        return self._store.links_of(investigation_id)

    def about(self, investigation_id: int) -> list[KnownIssue]:
        """The known issues that people say an investigation is about."""
        links = self._store.links_of(investigation_id)
        return once(self.get(link.issue_id) for link in links if link.verdict is Verdict.IT_IS)

    def same(self, issue_id: int) -> list[int]:
        """An issue and the same bug in other trackers; the one that counts for all of them first."""
        found = self.get(issue_id)
        both = [found, *(self.get(twin.id) for twin in found.also)]
        first = [each.id for each in once(both)]
        return list(dict.fromkeys([*first, *(each.id for each in both)]))

    def links_to(self, issue_id: int) -> list[Link]:
        return self._store.links_to(issue_id)

    def learned(self, found: Learned) -> None:
        """A resolved investigation can be found from now on, in the caller's transaction."""
        self._index.put(
            Document(
                kind=INVESTIGATION,
                record_id=found.investigation_id,
                targets=(found.target,),
                at=found.at,
                live=False,
                title=found.root_cause,
                symptom=found.symptom,
                workaround=found.workaround,
                aliases=" ".join(names(self._catalog, [found.target])),
            )
        )

    def unlearned(self, investigation_id: int) -> None:
        """It was reopened, in the caller's transaction."""
        self._index.drop(INVESTIGATION, investigation_id)

    async def reread(self, version: str) -> None:
        """Read everything again where `version` (of mapping and targets) is not the one it was read by."""
        for name in self._trackers:
            if self._progress.mapping(name) == version:
                continue
            after = 0
            while True:
                with self._database.transaction():
                    after = self._intake.reread(name, after=after)
                    if not after:
                        self._progress.mapped(name, version)
                        break
                await others_first()  # the page is committed

    def _aged(self, tracker: str, changed: bool) -> None:
        """What is shown of its issues says how old it is."""
        if changed:
            self.events.aged.tell(tracker)

    def _tracker(self, name: str) -> Tracker:
        try:
            return self._trackers[name]
        except KeyError:
            raise NoTracker(name) from None
