"""Tickets of Zendesk's groups that wait for a reply, and moving one of them to another group, at most once."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.loose_json import mapping
from bot.tickets.answering import RefusalKind
from bot.tickets.model import PROBLEM_TAG, Ticket
from bot.tickets.waiting import (
    ELEVATED_TAG,
    DeskGroup,
    Elevated,
    ElevationOrder,
    ElevationResult,
    GroupTickets,
    TicketComment,
    TicketWait,
    Wait,
    against,
    wait_of,
)
from bot.tickets.zendesk.answers import MARK, is_marked, newest_comments
from bot.tickets.zendesk.errors import Declined, NotThere, ticket_refused
from bot.tickets.zendesk.query import clean_phrase, instant
from bot.tickets.zendesk.search import read_newest
from bot.tickets.zendesk.updates import put_row, read_row
from bot.tickets.zendesk.wire import TicketFrom, integer, malformed, text_of
from bot.tickets.zendesk.wire import instant as moment_of
from bot.tickets.zendesk.workers import Row, Worker

USERS_PER_REQUEST = 100
AGENTS = ("agent", "admin")


def read_groups(worker: Worker) -> list[DeskGroup]:
    rows = worker.rows("/api/v2/groups.json", "groups")
    return [DeskGroup(integer(row, "id"), str(row.get("name") or "")) for row in rows if not row.get("deleted")]


def read_agent_email(worker: Worker, *, agent_id: int) -> str:
    try:
        user = mapping(worker.rest("GET", f"/api/v2/users/{agent_id}.json").get("user"))
    except NotThere:
        return ""
    return text_of(user.get("email")) if user.get("role") in AGENTS else ""


def read_group_tickets(
    worker: Worker, *, groups: Sequence[DeskGroup], created_before: datetime, limit: int, read: TicketFrom
) -> GroupTickets:
    """A name in a search is the beginning of others too, so what is in another group is left out by its number."""
    named = " ".join(f'group:"{clean_phrase(group.name)}"' for group in groups)
    tags = f"-tags:{PROBLEM_TAG} -tags:{ELEVATED_TAG}"
    text = f"type:ticket {tags} {named} status<pending created<{instant(created_before)}"
    newest = read_newest(worker, text=text, limit=limit, read=read)
    ids = {group.id for group in groups}
    ours = tuple(ticket for ticket in newest.tickets if ticket.group_id in ids and ELEVATED_TAG not in ticket.tags)
    more = newest.tickets and not newest.whole
    return GroupTickets(ours, min(ticket.created_at for ticket in newest.tickets) if more else None)


def read_wait(worker: Worker, *, ticket_id: int, read: TicketFrom) -> TicketWait | None:
    """None where the ticket does not exist any more."""
    row = read_row(worker, ticket_id)
    if row is None:
        return None
    ticket = read(row)
    return TicketWait(ticket, _wait(worker, ticket))


def write_elevation(
    worker: Worker, *, ticket_id: int, order: ElevationOrder, read: TicketFrom, again: bool
) -> ElevationResult:
    """One PUT with group, note and mark, so that no part of it is there without the others.

    It is refused (409, TicketChanged) where anybody changed the ticket since this very look at it, and not sent where
    the look shows that it is no longer wanted. `again` looks for the mark in its comments too: a tag can be taken off.
    """
    row = read_row(worker, ticket_id)
    ticket = read(row) if row else None
    tagged = ticket is not None and ELEVATED_TAG in ticket.tags
    if ticket and (tagged or again):
        ours = is_marked(worker, ticket.id, order.stamp)
        if tagged or ours:
            return ElevationResult(Elevated.ALREADY, ticket, ours=ours)
    why = against(ticket, order)
    if why or not row or not ticket:
        return ElevationResult(why or Elevated.GONE, ticket)
    wait = _wait(worker, ticket)
    if wait != order.wait:
        return ElevationResult(Elevated.CHANGED, ticket, wait)
    try:
        put_row(worker, row, _changes(order))
    except NotThere:
        return ElevationResult(Elevated.GONE)
    except Declined as error:
        raise ticket_refused(error.reason, RefusalKind.REFUSED) from error
    return ElevationResult(Elevated.DONE, ticket, wait, ours=True)


def _changes(order: ElevationOrder) -> Row:
    """Without its assignee, who need not be of the other group: Zendesk takes no ticket that has such a one."""
    return {
        "group_id": order.group_id,
        "assignee_id": None,
        "comment": {"body": order.note, "public": False},
        "additional_tags": [ELEVATED_TAG],
        "metadata": {"custom": {MARK: order.stamp}},
    }


def _wait(worker: Worker, ticket: Ticket) -> Wait | None:
    comments, whole = newest_comments(worker, ticket.id)
    agents = _agents(worker, ticket, comments)
    said = [
        TicketComment(
            by_agent=row.get("author_id") in agents,
            public=row.get("public") is not False,
            at=moment_of(row, "created_at"),
        )
        for row in comments
    ]
    return wait_of(ticket, said, whole=whole)


def _agents(worker: Worker, ticket: Ticket, comments: Sequence[Mapping[str, Any]]) -> set[object]:
    """Who of the authors is no customer; whoever nobody knows counts as an agent: then nothing is done."""
    authors = {row.get("author_id") for row in comments} - {ticket.requester_id}
    known = [author for author in authors if isinstance(author, int) and author > 0]
    customers: set[object] = set()
    for start in range(0, len(known), USERS_PER_REQUEST):
        chunk = ",".join(map(str, known[start : start + USERS_PER_REQUEST]))
        users = worker.rest("GET", "/api/v2/users/show_many.json", params={"ids": chunk}).get("users")
        if not isinstance(users, list):
            raise malformed("a list of users")
        customers |= {
            user.get("id")
            for user in users
            if isinstance(user, dict) and user.get("role") not in AGENTS and user.get("role")
        }
    return authors - customers
