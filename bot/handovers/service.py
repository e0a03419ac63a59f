"""Handing an investigation over: somebody is asked, accepts or declines, and until then the owner stays the owner."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from attrs import define

from bot.errors import existing
from bot.field_limits import require_short
from bot.handovers.model import (
    Handover,
    HandoverSettings,
    HandoverState,
    NotAsked,
    NotWaiting,
    OwnerIsThere,
    Why,
    absence,
    asked_key,
    outcome_key,
)
from bot.handovers.store import HandoverStore
from bot.investigations.model import EventKind, Investigation, card_key
from bot.investigations.service import CannotOwn, InvestigationService
from bot.messages.model import Place
from bot.people import DmKind
from bot.records import Loop
from bot.signals import Signal

_WHY_WORDS = {
    Why.GONE: "they have left",
    Why.CLAIMED: "somebody else has it now",
    Why.TAKEN_BACK: "taken back",
    Why.REPLACED: "somebody else is asked now",
}


@define(kw_only=True, eq=False, repr=False, slots=False)
class HandoverService(Loop):
    """Every outcome is decided by one statement, in the transaction that makes it true: two people who press at the
    same moment, or one press and the end of the time, have one outcome between them.
    """

    _store: HandoverStore
    _investigations: InvestigationService
    _permalink: Callable[[str, str], Awaitable[str]]
    _settings: HandoverSettings

    def __attrs_post_init__(self) -> None:
        self.pending, self.waiting_for = self._store.pending, self._store.waiting
        self.changed = Signal[int]()
        """Whom an investigation waits for changed, in the transaction of that."""

    def get(self, handover_id: int) -> Handover:
        """Raises NotFound."""
        return existing(self._store.get(handover_id), "There is no such handover.")

    def asked_of(self, user: str, investigation_id: int) -> Handover | None:
        """What an investigation waits for somebody for."""
        handover = self._store.pending(investigation_id)
        return handover if handover and handover.receiver == user else None

    async def absence(self, user: str) -> str:
        """Why somebody can't be asked now, as it follows their name; "" while they can."""
        if not await self._people.is_tier2(user):
            return "is no longer of Tier 2"
        now = self._clock()
        return absence(await self._people.availability(user, now), self._settings.hours, now)

    async def ask(self, investigation_id: int, *, to: str, note: str, by: str, whole: bool = False) -> Handover | None:
        """Ask somebody to take an investigation over; who was asked before is not waited for any more.

        To oneself it is `take`, and to the owner nothing: both have no handover. Whoever is asked already is not asked
        again. With `whole` the note says all. Raises NotTier2, CannotOwn, OwnerIsThere, TooLong.
        """
        await self._people.require_tier2(by)
        require_short(note, "A note")
        if to == by:
            await self.take(investigation_id, note=note, by=by)
            return None
        if not await self._people.is_tier2(to):
            raise CannotOwn(to)
        expires_at, link = await self._expiry(to), await self._link(investigation_id)
        absent = await self._absent_owner(investigation_id)
        with self._database.transaction():
            investigation = self._investigations.require_live(investigation_id)
            if investigation.owner == to:
                return None
            if investigation.owner not in (None, by, absent):
                raise OwnerIsThere(investigation.name, investigation.owner or "")
            before = self._store.pending(investigation_id)
            if before and before.receiver == to:
                self._say_more(before, note, by, whole=whole)
                return self.get(before.id)
            if before:
                self._end(before, HandoverState.WITHDRAWN, by=by, why=Why.REPLACED)
            owner = investigation.owner or ""
            number = self._store.ask(investigation_id, receiver=to, asked_by=by, owner=owner, expires_at=expires_at)
            self._store.linked(number, link)
            self._store.noted(number, note.strip(), whole=whole)
            return self._asked(self.get(number))

    async def take(self, investigation_id: int, *, by: str, note: str = "") -> None:
        """Become the owner: of what nobody has, of what one was asked to take, of what an absent owner has.

        Raises NotTier2, OwnerIsThere, TooLong.
        """
        await self._people.require_tier2(by)
        require_short(note, "A note")
        if asked := self.asked_of(by, investigation_id):
            await self.accept(asked.id, by=by, note=note)
            return
        absent = await self._absent_owner(investigation_id)
        with self._database.transaction():
            investigation = self._investigations.require_live(investigation_id)
            if investigation.owner == by:
                self.decided(investigation)
                self._note(investigation_id, note, by)
                return
            if investigation.owner and investigation.owner == absent:
                self._investigations.taken_over(investigation_id, by=by, note=note)
                return
            if investigation.owner:
                raise OwnerIsThere(investigation.name, investigation.owner)
        await self._investigations.claim(investigation_id, by=by, note=note)

    async def accept(self, handover_id: int, *, by: str, note: str = "") -> Handover:
        """Own it from now on. Once more it is nothing. Raises NotAsked, NotTier2, NotWaiting."""
        handover = self._mine(handover_id, by)
        await self._people.require_tier2(by)
        with self._database.transaction():
            if self._settle(handover, HandoverState.ACCEPTED, by=by):
                self._investigations.given(handover.investigation_id, to=by, by=handover.asked_by)
                self._note(handover.investigation_id, note, by)
                self._tell(handover, by=by)
        return self.get(handover_id)

    async def decline(self, handover_id: int, *, by: str) -> Handover:
        """Leave it where it is. Once more it is nothing. Raises NotAsked, NotWaiting."""
        handover = self._mine(handover_id, by)
        with self._database.transaction():
            if self._settle(handover, HandoverState.DECLINED, by=by):
                self._record(handover, EventKind.DECLINED, by=by)
                self._tell(handover, by=by)
        return self.get(handover_id)

    def moved_on(self, investigation: Investigation) -> None:
        """Somebody else has it now, or it ended: nobody is waited for, in the caller's transaction.

        Where the bot alone takes it from an owner, whoever is asked can still accept.
        """
        handover = self._store.pending(investigation.id)
        if not handover:
            return
        if not investigation.live:
            self._end(handover, HandoverState.WITHDRAWN, by="", why=Why.CLOSED)
        elif investigation.owner == handover.receiver:
            self._end(handover, HandoverState.ACCEPTED, by=handover.receiver)
        elif investigation.owner and investigation.owner == handover.owner:
            # The bot had taken it from an owner who has picked it up again.
            self._end(handover, HandoverState.WITHDRAWN, by=investigation.owner, why=Why.TAKEN_BACK)
        elif investigation.owner:
            self._end(handover, HandoverState.WITHDRAWN, by=investigation.owner, why=Why.CLAIMED)
            if handover.asked_by not in (handover.owner, investigation.owner):
                # An owner who asked is told that it was taken over.
                self._tell(handover, by=investigation.owner)

    def decided(self, investigation: Investigation) -> None:
        """The owner keeps it, or released it, in the caller's transaction: so nobody is asked any more."""
        if handover := self._store.pending(investigation.id):
            why = Why.TAKEN_BACK if investigation.owner else Why.RELEASED
            self._end(handover, HandoverState.WITHDRAWN, by=investigation.owner or "", why=why)

    def people_changed(self) -> None:
        """Somebody may have left: look at once whether they are waited for."""
        self._wake.set()

    async def turn(self) -> datetime | None:
        """End what has no answer in time, and what nobody can answer any more."""
        for handover in self._store.waiting():
            if (await self._people.availability(handover.receiver, self._clock())).gone:
                self._over(handover, HandoverState.WITHDRAWN, why=Why.GONE)
        for handover in self._store.expired(self._clock()):
            self._over(handover, HandoverState.EXPIRED)
        return self._store.next_expiry()

    def _over(self, handover: Handover, state: HandoverState, why: Why | None = None) -> None:
        """It ends by itself: whoever asked is told."""
        with self._database.transaction():
            if self._end(handover, state, by="", why=why):
                self._tell(handover, by="")

    def _asked(self, handover: Handover) -> Handover:
        """The receiver alone gets the message, or is called in the thread; the card shows everybody that it waits."""
        key, by = asked_key(handover.id), handover.asked_by
        wants = self._people.takes(handover.receiver, DmKind.HANDOVER)
        place = Place(handover.receiver) if wants else self._investigations.get(handover.investigation_id).thread
        self._record(handover, EventKind.HANDOVER, by=by, text=handover.note)
        self._owed.card(key, view="handover_asked", record_id=handover.id, place=place, for_user=by)
        self.changed.tell(handover.investigation_id)
        self._wake.set()
        return handover

    def _say_more(self, handover: Handover, note: str, by: str, *, whole: bool) -> None:
        """Another note for whoever is asked already; the same words are a form that was sent twice."""
        if note.strip() and note.strip() != handover.note:
            self._store.noted(handover.id, note.strip(), whole=whole)
            self._record(handover, EventKind.HANDOVER, by=by, text=note.strip())
            self._show(handover, human=True)

    def _settle(self, handover: Handover, state: HandoverState, *, by: str) -> bool:
        """False where the same answer was given before. Raises NotWaiting where it ended otherwise."""
        if self._store.settle(handover.id, state, by=by):
            self._show(handover, human=True)
            return True
        now = self.get(handover.id)
        if now.state is not state:
            raise NotWaiting(now)
        return False

    def _end(self, handover: Handover, state: HandoverState, *, by: str, why: Why | None = None) -> bool:
        """It ends without an answer of the receiver's; False where it had ended."""
        if not self._store.settle(handover.id, state, by=by, why=why):
            return False
        text = "no answer in time" if state is HandoverState.EXPIRED else _WHY_WORDS.get(why, "") if why else ""
        if text:
            self._record(handover, EventKind.NOT_HANDED_OVER, by=by, text=text)
        self._show(handover, human=bool(by))
        return True

    def _note(self, investigation_id: int, note: str, by: str) -> None:
        """What somebody said on the way."""
        if note.strip():
            self._investigations.record_event(investigation_id, EventKind.NOTE, by=by, text=note.strip())

    def _record(self, handover: Handover, kind: EventKind, *, by: str, text: str = "") -> None:
        about = handover.asked_by if kind is EventKind.DECLINED else handover.receiver
        self._investigations.record_event(handover.investigation_id, kind, by=by or None, about=about, text=text)

    def _show(self, handover: Handover, *, human: bool) -> None:
        self._owed.changed(asked_key(handover.id), human=human)
        self.changed.tell(handover.investigation_id)

    def _tell(self, handover: Handover, *, by: str) -> None:
        """Whoever asked waits for it, and is told in the thread."""
        place = self._investigations.get(handover.investigation_id).thread
        key = outcome_key(handover.id)
        self._owed.post(key, view="handover_outcome", record_id=handover.id, place=place, for_user=by)

    def _mine(self, handover_id: int, by: str) -> Handover:
        handover = self.get(handover_id)
        if handover.receiver != by:
            raise NotAsked(handover.name)
        return handover

    async def _absent_owner(self, investigation_id: int) -> str | None:
        """The owner, where nobody can ask them."""
        owner = self._investigations.get(investigation_id).owner
        return owner if owner and await self.absence(owner) else None

    async def _link(self, investigation_id: int) -> str:
        sent = self._owed.place_of(card_key(investigation_id))
        return await self._permalink(*sent) if sent else ""

    async def _expiry(self, receiver: str) -> datetime:
        now = self._clock()
        person = await self._people.availability(receiver, now)
        return person.hours_among(self._settings.hours).after(now, self._settings.answer)
