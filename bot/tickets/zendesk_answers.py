"""Public answers in Zendesk tickets, each at most once."""

from typing import Any

from bot.tickets.answering import Refusal, unanswerable
from bot.tickets.desk import TicketChanged
from bot.tickets.zendesk_errors import Declined, NotThere, ticket_refused
from bot.tickets.zendesk_rows import ATTEMPTS, Row, put_row, read_row
from bot.tickets.zendesk_wire import ticket_from
from bot.tickets.zendesk_workers import Worker

MARK = "secondline"
"""The key under which a comment's own metadata carry the stamp; only the API shows them."""

COMMENTS_READ = 100

_REASONS = {
    Refusal.CLOSED: "it is closed, which nobody can change any more",
    Refusal.MERGED: "it was merged into another ticket",
    Refusal.GONE: "it does not exist any more",
}


def write_answer(worker: Worker, *, ticket_id: int, text: str, solve: bool, stamp: str, again: bool) -> None:
    """One PUT with the comment, the status and the stamp, so that no part of it is there without the others.

    The stamp is a tag, and the comment's metadata too: a tag can be taken off. See `Answers.answer`.
    """
    for attempt in range(ATTEMPTS):
        row = read_row(worker, ticket_id)
        if row and _stamped(worker, row, stamp, look_deeper=again or attempt > 0):
            return
        _refuse_unanswerable(row)
        assert row
        try:
            put_row(worker, row, _changes(row, text, solve, stamp))
            return
        except TicketChanged:
            if attempt == ATTEMPTS - 1:
                raise
        except NotThere:
            raise ticket_refused(_REASONS[Refusal.GONE], Refusal.GONE) from None
        except Declined as error:
            raise ticket_refused(error.reason, _declined_as(worker, ticket_id)) from error


def read_answered(worker: Worker, *, ticket_id: int, stamp: str) -> bool:
    row = read_row(worker, ticket_id)
    return row is not None and _stamped(worker, row, stamp, look_deeper=True)


def _changes(row: Row, text: str, solve: bool, stamp: str) -> dict[str, Any]:
    """`tags` replaces all of them, which is safe here: the PUT is refused if the ticket changed since it was read."""
    changes: dict[str, Any] = {
        "comment": {"body": text, "public": True},
        "tags": [*ticket_from(row, agent_url="").tags, stamp],
        "metadata": {"custom": {MARK: stamp}},
    }
    return changes | ({"status": "solved"} if solve else {})


def _stamped(worker: Worker, row: Row, stamp: str, *, look_deeper: bool) -> bool:
    ticket = ticket_from(row, agent_url="")
    if stamp in ticket.tags:
        return True
    return look_deeper and _in_comments(worker, ticket.id, stamp)


def _in_comments(worker: Worker, ticket_id: int, stamp: str) -> bool:
    """Whether one of the newest comments carries the stamp: an answer that is looked for is minutes old."""
    query = {"sort": "-created_at", "page[size]": str(COMMENTS_READ)}
    answer = worker.rest("GET", f"/api/v2/tickets/{ticket_id}/comments.json", params=query)
    return any(_mark_of(comment) == stamp for comment in answer.get("comments") or [])


def _mark_of(comment: object) -> object:
    found = comment
    for key in ("metadata", "custom", MARK):
        found = found.get(key) if isinstance(found, dict) else None
    return found


def _refuse_unanswerable(row: Row | None) -> None:
    why = unanswerable(ticket_from(row, agent_url="") if row else None)
    if why:
        raise ticket_refused(_REASONS[why], why)


def _declined_as(worker: Worker, ticket_id: int) -> Refusal:
    """A ticket that was closed between reading and writing is declined like any other (422)."""
    row = read_row(worker, ticket_id)
    return unanswerable(ticket_from(row, agent_url="") if row else None) or Refusal.REFUSED
