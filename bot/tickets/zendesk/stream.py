"""The stream of one Zendesk: the incremental export by cursor, and the search where the login may not export.

Not by zenpy, which makes an object of a whole page first, and drops the number of rows that is asked for.
"""

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import requests

from bot.clock import Clock
from bot.reading.model import TicketText
from bot.reading.rows import ticket_text
from bot.tickets.answering import MERGED_TAG
from bot.tickets.desk import DeskError, ExportRefused
from bot.tickets.model import PROBLEM_TAG
from bot.tickets.stream import CursorDied, LeftRow, Read, StreamPage, StreamPlace, StreamRow
from bot.tickets.stream_model import StreamWay
from bot.tickets.zendesk.errors import SYSTEM, Declined, Forbidden, NotThere, desk_error
from bot.tickets.zendesk.query import instant as _instant
from bot.tickets.zendesk.row_by_row import RowByRow
from bot.tickets.zendesk.spare import SpareRequests
from bot.tickets.zendesk.wire import instant, integer, malformed, number_or_none, text_of, words_of
from bot.tickets.zendesk.workers import Row, Timeouts, Worker, Workers

logger = logging.getLogger(__name__)

EXPORT_ROWS = 1_000
SEARCH_ROWS, SEARCH_PAGES = 100, 10
"""Zendesk's search gives no more than a thousand rows to one query; the next one begins where that ended."""
HELD_BACK = timedelta(seconds=60)
"""The export leaves out the last minute, and refuses to begin in it."""
TWO_CLOCKS = timedelta(seconds=30)
INDEX_LAG = timedelta(minutes=5)
"""Search finds new tickets after minutes: so long a change counts as not yet told."""
IDS_PER_REQUEST = 100
ID_MAX = (1 << 63) - 1
STATUS_CHARS = 40
LOGGED = 3
READ_CHARS = 20_000
"""So much of a ticket goes to the reader: what stands further below is history, or no text at all."""
YIELD_S = 0.0005
"""After each ticket everything else has its turn. Without it the loop waits up to 5 ms for this thread after every
question to the database, of which a command has fifty."""
TRIPS = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What a reader may trip over in a text that nobody thought of: that is one ticket, and the others are read."""

STREAM_TIMEOUTS = Timeouts(read_s=30.0, call_s=180.0)
"""A page of a thousand tickets takes Zendesk seconds, and nobody waits for it."""


class ZendeskStream:
    """Implements the port `TicketStream`, with a thread of its own: people's work never waits for one of its pages."""

    def __init__(
        self,
        *,
        open_session: Callable[[], requests.Session],
        spare: SpareRequests,
        clock: Clock,
        read: Read,
        meanings: Mapping[str, str],
        timeouts: Timeouts = STREAM_TIMEOUTS,
    ) -> None:
        self._workers = Workers(open_session, threads=1, timeouts=timeouts)
        self._spare = spare
        self._clock = clock
        self._rows = RowReader(read, meanings)

    async def page(self, place: StreamPlace) -> StreamPage:
        ask = read_export if place.way is StreamWay.EXPORT else read_search
        return await self._workers.run(ask, place=place, rows=self._rows, asked_at=self._clock())

    async def missing(self, ids: Sequence[int]) -> list[int]:
        chunks = [list(ids[start : start + IDS_PER_REQUEST]) for start in range(0, len(ids), IDS_PER_REQUEST)]
        return [number for chunk in chunks for number in await self._workers.run(read_missing, ids=chunk)]

    def wait_s(self) -> float:
        return self._spare.wait_s(self._clock())

    async def close(self) -> None:
        self._rows.stop()
        await self._workers.close()


