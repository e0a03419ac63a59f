"""Telling those who wait how it goes on, and keeping what customers were told."""

from datetime import timedelta

from bot.errors import BadInput
from bot.field_limits import require_short
from bot.investigations.model import EventKind, card_key
from bot.investigations.service import InvestigationService
from bot.investigations.store import InvestigationStore
from bot.investigations.update_model import (
    Audience,
    News,
    Purpose,
    Said,
    Update,
    Via,
    has_words,
    on_the_timeline,
)
from bot.records import Records, Service
from bot.signals import Signal

AGAIN_WITHIN = timedelta(minutes=2)
"""The same words by the same person are one thing: a form whose answer was lost is sent again. Later they are news."""


class UpdateService(Service):
    """Each use case is one transaction: the words, their line on the timeline, the messages that they owe."""

    def __init__(self, *, records: Records, store: InvestigationStore, investigations: InvestigationService) -> None:
        super().__init__(records=records)
        self._store = store.updates
        self.words = self._store.words
        self._investigations = investigations
        self.updated = Signal[int]()
        """Management has news of an investigation."""

    async def write(self, investigation_id: int, news: News, *, by: str) -> None:
        """Whoever waits is told, whoever watches sees an edit. What was written twice in a row counts once.

        Raises NotTier2, TooLong, BadInput.
        """
        await self._people.require_tier2(by)
        if not has_words(news.text) and news.tier1_text is None:
            raise BadInput("Write what is new: `update the provider is on it, next news at 11`.")
        require_short(news.text, "This")
        require_short(news.tier1_text or "", "What Tier 1 says")
        with self._database.transaction():
            told = self._write(investigation_id, news, by) if has_words(news.text) else None
            if news.tier1_text is not None:
                advice = news.tier1_text.strip() if has_words(news.tier1_text) else ""
                told = self._advise(investigation_id, advice, by) or told
            if told:
                self._investigations.tell_askers(investigation_id, told, by=by)

    def customer_told(
        self, investigation_id: int, text: str, *, by: str | None, source: str, corrects: str = ""
    ) -> None:
        """One customer more of a round was answered, in the caller's transaction; `corrects` is what was wrong."""
        self._store.say_once(investigation_id, text, Via.ROUND, by=by, source=source, corrects=corrects)
        self._owed.changed(card_key(investigation_id), human=False)

    def _write(self, investigation_id: int, news: News, by: str) -> int | None:
        """The line of the timeline that Tier 1 is told of, None where they are not."""
        audience, via = news.purpose.audience, news.purpose.via
        if audience:
            return self._update(investigation_id, news.text, audience, by)
        if via:
            self._said(investigation_id, news.text, via, by)
        if news.purpose is Purpose.NOTE:
            self._investigations.record_event(investigation_id, EventKind.NOTE, by=by, text=news.text)
        return None

    def _update(self, investigation_id: int, text: str, audience: Audience, by: str) -> int | None:
        self._investigations.require_live(investigation_id)
        last = self._store.words(investigation_id).updates[-1:]
        if last and (last[0].text, last[0].audience) == (text, audience) and self._again(last[0], by):
            return None
        number = self._store.update(investigation_id, text, audience, by=by)
        kind = EventKind.UPDATED if audience.has_management else EventKind.INFORMED
        event = self._investigations.record_event(investigation_id, kind, by=by, text=text)
        self._store.linked("updates", number, event)
        if audience.has_management:
            self._investigations.say(investigation_id, event, by=by)
            self.updated.tell(investigation_id)
        return event if audience.has_tier1 else None

    def _said(self, investigation_id: int, text: str, via: Via, by: str) -> None:
        """Also of one that has ended: customers are called back then."""
        last = self._store.words(investigation_id).entries[-1:]
        if last and (last[0].text, last[0].via) == (text, via) and self._again(last[0], by):
            return
        self._say(investigation_id, text, via, EventKind.SAID, by)

    def _say(self, investigation_id: int, text: str, via: Via, kind: EventKind, by: str) -> int:
        number = self._store.say(investigation_id, text, via, by=by)
        told = on_the_timeline(via, text)
        event = self._investigations.record_event(investigation_id, kind, by=by, text=told)
        self._store.linked("said", number, event)
        return event

    def _again(self, last: Update | Said, by: str) -> bool:
        return last.author == by and abs(self._clock() - last.at) < AGAIN_WITHIN

    def _advise(self, investigation_id: int, text: str, by: str) -> int | None:
        """Replaces what Tier 1 should say; the line of the timeline, None where nothing changed."""
        self._investigations.require_live(investigation_id)
        current = self._store.words(investigation_id).tier1_text
        if text == (current.text if current else ""):
            return None
        return self._say(investigation_id, text, Via.TIER1, EventKind.ADVISED, by)
