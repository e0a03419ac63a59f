"""Claims: an owner who does nothing while customers write is asked, one who has left has nothing any more."""

import asyncio
from collections.abc import Iterable
from datetime import datetime

from attrs import define

from bot.errors import BadInput, NotAllowed, existing
from bot.investigations.model import EventKind, Investigation
from bot.investigations.service import InvestigationService
from bot.messages.model import Place
from bot.people import DmKind
from bot.records import Loop
from bot.reminders.claim_model import (
    FREED_WORDS,
    ClaimEnd,
    ClaimQuestion,
    Freed,
    ShownQuestion,
    ended_by,
    stale,
    touched_at,
)
from bot.reminders.model import ReminderSettings
from bot.reminders.service import ReminderService
from bot.reminders.store import ClaimStore
from bot.targets.model import Catalog
from bot.tickets.service import TicketService


class NotYourQuestion(NotAllowed):
    """Somebody else than the owner answers for them."""

    def __init__(self, owner: str) -> None:
        sentence = "Only the owner can say that they are still on it. `handover` makes somebody else the owner."
        super().__init__(sentence, who_can=[owner])
        self.owner = owner


class TooLate(BadInput):
    """The owner answers after it was freed, handed over or closed."""

    def __init__(self, investigation_id: int) -> None:
        super().__init__(f"INV-{investigation_id} isn't yours any more. `claim INV-{investigation_id}` takes it back.")


def question_key(question_id: int) -> str:
    return f"still-on-it/{question_id}"


