"""One Zendesk ticket read and changed so that nobody else's change is lost."""

from typing import Any

from bot.tickets.zendesk.workers import Worker

Row = dict[str, Any]

ATTEMPTS = 4
"""Reads and writes of one ticket before somebody else's changes count as too many."""


def read_row(worker: Worker, ticket_id: int) -> Row | None:
    """The ticket as Zendesk's JSON; None where it does not exist or was deleted."""
    for row in worker.ticket_rows([ticket_id]):
        if str(row.get("id")) == str(ticket_id) and row.get("status") != "deleted":
            return row
    return None


def put_row(worker: Worker, row: Row, changes: Row) -> None:
    """Change the ticket unless somebody did since `row` was read. Raises TicketChanged (409).

    This also keeps a request that was given up, but is still on its way, from being done beside another one.
    """
    # The stamp goes back as it came: a server may compare it as text.
    stamp = {"updated_stamp": row["updated_at"], "safe_update": "true"}
    worker.rest("PUT", f"/api/v2/tickets/{row['id']}.json", json={"ticket": {**changes, **stamp}})
