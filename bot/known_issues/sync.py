"""Keeps what a tracker says in step with what is stored: a loop per tracker."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from attrs import define

from bot.clock import Clock
from bot.due_loop import backoff_s
from bot.known_issues.intake import PAGE, Intake, portions
from bot.known_issues.model import TrackerIssue
from bot.known_issues.tracker import Tracker, TrackerError
from bot.known_issues.wire import circular
from bot.paging import Trail
from bot.tasks import others_first, turned, woken

logger = logging.getLogger(__name__)

REFRESH_S = 180.0
RECHECK_S = 1_800.0
RELEASES_S = 300.0
STALE_LIMIT = 20
POKED_MAX = 50
"""Issues that webhooks name and that are read by themselves; of more than these, the list of changes tells."""
RELABELLED_MAX = 200
"""Issues that are read again one by one after labels changed unseen; the others come by their own time."""
GATHER_S = 1.0
"""A burst of webhooks is one turn."""
AFTER_POKE_S = 20.0
"""After a poke it looks once more: lists and searches show changes late."""
BACKOFF_S = 15.0
BACKOFF_MAX_S = 900.0
PAGES_MAX = 5_000
"""Pages of one turn: a server that always has more must not hold up the rest."""
STALE_PAGES = 10
"""Pages in a row without anything new; a few are usual where many issues changed in one second."""


@define(kw_only=True, eq=False, repr=False, slots=False)
class Sync:
    """The loop of one tracker. `run` never returns; `poke` makes it look at once."""

    _tracker: Tracker
    _intake: Intake
    _clock: Clock
    _refresh_s: float = REFRESH_S
    _recheck_s: float = RECHECK_S
    _releases_s: float = RELEASES_S
    _gather_s: float = GATHER_S
    _after_poke_s: float = AFTER_POKE_S

    def __attrs_post_init__(self) -> None:
        self._store, self._progress = self._intake.store, self._intake.progress
        self._wake, self._hurried = asyncio.Event(), asyncio.Event()
        self._poked: dict[str, None] = {}
        self._failures = 0
        self._labels: set[str] | None = None
        self._recheck_at: datetime | None = None
        self._releases_at: datetime | None = None
        """When each is due again, None for now."""

    @property
    def name(self) -> str:
        return self._tracker.name

    def poke(self, uid: str = "", *, releases: bool = False) -> None:
        """Look at once: at the issue `uid` by itself where one is named, and at releases where those changed."""
        if uid and len(self._poked) < POKED_MAX:
            self._poked[uid] = None
        if releases:
            self._releases_at = None
        self._wake.set()

    def hurry(self) -> None:
        """Look at once, also where the tracker asked for silence: a person wants it."""
        self._hurried.set()
        self._wake.set()

    async def run(self) -> None:
        while True:
            poked = self._wake.is_set()
            self._wake.clear()
            self._hurried.clear()
            wait_s = await self.turn()
            turned()
            if self._failures:
                # A webhook must not make it ask a tracker that asked for silence.
                await woken(self._hurried, within_s=wait_s)
                continue
            await woken(self._wake, within_s=min(wait_s, self._after_poke_s) if poked else wait_s)
            if self._wake.is_set():
                await asyncio.sleep(self._gather_s)

    async def turn(self) -> float:
        """Everything that is due, page by page; seconds until the next turn."""
        try:
            await self._changes()
            await self._named()
            await self._due()
        except TrackerError as error:
            return self._failed(error)
        if self._failures:
            logger.info("%s answers again", self._tracker.title)
        self._failures = 0
        self._intake.answered(self.name)
        return self._refresh_s

    async def _changes(self) -> None:
        """Page after page. A server that goes in a circle, or on for ever with nothing new, is left alone."""
        trail, passed, stale = Trail(self._progress.cursor(self.name), most=PAGES_MAX + 2), set[_Seen](), 0
        for _ in range(PAGES_MAX):
            before = self._progress.cursor(self.name)
            page = await self._tracker.changes(before)
            *first, last = portions(page.issues)
            for portion in first:
                self._intake.applied(self.name, portion, cursor=before)
                await others_first()
            self._intake.applied(self.name, last, cursor=page.cursor)
            await others_first()
            if not page.more:
                await self._relabelled(page.labels)
                return
            new = {(issue.uid, issue.updated_at) for issue in page.issues} - passed
            passed |= new
            stale = 0 if new else stale + 1
            if trail.circles(page.cursor) or stale >= STALE_PAGES:
                raise circular(self._tracker.title)

    async def _relabelled(self, labels: Sequence[str] | None) -> None:
        """Labels that were renamed or deleted while nobody looked are on stored issues still: those are read again."""
        if labels is None or set(labels) == self._labels:
            return
        relabelled: list[TrackerIssue] = []
        after = 0
        while len(relabelled) < RELABELLED_MAX:
            page, after = self._store.labelled_otherwise(self.name, labels, after=after, limit=PAGE)
            relabelled += page
            if not after:
                break
            await others_first()
        if relabelled:
            await self._recheck_these(relabelled[:RELABELLED_MAX])
        self._labels = set(labels)

    async def _named(self) -> None:
        """Reads the issues that webhooks named, which are kept until then."""
        uids = tuple(self._poked)
        if issues := self._stored(uids):
            await self._recheck_these(issues)
        for uid in uids:
            self._poked.pop(uid, None)

    async def _due(self) -> None:
        now = self._clock()
        if not self._releases_at or now >= self._releases_at:
            self._releases_at = now
            await self._read_releases()
            if self._releases_at:  # else a webhook told of one meanwhile, which may not be among those that were read
                self._releases_at = now + timedelta(seconds=self._releases_s)
        if not self._recheck_at or now >= self._recheck_at:
            if issues := self._store.stale(self.name, STALE_LIMIT):
                await self._recheck_these(issues)
            self._recheck_at = now + timedelta(seconds=self._recheck_s)

    async def _read_releases(self) -> None:
        """A release changes none of the issues that it closes in their tracker's eyes: these are read again."""
        releases = await self._tracker.releases()
        uids = tuple(dict.fromkeys(uid for release in releases for uid in release.issue_uids))
        waiting = [issue for issue in self._stored(uids) if not issue.released]
        self._intake.released(self.name, releases)
        if waiting:
            await self._recheck_these(waiting)

    def _stored(self, uids: Sequence[str]) -> list[TrackerIssue]:
        return [known.issue for known in self._store.with_uids(self.name, uids)] if uids else []

    async def _recheck_these(self, issues: Sequence[TrackerIssue]) -> None:
        became = await self._tracker.recheck(issues)
        for portion in portions([issue for issue in became.values() if issue]):
            self._intake.rechecked(self.name, {issue.uid: issue for issue in portion})
            await others_first()
        if gone := {uid: None for uid, issue in became.items() if issue is None}:
            self._intake.rechecked(self.name, gone)

    def _failed(self, error: TrackerError) -> float:
        """Longer each time; what the tracker asks for is the least."""
        self._failures += 1
        self._intake.failed(self.name, error.reason)
        logger.warning("%s: %s", self._tracker.title, error.reason)
        wait_s = backoff_s(self._failures, first_s=BACKOFF_S, longest_s=BACKOFF_MAX_S, asked_s=error.retry_after_s)
        return wait_s if error.retry else max(wait_s, self._refresh_s)


_Seen = tuple[str, datetime]
"""An issue as it was at one time."""


class Syncs:
    """All loops by the name of their tracker."""

    def __init__(self, syncs: Sequence[Sync]) -> None:
        self.all = tuple(syncs)
        self._named = {sync.name: sync for sync in syncs}

    def hurry(self, tracker: str) -> None:
        """Makes the loop of a tracker look at once, also while it keeps silent; ignores unknown names."""
        if sync := self._named.get(tracker):
            sync.hurry()

    def poke(self, tracker: str, uid: str = "", releases: bool = False) -> None:
        """Makes the loop of a tracker look at once; ignores unknown names."""
        if sync := self._named.get(tracker):
            sync.poke(uid, releases=releases)
