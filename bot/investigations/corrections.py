"""Correcting what stands on a timeline: words, time, or that it does not belong there."""

from datetime import datetime

from attrs import define

from bot.errors import BadInput, existing
from bot.field_limits import require_short
from bot.investigations.correction_model import (
    MOVED_IN_TIME,
    REWORDED,
    TOLD,
    CannotCorrect,
    NotYours,
    ToldBefore,
    Wanted,
    correctable,
    may_correct,
    require_possible,
)
from bot.investigations.model import PEOPLE_CALLED, Event, Investigation, card_key, standing, told_people
from bot.investigations.service import ANSWER, OUTCOME, OUTCOME_ELSEWHERE, InvestigationService
from bot.investigations.service import TOLD as TOLD_VIEW
from bot.investigations.store import InvestigationStore
from bot.investigations.update_model import Said, Via, has_words, on_the_timeline
from bot.records import Service
from bot.signals import Signal


@define(kw_only=True, eq=False, repr=False, slots=False)
class CorrectionService(Service):
    """Each correction is one transaction: the event as it should read, what stood there before, the messages with it.

    The timeline says that it was corrected, and when. Nobody is called for it. What those who wait or customers were
    told stands in two places, its line and the row of what was told, which change together.
    """

    _store: InvestigationStore
    _investigations: InvestigationService

    def __attrs_post_init__(self) -> None:
        self.told, self.history = self._store.updates.on_line, self._store.corrections.of
        self.changed = Signal[int]()
        """What was told of an investigation reads differently."""

    def event(self, event_id: int) -> Event:
        """Raises NotFound."""
        return existing(self._store.event(event_id), "That is not on the timeline any more.")

    def words(self, event: Event) -> str:
        """What its author wrote of it."""
        told = self.told(event.id)
        return told.text if told and told.text else event.text

    def told_before(self, event_id: int) -> ToldBefore:
        """Who heard how it read: whom Slack showed a message about it, and tickets that were answered since."""
        event = self.event(event_id)
        investigation, people = self._investigations.get(event.investigation_id), set[str]()
        if self._owed.shown(TOLD_VIEW, event_id):
            listed = told_people(standing(self._store.timeline(investigation.id)), event)
            people.update(listed[:PEOPLE_CALLED])
        if self._owed.shown(OUTCOME, event_id) and investigation.source:
            people.add(investigation.source.author)
        rounds = [each for each in self._store.updates.words(investigation.id).said if each.via is Via.ROUND]
        return ToldBefore(
            event.kind,
            people=len(people),
            threads=self._owed.shown(OUTCOME_ELSEWHERE, event_id),
            tickets=sum(each.customers for each in rounds if each.at >= event.written_at),
        )

    async def correctable(self, investigation_id: int, *, by: str) -> list[Event]:
        """What a person may correct, the newest first."""
        investigation, tier2 = self._investigations.get(investigation_id), await self._people.is_tier2(by)
        numbers = (investigation_id, *self._investigations.merged_ids(investigation_id))
        events = [event for number in numbers for event in self._store.timeline(number)]
        lines = {line for number in numbers for line in self._store.updates.lines(number)}
        whole = [event for event in events if event.kind not in TOLD or event.id in lines]
        return correctable(whole, investigation, by, tier2=tier2)

    async def own_last(self, investigation_id: int, *, by: str) -> Event:
        """What this person wrote last of what can be corrected. Raises CannotCorrect."""
        events = await self.correctable(investigation_id, by=by)
        last = next((event for event in events if event.actor == by and not event.withdrawn_at), None)
        if not last:
            name = self._investigations.get(investigation_id).name
            raise CannotCorrect(f"You have written nothing in {name} that can be corrected.")
        return last

    async def correct(self, event_id: int, wanted: Wanted, *, by: str) -> bool:
        """False where it reads like that already. Raises NotYours, CannotCorrect, BadInput, TooLong."""
        await self._allowed(event_id, by)
        with self._database.transaction():
            self.check(event_id, wanted)
            event = self.event(event_id)
            before = self.words(event)
            text, at = before if wanted.text is None else wanted.text, wanted.at or event.at
            if (text, at) == (before, event.at):
                return False
            if text != before:
                self._reword(event, text, by)
            if at != event.at:
                self._move_in_time(event, at, by)
            self._changed(event)
        return True

    def _reword(self, event: Event, text: str, by: str) -> None:
        line, told = text, self.told(event.id)
        if told:
            self._store.updates.reworded(told, text)
            line = on_the_timeline(told.via, text) if isinstance(told, Said) else text
        self._store.corrections.reworded(event.id, event.text, line, by=by)

    def _move_in_time(self, event: Event, at: datetime, by: str) -> None:
        if told := self.told(event.id):
            self._store.updates.moved_in_time(told, at)
        self._store.corrections.moved_in_time(event.id, event.at, at, by=by)

    def check(self, event_id: int, wanted: Wanted) -> None:
        """Whether it can read like that, whoever wants it. Raises CannotCorrect, BadInput, TooLong."""
        event, investigation = self._now(event_id)
        if wanted.seen not in (None, len(self.history(event_id))):
            raise CannotCorrect("Somebody corrected it meanwhile. Open it again to see how it reads.")
        if event.withdrawn_at:
            raise CannotCorrect("It was withdrawn. Put it back first.")
        if wanted.text not in (None, self.words(event)):
            if event.kind not in REWORDED:
                raise CannotCorrect("Its words can't be corrected here.")
            if not has_words(wanted.text or ""):
                raise BadInput("Write how it should read, or withdraw it.")
            require_short(wanted.text or "", "A correction")
        if wanted.at not in (None, event.at):
            if event.kind not in MOVED_IN_TIME:
                raise CannotCorrect("It was sent then, so its time can't be corrected.")
            require_possible(wanted.at or event.at, investigation, self._store.now())

    async def withdraw(self, event_id: int, why: str, *, by: str) -> bool:
        """It does not belong here; False where it was withdrawn already. Raises NotYours, BadInput, TooLong."""
        await self._allowed(event_id, by)
        if not why.strip():
            raise BadInput("Say why it doesn't belong here: `withdraw wrong customer`.")
        require_short(why, "The reason")
        with self._database.transaction():
            event, _ = self._now(event_id)
            if event.withdrawn_at:
                return False
            self._store.corrections.withdrawn(event_id, event.text, why.strip(), by=by)
            self._changed(event)
        return True

    async def put_back(self, event_id: int, *, by: str) -> bool:
        """It was withdrawn by mistake; False where it stands. Raises NotYours."""
        await self._allowed(event_id, by)
        with self._database.transaction():
            event, _ = self._now(event_id)
            if not event.withdrawn_at:
                return False
            self._store.corrections.put_back(event_id, event.withdrawn_why, by=by)
            self._changed(event)
        return True

    async def _allowed(self, event_id: int, by: str) -> None:
        event, investigation = self._now(event_id)
        if event.kind in TOLD:
            await self._people.require_tier2(by)
        if not may_correct(event, investigation, by, tier2=await self._people.is_tier2(by)):
            raise NotYours(investigation.name, (event.actor, investigation.owner))
        if event.kind in TOLD and not self.told(event_id):
            raise CannotCorrect("It was written by an earlier version of Second Line, and can't be corrected here.")

    def _now(self, event_id: int) -> tuple[Event, Investigation]:
        """The event, and the investigation on whose record it stands: its owner may correct it."""
        event = self.event(event_id)
        return event, self._investigations.survivor(event.investigation_id)

    def _changed(self, event: Event) -> None:
        """Every message about it is shown anew, in its thread and elsewhere; Slack gets those that read differently."""
        for number in {event.investigation_id, self._investigations.survivor(event.investigation_id).id}:
            self._owed.changed(card_key(number), human=True)
            self._owed.thread_changed(card_key(number), human=False)
        if event.kind in TOLD:
            for view in (OUTCOME, OUTCOME_ELSEWHERE):
                self._owed.all_changed(view, event.id, human=True)
            for number in self._investigations.together(event.investigation_id):
                self._owed.all_changed(ANSWER, number, human=True)
            self.changed.tell(event.investigation_id)