@define(kw_only=True, eq=False, repr=False, slots=False)
class ClaimService(Loop):
    """Asks owners alone. Whatever frees an investigation offers it to the team in the same transaction."""

    _store: ClaimStore
    _investigations: InvestigationService
    _tickets: TicketService
    _reminders: ReminderService
    _catalog: Catalog
    _settings: ReminderSettings

    async def turn(self) -> datetime | None:
        """Free what nobody holds, ask where that is in doubt; when an answer is due."""
        owned = [investigation for investigation in self._investigations.live() if investigation.owner]
        await self._free_of_gone(owned)
        self._end_moot()
        for question in self._store.open():
            if question.next_at <= self._clock():
                await self._free_of_silent(question)
        asked = {question.investigation_id for question in self._store.open()}
        for investigation in owned:
            if investigation.id not in asked:
                self._ask_where_stale(investigation.id)
                await asyncio.sleep(0)
        return self._store.next_due_at()

    async def person_changed(self, user: str) -> None:
        """Slack told of a person; whoever has left owns nothing from then on."""
        mine = [investigation for investigation in self._investigations.live() if investigation.owner == user]
        await self._free_of_gone(mine)

    def recorded(self, investigation_id: int, kind: EventKind, by: str) -> None:
        """Something happened to it, in the transaction of that: what its owner did is their answer."""
        for question in self._store.open():
            if question.investigation_id == investigation_id:
                self._end_answered(question)

    async def keep(self, question_id: int, *, by: str) -> None:
        """ "Yes, still on it": only the owner's counts. Raises NotYours."""
        with self._database.transaction():
            question = self._mine(question_id, by)
            if self._end(question, ClaimEnd.KEPT):
                self._investigations.record_event(question.investigation_id, EventKind.STILL_ON_IT, by=by, text="")
            elif question.ended_as is not ClaimEnd.KEPT:
                raise TooLate(question.investigation_id)

    async def release(self, question_id: int, *, by: str) -> None:
        """The owner lets go of it; pressed twice it is the same. Raises NotYours, NotTier2, TooLate."""
        question = self._mine(question_id, by)
        if self._owns(question):
            try:
                await self._investigations.release(question.investigation_id, by=by)
            except BadInput:
                if self._owns(question):
                    raise
        elif question.ended_as is not ClaimEnd.RELEASED:
            raise TooLate(question.investigation_id)

    def _owns(self, question: ClaimQuestion) -> bool:
        investigation = self._investigations.get(question.investigation_id)
        return investigation.live and investigation.owner == question.owner

    def shown(self, question_id: int) -> ShownQuestion | None:
        """A question as its message shows it."""
        question = self._store.get(question_id)
        if not question:
            return None
        investigation = self._investigations.get(question.investigation_id)
        return ShownQuestion(question, investigation, self._catalog.named(investigation.target).title)

    def open_for(self, owner: str) -> list[ShownQuestion]:
        """What somebody is asked about and has not answered, what is due first before the others."""
        questions = [self.shown(question.id) for question in self._store.open() if question.owner == owner]
        return [question for question in questions if question]

    async def _free_of_gone(self, owned: Iterable[Investigation]) -> None:
        now, gone = self._clock(), dict[str, bool]()
        for investigation in owned:
            owner = investigation.owner or ""
            if owner not in gone:
                gone[owner] = (await self._people.availability(owner, now)).gone
            if gone[owner]:
                team = await self._reminders.team_of(investigation.id)
                with self._database.transaction():
                    self._free(investigation.id, owner, Freed.GONE, 0, team)

    async def _free_of_silent(self, question: ClaimQuestion) -> None:
        """An answer that comes meanwhile counts. As long as Slack has not taken the question, nobody is late."""
        team, key = await self._reminders.team_of(question.investigation_id), question_key(question.id)
        arrived, refused = self._owed.place_of(key) is not None, self._owed.is_refused(key)
        with self._database.transaction():
            if not arrived and not refused:
                hours, now = self._reminders.hours_of(question.owner), self._clock()
                self._store.put_off(question.id, hours.after(now, self._settings.answer_within))
            elif self._store.ended(question.id, ClaimEnd.SILENT):
                wrote = self._tickets.customers(question.investigation_id, after=question.since).count
                why = Freed.SILENT if arrived else Freed.UNREACHED
                self._free(question.investigation_id, question.owner, why, wrote, team)
                self._owed.changed(key, human=False)

    def _free(self, investigation_id: int, owner: str, why: Freed, wrote: int, team: str) -> None:
        if self._investigations.freed(investigation_id, owner=owner, why=FREED_WORDS[why]):
            self._reminders.offer(investigation_id, owner=owner, why=why, wrote=wrote, team=team)

    def _ask_where_stale(self, investigation_id: int) -> None:
        now = self._clock()
        with self._database.transaction():
            investigation = self._investigations.get(investigation_id)
            hours = self._reminders.hours_of(investigation.owner)
            touched = touched_at(investigation, self._investigations.latest(investigation_id))
            if not investigation.owner or not stale(touched, now, self._settings.stale_after, hours):
                return
            wrote = self._tickets.customers(investigation_id, after=touched).count
            if not wrote:
                return
            next_at = hours.after(now, self._settings.answer_within)
            number = self._store.ask(investigation_id, investigation.owner, since=touched, wrote=wrote, next_at=next_at)
            wants = self._people.takes(investigation.owner, DmKind.STILL_ON_IT)
            place = Place(investigation.owner) if wants else investigation.thread
            self._owed.post(question_key(number), view="claim_question", record_id=number, place=place)

    def _end_moot(self) -> None:
        """What was closed or handed over while nobody heard of it."""
        for question in self._store.open():
            with self._database.transaction():
                self._end_answered(question)

    def _end_answered(self, question: ClaimQuestion) -> None:
        number = question.investigation_id
        end = ended_by(question, self._investigations.get(number), self._investigations.latest(number))
        if end is not ClaimEnd.OPEN:
            self._end(question, end)

    def _end(self, question: ClaimQuestion, end: ClaimEnd) -> bool:
        ended = self._store.ended(question.id, end)
        if ended:
            self._owed.changed(question_key(question.id), human=end is ClaimEnd.KEPT)
        return ended

    def _mine(self, question_id: int, by: str) -> ClaimQuestion:
        question = existing(self._store.get(question_id), "That question does not exist any more.")
        if question.owner != by:
            raise NotYourQuestion(question.owner)
        return question