def read_export(worker: Worker, *, place: StreamPlace, rows: "RowReader", asked_at: datetime) -> StreamPage:
    """One page of the export. Raises ExportRefused, CursorDied."""
    start = _start(place.since, asked_at)
    begin: dict[str, str | int] = {"cursor": place.cursor} if place.cursor else start
    page = _Page()
    try:
        with _export(worker, per_page=EXPORT_ROWS, **begin) as answer:
            page.take(rows, answer.rows())
    except Declined as error:
        if place.cursor:
            raise CursorDied(SYSTEM, error.reason, retry=True) from error
        raise
    cursor = text_of(answer.rest.get("after_cursor")) or place.cursor
    ended = answer.rest.get("end_of_stream") is True or not page.count
    if not ended and cursor == place.cursor:
        raise malformed("an 'after_cursor' that goes on")  # it would give these rows for ever
    held_back = asked_at - HELD_BACK
    return page.made(cursor=cursor, reached_at=page.newest(held_back), complete_until=held_back if ended else None)


def probe_export(worker: Worker, *, asked_at: datetime) -> None:
    """Asks for one ticket. Raises ExportRefused."""
    with _export(worker, per_page=1, **_start(asked_at, asked_at)) as answer:
        list(answer.rows())


@contextmanager
def _export(worker: Worker, **query: str | int) -> Iterator[RowByRow]:
    try:
        with worker.arriving("/api/v2/incremental/tickets/cursor.json", key="tickets", **query) as answer:
            yield answer
    except (Forbidden, NotThere) as error:
        raise ExportRefused(SYSTEM, error.reason, retry=False) from error


def _start(since: datetime, asked_at: datetime) -> dict[str, str | int]:
    """The export refuses to begin in the minute that it holds back; Zendesk's clock and ours may differ."""
    return {"start_time": int(min(since, asked_at - HELD_BACK - TWO_CLOCKS).timestamp())}


def read_search(worker: Worker, *, place: StreamPlace, rows: "RowReader", asked_at: datetime) -> StreamPage:
    """Up to a thousand tickets by the time of their last change; the cursor is that time.

    Each query begins where the one before ended: a ticket that changes meanwhile moves all others one place to the
    front, and a list by page number would miss one.
    """
    cursor, number = place.cursor or _instant(place.since), 1
    page = _Page()
    for _ in range(SEARCH_PAGES):
        matching = _search_rows(worker, cursor, number)
        page.take(rows, matching)
        if len(matching) < SEARCH_ROWS:
            settled = asked_at - INDEX_LAG
            return page.made(cursor=max(cursor, _instant(settled)), reached_at=settled, complete_until=settled)
        last = max((text_of(row.get("updated_at")) for row in matching), default=cursor)
        number = 1 if last > cursor else number + 1
        cursor = max(cursor, last)
        if number > SEARCH_PAGES:
            logger.warning("stream: more than %d tickets changed at %s, some are left out", page.count, cursor)
            cursor = _instant(datetime.fromisoformat(cursor) + timedelta(seconds=1))
    return page.made(cursor=cursor, reached_at=datetime.fromisoformat(cursor), complete_until=None)


def _search_rows(worker: Worker, cursor: str, number: int) -> list[Row]:
    order: dict[str, str | int] = {
        "sort_by": "updated_at",
        "sort_order": "asc",
        "per_page": SEARCH_ROWS,
        "page": number,
    }
    query = f"type:ticket updated>={cursor}"
    with worker.arriving("/api/v2/search.json", key="results", query=query, **order) as answer:
        return [row for row in answer.rows() if isinstance(row, dict)]


def read_missing(worker: Worker, *, ids: list[int]) -> list[int]:
    """Which of these are gone, deleted, merged, or the bot's own."""
    there = {
        ticket_id
        for row in worker.ticket_rows(ids)
        if (ticket_id := number_or_none(row, "id")) is not None and not _left(row)
    }
    return [number for number in ids if number not in there]


