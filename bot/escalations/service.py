"""Escalating an investigation to management, and their answer."""

import contextlib
from collections.abc import Sequence

from bot.database import StorageError, Taken
from bot.errors import BadInput, NotFound
from bot.escalations.model import (
    Escalation,
    EscalationDraft,
    EscalationPost,
    EscalationQuestion,
    EscalationSettings,
    PreparedForm,
    drafted,
    drafted_again,
    require_parts_short,
    updated,
)
from bot.escalations.store import EscalationStore
from bot.field_limits import require_short
from bot.investigations.evidence import EvidenceService
from bot.investigations.model import EventKind, Investigation, Move
from bot.investigations.service import InvestigationService
from bot.investigations.update_model import Update
from bot.people import NotInGroup
from bot.probes.batch import ProbeRun, report_key, reports_key
from bot.probes.bundle import bundle
from bot.records import Records


class StillWaiting(BadInput):
    """An earlier escalation of the investigation is not acknowledged yet."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is escalated and waits for an answer. Nobody was notified again.")


class Withdrawn(BadInput):
    """The investigation was closed and escalated again since; that one counts."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} was escalated again later. Answer that one.")


def post_key(escalation_id: int) -> str:
    return f"escalation/{escalation_id}"


class EscalationService:
    """The post to management is owed in the same transaction as the record of it, so it exists once or not at all."""

    def __init__(
        self,
        *,
        records: Records,
        store: EscalationStore,
        investigations: InvestigationService,
        evidence: EvidenceService,
        settings: EscalationSettings,
    ) -> None:
        self._database = records.database
        self._store = store
        self._owed = records.owed
        self._people = records.people
        self._settings = settings
        self._investigations = investigations
        self._evidence = evidence

    async def prepare(self, investigation_id: int, *, by: str) -> PreparedForm:
        """What the form shows: what the person closed it with, else what was typed in an earlier escalation.

        Raises NotTier2, IllegalMove, StillWaiting.
        """
        await self._people.require_tier2(by)
        overview = self._evidence.overview(investigation_id)
        self.check(investigation_id)
        kept = self._store.kept(investigation_id, by)
        if kept:
            return PreparedForm(overview, updated(kept[0], overview), kept[1])
        last = self._store.latest_for(investigation_id)
        return PreparedForm(
            overview, drafted_again(last.draft, overview, self._settings.zone) if last else drafted(overview)
        )

    def keep(self, investigation_id: int, draft: EscalationDraft, *, by: str) -> None:
        """The person has not sent this yet: the form begins with it next time.

        Nothing is kept of what can't be escalated now, such as what was sent a moment ago. What can't be saved is saved
        with the next letter: nobody is told of each.
        """
        with contextlib.suppress(BadInput, NotFound, StorageError), self._database.transaction():
            self.check(investigation_id)
            self._store.keep(investigation_id, draft, by=by)

    def check(self, investigation_id: int) -> None:
        """Whether it can be escalated now. Raises IllegalMove, StillWaiting."""
        investigation = self._investigations.get(investigation_id)
        investigation.after(Move.ESCALATE)
        latest = self._store.latest_for(investigation_id)
        if latest and not latest.acknowledged_at and not self._closed_since(latest):
            raise StillWaiting(investigation.name)

    async def escalate(self, investigation_id: int, draft: EscalationDraft, *, by: str) -> Escalation:
        """Post to management with the tickets linked and the reports attached, once. Raises TooLong."""
        await self._people.require_tier2(by)
        require_parts_short(draft)
        mention, note = await self._people.management_mention()
        try:
            with self._database.transaction():
                self._withdraw_unanswered(investigation_id)
                onset = self._evidence.overview(investigation_id).onset
                self._investigations.escalated(investigation_id, by=by, text=draft.wrong)
                number = self._store.escalate(investigation_id, draft, onset, mention=mention, mention_note=note, by=by)
                self._store.forget(investigation_id)
                self._owe(number, by)
        except Taken as error:
            raise StillWaiting(f"INV-{investigation_id}") from error
        return self.get(number)

    async def acknowledge(self, escalation_id: int, *, by: str) -> Escalation:
        """Only management may, and only the first counts. Raises NotInGroup, Withdrawn."""
        await self._require_manager(by)
        with self._database.transaction():
            escalation = self.get(escalation_id)
            if escalation.withdrawn_at:
                raise Withdrawn(f"INV-{escalation.investigation_id}")
            if self._store.acknowledge(escalation_id, by):
                self._tell_of_answer(escalation, by)
                self._owed.changed(post_key(escalation_id), human=True)
        return self.get(escalation_id)

    def _tell_of_answer(self, escalation: Escalation, by: str) -> None:
        """Whoever escalated waits for it, and an edit notifies nobody."""
        number, waits = escalation.investigation_id, escalation.escalated_by
        event = self._investigations.record_event(number, EventKind.ACKNOWLEDGED, by=by, text="", about=waits)
        if waits != by:
            self._investigations.say(number, event, by=by)

    async def acknowledge_latest(self, investigation_id: int, *, by: str) -> Escalation:
        """What `ack` in a thread means."""
        escalation = self._store.latest_for(investigation_id)
        if not escalation:
            raise NotFound(f"INV-{investigation_id} has not been escalated.")
        return await self.acknowledge(escalation.id, by=by)

    async def may_ask(self, escalation_id: int, *, by: str) -> Escalation:
        """Management, while an answer of theirs is awaited. Raises NotInGroup, Withdrawn, BadInput."""
        await self._require_manager(by)
        escalation = self.get(escalation_id)
        if escalation.withdrawn_at:
            raise Withdrawn(f"INV-{escalation.investigation_id}")
        if escalation.acknowledged_at or not self._investigations.get(escalation.investigation_id).live:
            raise BadInput(f"INV-{escalation.investigation_id} needs no answer any more. Ask in its thread.")
        return escalation

    async def ask(self, escalation_id: int, question: str, *, by: str) -> None:
        """Management needs more: the question goes into the thread, to the owner. Raises as `may_ask` does.

        Somebody who sent the form again because it seemed lost has asked once.
        """
        if not question.strip():
            raise BadInput("Write what you need to know.")
        require_short(question, "A question")
        await self.may_ask(escalation_id, by=by)
        with self._database.transaction():
            escalation = self.get(escalation_id)
            if (by, question) in ((earlier.asked_by, earlier.question) for earlier in escalation.questions):
                return
            number = self._store.asked(escalation_id, question, by=by)
            self._investigations.record_event(escalation.investigation_id, EventKind.QUESTION, by=by, text=question)
            self._owed.changed(post_key(escalation_id), human=True)
            place = self._investigations.get(escalation.investigation_id).thread
            self._owed.post(f"question/{number}", view="question", record_id=number, place=place, for_user=by)

    async def _require_manager(self, user: str) -> None:
        managers = await self._people.managers()
        if user not in managers:
            raise NotInGroup(user, self._settings.handle, known=bool(managers))

    def get(self, escalation_id: int) -> Escalation:
        """Raises NotFound."""
        escalation = self._store.get(escalation_id)
        if not escalation:
            raise NotFound("That escalation does not exist.")
        return escalation

    def latest(self, investigation_id: int) -> Escalation | None:
        """The last escalation of an investigation, None where there was none."""
        return self._store.latest_for(investigation_id)

    def posted(self, escalation_id: int) -> EscalationPost:
        """The escalation with its tickets and probe runs, as the post shows them."""
        escalation = self.get(escalation_id)
        overview = self._evidence.overview(escalation.investigation_id)
        tickets = overview.collected.tickets if overview.collected else ()
        runs = [run for batch in overview.batches for run in batch.runs if run.id in escalation.draft.runs]
        return EscalationPost(
            escalation=escalation,
            investigation=overview.investigation,
            tickets=tuple(ticket for ticket in tickets if ticket.ticket_id in escalation.draft.tickets),
            runs=tuple(sorted(runs, key=lambda run: run.label != overview.target.title)),
            links={run.id: self._owed.file_link(report_key(run.id)) or "" for run in runs},
            file=self._owed.file_link(reports_key(_measured(runs))) or "",
            update=_since(overview.words.for_management, escalation),
        )

    def question(self, question_id: int) -> tuple[Investigation, EscalationQuestion, str] | None:
        """What was asked about which investigation, and who escalated that."""
        asked = self._store.question(question_id)
        if not asked:
            return None
        escalation = self.get(asked[0])
        return self._investigations.get(escalation.investigation_id), asked[1], escalation.escalated_by

    def updated(self, investigation_id: int) -> None:
        """Management has news of an investigation, in the transaction of it: the post shows the newest."""
        if latest := self._store.latest_for(investigation_id):
            self._owed.changed(post_key(latest.id), human=True)

    def _withdraw_unanswered(self, investigation_id: int) -> None:
        """An escalation that nobody answered before its investigation was closed waits no longer."""
        latest = self._store.latest_for(investigation_id)
        if latest and not latest.acknowledged_at and self._closed_since(latest):
            self._store.withdraw(latest.id)
            self._owed.changed(post_key(latest.id), human=False)

    def _closed_since(self, escalation: Escalation) -> bool:
        """Whether the investigation was closed after its latest escalation; the timeline's order decides."""
        events = self._evidence.overview(escalation.investigation_id).events
        moves = (EventKind.RESOLVED, EventKind.DISMISSED, EventKind.ESCALATED)
        last = next((event.kind for event in reversed(events) if event.kind in moves), EventKind.ESCALATED)
        return last is not EventKind.ESCALATED

    def _owe(self, escalation_id: int, by: str) -> None:
        """The post first, then one file with all reports. It is sent once, and linked by every later escalation that
        has the same."""
        posted = self.posted(escalation_id)
        place, key = posted.investigation.thread, post_key(escalation_id)
        self._owed.post(key, view="escalation", record_id=escalation_id, place=place, broadcast=True, for_user=by)
        runs = _measured(posted.runs)
        file = bundle(runs, about=posted.investigation.target)
        if file and self._owed.file_link(reports_key(runs)) is None:
            self._owed.file(
                reports_key(runs), name=file.name, title=file.title, text=file.text, place=place, for_user=by, after=key
            )


def _since(update: Update | None, escalation: Escalation) -> Update | None:
    """What was told before is part of what was escalated."""
    return update if update and update.at >= escalation.escalated_at else None


def _measured(runs: Sequence[ProbeRun]) -> list[ProbeRun]:
    """Those with a report that is whole."""
    return [run for run in runs if run.result and not run.refining]
