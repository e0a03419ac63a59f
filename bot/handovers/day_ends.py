"""The end of an owner's working day: who has work open is asked, alone and once, who takes it."""

from datetime import datetime

from attrs import define

from bot.errors import BadInput, existing
from bot.handovers.model import HandoverChoice, HandoverSettings, Offer, OfferState, long_over, offer_key, who_can_take
from bot.handovers.service import HandoverService
from bot.handovers.store import HandoverStore
from bot.investigations.model import Investigation
from bot.investigations.service import InvestigationService
from bot.messages.model import Place
from bot.people import Availability, DmKind
from bot.records import Loop


class NotYourDay(BadInput):
    """Somebody else's day ended."""

    def __init__(self) -> None:
        super().__init__("This asks somebody else about their day.")


@define(kw_only=True, eq=False, repr=False, slots=False)
class DayEnds(Loop):
    """A row for each owner and day, made while the day lasts. After a restart or a sleep it is said late, or no more.

    A day is the team's working hours on the owner's own clock.
    """

    _store: HandoverStore
    _investigations: InvestigationService
    _handovers: HandoverService
    _settings: HandoverSettings

    def offered(self, offer_id: int) -> tuple[Offer, list[Investigation]]:
        """An offer, and what of it is still open and its owner's. Raises NotFound."""
        offer = existing(self._store.offer(offer_id), "There is no such day.")
        listed = map(self._investigations.get, offer.investigations)
        return offer, [one for one in listed if one.live and one.owner == offer.user]

    def open_for(self, user: str) -> tuple[Offer, list[Investigation]] | None:
        """What somebody is asked at the end of their day and has not answered, with what is still open."""
        number = self._store.open_offer(user)
        offer, still_open = self.offered(number) if number else (None, [])
        return (offer, still_open) if offer and still_open and not long_over(offer, self._clock()) else None

    async def hand_over(self, offer_id: int, *, to: str, by: str) -> None:
        """Ask somebody to take all that is still open. Raises NotYourDay, CannotOwn, NotTier2."""
        offer, still_open = self._mine(offer_id, by)
        for investigation in still_open:
            if not self._handovers.pending(investigation.id):
                await self._handovers.ask(investigation.id, to=to, note="", by=by)
        self._answered(offer, OfferState.HANDED, to)

    def keep(self, offer_id: int, *, by: str) -> None:
        """The owner keeps it. Raises NotYourDay."""
        offer, _ = self._mine(offer_id, by)
        self._answered(offer, OfferState.KEPT)

    def _answered(self, offer: Offer, state: OfferState, chosen: str = "") -> None:
        with self._database.transaction():
            if self._store.answered(offer.id, state, chosen):
                self._owed.changed(offer_key(offer.id), human=True)

    def moved_on(self, investigation: Investigation) -> None:
        """An offer that lists it shows what is left, in the caller's transaction."""
        self.changed(investigation.id)
        self._wake.set()

    def changed(self, investigation_id: int) -> None:
        """Whom an investigation waits for changed: an offer that lists it shows that."""
        for offer_id in self._store.open_offers(investigation_id):
            self._owed.changed(offer_key(offer_id), human=False)

    async def turn(self) -> datetime | None:
        """Plan and offer."""
        for owner in self._investigations.owners():
            await self._plan(owner)
        for offer in self._store.ended_days(self._clock()):
            await self._offer(offer)
        return self._store.next_day_end()

    async def _plan(self, owner: str) -> None:
        """The day that the owner has now, or has next."""
        now = self._clock()
        person = await self._people.availability(owner, now)
        if not person.gone:
            hours = person.hours_among(self._settings.hours)
            ends_at = hours.end_after(now)
            day, due_at = ends_at.astimezone(hours.zone).date(), ends_at - self._settings.before_end
            self._store.plan(owner, day, due_at=due_at, ends_at=ends_at)

    async def _offer(self, offer: Offer) -> None:
        now = self._clock()
        person = await self._people.availability(offer.user, now)
        still_open = [
            investigation.id
            for investigation in self._investigations.live()
            if investigation.owner == offer.user and not self._handovers.pending(investigation.id)
        ]
        if not still_open or person.gone or person.away or long_over(offer, now):
            self._store.skipped(offer.id)
            return
        choices = await self._choices(offer, now)
        with self._database.transaction():
            if self._store.offered(offer.id, still_open, choices) and self._people.takes(offer.user, DmKind.DAY_END):
                place = Place(offer.user)
                self._owed.card(offer_key(offer.id), view="day_end", record_id=offer.id, place=place, human=False)

    async def _choices(self, offer: Offer, now: datetime) -> tuple[HandoverChoice, ...]:
        """Colleagues of the owner's team who are there when the day is over, or now where nobody is."""
        people: list[tuple[HandoverChoice, Availability]] = []
        for user in await self._people.colleagues(offer.user):
            name = await self._people.name_of(user)
            people.append((HandoverChoice(user, name), await self._people.availability(user, now)))
        hours = self._settings.hours
        return who_can_take(people, hours, max(now, offer.ends_at)) or who_can_take(people, hours, now)

    def _mine(self, offer_id: int, by: str) -> tuple[Offer, list[Investigation]]:
        offer, still_open = self.offered(offer_id)
        if offer.user != by:
            raise NotYourDay
        return offer, still_open
