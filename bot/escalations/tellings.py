"""What a step says, made of the escalation's record, and handed to its way."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

from attrs import define

from bot.escalations.ladder_model import LadderRun, Step
from bot.escalations.ladder_store import LadderStore
from bot.escalations.ladders import post_key
from bot.escalations.model import EscalationPost, plain_body
from bot.escalations.service import EscalationService
from bot.escalations.telling import Asked, Failure, FailureKind, Telling, TellingOutcome, Ways
from bot.investigations.model import card_key
from bot.messages.model import Rank
from bot.records import Service

END_VIEW = "ladder_end"
OPEN_QUESTION_VIEW = "ladder_open_question"
LOCATE_S = 2.0


@define(kw_only=True, eq=False, repr=False, slots=False)
class Tellings(Service):
    """`Telling.key` is of the step alone: the same on every retry."""

    _store: LadderStore
    _escalations: EscalationService
    _ways: Ways
    _permalink: Callable[[str, str], Awaitable[str]]

    def owe(self, step_id: int) -> bool:
        """In the caller's transaction; False where the bot has no such way."""
        step = self._found(step_id)
        way = self._ways.owed.get(step.rung.way)
        if not way:
            return False
        way.owe(self._asked(step))
        return True

    async def tell(self, step_id: int) -> TellingOutcome:
        """By a system outside. Trouble there is an outcome."""
        step = self._found(step_id)
        way = self._ways.outside.get(step.rung.way)
        if not way:
            return TellingOutcome(failure=Failure(FailureKind.NOT_CONFIGURED))
        run = self._store.run(step.run_id)
        return await way.tell(step.recipients, self._telling(step, run, self._escalations.posted(run.escalation_id)))

    def asked(self, step_id: int) -> tuple[Asked, EscalationPost] | None:
        """As a message in Slack shows it now, beside the post."""
        step = self._store.step(step_id)
        return (self._asked(step), self._posted(step)) if step else None

    def _posted(self, step: Step) -> EscalationPost:
        return self._escalations.posted(self._store.run(step.run_id).escalation_id)

    def overdue(self, step_id: int) -> tuple[Step, EscalationPost] | None:
        step = self._store.step(step_id)
        return (step, self._posted(step)) if step else None

    async def locate(self, run: LadderRun) -> None:
        """Ask once where the post is, for who reads about it elsewhere; a Slack that is slow holds nobody up."""
        sent = self._owed.place_of(post_key(run.escalation_id))
        if not sent or run.post_url:
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LOCATE_S):
                url = await self._permalink(*sent)
                with self._database.transaction():
                    self._store.run_became(run.id, post_url=url)

    def changed(self, run: LadderRun, *, human: bool) -> None:
        """The post, and the investigation's card, which says who is asked now. In the caller's transaction."""
        self._owed.changed(post_key(run.escalation_id), human=human)
        investigation = self._escalations.get(run.escalation_id).investigation_id
        self._owed.changed(card_key(investigation), human=False)

    def owe_end(self, run: LadderRun) -> None:
        """Nobody answered: whoever escalated it is told, in the thread."""
        posted = self._escalations.posted(run.escalation_id)
        place, by = posted.investigation.thread, posted.escalation.escalated_by
        key = f"ladder_end/{run.id}/{run.round}"
        self._owed.post(key, view=END_VIEW, record_id=run.escalation_id, place=place, for_user=by, rank=Rank.URGENT)

    def owe_reminder(self, run: LadderRun) -> None:
        """A question of management waits for an answer: the owner, and whoever escalated, are told once more."""
        posted = self._escalations.posted(run.escalation_id)
        key = f"ladder_question/{run.escalation_id}/{len(posted.escalation.questions)}"
        place = posted.investigation.thread
        self._owed.post(key, view=OPEN_QUESTION_VIEW, record_id=run.escalation_id, place=place, rank=Rank.URGENT)

    def _asked(self, step: Step) -> Asked:
        run = self._store.run(step.run_id)
        posted = self._escalations.posted(run.escalation_id)
        return Asked(
            step_id=step.id,
            way=step.rung.way,
            recipients=step.recipients,
            mention=step.mention,
            thread=posted.investigation.thread,
            telling=self._telling(step, run, posted),
            escalated_by=posted.escalation.escalated_by,
            escalated_at=posted.escalation.escalated_at,
            late=step.late,
        )

    def _telling(self, step: Step, run: LadderRun, posted: EscalationPost) -> Telling:
        links, escalation = self._ways.links, posted.escalation
        return Telling(
            key=f"ladder-{run.escalation_id}-{step.id}",
            escalation_id=run.escalation_id,
            name=posted.investigation.name,
            title=posted.title,
            request=escalation.draft.needed,
            body=plain_body(posted),
            priority=escalation.priority,
            post_url=run.post_url,
            acknowledge_url=links.acknowledge_url(step.id) if links else "",
            wrong=escalation.draft.wrong,
            impact=escalation.draft.affected,
        )

    def _found(self, step_id: int) -> Step:
        step = self._store.step(step_id)
        assert step, step_id
        return step
