"""Macros: what one would change in a ticket, shown without changing it."""

from bot.sandbox.zendesk.answers import Answer, Call, Endpoint, Json, not_found
from bot.sandbox.zendesk.desk import Desk
from bot.sandbox.zendesk.wire import ticket_json

_MACROS: dict[int, tuple[str, Json]] = {
    901: (
        "We know about this and are on it",
        {"status": "pending", "comment": {"body": "Thank you for telling us. We are working on it.", "public": True}},
    ),
    902: (
        "Fixed, please try again",
        {"status": "solved", "comment": {"body": "This works again. Please reconnect.", "public": True}},
    ),
}


class MacrosApi:
    def __init__(self, *, desk: Desk) -> None:
        self._desk = desk

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint("GET", "/macros", self.list, "tickets:read"),
            Endpoint("GET", r"/tickets/{id:\d+}/macros/{macro:\d+}/apply", self.apply, "tickets:read"),
        ]

    def list(self, call: Call) -> Answer:
        rows = [{"id": key, "title": title, "active": True} for key, (title, _) in _MACROS.items()]
        return Answer({"macros": rows, "next_page": None, "previous_page": None, "count": len(rows)})

    def apply(self, call: Call) -> Answer:
        macro = _MACROS.get(int(call.params["macro"]))
        if macro is None:
            raise not_found()
        ticket = self._desk.ticket(call.id())
        written = ticket_json(ticket, base=call.base, has_incidents=bool(self._desk.incidents(ticket.id)))
        return Answer({"result": {"ticket": {**written, **macro[1]}}})
