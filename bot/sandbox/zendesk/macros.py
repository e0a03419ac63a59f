"""Macros: what one would change in a ticket, shown without changing it."""

from dataclasses import dataclass

from bot.sandbox.zendesk import paging
from bot.sandbox.zendesk.answers import Answer, ApiError, Call, Endpoint, Json, not_found
from bot.sandbox.zendesk.desk import Desk
from bot.sandbox.zendesk.wire import ticket_json


@dataclass(frozen=True, slots=True)
class Macro:
    """`comment` is "" where the macro writes none."""

    id: int
    title: str
    comment: str
    status: str = ""
    public: bool = True
    active: bool = True


_MACROS = (
    Macro(901, "We know about this and are on it", "Thank you for telling us. We are working on it.", "pending"),
    Macro(902, "Fixed, please try again", "Hello {{ticket.requester.first_name}}, this works again.", "solved"),
    Macro(903, "Behoben, bitte erneut versuchen", "Hallo {{ticket.requester.first_name}}, es geht wieder.", "solved"),
    Macro(907, "Corrigé, veuillez réessayer", "Bonjour {{ticket.requester.first_name}}, c'est réparé.", "solved"),
    Macro(904, "Note for the night shift", "Seen, waiting for development.", public=False),
    Macro(905, "Take it", "", "open"),
    Macro(906, "Last year's apology", "Sorry again.", active=False),
)


class MacrosApi:
    def __init__(self, *, desk: Desk) -> None:
        self._desk = desk

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint("GET", "/macros", self.list, "tickets:read"),
            Endpoint("GET", r"/tickets/{id:\d+}/macros/{macro:\d+}/apply", self.apply, "tickets:read"),
        ]

    def list(self, call: Call) -> Answer:
        asked = call.query.get("active", "")
        if asked not in ("", "true", "false"):
            raise ApiError(400, "InvalidValue", "active: must be true or false")
        listed = [macro for macro in _MACROS if not asked or macro.active == (asked == "true")]
        if paging.wants_cursor(call):
            page = paging.by_cursor(call, listed, "macros", _written, mark=lambda macro: macro.id, most=100)
        else:
            page = paging.by_offset(call, listed, "macros", _written, rows_max=paging.OFFSET_ROWS_MAX)
        return Answer(page)

    def apply(self, call: Call) -> Answer:
        """The ticket as it would be, with the comment's placeholders filled in."""
        macro = next((macro for macro in _MACROS if macro.id == call.id("macro")), None)
        if macro is None:
            raise not_found()
        ticket = self._desk.ticket(call.id())
        written = ticket_json(ticket, base=call.base, has_incidents=bool(self._desk.incidents(ticket.id)))
        written |= {"status": macro.status} if macro.status else {}
        if macro.comment:
            body = self._desk.filled(macro.comment, ticket)
            written["comment"] = {"body": body, "html_body": "", "scoped_body": [], "public": macro.public}
        return Answer({"result": {"ticket": written}})


def _written(macro: Macro) -> Json:
    return {"id": macro.id, "title": macro.title, "active": macro.active}
