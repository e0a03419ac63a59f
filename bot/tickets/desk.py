"""The port to a help desk."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.errors import OutsideError
from bot.tickets.answering import Customer, Difference, HangOutcome, Macro, MacroEffect, RefusalKind, Snapshot
from bot.tickets.model import Requester, SearchResult, Ticket, TicketQuery
from bot.tickets.waiting import DeskGroup, ElevationOrder, ElevationResult, GroupTickets, TicketWait


class DeskError(OutsideError):
    """The desk could not be asked: `reason` says why (unreachable, 401, 429, …)."""


class TicketChanged(DeskError):
    """Somebody else changed the ticket since it was read (Zendesk's 409); reading it again helps."""


class OutcomeUnknown(DeskError):
    """What was sent may have been done or not: a timeout, a lost connection, a server error."""


class TicketRefused(DeskError):
    """The desk answers, and will not have this done to this ticket."""

    def __init__(self, system: str, reason: str, *, kind: RefusalKind) -> None:
        super().__init__(system, reason, retry=False)
        self.kind = kind


class ChangedSince(DeskError):
    """Others changed the ticket since its answer was approved: nothing was sent."""

    def __init__(self, system: str, *, differences: tuple[Difference, ...], now: Snapshot) -> None:
        super().__init__(system, "the ticket changed since its answer was approved", retry=False)
        self.differences = differences
        self.now = now


class ExportRefused(DeskError):
    """This login may not export tickets, or the server has no export: search is the other way."""


class HelpDesk(Protocol):
    """Everything that the bot does in a help desk.

    Every method raises DeskError where the desk does not answer as it should.
    """

    async def search(self, query: TicketQuery, *, limit: int) -> SearchResult:
        """The newest `limit` matching tickets, with the true total."""

    async def count(self, query: TicketQuery) -> int:
        """How many tickets match, without reading them; as exact as `Found.total`."""

    async def tickets(self, ids: list[int]) -> list[Ticket]:
        """These tickets, read by id (the search index lags by minutes); ids that don't exist are left out."""

    async def add_tag(self, ticket_id: int, tag: str) -> None:
        """Adds one tag and keeps the others, also those that are set at the same moment."""

    async def remove_tag(self, ticket_id: int, tag: str) -> None:
        """Removes one tag; a tag that is not there is no error."""

    async def agent_email(self, agent_id: int) -> str:
        """The address of an agent, by the id that tickets have of them; "" for whoever is none, or not there."""

    async def requesters(self, said: str) -> list[Requester]:
        """The customers with just this number, e-mail address or name; [] where there is none."""

    async def tickets_of(self, requester_id: int) -> list[Ticket]:
        """Every ticket that a customer wrote, the newest first, as many as the desk lists."""

    async def check(self) -> str:
        """Who the credentials act as, as a line for people; raises DeskError with the reason."""

    async def check_export(self) -> None:
        """Whether tickets can be exported. Raises ExportRefused where this login may not, else DeskError."""

    async def close(self) -> None:
        """Closes threads and connections."""

    async def open_problem(self, key: str, *, subject: str, note: str) -> Ticket:
        """Returns the problem ticket that is stamped with `key`; makes it first where there is none.

        `note` is its first comment, for agents only. Raises OutcomeUnknown where it may have been
        made: asking again, some seconds later, finds it.
        """

    async def hang(self, problem_id: int, ticket_ids: Sequence[int]) -> list[HangOutcome]:
        """Makes these tickets incidents of the problem, each by itself; one row for each of them.

        A ticket that hangs on another problem is left there. Doing it again is harmless. A problem that was solved is
        opened again, without a comment, while one of its incidents is not. Raises TicketRefused where the problem is
        closed for good or gone, and another DeskError only where nothing could be read.
        """

    async def solve_problem(self, problem_id: int) -> list[int]:
        """Solves it without a comment, once all its incidents are solved; [] means that it is solved.

        Zendesk solves the incidents that are still open together with their problem, unanswered: while there are
        any, nothing is done, and they are returned. Raises TicketRefused where trying again is of no use.
        """

    async def customers(self, ticket_ids: Sequence[int]) -> list[Customer]:
        """These tickets with their customers' languages; ids that don't exist are left out."""

    async def macros(self) -> list[Macro]:
        """All active macros."""

    async def macro_effect(self, macro_id: int, ticket_id: int) -> MacroEffect:
        """What a macro would do to the ticket, without doing it. Raises TicketRefused."""

    async def answer(
        self,
        ticket_id: int,
        text: str,
        *,
        status: str,
        stamp: str,
        snapshot: Snapshot | None = None,
        again: bool = False,
    ) -> None:
        """Writes a public comment, and gives the ticket its `status` ("" keeps it), in one step, once for a `stamp`.

        A ticket that has the stamp is left as it is. One that differs from `snapshot` raises ChangedSince, and the
        desk takes the answer only while it is still as this very look found it. `again` says that an earlier attempt
        may have been done: it is looked for more thoroughly. Raises OutcomeUnknown where this attempt may have been
        done, TicketRefused where trying again is of no use.
        """

    async def groups(self) -> list[DeskGroup]:
        """All groups of agents."""

    async def in_groups(self, groups: Sequence[DeskGroup], *, created_before: datetime, limit: int) -> GroupTickets:
        """The newest `limit` tickets of these groups that wait for agents (new or open) and were never elevated.

        The search index lags: what is found must be read before anything is done with it.
        """

    async def wait(self, ticket_id: int) -> TicketWait | None:
        """The ticket as it is now, and since when its customer waits for a reply; None where it does not exist."""

    async def elevate(self, ticket_id: int, order: ElevationOrder, *, again: bool = False) -> ElevationResult:
        """Moves a ticket to another group, with a note for agents, in one step and at most once.

        Nothing is done with a ticket whose wait is no longer the one that was judged. `again` says that an earlier
        attempt may have been done: it is looked for more thoroughly. Raises TicketChanged where somebody was faster,
        OutcomeUnknown where this attempt may have been done, TicketRefused where trying again is of no use.
        """

    async def answered(self, ticket_id: int, *, stamp: str) -> bool:
        """Whether an answer with this stamp is in the ticket."""
