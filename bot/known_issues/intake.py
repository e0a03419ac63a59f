"""What trackers tell, compared with what is stored, and stored, each in one transaction with all that changed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from attrs import define

from bot.known_issues import changes as compared
from bot.known_issues.mapping import IssueMapping, read
from bot.known_issues.model import Change, ChangeKind, IssueReading, IssueState, KnownIssue, Release, TrackerIssue
from bot.known_issues.search.index import Document, Index
from bot.known_issues.store import ChangeLog, KnownIssueStore, TrackerStore, TwinStore
from bot.known_issues.twins import are_twins
from bot.records import Service
from bot.signals import Signal
from bot.targets.model import Catalog
from bot.tasks import others_first

ISSUE = "issue"
"""The kind of a known issue's document."""
PAGE = 20
"""How many issues are read from the database at once."""


PORTION, PORTION_SIZE = 25, 10_000
"""How many issues, and of what size together, are stored without a pause."""
_LINE = 5
"""The cost of a line beside its characters, counted in characters."""


@dataclass(frozen=True, slots=True)
class Events:
    """What this room tells those above, each in the transaction that stores it."""

    changed: Signal[Sequence[tuple[KnownIssue, Change]]] = field(default_factory=Signal)
    """Issues with what changed in them."""
    released: Signal[Sequence[Release]] = field(default_factory=Signal)
    """Releases that are new."""
    joined: Signal[int, int] = field(default_factory=Signal)
    """A known issue turned out to be another one: its number, and that of the other."""
    aged: Signal[str] = field(default_factory=Signal)
    """A tracker does not answer any more, or answers again."""
    answered: Signal[str, bool] = field(default_factory=Signal)
    """A tracker answers; whether it did not before, or was not asked yet."""
    hurried: Signal[str] = field(default_factory=Signal)
    """Somebody wants a tracker to be asked at once."""


