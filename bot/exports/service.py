"""Copies of stories in trackers: asked for by people, sent once, tried again until the tracker takes them."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo

from attrs import define

from bot.due_loop import backoff_s
from bot.errors import BadInput, OutsideError, SecondLineError, existing
from bot.exports.store import CopyStore
from bot.exports.tracker_copy import (
    NOTHING_FILLED_IN,
    CopyForm,
    CopyState,
    FilledIn,
    ShownCopy,
    TrackerCopy,
    WhoWasTold,
    copy_text,
    digest_of,
)
from bot.field_limits import require_short
from bot.handoffs.service import HandoffService
from bot.investigations.evidence import EvidenceService
from bot.investigations.model import EventKind
from bot.investigations.service import InvestigationService
from bot.known_issues.model import KnownIssue
from bot.known_issues.service import KnownIssueService
from bot.records import Loop

logger = logging.getLogger(__name__)

RETRY_S, RETRY_MAX_S = 15.0, 900.0


class NoIssue(BadInput):
    """An investigation is about no issue that a tracker would take a comment on."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} is about no issue of a tracker yet. Send it to Tier 3, or press *It Is* on a known issue."
        )


class CopyThere(BadInput):
    """The issue has, or is about to get, the same already."""

    def __init__(self, copy: TrackerCopy, key: str) -> None:
        there = copy.state is CopyState.SENT
        super().__init__(
            f"{key} has exactly this already. Nothing has changed since." if there else f"This is on its way to {key}."
        )


def copy_key(copy_id: int) -> str:
    return f"story-copy/{copy_id}"


@define(kw_only=True, eq=False, repr=False, slots=False)
class CopyService(Loop):
    """Sends what people asked for, and keeps the message in the thread true. `zone` is that of the times in a copy,
    `told` knows who was told of an investigation."""

    _store: CopyStore
    _investigations: InvestigationService
    _evidence: EvidenceService
    _known: KnownIssueService
    _handoffs: HandoffService
    _told: Callable[[int], WhoWasTold]
    _zone: tzinfo

    def issues(self, investigation_id: int) -> tuple[KnownIssue, ...]:
        """Those that it is about and that can take a copy: what Tier 3 has first."""
        about = [issue for issue in self._known.about(investigation_id) if self._takes_comments(issue)]
        progress = self._handoffs.progress(investigation_id)
        first = progress.issue.id if progress and progress.issue else None
        return tuple(sorted(about, key=lambda issue: issue.id != first))

    def untold(self, investigation_id: int) -> tuple[KnownIssue, ...]:
        """Those of them that have no copy, and none on its way."""
        told = {copy.issue_id for copy in self._store.of(investigation_id)}
        return tuple(issue for issue in self.issues(investigation_id) if issue.id not in told)

    def copies(self, investigation_id: int) -> list[ShownCopy]:
        """All that were asked for, oldest first."""
        return [self._shown(copy) for copy in self._store.of(investigation_id)]

    async def prepare(self, investigation_id: int, *, by: str, filled: FilledIn = NOTHING_FILLED_IN) -> CopyForm:
        """What would go out. Raises NotTier2, NotFound, NoIssue."""
        await self._people.require_tier2(by)
        overview, issues = self._evidence.overview(investigation_id), self.issues(investigation_id)
        if not issues:
            raise NoIssue(overview.investigation.name)
        text = copy_text(overview, filled, self._zone, self._told(investigation_id))
        return CopyForm(overview, issues, dict(self._known.trackers), text)

    async def send(self, investigation_id: int, issue_id: int, filled: FilledIn, *, by: str) -> ShownCopy:
        """Owe the issue a copy of the story as it is now. Raises NotTier2, NoIssue, CopyThere, TooLong."""
        require_short(filled.went_well, "What went well")
        require_short(filled.open_questions, "The open questions")
        form = await self.prepare(investigation_id, by=by, filled=filled)
        issue = next((issue for issue in form.issues if issue.id == issue_id), None)
        if not issue:
            raise NoIssue(form.overview.investigation.name)
        with self._database.transaction():
            same = [copy for copy in self._store.of(investigation_id) if copy.issue_id == issue_id]
            last = next((copy for copy in reversed(same) if copy.digest == digest_of(form.text)), None)
            if last and last.state is not CopyState.FAILED:
                raise CopyThere(last, issue.issue.key)
            number = last.id if last else self._store.want(investigation_id, issue_id, form.text, by=by)
            self._store.again(number)
            place = self._investigations.get(investigation_id).thread
            self._owed.card(copy_key(number), view="story_copy", record_id=number, place=place, for_user=by)
            self._owed.changed(copy_key(number), human=True)
        self._wake.set()
        return self.get(number)

    async def retry(self, copy_id: int, *, by: str) -> None:
        """Somebody mended what was in the way. Raises NotTier2, NotFound."""
        await self._people.require_tier2(by)
        copy = self.get(copy_id)
        with self._database.transaction():
            if self._store.again(copy_id):
                self._owed.changed(copy_key(copy_id), human=True)
        self._known.hurry(copy.issue.issue.tracker)
        self._wake.set()

    def get(self, copy_id: int) -> ShownCopy:
        """Raises NotFound."""
        return self._shown(existing(self._store.get(copy_id), "That copy does not exist."))

    def answered(self, tracker: str, again: bool) -> None:
        """A tracker answers: what waits for it goes on, in the caller's transaction."""
        for copy in self._store.unsent():
            waits = copy.failing_since and (again or copy.state is CopyState.WANTED)
            if waits and self._known.get(copy.issue_id).issue.tracker == tracker and self._store.again(copy.id):
                self._wake.set()

    async def turn(self) -> datetime | None:
        """Send what is due."""
        for copy in self._store.due(self._clock()):
            await self._send(copy)
        return self._store.next_due_at()

    async def _send(self, copy: TrackerCopy) -> None:
        try:
            url = await self._known.comment(copy.issue_id, copy.text, stamp=copy.stamp)
        except OutsideError as error:
            logger.warning("the story of INV-%d: %s", copy.investigation_id, error.sentence)
            self._failed(copy, error.reason, self._later(copy, error) if error.retry else None)
        except SecondLineError as error:
            self._failed(copy, error.sentence, None)  # such as a tracker that is not configured any more
        else:
            with self._database.transaction():
                self._store.sent(copy.id, url)
                text = f"{self._known.get(copy.issue_id).issue.key} has the story of this"
                self._investigations.record_event(copy.investigation_id, EventKind.ISSUE, by=None, text=text)
                self._owed.changed(copy_key(copy.id), human=False)

    def _failed(self, copy: TrackerCopy, reason: str, next_at: datetime | None) -> None:
        with self._database.transaction():
            self._store.failed(copy.id, reason, next_at=next_at)
            self._owed.changed(copy_key(copy.id), human=False)

    def _later(self, copy: TrackerCopy, error: OutsideError) -> datetime:
        wait_s = backoff_s(copy.attempts + 1, first_s=RETRY_S, longest_s=RETRY_MAX_S, asked_s=error.retry_after_s)
        return self._clock() + timedelta(seconds=wait_s)

    def _takes_comments(self, issue: KnownIssue) -> bool:
        return not issue.gone_at and issue.issue.tracker in self._known.trackers

    def _shown(self, copy: TrackerCopy) -> ShownCopy:
        issue = self._known.get(copy.issue_id)
        tracker = issue.issue.tracker
        return ShownCopy(copy, issue, self._known.trackers.get(tracker, tracker))
