"""A desk's stream in memory, as strict as Zendesk's, that fails where a test says so."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from bot.tickets.desk import DeskError, ExportRefused
from bot.tickets.stream import CursorDied, LeftRow, StreamPage, StreamPlace, StreamRow
from bot.tickets.stream_model import StreamWay
from tests.fake_clock import FakeClock

HELD_BACK = {StreamWay.EXPORT: timedelta(minutes=1), StreamWay.SEARCH: timedelta(minutes=5)}


@dataclass
class FakeStream:
    """Implements the port `TicketStream`.

    Each of `failures` ends one call. `refuses` exports; `dead` cursors are not known any more; `gone` are tickets that
    a look by number does not find. `spare_in_s` is how long people need the account for themselves.
    """

    clock: FakeClock
    rows: list[StreamRow | LeftRow] = field(default_factory=list)
    page_rows: int = 1000
    failures: deque[DeskError] = field(default_factory=deque)
    refuses: bool = False
    dead: set[str] = field(default_factory=set)
    gone: set[int] = field(default_factory=set)
    spare_in_s: float = 0.0
    asked: list[StreamPlace] = field(default_factory=list)
    looked_up: list[int] = field(default_factory=list)
    closed: bool = False

    def tells(self, *rows: StreamRow | LeftRow) -> None:
        """Only the newest row of a ticket stands in an export."""
        ids = {row.id for row in rows}
        self.rows = [row for row in self.rows if row.id not in ids] + list(rows)

    async def page(self, place: StreamPlace) -> StreamPage:
        self.asked.append(place)
        if self.failures:
            raise self.failures.popleft()
        if place.way is StreamWay.EXPORT and self.refuses:
            raise ExportRefused("Zendesk", "not allowed (403)", retry=False)
        if place.cursor in self.dead:
            raise CursorDied("Zendesk", "refused (400): cursor has expired", retry=True)
        until = self.clock() - HELD_BACK[place.way]
        after = _place(place.cursor) if place.cursor else (place.since.timestamp(), 0)
        ready = sorted((row for row in self.rows if row.changed_at <= until), key=_key)
        waiting = [row for row in ready if _key(row) > after]
        page = waiting[: self.page_rows]
        at, number = _key(page[-1]) if page else after
        return StreamPage(
            rows=tuple(row for row in page if isinstance(row, StreamRow)),
            left=tuple(row for row in page if isinstance(row, LeftRow)),
            cursor=f"{at}/{number}",
            reached_at=page[-1].changed_at if page else None,
            complete_until=until if len(page) == len(waiting) else None,
        )

    async def missing(self, ids: Sequence[int]) -> list[int]:
        self.looked_up += ids
        return [number for number in ids if number in self.gone]

    def wait_s(self) -> float:
        return self.spare_in_s

    async def close(self) -> None:
        self.closed = True


def _key(row: StreamRow | LeftRow) -> tuple[float, int]:
    return row.changed_at.timestamp(), row.id


def _place(cursor: str) -> tuple[float, int]:
    at, number = cursor.split("/")
    return float(at), int(number)