@define(kw_only=True, eq=False, repr=False, slots=False)
class Intake(Service):
    """Reads issues by their tracker's mapping. `progress` says how far trackers were read and whether they answer."""

    store: KnownIssueStore
    progress: TrackerStore
    _index: Index
    _catalog: Catalog
    _mappings: Mapping[str, IssueMapping]

    def __attrs_post_init__(self) -> None:
        self.log = ChangeLog(database=self._records.database, store=self.store)
        self.events = Events()
        self._twins = TwinStore(database=self._records.database)
        self._answering: set[str] = set()

    def applied(self, tracker: str, issues: Iterable[TrackerIssue], *, cursor: str) -> list[Change]:
        """Store a page of changes and the cursor after it; applying an issue again changes nothing."""
        with self._database.transaction():
            changes = self.heard(issues)
            self.progress.reached(tracker, cursor)
        return changes

    def heard(self, issues: Iterable[TrackerIssue]) -> list[Change]:
        """Store what was told of single issues; the cursor stays where it is."""
        with self._database.transaction():
            return self._tell([pair for issue in issues for pair in self._apply(issue)])

    def rechecked(self, tracker: str, issues: Mapping[str, TrackerIssue | None]) -> list[Change]:
        """Store what became of issues by uid: None is gone. A moved one keeps its uid."""
        with self._database.transaction():
            pairs = [pair for issue in issues.values() if issue for pair in self._apply(issue)]
            lost = [uid for uid, issue in issues.items() if issue is None]
            return self._tell(pairs + [pair for uid in lost for pair in self._gone(tracker, uid)])

    def released(self, tracker: str, releases: Sequence[Release]) -> list[Release]:
        """Store releases; those that are new. What a tracker had before it was known is no news.

        Nor is it when it comes into sight later: trackers show their newest releases, and some are taken back.
        """
        with self._database.transaction():
            first = not self.store.has_releases(tracker)
            began_at = self.progress.began_at(tracker)
            put = [release for release in releases if self.store.put_release(release)]
            new = [release for release in put if release.since(began_at) or (not first and release.undated)]
            if new:
                self.events.released.tell(new)
        return new

    def answered(self, tracker: str) -> None:
        """All that had changed is stored: the data is as of now."""
        with self._database.transaction():
            before = self.progress.age(tracker, tracker)
            again = before.failing_since is not None or tracker not in self._answering
            self._answering.add(tracker)
            self.progress.answered(tracker)
            self.events.answered.tell(tracker, again)
            if before.failing_since is not None or before.as_of is None:
                self.events.aged.tell(tracker)

    def failed(self, tracker: str, reason: str) -> None:
        """Stores that it does not answer; the first failure in a row says since when."""
        with self._database.transaction():
            first = self.progress.age(tracker, tracker).failing_since is None
            self.progress.failed(tracker, reason)
            if first:
                self.events.aged.tell(tracker)

    def called(self, issue_id: int, name: str) -> None:
        """People ask for it by this name too."""
        with self._database.transaction():
            self.store.called(issue_id, name)

    async def reread(self, version: str) -> None:
        """Read everything again where `version` (of mapping and targets) is not the one it was read by."""
        for tracker in self._mappings:
            if self.progress.mapping(tracker) == version:
                continue
            after = 0
            while True:
                with self._database.transaction():
                    after = self._reread_page(tracker, after=after)
                    if not after:
                        self.progress.mapped(tracker, version)
                        break
                await others_first()  # the page is committed

    def marks(self, tracker: str) -> tuple[str, ...]:
        """Labels by which an issue that support makes is found by support again."""
        mapping = self._mappings.get(tracker, IssueMapping())
        first = (
            next((mark for mark in marks if "=" not in mark), "") for marks in (mapping.known, mapping.customer_facing)
        )
        return tuple(dict.fromkeys(mark for mark in first if mark))

    def _reread_page(self, tracker: str, *, after: int) -> int:
        """Read a page of stored issues by another mapping than before; the last id of the page, 0 at the end.

        Nothing is news that only the configuration changed, so no change is stored; the rooms above are told.
        """
        page = self.store.all_of(tracker, after=after, limit=PAGE)
        pairs: list[tuple[KnownIssue, Change]] = []
        last = 0
        for before in page[: at_once(known.issue for known in page)]:
            last = before.id
            reading = self._read(before.issue)
            if reading == before.reading and not before.gone_at:
                self._document(before)
                continue
            gone_at = before.gone_at
            known = self.store.put(before.issue, reading)
            if gone_at:
                self.store.gone(before.id, gone_at)
                continue
            self._document(known)
            changes = compared.changes(before, before.issue, reading, self._clock())
            pairs += [(known, change) for change in changes if change.kind is not ChangeKind.NEW]
        self._tell(pairs)
        return last

    def _apply(self, issue: TrackerIssue) -> list[tuple[KnownIssue, Change]]:
        before = self.store.by_uid(issue.tracker, issue.uid) or self._adopted(issue)
        if before and before.issue.url != issue.url:
            issue = self._joined(before, issue)
            self.store.called(before.id, before.issue.key, before.issue.url)
        issue = _still_out(before, issue)
        if before and before.issue == issue and not before.gone_at:
            self.store.checked(before.id)
            return []
        reading = self._read(issue)
        known = self.store.put(issue, reading)
        self._document(known)
        if before:
            changes = compared.changes(before, issue, reading, self._clock())
        else:
            new = compared.worth_telling(reading) and issue.updated_at >= self.progress.began_at(issue.tracker)
            changes = [compared.first(known.id, issue, self._clock())] if new else []
        return [(known, self.log.add(change)) for change in changes]

    def _adopted(self, issue: TrackerIssue) -> KnownIssue | None:
        """One that another project had before is the same to us."""
        known = self.store.elsewhere(issue)
        if known:
            self.store.rehome(known.id, issue)
        return known

    def _joined(self, before: KnownIssue, issue: TrackerIssue) -> TrackerIssue:
        """Joins a moved issue with the record of its new place: our older number stays, with the newer identity."""
        other = self.store.elsewhere(issue)
        if not other or other.id == before.id:
            return issue
        issue = replace(issue, tracker=other.issue.tracker, uid=other.issue.uid)
        self._index.drop(ISSUE, other.id)
        self.store.join(other, into=before.id)
        self.store.rehome(before.id, issue)
        self.events.joined.tell(other.id, before.id)
        return issue

    def _gone(self, tracker: str, uid: str) -> list[tuple[KnownIssue, Change]]:
        before = self.store.by_uid(tracker, uid)
        if not before:
            return []
        if before.gone_at:
            self.store.checked(before.id)
            return []
        self.store.gone(before.id)
        self._index.drop(ISSUE, before.id)
        now = self._clock()
        change = Change(before.id, now, ChangeKind.GONE, before=before.issue.key)
        return [(replace(before, gone_at=now), self.log.add(change))]

    def _read(self, issue: TrackerIssue) -> IssueReading:
        return read(issue, self._mappings.get(issue.tracker, IssueMapping()), self._catalog)

    def _document(self, known: KnownIssue) -> None:
        """Only what support should find by itself can be found."""
        self._pair(known)
        if not known.reading.known or known.gone_at:
            self._index.drop(ISSUE, known.id)
            return
        self._index.put(
            Document(
                kind=ISSUE,
                record_id=known.id,
                targets=known.reading.targets,
                at=known.issue.updated_at,
                live=not known.issue.closed,
                title=known.issue.title,
                symptom=known.described,
                workaround=known.reading.workaround,
                aliases=" ".join((*known.issue.labels, *names(self._catalog, known.reading.targets))),
            )
        )

    def _pair(self, known: KnownIssue) -> None:
        """Stores which issues of other trackers are the same bug."""
        self._twins.names(known)
        others = self.store.several(self._twins.candidates(known.id)).values()
        self._twins.twins(known.id, [other.id for other in others if are_twins(known, other)])

    def _tell(self, pairs: Sequence[tuple[KnownIssue, Change]]) -> list[Change]:
        if pairs:
            self.events.changed.tell(pairs)
        return [change for _, change in pairs]


def _still_out(before: KnownIssue | None, issue: TrackerIssue) -> TrackerIssue:
    """Keeps a released issue released while its version stays: trackers list their newest releases only."""
    had = before.issue if before else None
    same = had and had.released and issue.state is IssueState.DONE and issue.fix_version == had.fix_version
    return replace(issue, released=True) if same else issue


def names(catalog: Catalog, keys: Iterable[str]) -> list[str]:
    """Returns the titles and aliases of targets."""
    targets = [catalog.named(key) for key in keys]
    return [name for target in targets for name in (target.title, *target.aliases)]


def size_of(issue: TrackerIssue) -> int:
    """Returns the cost of reading an issue in characters: those of its body and fields, and their lines."""
    return sum(len(text) + _LINE * text.count("\n") for text in (issue.title, issue.body, *issue.fields.values()))


def portions(issues: Sequence[TrackerIssue]) -> list[list[TrackerIssue]]:
    """All of them in order, in parts that are read and stored without a pause; one, perhaps empty, at least."""
    parts, rest = [], list(issues)
    while rest:
        count = at_once(rest)
        parts.append(rest[:count])
        rest = rest[count:]
    return parts or [[]]


def at_once(issues: Iterable[TrackerIssue]) -> int:
    """How many of the first ones make a portion: one at least, where there is one."""
    count, size = 0, 0
    for issue in issues:
        size += size_of(issue)
        if count == PORTION or (count and size > PORTION_SIZE):
            break
        count += 1
    return count
