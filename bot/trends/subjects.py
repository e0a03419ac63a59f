"""The newest tickets of trends as the desk shows them now: no text of theirs is stored."""

import logging
from collections.abc import Sequence

from bot.errors import SecondLineError
from bot.tickets.service import TicketService
from bot.trends.edits import Edits
from bot.trends.model import Trend
from bot.trends.shown import NewestTicket

logger = logging.getLogger(__name__)

NEWEST = 5


class TicketSubjects:
    """Asks the desk by number, and remembers what it said for as long as a message shows it."""

    def __init__(self, *, tickets: TicketService, edits: Edits) -> None:
        self._tickets = tickets
        self._edits = edits
        self._told: dict[int, NewestTicket] = {}

    def of(self, trend: Trend) -> tuple[NewestTicket, ...]:
        """The newest first; those that the desk was not asked about yet are numbers alone."""
        return tuple(self._told.get(number, NewestTicket(number)) for number in trend.ticket_ids[:NEWEST])

    async def renew(self, trends: Sequence[Trend]) -> None:
        """Ask about those that the messages of these trends show; where the desk is away they stay numbers."""
        wanted = {number for trend in trends for number in trend.ticket_ids[:NEWEST]}
        self._told = {number: told for number, told in self._told.items() if number in wanted}
        missing = wanted - set(self._told)
        if not missing:
            return
        try:
            tickets = await self._tickets.read(sorted(missing))
        except SecondLineError as error:
            logger.info("newest tickets of trends: %s", error.sentence)
            return
        self._told |= {ticket.id: NewestTicket(ticket.id, ticket.subject, ticket.url) for ticket in tickets}
        for trend in trends:
            if missing & {*trend.ticket_ids[:NEWEST]}:
                self._edits.changed(trend)
