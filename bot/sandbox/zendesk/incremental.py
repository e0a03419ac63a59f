"""The incremental export of tickets by cursor, without the last minute."""

from datetime import datetime, timedelta

from bot.clock import Clock
from bot.sandbox.zendesk import paging
from bot.sandbox.zendesk.answers import Answer, ApiError, Call, Endpoint
from bot.sandbox.zendesk.desk import Desk
from bot.sandbox.zendesk.tickets import Ticket
from bot.sandbox.zendesk.wire import ticket_json

PAGE_ROWS = 1_000
HELD_BACK = timedelta(minutes=1)


class IncrementalApi:
    """Tickets by their last change; the cursor names the last row that was given out."""

    def __init__(self, *, desk: Desk, clock: Clock) -> None:
        self._desk = desk
        self._clock = clock

    def endpoints(self) -> list[Endpoint]:
        return [Endpoint("GET", "/incremental/tickets/cursor", self.tickets, "tickets:read", "incremental")]

    def tickets(self, call: Call) -> Answer:
        after = _start(call, self._clock())
        per_page = paging.number(call, "per_page", PAGE_ROWS, most=PAGE_ROWS)
        until = self._clock() - HELD_BACK
        ready = sorted((one for one in self._desk if one.generated_at <= until), key=_place)
        left = [one for one in ready if _place(one) > after]
        page = left[:per_page]
        cursor = paging.write_cursor(after=list(_place(page[-1]) if page else after))
        url = f"{call.base}/api/v2/incremental/tickets/cursor.json?cursor={cursor}"
        rows = [ticket_json(one, base=call.base, has_incidents=bool(self._desk.incidents(one.id))) for one in page]
        end = len(left) <= per_page
        return Answer(
            {
                "tickets": rows,
                "after_cursor": cursor,
                "after_url": url,
                "before_cursor": None,
                "before_url": None,
                "end_of_stream": end,
            }
        )


def _place(ticket: Ticket) -> tuple[float, int]:
    return ticket.generated_at.timestamp(), ticket.id


def _start(call: Call, now: datetime) -> tuple[float, int]:
    if "cursor" in call.query:
        at, ticket_id = paging.read_cursor(call.query["cursor"]).get("after", (0.0, 0))
        return float(at), int(ticket_id)
    text = call.query.get("start_time", "")
    if not text.isdigit():
        raise ApiError(400, "StartTimeMissing", "start_time or cursor must be given")
    if int(text) > now.timestamp():
        raise ApiError(422, "InvalidValue", "start_time must be in the past")
    return float(text), 0
