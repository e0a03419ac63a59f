"""The newest tickets of trends as the desk shows them now: no text of theirs is stored."""

import logging
from datetime import datetime

from bot.errors import SecondLineError
from bot.tickets.service import TicketService
from bot.trends.edits import Edits
from bot.trends.model import Trend
from bot.trends.ports import RiseDetector
from bot.trends.shown import NewestTicket
from bot.trends.store import TrendStore

logger = logging.getLogger(__name__)

NEWEST = 5


class TicketSubjects:
    """Asks the desk by number, and remembers what it said for as long as a message shows it."""

    def __init__(self, *, tickets: TicketService, store: TrendStore, edits: Edits) -> None:
        self._tickets = tickets
        self._store = store
        self._edits = edits
        self._told: dict[int, NewestTicket] = {}
        self._gone: set[int] = set()

    def of(self, trend: Trend) -> tuple[NewestTicket, ...]:
        """The newest first; those that the desk was not asked about yet are numbers alone."""
        there = [number for number in trend.ticket_ids if number not in self._gone]
        return tuple(self._told.get(number, NewestTicket(number)) for number in there[:NEWEST])

    async def renew(self, detector: RiseDetector, at: datetime) -> None:
        """Ask about those that messages show now; where the desk is away they stay numbers."""
        trends = [trend for trend in self._store.live() if trend.said_at]
        shown = {trend.id: {ticket.id for ticket in self.of(trend)} for trend in trends}
        wanted = set().union(*shown.values())
        self._told = {number: told for number, told in self._told.items() if number in wanted}
        self._gone &= {number for trend in trends for number in trend.ticket_ids}
        missing = wanted - set(self._told)
        if not missing:
            return
        try:
            tickets = await self._tickets.read(sorted(missing))
        except SecondLineError as error:
            logger.info("newest tickets of trends: %s", error.sentence)
            return
        self._told |= {ticket.id: NewestTicket(ticket.id, ticket.subject, ticket.url) for ticket in tickets}
        self._gone |= missing - set(self._told)
        for trend in trends:
            if missing & shown[trend.id]:
                self._edits.changed(trend)
