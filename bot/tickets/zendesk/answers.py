"""Public answers in Zendesk tickets, each at most once."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.loose_json import mapping, objects
from bot.tickets.answering import (
    Difference,
    DifferenceKind,
    Doer,
    PublicComment,
    RefusalKind,
    Snapshot,
    differences,
    may_have_been_written_to,
    said_since,
    snapshot,
    unanswerable,
)
from bot.tickets.desk import ChangedSince, DeskError
from bot.tickets.model import PROBLEM_TAG, Ticket
from bot.tickets.zendesk.errors import SYSTEM, Declined, NotThere, ticket_refused
from bot.tickets.zendesk.updates import put_row, read_row, update
from bot.tickets.zendesk.wire import has_more, instant, integer, ticket_from
from bot.tickets.zendesk.workers import Row, Worker

MARK = "secondline"
"""The key under which a comment's own metadata carry the stamp; only the API shows them."""

COMMENTS_READ = 100
AUDITS_READ = 100

_REASONS = {
    RefusalKind.CLOSED: "it is closed, which nobody can change any more",
    RefusalKind.MERGED: "it was merged into another ticket",
    RefusalKind.GONE: "it does not exist any more",
}


def write_answer(
    worker: Worker, *, ticket_id: int, text: str, status: str, stamp: str, snapshot: Snapshot | None, again: bool
) -> None:
    """One PUT with the comment, the status and the stamp, so that no part of it is there without the others.

    The stamp is a tag, and the comment's metadata too: a tag can be taken off. `snapshot` is compared
    with the row whose stamp guards the PUT: nothing can change between look and answer. See `HelpDesk.answer`.
    """
    look_deeper = again

    def write(row: Row | None) -> None:
        nonlocal look_deeper
        if row and _stamped(worker, row, stamp, look_deeper=look_deeper):
            return
        look_deeper = True
        _refuse_unanswerable(row)
        assert row
        try:
            if snapshot:
                _refuse_changed(worker, ticket_from(row), snapshot)
            put_row(worker, row, _changes(row, text, status, stamp))
        except NotThere:
            raise ticket_refused(_REASONS[RefusalKind.GONE], RefusalKind.GONE) from None
        except Declined as error:
            raise ticket_refused(error.reason, _declined_as(worker, ticket_id)) from error

    update(worker, ticket_id, write)


def read_answered(worker: Worker, *, ticket_id: int, stamp: str) -> bool:
    row = read_row(worker, ticket_id)
    return row is not None and _stamped(worker, row, stamp, look_deeper=True)


def read_newest_comment(worker: Worker, *, ticket: Ticket) -> int:
    """The newest public comment; 0 where there is none."""
    return next((comment.id for comment in _said(worker, ticket)), 0)


def _refuse_changed(worker: Worker, now: Ticket, before: Snapshot) -> None:
    said = _said(worker, now) if may_have_been_written_to(before, now) else []
    if now.problem_id and before.problem_id is None and _is_ours(worker, now.problem_id):
        before = replace(before, problem_id=now.problem_id)
    changes = differences(before, now, said_since(before, said))
    if changes:
        newest = said[0].id if said else before.comment_id
        changes = tuple(_with_doer(worker, now, difference) for difference in changes)
        raise ChangedSince(SYSTEM, differences=changes, now=snapshot(now, newest))


def _with_doer(worker: Worker, ticket: Ticket, difference: Difference) -> Difference:
    """Whether the customer gave it its status, as the ticket's audits say, the oldest first.

    A desk that does not tell is no trouble, nor is a ticket with more of them than one page.
    """
    if difference.kind is not DifferenceKind.STATUS:
        return difference
    try:
        page = worker.rest("GET", f"/api/v2/tickets/{ticket.id}/audits.json", params={"page[size]": str(AUDITS_READ)})
    except DeskError:
        return difference
    if has_more(page):
        return difference
    audits = reversed(objects(page.get("audits")))
    author = next((row.get("author_id") for row in audits if _gave(row, difference.now)), None)
    if author is None:
        return difference
    return replace(difference, by=Doer.CUSTOMER if author == ticket.requester_id else Doer.SOMEBODY)


def _gave(audit: Mapping[str, Any], status: str) -> bool:
    changes = objects(audit.get("events"))
    return any(change.get("field_name") == "status" and change.get("value") == status for change in changes)


def _is_ours(worker: Worker, problem_id: int) -> bool:
    """Whether the bot made that problem ticket: it links tickets to it by itself."""
    row = read_row(worker, problem_id)
    return row is not None and PROBLEM_TAG in ticket_from(row).tags


def _changes(row: Row, text: str, status: str, stamp: str) -> dict[str, Any]:
    """`tags` replaces all of them, which is safe here: the PUT is refused if the ticket changed since it was read."""
    changes: dict[str, Any] = {
        "comment": {"body": text, "public": True},
        "tags": [*ticket_from(row).tags, stamp],
        "metadata": {"custom": {MARK: stamp}},
    }
    return changes | ({"status": status} if status else {})


def _stamped(worker: Worker, row: Row, stamp: str, *, look_deeper: bool) -> bool:
    """By its tags, and `look_deeper` by the newest comments: an answer that is looked for is minutes old."""
    ticket = ticket_from(row)
    if stamp in ticket.tags:
        return True
    return look_deeper and is_marked(worker, ticket.id, stamp)


def _said(worker: Worker, ticket: Ticket) -> list[PublicComment]:
    """The newest public comments, the newest first."""
    return [
        PublicComment(
            integer(row, "id"), by_customer=row.get("author_id") == ticket.requester_id, at=instant(row, "created_at")
        )
        for row in newest_comments(worker, ticket.id)[0]
        if row.get("public") is not False
    ]


def newest_comments(worker: Worker, ticket_id: int) -> tuple[list[Mapping[str, Any]], bool]:
    """The newest comments, the newest first, and whether these are all of them."""
    query = {"sort": "-created_at", "page[size]": str(COMMENTS_READ)}
    page = worker.rest("GET", f"/api/v2/tickets/{ticket_id}/comments.json", params=query)
    return objects(page.get("comments")), not has_more(page)


def is_marked(worker: Worker, ticket_id: int, stamp: str) -> bool:
    """Whether one of its newest comments has the stamp: a tag can be taken off."""
    customs = (mapping(comment.get("metadata")).get("custom") for comment in newest_comments(worker, ticket_id)[0])
    return any(mapping(custom).get(MARK) == stamp for custom in customs)


def _refuse_unanswerable(row: Row | None) -> None:
    why = unanswerable(ticket_from(row) if row else None)
    if why:
        raise ticket_refused(_REASONS[why], why)


def _declined_as(worker: Worker, ticket_id: int) -> RefusalKind:
    """A ticket that was closed between reading and writing is declined like any other (422)."""
    row = read_row(worker, ticket_id)
    return unanswerable(ticket_from(row) if row else None) or RefusalKind.REFUSED
