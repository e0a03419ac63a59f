"""The port to a help desk."""

from typing import Protocol

from bot.errors import OutsideError
from bot.tickets.model import Found, Ticket, TicketQuery


class DeskError(OutsideError):
    """The desk could not be asked: `reason` says why (unreachable, 401, 429, …)."""


class TicketChanged(DeskError):
    """Somebody else changed the ticket since it was read (Zendesk's 409); reading it again helps."""


class Desk(Protocol):
    """A help desk. Every method raises DeskError where the desk does not answer as it should."""

    async def search(self, query: TicketQuery, *, limit: int) -> Found:
        """The newest `limit` matching tickets, with the true total."""

    async def count(self, query: TicketQuery) -> int:
        """How many tickets match, without reading them; as exact as `Found.total`."""

    async def tickets(self, ids: list[int]) -> list[Ticket]:
        """These tickets, read by id (the search index lags by minutes); ids that don't exist are left out."""

    async def add_tag(self, ticket_id: int, tag: str) -> None:
        """Add one tag, leaving the others alone, whoever else writes at the same moment."""

    async def remove_tag(self, ticket_id: int, tag: str) -> None:
        """Remove one tag; a tag that is not there is no error."""

    async def check(self) -> str:
        """Who the credentials act as, as a line for people; raises DeskError with the reason."""

    async def close(self) -> None:
        """Let go of threads and connections."""
