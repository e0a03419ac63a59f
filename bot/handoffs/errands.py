"""What has to be done outside for handoffs, each thing once, again and again until it is done."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from attrs import define

from bot.database import StorageError
from bot.errors import OutsideError, SecondLineError
from bot.handoffs.model import DESK_ERRANDS, TRACKER_ERRANDS, Errand, ErrandKind, Handoff, body_text
from bot.handoffs.service import HandoffService
from bot.handoffs.store import HandoffStore
from bot.handoffs.told import TICKET_NEWS, TicketNews, ticket_news
from bot.investigations.evidence import EvidenceService
from bot.investigations.knowledge import KnowledgeService
from bot.investigations.model import EventKind
from bot.investigations.service import InvestigationService
from bot.known_issues.model import IssueDraft
from bot.known_issues.service import KnownIssueService
from bot.records import Loop
from bot.tickets.answering import HangOutcome, RefusalKind
from bot.tickets.desk import DeskError, HelpDesk, TicketRefused

logger = logging.getLogger(__name__)

RETRY_S = 30.0
LONG_S = 60.0
"""Who asks for a wait as long as this is waited for, and people are told until when."""


@define(kw_only=True, eq=False, repr=False, slots=False)
class Errands(Loop):
    """The loop. Every errand can be repeated: the stamp finds what an earlier try has left outside."""

    _store: HandoffStore
    _handoffs: HandoffService
    _investigations: InvestigationService
    _evidence: EvidenceService
    _known: KnownIssueService
    _knowledge: KnowledgeService
    _desk: HelpDesk | None

    def __attrs_post_init__(self) -> None:
        self._began = False
        self._run = {
            ErrandKind.CREATE: self._create,
            ErrandKind.EVIDENCE: self._add_evidence,
            ErrandKind.TRIAGE: self._comment,
            ErrandKind.ASSIGN: self._assign,
            ErrandKind.PROBLEM: self._make_problem,
            ErrandKind.HANG: self._hang,
            ErrandKind.TICKETS: self._tell_of_tickets,
        }

    async def run(self) -> None:
        """Never returns. At the start what waits for the desk is tried at once: somebody may have mended it."""
        if not self._began:
            with self._database.transaction():
                self._hurry(DESK_ERRANDS, given_up=True)
        self._began = True
        await super().run()

    async def turn(self) -> datetime | None:
        """Do what is due."""
        while due := self._store.due(self._clock()):
            for errand in due:
                await self._try(errand)
        return self._store.next_due_at(self._clock())

    def answered(self, tracker: str, again: bool) -> None:
        """What waits for it goes on; what was given up too, where it answers `again`, perhaps with another token.

        In the caller's transaction.
        """
        self._hurry(TRACKER_ERRANDS, tracker=tracker, given_up=again)

    def _hurry(self, kinds: Sequence[ErrandKind], *, tracker: str = "", given_up: bool) -> None:
        for number in self._store.hurry(kinds, tracker=tracker, given_up=given_up):
            self._handoffs.show(number, human=False)

    async def _try(self, listed: Errand) -> None:
        """Tries the errand as it is now: a decision or a later handoff may have overtaken it meanwhile."""
        errand = self._store.errand(listed.id)
        if errand.done_at:
            return
        try:
            await self._run[errand.kind](errand, self._handoffs.get(errand.handoff_id))
        except StorageError:
            raise  # the errand is as it was, and is tried again when the loop begins anew
        except OutsideError as error:
            self._failed(errand, error.reason, retry_s=(error.retry_after_s or RETRY_S) if error.retry else None)
        except SecondLineError as error:
            self._failed(errand, error.sentence, retry_s=None)  # such as a tracker that is not configured any more

    def _failed(self, errand: Errand, reason: str, *, retry_s: float | None) -> None:
        logger.warning("%s of handoff %d: %s", errand.kind, errand.handoff_id, reason)
        next_at = self._clock() + timedelta(seconds=retry_s or 0.0)
        with self._database.transaction():
            long = retry_s is not None and retry_s >= LONG_S
            self._store.failed(errand, reason=reason, next_at=next_at, given_up=retry_s is None, long=long)
            self._handoffs.show(self._store.errand(errand.id).handoff_id, human=False)

    async def _create(self, errand: Errand, handoff: Handoff) -> None:
        asked, body = handoff.draft, body_text(handoff, self._evidence.overview(handoff.investigation_id))
        draft = IssueDraft(asked.title, body, priority=asked.priority)
        known = await self._known.create(draft, tracker=asked.tracker, stamp=errand.stamp)
        with self._database.transaction():
            now = self._store.errand(errand.id)
            if now.done_at:  # handed over again into another issue, while the tracker made this one
                key, number = known.issue.key, handoff.investigation_id
                logger.warning("%s was made, and INV-%d is about another issue", key, number)
                return
            self._store.became(now.handoff_id, known.id)
            self._knowledge.became(handoff.investigation_id, known.id, by=handoff.handed_by)
            text = f"{known.issue.key} was made"
            self._investigations.record_event(handoff.investigation_id, EventKind.ISSUE, by=None, text=text)
            self._finish(errand)

    async def _add_evidence(self, errand: Errand, handoff: Handoff) -> None:
        text = body_text(handoff, self._evidence.overview(handoff.investigation_id))
        await self._say(errand, handoff, text)

    async def _comment(self, errand: Errand, handoff: Handoff) -> None:
        await self._say(errand, handoff, errand.detail)

    async def _say(self, errand: Errand, handoff: Handoff, text: str) -> None:
        if handoff.issue_id is not None:
            await self._known.comment(handoff.issue_id, text, stamp=errand.stamp)
        with self._database.transaction():
            self._finish(errand)

    async def _tell_of_tickets(self, errand: Errand, handoff: Handoff) -> None:
        """Which tickets came and went; nobody reads it in an issue that is closed."""
        issue_id = handoff.issue_id
        reads = issue_id is not None and not self._known.get(issue_id).issue.closed
        news = self._settled(errand, handoff) if reads else None
        if issue_id is not None and news:
            await self._known.comment(issue_id, news.text, stamp=errand.stamp)
        with self._database.transaction():
            self._finish(errand)
            if news:
                self._handoffs.tickets_told(handoff.id, news)

    def _settled(self, errand: Errand, handoff: Handoff) -> TicketNews | None:
        if errand.detail:
            return TICKET_NEWS.read(errand.detail)
        news = ticket_news(handoff, self._evidence.overview(handoff.investigation_id).collected)
        if news:
            with self._database.transaction():
                self._store.settle(errand.id, TICKET_NEWS.write(news))
        return news

    async def _assign(self, errand: Errand, handoff: Handoff) -> None:
        if handoff.issue_id is not None and errand.detail == handoff.assignee:
            await self._known.assign(handoff.issue_id, errand.detail)
        with self._database.transaction():
            self._finish(errand)

    async def _make_problem(self, errand: Errand, handoff: Handoff) -> None:
        desk = self._configured()
        problem = await desk.open_problem(errand.stamp, subject=handoff.draft.title, note=_note(handoff))
        with self._database.transaction():
            self._store.problem_is(self._store.errand(errand.id).handoff_id, problem.id, problem.url)
            self._finish(errand)

    async def _hang(self, errand: Errand, handoff: Handoff) -> None:
        """Hangs all tickets that are left; those that are to be tried again keep the errand open."""
        desk = self._configured()
        hung = self._store.hung(handoff.id)
        left = [ticket.ticket_id for ticket in hung if not ticket.hung and not ticket.failure]
        rows = await self._hung(desk, errand, handoff, left) if handoff.problem_id and left else []
        again = [row for row in rows if row.retry]
        with self._database.transaction():
            for row in rows:
                if not row.retry:
                    self._store.hang(handoff.id, row.ticket_id, failure=row.reason)
            if not again:
                self._finish(errand)
        if again:
            raise DeskError("Zendesk", again[0].reason, retry=True, retry_after_s=again[0].retry_after_s)

    async def _hung(self, desk: HelpDesk, errand: Errand, handoff: Handoff, ticket_ids: list[int]) -> list[HangOutcome]:
        """Makes another problem ticket where it is closed or gone; this errand's stamp finds that again."""
        before = handoff.problem_id or 0
        try:
            return await desk.hang(before, ticket_ids)
        except TicketRefused as error:
            if error.kind is RefusalKind.REFUSED:
                raise
        problem = await desk.open_problem(errand.stamp, subject=handoff.draft.title, note=_note(handoff))
        with self._database.transaction():
            self._store.problem_is(self._store.errand(errand.id).handoff_id, problem.id, problem.url)
            self._handoffs.problem_became(before, problem.id)
        return await desk.hang(problem.id, ticket_ids)

    def _configured(self) -> HelpDesk:
        if not self._desk:
            raise DeskError("Zendesk", "it is no longer set up", retry=False)
        return self._desk

    def _finish(self, errand: Errand) -> None:
        self._store.done(errand)
        self._handoffs.show(self._store.errand(errand.id).handoff_id, human=False)


def _note(handoff: Handoff) -> str:
    """For agents only."""
    return f"INV-{handoff.investigation_id}: {handoff.draft.title}. Its incidents are answered when it is over."