class RowReader:
    """Reads a row of Zendesk's JSON, and drops its text. Called from the stream's thread only."""

    def __init__(self, read: Read, meanings: Mapping[str, str]) -> None:
        self._read = read
        self._meanings = meanings
        self._stopped = False

    def stop(self) -> None:
        """Called from any thread: the page that is being read is given up."""
        self._stopped = True

    def go_on(self) -> None:
        """Raises DeskError once it was stopped."""
        if self._stopped:
            raise desk_error("the connection was closed", retry=False)

    def row(self, row: object) -> StreamRow | LeftRow:
        """Raises DeskError for what is no ticket, and one of TRIPS where the reader does."""
        if not isinstance(row, dict):
            raise malformed("a ticket")
        ticket_id, changed_at = _id(row), _changed_at(row)
        if _left(row):
            return LeftRow(ticket_id, changed_at)
        return StreamRow(
            id=ticket_id,
            created_at=_whole(instant(row, "created_at")),
            changed_at=changed_at,
            status=_clean(text_of(row.get("status"))[:STATUS_CHARS]).lower(),
            requester_id=number_or_none(row, "requester_id"),
            assignee_id=_small(number_or_none(row, "assignee_id")),
            reading=self._read(self._text(row)),
        )

    def _text(self, row: Row) -> TicketText:
        text = ticket_text(row, self._meanings)
        return TicketText(
            subject=_clean(text.subject),
            description=_clean(text.description),
            tags=tuple(map(_clean, text.tags)),
            fields={meaning: _clean(value) for meaning, value in text.fields.items()},
        )


@dataclass(slots=True)
class _Page:
    """A page as it is read."""

    rows: list[StreamRow] = field(default_factory=list)
    left: list[LeftRow] = field(default_factory=list)
    count: int = 0
    unreadable: int = 0

    def take(self, reader: RowReader, rows: Iterable[Any]) -> None:
        for row in rows:
            reader.go_on()
            self.count += 1
            time.sleep(YIELD_S)
            try:
                read = reader.row(row)
            except DeskError as error:
                self._leave_out(row, error.reason)
                continue
            except TRIPS as error:
                self._leave_out(row, f"the reader trips over it ({type(error).__name__})")
                continue
            if isinstance(read, LeftRow):
                self.left.append(read)
            else:
                self.rows.append(read)

    def newest(self, most: datetime) -> datetime | None:
        """When the last change was, as far as that is possible; None for an empty page."""
        changes = [row.changed_at for row in self.rows] + [row.changed_at for row in self.left]
        return min(max(changes), most) if changes else None

    def made(self, *, cursor: str, reached_at: datetime | None, complete_until: datetime | None) -> StreamPage:
        if self.unreadable > LOGGED:
            logger.warning("stream: %d of the %d tickets of a page are left out", self.unreadable, self.count)
        return StreamPage(
            rows=tuple(self.rows),
            left=tuple(self.left),
            cursor=cursor,
            reached_at=reached_at,
            complete_until=complete_until,
            unreadable=self.unreadable,
        )

    def _leave_out(self, row: object, reason: str) -> None:
        """The log names the ticket and none of its words, and not every one of a page that has no other rows."""
        self.unreadable += 1
        if self.unreadable > LOGGED:
            return
        named = row.get("id") if isinstance(row, dict) else None
        logger.warning("stream: ticket %s is left out: %s", named if isinstance(named, int) else "without id", reason)


def _left(row: Row) -> bool:
    """Deleted (which spam is too), merged into another one, or the bot's own."""
    tags = words_of(row.get("tags"))
    return row.get("status") == "deleted" or MERGED_TAG in tags or PROBLEM_TAG in tags


def _id(row: Row) -> int:
    number = integer(row, "id")
    if not 0 < number <= ID_MAX:
        raise malformed("'id'")
    return number


def _small(number: int | None) -> int | None:
    return number if number is not None and 0 < number <= ID_MAX else None


def _changed_at(row: Row) -> datetime:
    """Of the last change, also of one of the system's own, which moves only the generated timestamp."""
    stamp = row.get("generated_timestamp")
    updated_at = _whole(instant(row, "updated_at"))
    if not isinstance(stamp, int) or isinstance(stamp, bool):
        return updated_at
    try:
        return max(updated_at, datetime.fromtimestamp(stamp, UTC))
    except (OverflowError, OSError, ValueError):
        return updated_at


def _whole(at: datetime) -> datetime:
    return at.replace(microsecond=0)


def _clean(text: str) -> str:
    """As much of a text as is read, without half characters, which no database takes."""
    return text[:READ_CHARS].encode("utf-8", "replace").decode()
