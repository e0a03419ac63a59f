"""Customers of Zendesk by number, address or name, and the tickets that they wrote."""

from bot.tickets.model import Requester
from bot.tickets.zendesk.errors import NotThere
from bot.tickets.zendesk.query import clean_phrase
from bot.tickets.zendesk.search import PAGE_ROWS
from bot.tickets.zendesk.wire import integer, malformed, text_of
from bot.tickets.zendesk.workers import Row, Worker


def tickets_text(requester_id: int) -> str:
    """The search for what a customer wrote."""
    return f"type:ticket requester:{requester_id}"


def read_requesters(worker: Worker, *, said: str) -> list[Requester]:
    """Zendesk finds beginnings of words too: only those with just this name or address are meant."""
    if said.isascii() and said.isdigit():
        try:
            user = worker.rest("GET", f"/api/v2/users/{said}.json").get("user")
        except NotThere:
            return []
        return [_requester(user)] if isinstance(user, dict) else []
    query = {"query": f'type:user "{clean_phrase(said)}"', "per_page": PAGE_ROWS}
    rows = worker.rest("GET", "/api/v2/search.json", params=query).get("results")
    if not isinstance(rows, list):
        raise malformed("a list of users")
    wanted = said.strip().lower()
    users = [_requester(row) for row in rows if isinstance(row, dict) and row.get("result_type", "user") == "user"]
    return [user for user in users if wanted in (user.email.lower(), user.name.lower())]


def _requester(row: Row) -> Requester:
    return Requester(integer(row, "id"), text_of(row.get("name")), text_of(row.get("email")))
