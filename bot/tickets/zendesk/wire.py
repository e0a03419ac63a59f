"""Zendesk's JSON as our own types; what is missing or of another shape is a DeskError."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from bot.loose_json import mapping, objects
from bot.paging import Trail
from bot.tickets.desk import DeskError
from bot.tickets.model import Ticket
from bot.tickets.places import NOWHERE, PlaceFinder
from bot.tickets.zendesk.errors import desk_error

READ_MAX = 1_500
"""So much of what the customer wrote is kept of a ticket; a mail's history below names anything."""


TicketFrom = Callable[[object], Ticket]
"""`ticket_from`, with where people open tickets and what reads where a customer is."""


def tickets_from(rows: object, read: TicketFrom) -> list[Ticket]:
    """The tickets of a `results` or `tickets` list; rows of other kinds (users, articles) are left out."""
    if not isinstance(rows, list):
        raise malformed("a list of tickets")
    return [read(row) for row in rows if _is_ticket(row)]


def ticket_from(row: object, *, agent_url: str = "", places: PlaceFinder = NOWHERE) -> Ticket:
    """One ticket; words of status and priority pass in lower case, since accounts may have their own."""
    if not isinstance(row, dict):
        raise malformed("a ticket")
    ticket_id = integer(row, "id")
    subject, tags = text_of(row.get("subject")) or text_of(row.get("raw_subject")), words_of(row.get("tags"))
    text = f"{subject}\n{text_of(row.get('description'))}"
    return Ticket(
        id=ticket_id,
        subject=subject,
        status=_required_text(row, "status").lower(),
        created_at=instant(row, "created_at"),
        updated_at=instant(row, "updated_at"),
        url=f"{agent_url}/agent/tickets/{ticket_id}",
        priority=text_of(row.get("priority")).lower(),
        tags=tags,
        requester_id=_number(row, "requester_id"),
        places=places.places_of(custom=_custom(row.get("custom_fields")), tags=tags, text=text),
        text=text_of(row.get("description"))[:READ_MAX],
        assignee_id=number_or_none(row, "assignee_id"),
        group_id=number_or_none(row, "group_id"),
        problem_id=number_or_none(row, "problem_id"),
    )


def integer(row: Mapping[str, Any], key: str) -> int:
    """A whole number, also where a server writes it as text."""
    value = row.get(key)
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20:
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise malformed(repr(key))


def _number(row: Mapping[str, Any], key: str) -> int | None:
    return integer(row, key) if row.get(key) is not None else None


def number_or_none(row: Mapping[str, Any], key: str) -> int | None:
    """Of what no search needs: one odd value is no reason to have no tickets."""
    try:
        return _number(row, key)
    except DeskError:
        return None


def malformed(missing: str) -> DeskError:
    """The answer of a server that speaks something else than Zendesk's API."""
    return desk_error(f"unexpected answer without {missing}: check that ZENDESK_URL is a Zendesk", retry=False)


def has_more(page: Mapping[str, Any]) -> bool:
    return bool(mapping(page.get("meta")).get("has_more"))


def next_cursor(page: Mapping[str, Any], trail: Trail) -> str:
    """Where the list goes on, "" at its end. Raises DeskError where it was there before."""
    following = str(mapping(page.get("meta")).get("after_cursor") or "") if has_more(page) else ""
    if following and trail.circles(following):
        raise desk_error("unexpected answer: its list of pages leads in a circle", retry=True)
    return following


def _is_ticket(row: object) -> bool:
    return not isinstance(row, dict) or row.get("result_type", "ticket") == "ticket"


def text_of(value: object) -> str:
    return value if isinstance(value, str) else ""


def _required_text(row: Mapping[str, Any], key: str) -> str:
    value = text_of(row.get(key))
    if not value:
        raise malformed(repr(key))
    return value


def _custom(value: object) -> dict[int, str]:
    """Custom fields that hold text, by their id."""
    return {field["id"]: text_of(field.get("value")) for field in objects(value) if isinstance(field.get("id"), int)}


def words_of(value: object) -> tuple[str, ...]:
    return tuple(word for word in value if isinstance(word, str)) if isinstance(value, Iterable) else ()


def instant(row: Mapping[str, Any], key: str) -> datetime:
    """A moment; where a server names no zone it is UTC."""
    try:
        moment = datetime.fromisoformat(text_of(row.get(key)))
    except ValueError:
        raise malformed(repr(key)) from None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
