"""The incremental export of tickets by cursor, without the last minute."""

from datetime import datetime, timedelta

from bot.clock import Clock
from bot.sandbox.zendesk import paging
from bot.sandbox.zendesk.answers import Answer, ApiError, Call, Endpoint, Json
from bot.sandbox.zendesk.desk import DELETED, Desk
from bot.sandbox.zendesk.tickets import Ticket, User, iso, parsed_time
from bot.sandbox.zendesk.wire import ticket_json, user_json

PAGE_ROWS = 1_000
HELD_BACK = timedelta(minutes=1)
_Place = tuple[float, int]
"""A row's time and id, the order of the export."""


class NoRight(ApiError):
    """Zendesk's refusal of a page to a person, whose `error` is an object."""

    def __init__(self) -> None:
        super().__init__(403, "Forbidden")
        message = "You do not have access to this page. Please contact the account owner of this help desk for help."
        self.body: Json = {"error": {"title": "Forbidden", "message": message}}


class IncrementalApi:
    """Tickets by the last change of the system, those that are deleted too; for admins only.

    A cursor names the last row that was given out. `repeats` rows of the page before come again with each next page.
    """

    def __init__(self, *, desk: Desk, clock: Clock) -> None:
        self._desk = desk
        self._clock = clock
        self._dead_before: datetime | None = None
        self.repeats = 0

    def endpoints(self) -> list[Endpoint]:
        return [Endpoint("GET", "/incremental/tickets/cursor", self.tickets, "tickets:read", "incremental")]

    def let_cursors_die(self) -> None:
        """Every cursor that was given out so far is refused."""
        self._dead_before = self._clock()

    def tickets(self, call: Call) -> Answer:
        if self._desk.user(call.actor.user_id or 0).role != "admin":
            raise NoRight
        after, per_page = self._start(call), paging.number(call, "per_page", PAGE_ROWS, most=PAGE_ROWS)
        without = DELETED if call.query.get("exclude_deleted") == "true" else ""
        ready = self._ready(without)
        left = [one for one in ready if _place(one) > after]
        again = [one for one in ready if _place(one) <= after][-self.repeats :] if self.repeats else []
        page = left[: per_page - len(again)]
        cursor = paging.write_cursor(after=list(_place(page[-1]) if page else after), born=iso(self._clock()))
        end = len(page) == len(left)
        return Answer(self._written(call, [*(again if "cursor" in call.query else []), *page], cursor, end))

    def _ready(self, without: str) -> list[Ticket]:
        until = self._clock() - HELD_BACK
        listed = (one for one in self._desk.exported() if one.generated_at <= until and one.status != without)
        return sorted(listed, key=_place)

    def _written(self, call: Call, page: list[Ticket], cursor: str, end: bool) -> Json:
        problems = self._desk.problems_with_incidents()
        beside = {"users": self._users(call, page)} if "users" in call.query.get("include", "").split(",") else {}
        return {
            "tickets": [ticket_json(one, base=call.base, has_incidents=one.id in problems) for one in page],
            **beside,
            "after_cursor": cursor,
            "after_url": f"{call.base}/api/v2/incremental/tickets/cursor.json?cursor={cursor}",
            "before_cursor": None,
            "before_url": None,
            "end_of_stream": end,
        }

    def _users(self, call: Call, page: list[Ticket]) -> list[Json]:
        known: dict[int, User] = {one.requester_id: self._desk.user(one.requester_id) for one in page}
        return [user_json(user, base=call.base) for user in known.values()]

    def _start(self, call: Call) -> _Place:
        if "cursor" in call.query:
            return self._after(call.query["cursor"])
        text = call.query.get("start_time", "")
        if not text.isdigit():
            raise ApiError(400, "StartTimeMissing", "start_time or cursor must be given")
        if int(text) > (self._clock() - HELD_BACK).timestamp():
            raise ApiError(400, "StartTimeTooRecent", "Too recent start_time. Use a start_time older than 1 minute")
        return float(text), 0

    def _after(self, text: str) -> _Place:
        cursor = paging.read_cursor(text)
        born = parsed_time(str(cursor.get("born", "")))
        if not born or not isinstance(cursor.get("after"), list):
            raise ApiError(400, "InvalidPaginationParameter", "cursor is not valid")
        if self._dead_before and born <= self._dead_before:
            raise ApiError(400, "InvalidPaginationParameter", "cursor has expired")
        at, ticket_id = cursor["after"]
        return float(at), int(ticket_id)


def _place(ticket: Ticket) -> _Place:
    return ticket.generated_at.timestamp(), ticket.id
