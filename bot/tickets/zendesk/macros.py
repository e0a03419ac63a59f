"""Macros of Zendesk, and the languages of customers."""

from collections.abc import Iterable

from bot.loose_json import mapping, objects
from bot.tickets.answering import Customer, Macro, MacroEffect, RefusalKind
from bot.tickets.desk import DeskError
from bot.tickets.model import Ticket
from bot.tickets.zendesk.errors import Declined, NotThere, ticket_refused
from bot.tickets.zendesk.wire import integer, malformed, text_of
from bot.tickets.zendesk.workers import Worker

USERS_PER_REQUEST = 100


def read_macros(worker: Worker) -> list[Macro]:
    rows = worker.rows("/api/v2/macros.json", "macros", active="true")
    return [Macro(integer(row, "id"), str(row.get("title") or "")) for row in rows]


def read_macro_effect(worker: Worker, *, macro_id: int, ticket_id: int) -> MacroEffect:
    """The placeholders in its comment are filled in for this ticket: the text is for this customer and no other."""
    try:
        answer = worker.rest("GET", f"/api/v2/tickets/{ticket_id}/macros/{macro_id}/apply.json")
    except NotThere:
        raise ticket_refused(f"the macro {macro_id} or the ticket does not exist", RefusalKind.REFUSED) from None
    except Declined as error:
        raise ticket_refused(error.reason, RefusalKind.REFUSED) from error
    ticket = mapping(answer.get("result")).get("ticket")
    if not isinstance(ticket, dict):
        raise malformed("what the macro does")
    said = mapping(ticket.get("comment"))
    # A macro says nothing about `public` where it leaves the agent's choice alone.
    public, status = said.get("public") is not False, text_of(ticket.get("status"))
    return MacroEffect(text_of(said.get("body")), public=public, status=status)


def read_locales(worker: Worker, tickets: Iterable[Ticket]) -> list[Customer]:
    """Each ticket with its requester's locale; "" where the desk does not tell it (scope users:read)."""
    tickets = list(tickets)
    ids = list(dict.fromkeys(ticket.requester_id for ticket in tickets if ticket.requester_id))
    locales: dict[int, str] = {}
    for start in range(0, len(ids), USERS_PER_REQUEST):
        locales |= _locales(worker, ids[start : start + USERS_PER_REQUEST])
    return [Customer(ticket, locales.get(ticket.requester_id or 0, "")) for ticket in tickets]


def _locales(worker: Worker, ids: list[int]) -> dict[int, str]:
    try:
        answer = worker.rest("GET", "/api/v2/users/show_many.json", params={"ids": ",".join(map(str, ids))})
    except DeskError as error:
        if isinstance(error, NotThere | Declined):
            return {}
        raise
    return {integer(row, "id"): text_of(row.get("locale")) for row in objects(answer.get("users"))}
