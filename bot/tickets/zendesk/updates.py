"""One Zendesk ticket changed so that nobody else's change is lost, and its tags."""

from collections.abc import Callable
from typing import Any, TypeVar

from bot.tickets.desk import TicketChanged
from bot.tickets.zendesk.errors import NotThere, desk_error
from bot.tickets.zendesk.wire import ticket_from
from bot.tickets.zendesk.workers import Row, Worker

T = TypeVar("T")

ATTEMPTS = 4
"""Reads and writes of one ticket before somebody else's changes count as too many."""


def update(worker: Worker, ticket_id: int, change: Callable[[Row | None], T]) -> T:
    """Calls `change` with the ticket as it is now, and again with a newer one where somebody else was faster (409).

    Raises TicketChanged after ATTEMPTS of them.
    """
    for _ in range(ATTEMPTS - 1):
        try:
            return change(read_row(worker, ticket_id))
        except TicketChanged:
            continue
    return change(read_row(worker, ticket_id))


def read_row(worker: Worker, ticket_id: int) -> Row | None:
    """The ticket as Zendesk's JSON; None where it does not exist or was deleted."""
    for row in worker.ticket_rows([ticket_id]):
        if str(row.get("id")) == str(ticket_id) and row.get("status") != "deleted":
            return row
    return None


def put_row(worker: Worker, row: Row, changes: Row) -> None:
    """Changes the ticket unless somebody did since `row` was read. Raises TicketChanged (409).

    This also keeps a request that was given up, but is still on its way, from being done beside another one.
    """
    worker.rest("PUT", f"/api/v2/tickets/{row['id']}.json", json={"ticket": {**changes, **_guard(row)}})


def write_tag(worker: Worker, *, ticket_id: int, tag: str, present: bool) -> None:
    """Makes `tag` present or not; sends nothing where that is so already.

    Raises TicketChanged where others keep changing the ticket, DeskError for one that is gone or closed.
    """

    def write(row: Row | None) -> None:
        if not row:
            raise desk_error(f"ticket {ticket_id} does not exist or was deleted", retry=False)
        ticket = ticket_from(row)
        # Zendesk keeps tags in lower case.
        others = [kept for kept in ticket.tags if kept.lower() != tag.lower()]
        if (len(others) < len(ticket.tags)) == present:
            return
        if ticket.status == "closed":
            raise desk_error(f"ticket {ticket_id} is closed, which nobody can change any more", retry=False)
        try:
            path = f"/api/v2/tickets/{ticket.id}/tags.json"
            worker.rest("PUT" if present else "DELETE", path, json={"tags": [tag], **_guard(row)})
        except NotThere:  # a server without that endpoint has the same guard on the ticket itself
            put_row(worker, row, {"tags": [*others, tag] if present else others})

    update(worker, ticket_id, write)


def _guard(row: Row) -> dict[str, Any]:
    """Zendesk refuses a change with this stamp once the ticket has another; it goes back as it came, as text."""
    return {"updated_stamp": row["updated_at"], "safe_update": "true"}
