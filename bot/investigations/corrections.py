"""Correcting what stands on a timeline: words, time, or that it does not belong there."""

from bot.errors import BadInput, NotFound
from bot.field_limits import require_short
from bot.investigations.correction_model import (
    MOVED_IN_TIME,
    REWORDED,
    CannotCorrect,
    Correction,
    NotYours,
    Wanted,
    correctable,
    may_correct,
    require_possible,
)
from bot.investigations.model import Event, Investigation, card_key
from bot.investigations.service import InvestigationService
from bot.investigations.store import InvestigationStore
from bot.investigations.update_model import has_words
from bot.records import Records, Service


class CorrectionService(Service):
    """Each correction is one transaction: the event as it should read, what stood there before, the messages with it.

    The timeline says that it was corrected, and when. Nobody is called for it.
    """

    def __init__(self, *, records: Records, store: InvestigationStore, investigations: InvestigationService) -> None:
        super().__init__(records)
        self._store = store
        self._investigations = investigations

    def event(self, event_id: int) -> Event:
        """Raises NotFound."""
        event = self._store.event(event_id)
        if not event:
            raise NotFound("That is not on the timeline any more.")
        return event

    def history(self, event_id: int) -> list[Correction]:
        """Everything that was corrected of an event, oldest first."""
        return self._store.corrections.of(event_id)

    async def correctable(self, investigation_id: int, *, by: str) -> list[Event]:
        """What a person may correct, the newest first."""
        investigation, tier2 = self._investigations.get(investigation_id), await self._people.is_tier2(by)
        numbers = (investigation_id, *self._investigations.merged_ids(investigation_id))
        events = [event for number in numbers for event in self._store.timeline(number)]
        return correctable(events, investigation, by, tier2=tier2)

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
            text = event.text if wanted.text is None else wanted.text
            at = wanted.at or event.at
            if text != event.text:
                self._store.corrections.reworded(event_id, event.text, text, by=by)
            if at != event.at:
                self._store.corrections.moved_in_time(event_id, event.at, at, by=by)
            if (text, at) == (event.text, event.at):
                return False
            self._changed(event)
        return True

    def check(self, event_id: int, wanted: Wanted) -> None:
        """Whether it can read like that, whoever wants it. Raises CannotCorrect, BadInput, TooLong."""
        event, investigation = self._now(event_id)
        if wanted.seen not in (None, len(self.history(event_id))):
            raise CannotCorrect("Somebody corrected it meanwhile. Open it again to see how it reads.")
        if event.withdrawn_at:
            raise CannotCorrect("It was withdrawn. Put it back first.")
        if wanted.text not in (None, event.text):
            if event.kind not in REWORDED:
                raise CannotCorrect("Its words can't be corrected here.")
            if not has_words(wanted.text or ""):
                raise BadInput("Write how it should read, or withdraw it.")
            require_short(wanted.text or "", "A correction")
        if wanted.at not in (None, event.at):
            if event.kind not in MOVED_IN_TIME:
                raise CannotCorrect("It was measured then, so its time can't be corrected.")
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
        if not may_correct(event, investigation, by, tier2=await self._people.is_tier2(by)):
            raise NotYours(investigation.name)

    def _now(self, event_id: int) -> tuple[Event, Investigation]:
        """The event, and the investigation on whose record it stands: its owner may correct it."""
        event = self.event(event_id)
        return event, self._investigations.survivor(event.investigation_id)

    def _changed(self, event: Event) -> None:
        """The card and every message in its thread are shown anew; Slack gets those that read differently."""
        for number in {event.investigation_id, self._investigations.survivor(event.investigation_id).id}:
            self._owed.changed(card_key(number), human=True)
            self._owed.thread_changed(card_key(number), human=False)
