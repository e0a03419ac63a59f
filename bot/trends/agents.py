"""Agents whose own tickets belong to a trend: each is told once, with the list of theirs, where a team wants that."""

import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from attrs import define

from bot.errors import SecondLineError, existing
from bot.messages.model import Place
from bot.people import DmKind
from bot.records import Service
from bot.stored import Stored
from bot.tickets.desk import HelpDesk
from bot.trends.model import Trend, TrendSettings, TrendState
from bot.trends.ports import RiseDetector, StoredTickets
from bot.trends.store import TrendStore

logger = logging.getLogger(__name__)

VIEW = "trend_agent"
_CLOSED = ("solved", "closed")

PersonByEmail = Callable[[str], Awaitable[str]]
"""The user id of a colleague, "" for nobody."""


@dataclass(frozen=True, slots=True)
class ToldAgent:
    """Whom a direct message told of a trend, with which of their tickets."""

    id: int
    trend_id: int
    user: str
    at: datetime
    ticket_ids: tuple[int, ...]


_TOLD = Stored[ToldAgent](ToldAgent, json=("ticket_ids",))


@define(kw_only=True, eq=False, repr=False, slots=False)
class AgentTellings(Service):
    """Asks the desk whose an assignee's address is, and Slack who that is: each once, as long as the bot runs."""

    _store: TrendStore
    _stored: StoredTickets
    _desk: HelpDesk | None
    _person: PersonByEmail
    _settings: TrendSettings

    def __attrs_post_init__(self) -> None:
        self._agents: dict[int, str] = {}

    def get(self, number: int) -> ToldAgent:
        """Raises NotFound."""
        row = self._database.row("SELECT * FROM trend_agents WHERE id = ?", number)
        return existing(_TOLD.maybe(row), "That message is not kept any more.")

    async def look(self, detector: RiseDetector, at: datetime) -> None:
        """Tell those who have not been told of a trend that was said."""
        for trend in self._store.live() if self._settings.tell_agents and self._desk else ():
            if trend.said_at and trend.rises(at) and trend.state in (TrendState.RISING, TrendState.INVESTIGATED):
                for assignee, ticket_ids in self._assigned(trend).items():
                    user = await self._user(assignee)
                    if user and self._people.takes(user, DmKind.TREND):
                        self._tell(trend, user, ticket_ids, at)

    def _assigned(self, trend: Trend) -> dict[int, list[int]]:
        """Their open tickets, the newest first."""
        found: dict[int, list[int]] = defaultdict(list)
        for ticket in sorted(self._stored.tickets(trend.ticket_ids), key=lambda ticket: -ticket.id):
            if ticket.assignee_id and ticket.status not in _CLOSED:
                found[ticket.assignee_id].append(ticket.id)
        return found

    async def _user(self, assignee: int) -> str:
        """ "" for nobody of Slack, and where the desk does not answer now: then it is asked again."""
        if assignee not in self._agents and self._desk:
            try:
                email = await self._desk.agent_email(assignee)
                self._agents[assignee] = await self._person(email) if email else ""
            except SecondLineError as error:
                logger.info("agent %d: %s", assignee, error.sentence)
        return self._agents.get(assignee, "")

    def _tell(self, trend: Trend, user: str, ticket_ids: Sequence[int], at: datetime) -> None:
        """Once for each trend, in one transaction."""
        with self._database.transaction():
            told = "SELECT 1 FROM trend_agents WHERE trend_id = ? AND user = ?"
            if self._database.value(told, trend.id, user):
                return
            row = {"trend_id": trend.id, "user": user, "at": at, "ticket_ids": list(ticket_ids)}
            number = self._database.insert("trend_agents", row)
            self._owed.post(f"trend-agent/{number}", view=VIEW, record_id=number, place=Place(user))
