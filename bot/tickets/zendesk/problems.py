"""Problem tickets in Zendesk, and the incidents that hang on them."""

from collections.abc import Iterator

from bot.tickets.answering import HangOutcome, RefusalKind
from bot.tickets.desk import TicketRefused
from bot.tickets.model import PROBLEM_TAG, Ticket
from bot.tickets.zendesk.errors import Declined, NotThere, desk_error, ticket_refused
from bot.tickets.zendesk.updates import put_row, read_row, update
from bot.tickets.zendesk.wire import TicketFrom, integer, malformed
from bot.tickets.zendesk.workers import Row, Worker


def ensure_problem(worker: Worker, *, key: str, subject: str, note: str, read: TicketFrom) -> Ticket:
    """Looked up by its `external_id` first: Zendesk makes as many tickets as it is asked for."""
    problem = _stamped(worker, key, read)
    if problem:
        return problem
    comment = {"body": note, "public": False}
    fields = {"type": "problem", "external_id": key, "subject": subject, "tags": [PROBLEM_TAG], "comment": comment}
    answer = worker.rest("POST", "/api/v2/tickets.json", json={"ticket": fields})
    return read(answer.get("ticket"))


def check_problem(worker: Worker, problem_id: int) -> None:
    """Raises TicketRefused where it is over for good, DeskError where it is another kind of ticket."""
    row = read_row(worker, problem_id)
    if not row:
        raise _gone(problem_id)
    if row.get("status") == "closed":
        raise ticket_refused(f"the problem ticket {problem_id} is closed for good", RefusalKind.CLOSED)
    if row.get("type") != "problem":
        raise desk_error(f"#{problem_id} isn't a problem ticket, so others can't be linked to it", retry=False)


def reopen_if_needed(worker: Worker, problem_id: int) -> None:
    """A solved problem with an unsolved incident would say that nobody waits. Opening it opens no incident."""

    def reopen(row: Row | None) -> None:
        if row and row.get("status") == "solved" and not all(map(_finished, _incidents(worker, problem_id))):
            _put_status(worker, row, "open")

    update(worker, problem_id, reopen)


def hang_one(worker: Worker, *, problem_id: int, ticket_id: int) -> HangOutcome:
    """Raises DeskError where the desk does not answer, or declines the change."""

    def hang(row: Row | None) -> HangOutcome:
        hangs_on = _problem_of(row)
        reason = _reason_against(row, hangs_on, problem_id)
        if reason or not row or hangs_on == problem_id:
            return HangOutcome(ticket_id, hangs_on, reason)
        put_row(worker, row, {"type": "incident", "problem_id": problem_id})
        return HangOutcome(ticket_id, problem_id)

    return update(worker, ticket_id, hang)


def solve_when_done(worker: Worker, problem_id: int) -> list[int]:
    """Without a comment: Zendesk copies the solving comment, private or not, onto the incidents that it solves."""

    def solve(row: Row | None) -> list[int]:
        if not row:
            raise _gone(problem_id)
        if row.get("status") in ("solved", "closed"):
            return []
        incidents = _incidents(worker, problem_id)
        unsolved = [integer(incident, "id") for incident in incidents if not _finished(incident)]
        if not unsolved:
            _put_status(worker, row, "solved")
        return sorted(unsolved)

    return update(worker, problem_id, solve)


def _put_status(worker: Worker, row: Row, status: str) -> None:
    try:
        put_row(worker, row, {"status": status})
    except Declined as error:
        raise ticket_refused(error.reason, RefusalKind.REFUSED) from error


def _stamped(worker: Worker, key: str, read: TicketFrom) -> Ticket | None:
    """The oldest ticket with this stamp, so that everybody who asks gets the same."""
    rows = worker.rest("GET", "/api/v2/tickets.json", params={"external_id": key}).get("tickets")
    if not isinstance(rows, list):
        raise malformed("a list of tickets")
    ours = [row for row in rows if isinstance(row, dict) and row.get("external_id") == key]
    tickets = [read(row) for row in ours if row.get("status") != "deleted"]
    return min(tickets, key=lambda ticket: ticket.id, default=None)


def _reason_against(row: Row | None, hangs_on: int | None, problem_id: int) -> str:
    if not row:
        return "it does not exist any more"
    if hangs_on == problem_id:
        return ""
    if hangs_on:
        return f"it hangs on the problem #{hangs_on} already"
    if row.get("type") == "problem":
        return "it is a problem ticket itself"
    return "it is closed, which nobody can change any more" if row.get("status") == "closed" else ""


def _problem_of(row: Row | None) -> int | None:
    is_incident = row and row.get("type") == "incident" and row.get("problem_id") is not None
    return integer(row, "problem_id") if row and is_incident else None


def _incidents(worker: Worker, problem_id: int) -> Iterator[Row]:
    try:
        yield from worker.rows(f"/api/v2/tickets/{problem_id}/incidents.json", "tickets")
    except NotThere:
        raise _gone(problem_id) from None


def _gone(problem_id: int) -> TicketRefused:
    return ticket_refused(f"the problem ticket {problem_id} does not exist any more", RefusalKind.GONE)


def _finished(row: Row) -> bool:
    return row.get("status") in ("solved", "closed", "deleted")
