"""The stream of the desk: read page by page into the tables, and what rooms above ask of it."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from bot.database import patiently
from bot.due_loop import backoff_s, work_off
from bot.records import Records, Service
from bot.signals import Signal
from bot.tasks import others_first
from bot.tickets.desk import DeskError, ExportRefused
from bot.tickets.pace import StreamPace
from bot.tickets.stream import CursorDied, LeftRow, StreamPage, StreamPlace, StreamRow, TicketStream
from bot.tickets.stream_hash import StreamHash
from bot.tickets.stream_model import (
    ReadTicket,
    StreamGap,
    StreamPart,
    StreamSettings,
    StreamStanding,
    StreamState,
    StreamWay,
)
from bot.tickets.stream_store import StreamStore

logger = logging.getLogger(__name__)

AFTER_START_S = 2.0
"""Those who press buttons come first, and whatever is taken up again."""
MINUTE_S = 60.0
"""The desk has nothing newer in a shorter time."""
SEARCH_PAUSE_S = 20.0
"""Between two pages of a search, of ten requests each: an account has a hundred a minute, and people search too."""
OVERLAP = timedelta(minutes=10)
"""So far back it begins where the desk lost the place: what comes again changes nothing."""
LATE = timedelta(minutes=6)
"""A ticket that is stored so long after it was written was not read as it came."""
BEHIND = timedelta(minutes=10)
"""From then on people are told up to when tickets are read."""
HICCUP = timedelta(minutes=2)
"""A desk that does not answer for so long, or wants a pause, is no news."""
EXPORT_AGAIN = timedelta(hours=1)
"""After so long a login that may not export is tried again: its role may be another one."""
SWEEP_S, SWEPT = 900.0, timedelta(hours=24)
"""How often it is looked after tickets that went, and how old they are, where no export tells."""
FIRST_WAIT_S, LONGEST_WAIT_S = 15.0, 300.0
SLICE_TERMS, SLICE_TICKETS = 1_000, 40
"""How much is stored without a pause: some 5 ms of work, and as much again in the rooms above."""
SLICE_READ = 250
"""How many tickets are read from the tables without a pause."""


class StreamService(Service):
    """`run` reads what is new each minute, and at first the history. Without a `stream` nothing is read."""

    def __init__(
        self, *, records: Records, store: StreamStore, stream: TicketStream | None, settings: StreamSettings
    ) -> None:
        super().__init__(records=records)
        self._store = store
        self._stream = stream
        self._settings = settings
        self._pace = StreamPace()
        self._failures = 0
        self._resting: tuple[datetime, datetime] | None = None
        """From when to when nothing is asked."""
        self._swept_at: datetime | None = None
        self._began: tuple[datetime, datetime] | None = None
        """When this process began to read the history, and how far it was then."""
        # What others ask of the records is the store's to answer.
        self.state, self.tickets, self.newest = store.state, store.tickets, store.newest
        self.words, self.gaps = store.words, store.gaps
        self.read = Signal[StreamPart]()
        """Tickets were stored, or it is known now that there are none: `complete_until` has moved on."""

    @property
    def enabled(self) -> bool:
        return self._stream is not None

    def standing(self) -> StreamStanding:
        """How it goes, for people."""
        state, now = self._store.state(), self._clock()
        reached, begins_at = state.reached_at, state.begins_at
        failing = state.failing_since is not None and now - state.failing_since > HICCUP
        done = (reached - begins_at) if reached and begins_at else timedelta()
        return StreamStanding(
            enabled=self.enabled,
            way=state.way,
            days=max(0, done.days),
            of_days=self._settings.history_days,
            left=None if state.filled_at else self._left(state, now),
            filled=state.filled_at is not None,
            complete_until=state.complete_until,
            behind=state.complete_until is not None and now - state.complete_until > BEHIND,
            failing_since=state.failing_since if failing else None,
            reason=state.reason if failing else "",
        )

    async def history(self, since: datetime, until: datetime) -> AsyncIterator[Sequence[ReadTicket]]:
        """Tickets created from `since` on and before `until`, the oldest first, in parts; others work in between."""
        at, after = since, -1
        while part := self._store.created(since=at, after=after, until=until, limit=SLICE_READ):
            yield part
            at, after = part[-1].created_at, part[-1].id
            await others_first()

    def customer(self, requester_id: int) -> int:
        """What the stream has in place of a customer, by the desk's number; 0 where nothing was ever read."""
        key = self._store.key()
        return StreamHash(key).requester(requester_id) if key else 0

    def term(self, word: str) -> int:
        """What a word of `Reading.terms` is stored as."""
        return StreamHash(self._store.key()).term(word)

    async def run(self) -> None:
        """Never returns."""
        await asyncio.sleep(AFTER_START_S)
        await work_off(self.turn, wake=asyncio.Event(), clock=self._clock)

    async def turn(self) -> datetime | None:
        """Read a page if it is time for one; when it is time again."""
        if not self._stream:
            return None
        now = self._clock()
        # A clock that was set back meanwhile is no reason to wait.
        if self._resting and self._resting[0] <= now < self._resting[1]:
            return self._resting[1]
        wait_s = max(self._stream.wait_s(), self._pace.wait_s(now))
        if not wait_s:
            self._pace.used(now)
            wait_s = await self._ask(self._stream, self._begun(now))
        now = self._clock()
        self._resting = now, now + timedelta(seconds=wait_s)
        return self._resting[1]

    def _begun(self, now: datetime) -> StreamState:
        """Where it is; from the beginning at first, when another reader is to read, and after too long an absence."""
        state, begins_at = self._store.state(), now - timedelta(days=self._settings.history_days)
        away = state.reached_at is not None and state.reached_at < begins_at
        if state.begins_at and not away and state.version == self._settings.version:
            return state
        with self._database.transaction():
            self._store.begin(begins_at, version=self._settings.version)
            if state.complete_until:
                self._store.late(StreamGap(state.complete_until, now, desk=False))
        self._began = None
        return self._store.state()

    async def _ask(self, stream: TicketStream, state: StreamState) -> float:
        """Read and store the next page; in how many seconds the next one is due."""
        now, place = self._clock(), _place(state, self._clock())
        try:
            page = await stream.page(place)
        except ExportRefused as error:
            logger.info("stream: %s; tickets are searched instead", error.reason)
            came_from_search = state.way is StreamWay.SEARCH
            self._store.note(way=StreamWay.SEARCH, exported_at=now, **({} if came_from_search else {"cursor": ""}))
            return 0.0
        except CursorDied as error:
            logger.info("stream: begun again from %s (%s)", state.reached_at or state.begins_at, error.reason)
            self._store.note(cursor="")
            return 0.0
        except DeskError as error:
            return self._failed(error, state, now)
        self._failures = 0
        self._began = self._began or (now, state.reached_at or place.since)
        await self._take(page, place, self._answered(state, now))
        if page.complete_until and place.way is StreamWay.SEARCH:
            await self._sweep(stream)
        if page.complete_until:
            return MINUTE_S
        return SEARCH_PAUSE_S if place.way is StreamWay.SEARCH else 0.0

    def _failed(self, error: DeskError, state: StreamState, now: datetime) -> float:
        self._failures += 1
        logger.warning("stream: %s", error.sentence)
        self._store.note(failing_since=state.failing_since or now, reason=error.reason)
        longest_s = LONGEST_WAIT_S
        wait_s = backoff_s(self._failures, first_s=FIRST_WAIT_S, longest_s=longest_s, asked_s=error.retry_after_s)
        return wait_s if error.retry else max(wait_s, longest_s)

    def _answered(self, state: StreamState, now: datetime) -> StreamState:
        """The desk tells again: what was written meanwhile comes late."""
        if not state.failing_since:
            return state
        with self._database.transaction():
            self._store.note(failing_since=None, reason="")
            if state.complete_until and now - state.complete_until > LATE:
                self._store.late(StreamGap(state.complete_until, now, desk=True))
        return replace(state, failing_since=None, reason="")

    async def _take(self, page: StreamPage, place: StreamPlace, state: StreamState) -> None:
        """Store a page in short transactions. The last one moves on: whoever is killed before reads the page again."""
        rows = [row for row in page.rows if state.begins_at and row.created_at >= state.begins_at]
        hashes = StreamHash(self._store.key())
        *parts, last = list(_slices(rows)) or [[]]
        for part in parts:
            await patiently(partial(self._take_part, part, hashes, state.complete_until))
            self._database.shrink()
            await others_first()
        await patiently(partial(self._take_last, last, hashes, page, place, state))

    def _take_part(self, rows: Sequence[StreamRow], hashes: StreamHash, complete_until: datetime | None) -> None:
        with self._database.transaction():
            if changed := self._put(rows, hashes):
                self.read.tell(StreamPart(changed, complete_until=complete_until))

    def _take_last(
        self, rows: Sequence[StreamRow], hashes: StreamHash, page: StreamPage, place: StreamPlace, state: StreamState
    ) -> None:
        with self._database.transaction():
            changed = self._put(rows, hashes)
            left = self._store.leave(page.left)
            self.read.tell(StreamPart(changed, left, self._moved_on(page, place, state)))

    def _put(self, rows: Sequence[StreamRow], hashes: StreamHash) -> tuple[ReadTicket, ...]:
        tickets = [hashes.ticket(row) for row in rows]
        self._store.used(
            (term, ticket.customer, word, ticket.created_at)
            for row, ticket in zip(rows, tickets, strict=True)
            for term, word in zip(ticket.terms, row.reading.terms, strict=True)
        )
        return self._store.put(tickets)

    def _moved_on(self, page: StreamPage, place: StreamPlace, state: StreamState) -> datetime | None:
        """Keep how far it is; until when the stream is complete."""
        before, complete_until = state.complete_until, page.complete_until
        reached_at = _latest(state.reached_at, page.reached_at, complete_until)
        values: dict[str, object] = {"way": place.way, "cursor": page.cursor, "reached_at": reached_at}
        if complete_until:
            if before and complete_until - before > LATE:
                self._store.late(StreamGap(before, complete_until, desk=False))
            values |= {"complete_until": _latest(before, complete_until), "filled_at": state.filled_at or self._clock()}
        self._store.note(**values)
        return _latest(before, complete_until)

    async def _sweep(self, stream: TicketStream) -> None:
        """A search does not tell what was deleted: the newest tickets are looked up by their numbers now and then."""
        now = self._clock()
        if self._swept_at and now - self._swept_at < timedelta(seconds=SWEEP_S):
            return
        stamps = {ticket.id: ticket.updated_at async for part in self.history(now - SWEPT, now) for ticket in part}
        try:
            missing = await stream.missing(list(stamps))
        except DeskError as error:
            logger.info("stream: which tickets were deleted is not known now: %s", error.reason)
            return
        self._swept_at = now
        with self._database.transaction():
            if left := self._store.leave([LeftRow(number, stamps[number]) for number in missing]):
                self.read.tell(StreamPart((), left, self._store.state().complete_until))

    def _left(self, state: StreamState, now: datetime) -> timedelta | None:
        """How long the history takes still, by how long this process took for what it read; None at the beginning."""
        if not self._began or not state.reached_at:
            return None
        began_at, reached_then = self._began
        done, took = state.reached_at - reached_then, now - began_at
        if done <= timedelta() or took <= timedelta():
            return None
        return max(timedelta(), now - state.reached_at) * (took / done)


def _place(state: StreamState, now: datetime) -> StreamPlace:
    """Where to go on; an export, where one was refused long enough ago."""
    began = state.begins_at or now
    since = max(began, state.reached_at - OVERLAP) if state.reached_at else began
    if state.way is StreamWay.SEARCH and state.exported_at and now - state.exported_at >= EXPORT_AGAIN:
        return StreamPlace(StreamWay.EXPORT, since)
    return StreamPlace(state.way, since, state.cursor)


def _slices(rows: Sequence[StreamRow]) -> Iterator[list[StreamRow]]:
    part: list[StreamRow] = []
    terms = 0
    for row in rows:
        part.append(row)
        terms += len(row.reading.terms)
        if terms >= SLICE_TERMS or len(part) >= SLICE_TICKETS:
            yield part
            part, terms = [], 0
    if part:
        yield part


def _latest(*moments: datetime | None) -> datetime | None:
    return max((moment for moment in moments if moment), default=None)
