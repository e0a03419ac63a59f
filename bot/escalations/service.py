"""Escalating an investigation to management, and their answer."""

import contextlib
from collections.abc import Sequence
from datetime import datetime
from itertools import takewhile

from attrs import define

from bot.database import StorageError, Taken
from bot.errors import BadInput, NotAllowed, NotFound, existing
from bot.escalations.ladder_model import LIVE_RUNS, LadderRun, RunState, StepState
from bot.escalations.ladders import Ladders, post_key
from bot.escalations.links import LinkedEscalation
from bot.escalations.model import (
    SENT_TO_TIER_3,
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
from bot.escalations.telling import WayKind
from bot.field_limits import require_short
from bot.investigations.evidence import EvidenceService
from bot.investigations.model import Event, EventKind, Investigation, Move
from bot.investigations.moving import MOVED_AWAY
from bot.investigations.overview import NEED_NOBODY
from bot.investigations.service import InvestigationService
from bot.investigations.update_model import Update
from bot.messages.model import Place, Rank
from bot.people import NotInGroup
from bot.probes.batch import ProbeRun, report_key, reports_key
from bot.probes.bundle import bundle
from bot.records import Service

STILL_VIEW = "ladder_still"
_STOPPED = {EventKind.RESOLVED: "resolved", EventKind.DISMISSED: "dismissed", EventKind.HANDED_OFF: SENT_TO_TIER_3}
"""How the post says what made the ladder needless."""
_ANSWERS = (EventKind.NOTE, EventKind.UPDATED)
"""What answers a question of management."""


class StillWaiting(BadInput):
    """An earlier escalation of the investigation is not acknowledged yet."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is escalated and waits for an answer. Nobody was notified again.")


class Withdrawn(BadInput):
    """The investigation was closed before anybody answered, and perhaps escalated again; or somebody took it back."""

    def __init__(self, escalation: Escalation, *, again: bool) -> None:
        name = f"INV-{escalation.investigation_id}"
        if escalation.taken_back_by:
            super().__init__(f"The escalation of {name} was taken back. It needs no answer.")
        elif again:
            super().__init__(f"{name} was escalated again later. Answer that one.")
        else:
            super().__init__(f"{name} was closed and reopened. Its escalation needs no answer any more.")


@define(kw_only=True, eq=False, repr=False, slots=False)
class EscalationService(Service):
    """The post to management is owed in the same transaction as the record of it, so it exists once or not at all."""

    _store: EscalationStore
    _investigations: InvestigationService
    _evidence: EvidenceService
    _ladders: Ladders
    _settings: EscalationSettings

    def __attrs_post_init__(self) -> None:
        """What others ask is the store's to answer."""
        self.latest = self._store.latest_for

    async def prepare(self, investigation_id: int, *, by: str) -> PreparedForm:
        """What the form shows: what the person closed it with, else what was typed in an earlier escalation.

        Raises NotTier2, IllegalMove, StillWaiting.
        """
        await self._people.require_tier2(by)
        overview = self._evidence.overview(investigation_id)
        self.check(investigation_id)
        kept = self._store.kept(investigation_id, by)
        by_priority = self._settings.ladders.by_priority
        if kept:
            return PreparedForm(overview, updated(kept[0], overview), kept[1], by_priority)
        last = self._store.latest_for(investigation_id)
        draft = drafted_again(last.draft, overview, self._settings.zone) if last else drafted(overview)
        return PreparedForm(overview, draft, by_priority=by_priority)

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
        if latest and self._is_awaited(latest):
            raise StillWaiting(investigation.name)

    async def escalate(self, investigation_id: int, draft: EscalationDraft, *, by: str) -> Escalation:
        """Post to management with the tickets linked and the reports attached, once. Raises TooLong."""
        await self._people.require_tier2(by)
        require_parts_short(draft)
        prepared = await self._ladders.prepared(draft.priority)
        mention, note = await self._people.management_mention() if prepared.mentions_group else ("", "")
        try:
            with self._database.transaction():
                self._withdraw_unanswered(investigation_id, "escalated again")
                onset = self._evidence.overview(investigation_id).onset
                move, kind = Move.ESCALATE, EventKind.ESCALATED
                self._investigations.gone_to(investigation_id, move, kind, by=by, text=draft.wrong)
                number = self._store.escalate(investigation_id, draft, onset, mention=mention, mention_note=note, by=by)
                self._store.forget(investigation_id)
                self._ladders.begin(number, prepared, notifies=mention.startswith("<"))
                self._owe(number, by)
        except Taken as error:
            raise StillWaiting(f"INV-{investigation_id}") from error
        return self.get(number)

    async def acknowledge(self, escalation_id: int, *, by: str, channel: str = "") -> Escalation:
        """Only management may, and whom the ladder reached, also by a message in `channel`; only the first counts.

        Nobody else is told from then on. Raises NotInGroup, Withdrawn.
        """
        await self._require_reached(escalation_id, by, channel)
        return self._acknowledge(escalation_id, by, "")

    async def acknowledge_by_link(self, step_id: int) -> Escalation:
        """By the signed link of a step: whoever has it was reached. Raises NotFound, Withdrawn, Closed."""
        escalation_id, via = self._reached_by(step_id)
        return self._acknowledge(escalation_id, None, via)

    def linked(self, step_id: int) -> LinkedEscalation:
        """What the page behind a step's link shows. Raises NotFound."""
        escalation_id, via = self._reached_by(step_id)
        escalation = self.get(escalation_id)
        investigation = self._investigations.get(escalation.investigation_id)
        target = self._evidence.overview(investigation.id).target.title
        return LinkedEscalation(
            name=investigation.name,
            title=": ".join(filter(None, (target, investigation.symptom))),
            request=escalation.draft.needed,
            priority=escalation.priority,
            escalated_at=escalation.escalated_at,
            via=via,
            acknowledged_at=escalation.acknowledged_at,
            needed=self._is_awaited(escalation),
        )

    def _reached_by(self, step_id: int) -> tuple[int, str]:
        return existing(self._ladders.reached_by(step_id), "That escalation does not exist.")

    def _acknowledge(self, escalation_id: int, by: str | None, via: str) -> Escalation:
        with self._database.transaction():
            escalation = self.get(escalation_id)
            if escalation.withdrawn_at:
                raise Withdrawn(escalation, again=self._again(escalation))
            if self._store.acknowledge(escalation_id, by or "", via):
                self._ladders.acknowledged(escalation_id)
                number, waits = escalation.investigation_id, escalation.escalated_by
                self._investigations.tell(number, EventKind.ACKNOWLEDGED, by=by, text=via, about=waits)
                self._owed.changed(post_key(escalation_id), human=True)
        return self.get(escalation_id)

    async def take_back(self, escalation_id: int, *, by: str) -> Escalation:
        """Whoever escalated it, or the owner, needs no answer any more: nobody else is told. Raises NotAllowed."""
        with self._database.transaction():
            escalation = self.get(escalation_id)
            investigation = self._investigations.get(escalation.investigation_id)
            if by not in (escalation.escalated_by, investigation.owner):
                whom = (escalation.escalated_by, investigation.owner)
                raise NotAllowed("Only whoever escalated it, or the owner, can take it back.", who_can=whom)
            if escalation.withdrawn_at:
                return escalation
            if not self._is_awaited(escalation):
                raise BadInput(f"{investigation.name} waits for no answer, so there is nothing to take back.")
            self._store.withdraw(escalation_id, by=by)
            self._ladders.stop(escalation_id, "taken back")
            self._investigations.taken_back(investigation.id, by=by)
            self._owed.changed(post_key(escalation_id), human=True)
        return self.get(escalation_id)

    async def still_on_it(self, escalation_id: int, *, by: str) -> Escalation:
        """Whoever acknowledged it is asked again after the same time. Raises NotAllowed, BadInput."""
        with self._database.transaction():
            escalation = self._acknowledged_by(escalation_id, by)
            self._ladders.keep(escalation_id)
            self._owed.all_changed(STILL_VIEW, escalation_id, human=True)
        return escalation

    async def hand_back(self, escalation_id: int, *, by: str) -> Escalation:
        """Whoever acknowledged it can't: the ladder begins again. Raises NotAllowed, BadInput."""
        with self._database.transaction():
            self._acknowledged_by(escalation_id, by)
            self._back_to_work(escalation_id, EventKind.HANDED_BACK)
        return self.get(escalation_id)

    def expired(self, run: LadderRun) -> None:
        """The time of an acknowledgement is over: news prolong it; else whoever gave it is asked, alone, and then,
        without an answer, management again. In the walker's transaction.
        """
        escalation, expires = self.get(run.escalation_id), self._settings.ladders.expires
        investigation = self._investigations.get(escalation.investigation_id)
        if not investigation.live or not expires or not escalation.acknowledged_at:
            self._ladders.stop(run.escalation_id, "no answer needed")
            return
        news = _news(escalation, self._evidence.overview(investigation.id).events)
        if news + expires > self._clock() or (run.asked_at and news > run.asked_at):
            self._ladders.keep(run.escalation_id, since=news)
            self._owed.all_changed(STILL_VIEW, run.escalation_id, human=False)
        elif not run.asked_at:
            key = f"still/{run.id}/{self._ladders.asks_again(run.escalation_id).isoformat()}"
            place = Place(escalation.acknowledged_by) if escalation.acknowledged_by else investigation.thread
            self._owed.post(key, view=STILL_VIEW, record_id=run.escalation_id, place=place, rank=Rank.URGENT)
            self._owed.changed(post_key(run.escalation_id), human=False)
        else:
            self._back_to_work(run.escalation_id, EventKind.LAPSED)

    def recorded(self, investigation_id: int, kind: EventKind, by: str) -> None:
        """What happens to an investigation may answer a question of management, or make their answer needless."""
        latest = self._store.latest_for(investigation_id)
        if not latest or latest.withdrawn_at:
            return
        if kind in NEED_NOBODY:
            self._ladders.stop(latest.id, _STOPPED[kind])
            self._owed.changed(post_key(latest.id), human=True)
        elif kind in _ANSWERS and latest.questions and by != latest.questions[-1].asked_by:
            self._ladders.go_on(latest.id)
            self._answered(latest, by)

    def _answered(self, escalation: Escalation, by: str) -> None:
        """Whoever asked reads elsewhere: the first note that answers calls them, as every update does by itself."""
        asked_by = escalation.questions[-1].asked_by
        events = self._evidence.overview(escalation.investigation_id).events
        since = takewhile(lambda event: event.kind is not EventKind.QUESTION, reversed(events))
        answers = [event for event in since if event.kind in _ANSWERS and event.actor != asked_by]
        if len(answers) == 1 and answers[0].kind is EventKind.NOTE and escalation.acknowledged_by != asked_by:
            self._investigations.say(escalation.investigation_id, answers[0].id, by=by)

    def waits_for(self, investigation_id: int) -> tuple[str, datetime | None]:
        """Who of management was asked last, as a mention, and when; "" where that is all of them, or nobody."""
        latest = self._store.latest_for(investigation_id)
        run = self._ladders.of(latest.id) if latest and not latest.acknowledged_at else None
        begun = run.begun if run and run.state in LIVE_RUNS else ()
        last = next((step for step in reversed(begun) if step.state is StepState.TOLD), None)
        if not last or last.rung.way is not WayKind.DM or len(last.reached) != 1:
            return "", None
        return f"<@{last.reached[0]}>", last.told_at

    async def waiting_for(self, user: str) -> list[Escalation]:
        """Those without an answer that this person may give, by the age of their investigations."""
        manages = user in await self._people.managers()
        waiting = [escalation for escalation in self._latest() if self._is_awaited(escalation)]
        return [one for one in waiting if manages or self._ladders.may_acknowledge(one.id, user, "")]

    async def asks_by_hours(self, user: str) -> bool:
        """Whether a ladder goes by somebody's own working hours."""
        return await self._ladders.asks_by_hours(user)

    def asked_again(self, user: str) -> list[Escalation]:
        """Those that this person acknowledged, and is asked whether they are still on."""
        mine = [escalation for escalation in self._latest() if escalation.acknowledged_by == user]
        runs = [(escalation, self._ladders.of(escalation.id)) for escalation in mine]
        return [one for one, run in runs if run and run.asked_at and run.state is RunState.ACKNOWLEDGED]

    def _latest(self) -> list[Escalation]:
        """The one that counts of each investigation that is live."""
        latest = [self._store.latest_for(investigation.id) for investigation in self._investigations.live()]
        return [escalation for escalation in latest if escalation and not escalation.withdrawn_at]

    def unacknowledged(self) -> list[datetime]:
        """When each escalation began that waits for management: not of what ended, or is with Tier 3."""
        return [escalation.escalated_at for escalation in self._latest() if self._is_awaited(escalation)]

    def unanswered_since(self, investigation_id: int) -> datetime | None:
        """When the ladder was at its end without an answer; None where it isn't, or where nothing is configured."""
        latest = self._store.latest_for(investigation_id)
        run = self._ladders.of(latest.id) if latest and not latest.acknowledged_at else None
        return run.ended_at if run and run.configured and run.state is RunState.ENDED else None

    def _acknowledged_by(self, escalation_id: int, by: str) -> Escalation:
        """One that this person acknowledged; by a link nobody knows who did, so anybody may speak for it."""
        escalation = self.get(escalation_id)
        if not escalation.acknowledged_at:
            raise BadInput(f"INV-{escalation.investigation_id} is not acknowledged any more.")
        if escalation.acknowledged_by and escalation.acknowledged_by != by:
            raise NotAllowed("Only whoever acknowledged it can say that.", who_can=[escalation.acknowledged_by])
        return escalation

    def _back_to_work(self, escalation_id: int, kind: EventKind) -> None:
        escalation = self.get(escalation_id)
        number, who, via = escalation.investigation_id, escalation.acknowledged_by, escalation.acknowledged_via
        if self._needs_somebody(escalation) and self._store.unacknowledge(escalation_id):
            self._ladders.back_to_work(escalation_id)
            waits = escalation.escalated_by
            self._investigations.tell(number, kind, by=who or None, text=via, about=waits)
        else:
            self._ladders.stop(escalation_id, "no answer needed")
        self._owed.changed(post_key(escalation_id), human=True)
        self._owed.all_changed(STILL_VIEW, escalation_id, human=True)

    async def acknowledge_latest(self, investigation_id: int, *, by: str, channel: str = "") -> Escalation:
        """What `ack` in a thread means."""
        latest = self._store.latest_for(investigation_id)
        escalation = existing(latest, f"INV-{investigation_id} has not been escalated.")
        return await self.acknowledge(escalation.id, by=by, channel=channel)

    async def may_ask(self, escalation_id: int, *, by: str, channel: str = "") -> Escalation:
        """Whoever may acknowledge, while an answer is awaited. Raises NotInGroup, Withdrawn, BadInput."""
        await self._require_reached(escalation_id, by, channel)
        escalation = self.get(escalation_id)
        if escalation.withdrawn_at:
            raise Withdrawn(escalation, again=self._again(escalation))
        if not self._is_awaited(escalation):
            raise BadInput(f"INV-{escalation.investigation_id} needs no answer any more. Ask in its thread.")
        return escalation

    async def ask(self, escalation_id: int, question: str, *, by: str, channel: str = "") -> None:
        """Management needs more: the question goes into the thread, to the owner. Raises as `may_ask` does.

        Nobody else is called until it is answered by a note or an update.
        Somebody who sent the form again because it seemed lost has asked once.
        """
        if not question.strip():
            raise BadInput("Write what you need to know.")
        require_short(question, "A question")
        await self.may_ask(escalation_id, by=by, channel=channel)
        with self._database.transaction():
            escalation = self.get(escalation_id)
            if (by, question) in ((earlier.asked_by, earlier.question) for earlier in escalation.questions):
                return
            number = self._store.asked(escalation_id, question, by=by)
            self._ladders.pause(escalation_id)
            self._investigations.record_event(escalation.investigation_id, EventKind.QUESTION, by=by, text=question)
            self._owed.changed(post_key(escalation_id), human=True)
            place = self._investigations.get(escalation.investigation_id).thread
            self._owed.post(f"question/{number}", view="question", record_id=number, place=place, for_user=by)

    async def _require_reached(self, escalation_id: int, user: str, channel: str) -> None:
        managers = await self._people.managers()
        if user in managers:
            return
        reached = self._ladders.may_acknowledge(escalation_id, user, channel)
        if not reached or (await self._people.availability(user, self._clock())).gone:
            raise NotInGroup(user, self._settings.handle, managers)

    def get(self, escalation_id: int) -> Escalation:
        """Raises NotFound."""
        return existing(self._store.get(escalation_id), "That escalation does not exist.")

    def history(self, investigation_id: int) -> tuple[EscalationPost, ...]:
        """All escalations of an investigation, oldest first."""
        return tuple(map(self.posted, self._store.of(investigation_id)))

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
            title=": ".join(filter(None, (overview.target.title, overview.investigation.symptom))),
            run=self._ladders.of(escalation_id),
            news_at=_news(escalation, overview.events),
            again=self._again(escalation),
            over=not overview.is_escalated,
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

    def moved(self, investigation: Investigation) -> None:
        """Another team has it, in the transaction of that: what waits for an answer goes on in the new thread."""
        latest = self._store.latest_for(investigation.id)
        if latest and not latest.acknowledged_at and not latest.withdrawn_at:
            self._owed.move_post(post_key(latest.id), view=MOVED_AWAY, record_id=investigation.id)
            self._ladders.post_moved(latest.id)

    def reopened(self, investigation: Investigation) -> None:
        """It is open and not escalated, in the transaction of that: what nobody answered isn't asked for again."""
        self._withdraw_unanswered(investigation.id, "closed")

    def _again(self, escalation: Escalation) -> bool:
        """Whether a later one took its place."""
        latest = self._store.latest_for(escalation.investigation_id)
        return bool(latest and latest.id != escalation.id)

    def _withdraw_unanswered(self, investigation_id: int, because: str) -> None:
        """What nobody answered before its investigation was closed, or sent to Tier 3, waits no longer."""
        latest = self._store.latest_for(investigation_id)
        if latest and not latest.acknowledged_at and not latest.withdrawn_at and not self._needs_somebody(latest):
            self._store.withdraw(latest.id)
            self._ladders.stop(latest.id, because)
            self._owed.changed(post_key(latest.id), human=False)

    def _is_awaited(self, escalation: Escalation) -> bool:
        """Whether nobody has acknowledged it, and somebody should."""
        return not escalation.acknowledged_at and not escalation.withdrawn_at and self._needs_somebody(escalation)

    def _needs_somebody(self, escalation: Escalation) -> bool:
        return self._evidence.overview(escalation.investigation_id, details=False).is_escalated

    def _owe(self, escalation_id: int, by: str) -> None:
        """The post first, then one file with all reports. It is sent once, and linked by every later escalation that
        has the same."""
        posted = self.posted(escalation_id)
        place, key = posted.investigation.thread, post_key(escalation_id)
        self._owed.post(key, view="escalation", record_id=escalation_id, place=place, broadcast=True, for_user=by)
        runs = _measured(posted.runs)
        file = bundle(runs, about=posted.investigation.target)
        if file and self._owed.file_link(reports_key(runs)) is None:
            name, title, text = file.name, file.title, file.text
            self._owed.file(reports_key(runs), name=name, title=title, text=text, place=place, for_user=by, after=key)


def _since(update: Update | None, escalation: Escalation) -> Update | None:
    """What was told before is part of what was escalated."""
    return update if update and update.at >= escalation.escalated_at else None


def _news(escalation: Escalation, events: Sequence[Event]) -> datetime:
    """When anybody last did anything about it."""
    acted = [event.written_at for event in events if event.actor]
    return max([*acted[-1:], escalation.acknowledged_at or escalation.escalated_at])


def _measured(runs: Sequence[ProbeRun]) -> list[ProbeRun]:
    """Those with a report that is whole."""
    return [run for run in runs if run.result and not run.refining]
