"""One tag of one Zendesk ticket, written so that nobody else's change is lost."""

from typing import Any

from bot.tickets.desk import TicketChanged
from bot.tickets.zendesk.errors import NotThere, desk_error
from bot.tickets.zendesk.wire import ticket_from
from bot.tickets.zendesk.workers import Worker

ATTEMPTS = 4


def write_tag(worker: Worker, *, ticket_id: int, tag: str, present: bool) -> None:
    """Make `tag` present or not; nothing is sent where that is so already.

    Zendesk's tag calls can lose a race, so the ticket's `updated_at` is sent along and a refusal (409) is
    followed by another read. Raises TicketChanged after ATTEMPTS of them, DeskError for a ticket that is gone
    or closed.
    """
    for attempts_left in reversed(range(ATTEMPTS)):
        row = _row(worker, ticket_id)
        if not _needs_writing(row, tag, present):
            return
        try:
            _write(worker, row, tag, present)
            return
        except TicketChanged:
            if not attempts_left:
                raise


def _write(worker: Worker, row: dict[str, Any], tag: str, present: bool) -> None:
    """By the tags of the ticket; by the ticket itself, with the same guard, on a server that lacks that endpoint."""
    ticket = ticket_from(row, agent_url="")
    # The stamp goes back as it came: a server may compare it as text.
    stamp = {"updated_stamp": row["updated_at"], "safe_update": "true"}
    try:
        path = f"/api/v2/tickets/{ticket.id}/tags.json"
        worker.rest("PUT" if present else "DELETE", path, json={"tags": [tag], **stamp})
    except NotThere:
        kept = [each for each in ticket.tags if each.lower() != tag.lower()]
        tags = [*kept, tag] if present else kept
        worker.rest("PUT", f"/api/v2/tickets/{ticket.id}.json", json={"ticket": {"tags": tags, **stamp}})


def _row(worker: Worker, ticket_id: int) -> dict[str, Any]:
    for row in worker.ticket_rows([ticket_id]):
        if str(row.get("id")) == str(ticket_id) and row.get("status") != "deleted":
            return row
    raise desk_error(f"ticket {ticket_id} does not exist or was deleted", retry=False)


def _needs_writing(row: dict[str, Any], tag: str, present: bool) -> bool:
    ticket = ticket_from(row, agent_url="")
    # Zendesk keeps tags in lower case.
    if (tag.lower() in (kept.lower() for kept in ticket.tags)) == present:
        return False
    if ticket.status == "closed":
        raise desk_error(f"ticket {ticket.id} is closed, which nobody can change any more", retry=False)
    return True
