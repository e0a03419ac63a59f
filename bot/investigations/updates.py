"""Telling those who wait how it goes on, and keeping what customers were told."""

from bot.errors import BadInput
from bot.field_limits import require_short
from bot.investigations.model import EventKind, card_key
from bot.investigations.service import InvestigationService
from bot.investigations.store import InvestigationStore
from bot.investigations.update_model import VIA_WORDS, Audience, Said, Via, Words
from bot.records import Records
from bot.signals import Signal


class UpdateService:
    """Each use case is one transaction: the words, their line on the timeline, the messages that they owe."""

    def __init__(self, *, records: Records, store: InvestigationStore, investigations: InvestigationService) -> None:
        self._database = records.database
        self._store = store.updates
        self._owed = records.owed
        self._people = records.people
        self._investigations = investigations
        self.updated = Signal[int]()
        """Management has news of an investigation."""

    def words(self, investigation_id: int) -> Words:
        """All that was told of an investigation."""
        return self._store.words(investigation_id)

    def said_so_far(self, investigation_id: int) -> tuple[Said, ...]:
        """What customers were told, oldest first."""
        return self._store.words(investigation_id).said

    async def update(self, investigation_id: int, text: str, audience: Audience, *, by: str) -> None:
        """News for those who wait. Raises NotTier2, TooLong, BadInput."""
        await self._people.require_tier2(by)
        if not text.strip():
            raise BadInput("An update needs words: `update the provider is on it, next news at 11`.")
        require_short(text, "An update")
        with self._database.transaction():
            self._investigations.require_live(investigation_id)
            last = self._store.words(investigation_id).updates[-1:]
            if last and (last[0].text, last[0].audience, last[0].author) == (text, audience, by):
                return
            self._store.update(investigation_id, text, audience, by=by)
            self._investigations.record_event(investigation_id, EventKind.UPDATED, by=by, text=text)
            if audience.has_management:
                self.updated.tell(investigation_id)

    async def said(self, investigation_id: int, text: str, via: Via, *, by: str) -> None:
        """Note what customers were told by a person. Raises NotTier2, TooLong, BadInput."""
        await self._people.require_tier2(by)
        if not text.strip():
            raise BadInput("Write what customers were told: `said by phone use U.S. West for now`.")
        require_short(text, "What customers were told")
        with self._database.transaction():
            self._store.say(investigation_id, text, via, by=by)
            told = f"{VIA_WORDS[via]}: {text}"
            self._investigations.record_event(investigation_id, EventKind.SAID, by=by, text=told)

    def customer_told(self, investigation_id: int, text: str, *, by: str | None, source: str) -> None:
        """One customer more of a round was answered, in the caller's transaction."""
        self._store.say_once(investigation_id, text, Via.ROUND, by=by, source=source)
        self._owed.changed(card_key(investigation_id), human=False)
