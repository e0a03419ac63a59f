"""The pictures of an investigation: tickets over time on its card, the strip in its timeline."""

import asyncio
from datetime import timedelta

from attrs import define

from bot.investigations.evidence import EvidenceService
from bot.investigations.model import card_key
from bot.investigations.pictures import picture_of_timeline
from bot.investigations.service import InvestigationService
from bot.messages.model import ShownPicture
from bot.records import Loop
from bot.tasks import caught, woken
from bot.tickets.hours import hours_of
from bot.tickets.pictures import picture_of_hours
from bot.tickets.service import TicketService

EVERY = timedelta(minutes=10)
"""So often at most a card gets a new picture: each is an upload and an edit."""
STRIP_WITHIN_S = 4.0
"""How long somebody who asks for a timeline waits for its strip; then it comes without."""


@define(kw_only=True, eq=False, repr=False, slots=False)
class PictureService(Loop):
    """Draws in a thread, owes what looks new, and says what Slack has of it."""

    _investigations: InvestigationService
    _evidence: EvidenceService
    _tickets: TicketService

    def __attrs_post_init__(self) -> None:
        self._searched: set[int] = set()
        self._waiting: dict[str, asyncio.Event] = {}

    def searched(self, investigation_id: int) -> None:
        """The tickets of an investigation are in."""
        self._searched.add(investigation_id)
        self._wake.set()

    def uploaded(self, slot: str) -> None:
        """Slack has a picture."""
        if slot in self._waiting:
            self._waiting[slot].set()

    async def run(self) -> None:
        """Never returns: draws the tickets of those that were searched, at the start of all that are open."""
        self._searched.update(investigation.id for investigation in self._investigations.live())
        await super().run()

    def of_card(self, investigation_id: int) -> ShownPicture | None:
        """The picture that the card can show now."""
        return self._owed.shown_picture(_tickets_slot(investigation_id))

    async def strip(self, investigation_id: int) -> ShownPicture | None:
        """The strip of a timeline as it is now; None where Slack does not have it in time."""
        overview, now, slot = self._evidence.overview(investigation_id), self._clock(), f"timeline/{investigation_id}"
        name = overview.investigation.name
        drawing = asyncio.to_thread(picture_of_timeline, name, overview.events, now)
        picture = await caught(drawing, name=f"strip of {name}")
        if picture is None:
            return None
        uploaded = self._waiting.setdefault(slot, asyncio.Event())
        uploaded.clear()
        self._owed.image(slot, picture, title=f"Timeline of {name}", shown_in="")
        if not self._owed.has_image(slot, picture):
            await woken(uploaded, within_s=STRIP_WITHIN_S)
        self._waiting.pop(slot, None)
        return self._owed.shown_picture(slot) if self._owed.has_image(slot, picture) else None

    async def turn(self) -> None:
        """Draw those that were searched since the last time."""
        searched, self._searched = self._searched, set()
        for investigation_id in searched:
            await self._renew(investigation_id)

    async def _renew(self, investigation_id: int) -> None:
        """What comes too soon after the last one is drawn with the next search."""
        slot = _tickets_slot(investigation_id)
        collected = None if self._owed.picture_since(slot, EVERY) else self._tickets.of(investigation_id)
        hours = hours_of(collected) if collected else None
        if not hours or not hours.most:
            return
        name = f"INV-{investigation_id}"
        picture = await caught(asyncio.to_thread(picture_of_hours, hours), name=f"tickets of {name}")
        if picture:
            self._owed.image(slot, picture, title=f"Tickets of {name}", shown_in=card_key(investigation_id))


def _tickets_slot(investigation_id: int) -> str:
    return f"{card_key(investigation_id)}/tickets"
