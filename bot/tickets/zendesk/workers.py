"""The threads that speak with Zendesk: zenpy blocks and is not thread-safe, so each has a Zenpy of its own."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

import requests
import urllib3.exceptions
from zenpy import Zenpy
from zenpy.lib.exception import APIException, ZenpyException

from bot.clock import Seconds
from bot.paging import Trail
from bot.tickets.zendesk.errors import NotThere, connection_error, desk_error, json_of, outcome_unknown
from bot.tickets.zendesk.row_by_row import RowByRow
from bot.tickets.zendesk.session import DOMAIN, PLACEHOLDER_URL, SUBDOMAIN
from bot.tickets.zendesk.wire import malformed, next_cursor

P = ParamSpec("P")
T = TypeVar("T")
Row = dict[str, Any]

PAGE_ROWS = 100
CHUNK_BYTES = 65_536
ARRIVES_S = 120.0


class Worker:
    """What one thread has: a session, and a Zenpy on it. Never shared."""

    def __init__(self, session: requests.Session, *, timeout_s: tuple[float, float]) -> None:
        self._session = session
        self._timeout_s = timeout_s
        # With its cache on, zenpy answers from what it read before, and sometimes with another object.
        self._zenpy = Zenpy(
            subdomain=SUBDOMAIN, domain=DOMAIN, session=session, anonymous=True, timeout=timeout_s, disable_cache=True
        )

    def zenpy(self, call: Callable[[Any], Any]) -> Any:
        """What `call` gets from this thread's Zenpy; it must read lazy results to the end."""
        try:
            return call(self._zenpy)
        except (AttributeError, KeyError, TypeError, ValueError, RecursionError) as error:
            # zenpy takes the shape of every answer for granted.
            if isinstance(error, requests.RequestException):
                raise
            raise malformed("what was asked for") from error

    def ticket_rows(self, ids: list[int]) -> list[Row]:
        """These tickets (at most 100) as Zendesk's JSON; those that don't exist are left out."""
        try:
            rows: list[Row] = self.zenpy(lambda zenpy: [row.to_dict() for row in zenpy.tickets(ids=ids)])
        except NotThere:
            # Zendesk leaves out what does not exist; a server without show_many is asked for one after the other.
            return [row for number in ids for row in self._ticket_row(number)]
        return rows

    def _ticket_row(self, number: int) -> list[Row]:
        try:
            row = self.rest("GET", f"/api/v2/tickets/{number}.json").get("ticket")
        except NotThere:
            return []
        return [row] if isinstance(row, dict) else []

    def rows(self, path: str, key: str, **query: str) -> Iterator[Row]:
        """All rows of a list that goes on by cursor; `key` is where a page has them. Raises DeskError."""
        page_after: dict[str, str] = {}
        trail = Trail()
        while True:
            page = self.rest("GET", path, params={**query, "page[size]": str(PAGE_ROWS), **page_after})
            rows = page.get(key)
            if not isinstance(rows, list):
                raise malformed(f"a list of {key}")
            yield from (row for row in rows if isinstance(row, dict))
            following = next_cursor(page, trail)
            if not following:
                return
            page_after = {"page[after]": following}

    @contextmanager
    def arriving(self, path: str, *, key: str, **query: str | int) -> Iterator[RowByRow]:
        """The answer of a GET, read row by row as it arrives; `key` is where its rows are."""
        url, timeout = PLACEHOLDER_URL + path, self._timeout_s
        with self._session.get(url, params=query, timeout=timeout, stream=True) as response:
            yield RowByRow(arrived(response.raw), key=key)

    def rest(self, method: str, path: str, **request: Any) -> Row:
        """One request for what zenpy can't do right; `path` begins with "/api/v2/". {} for an empty answer."""
        response = self._session.request(method, PLACEHOLDER_URL + path, timeout=self._timeout_s, **request)
        return json_of(response) or {}


class Raw(Protocol):
    """A body of urllib3 that is still on its way."""

    def read1(self, amt: int, /, *, decode_content: bool) -> bytes:
        """What is there, at most so much; nothing at its end."""


def arrived(raw: Raw, *, seconds: Seconds = time.monotonic) -> Iterator[bytes]:
    """A body in the pieces in which it comes. Raises DeskError where it does not end: a server can drip bytes for ever.

    Not by iter_content, which waits for whole pieces, and so for ever.
    """
    end = seconds() + ARRIVES_S
    try:
        while piece := raw.read1(CHUNK_BYTES, decode_content=True):
            yield piece
            if seconds() > end:
                raise outcome_unknown(f"timed out after {ARRIVES_S:g} s")
    except urllib3.exceptions.HTTPError as error:
        raise requests.ConnectionError(error) from error


@dataclass(frozen=True, slots=True)
class Timeouts:
    connect_s: float = 3.0
    read_s: float = 10.0
    call_s: float = 60.0
    """Bounds a whole call, with the wait for a thread: a server can drip bytes for ever."""

    @property
    def of_request(self) -> tuple[float, float]:
        """As requests takes them."""
        return self.connect_s, self.read_s


class Workers:
    """A few threads, each with its Worker, called from asyncio."""

    def __init__(
        self,
        open_session: Callable[[], requests.Session],
        *,
        threads: int,
        timeouts: Timeouts,
    ) -> None:
        self._open_session = open_session
        self._timeouts = timeouts
        self._executor = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="zendesk")
        self._mine = threading.local()
        self._lock = threading.Lock()
        self._sessions: list[requests.Session] = []
        self._closed = False

    async def run(self, job: Callable[Concatenate[Worker, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Calls `job` with a Worker and these arguments in one of the threads. Raises DeskError.

        Cancelling leaves the thread to finish its request; what waits is dropped.
        """
        if self._closed:
            raise desk_error("the connection was closed", retry=False)
        try:
            async with asyncio.timeout(self._timeouts.call_s):
                future = self._executor.submit(self._run, lambda worker: job(worker, *args, **kwargs))
                return await asyncio.wrap_future(future)
        except TimeoutError:
            raise outcome_unknown(f"timed out after {self._timeouts.call_s:g} s") from None

    async def close(self) -> None:
        """Returns when no thread is left, which takes as long as the requests under way."""
        self._closed = True
        await asyncio.to_thread(self._executor.shutdown, wait=True, cancel_futures=True)
        for session in self._sessions:
            session.close()

    def _run(self, job: Callable[[Worker], T]) -> T:
        try:
            return job(self._worker())
        except requests.RequestException as error:
            raise connection_error(error, connect_s=self._timeouts.connect_s, read_s=self._timeouts.read_s) from error
        except (APIException, ZenpyException) as error:
            raise malformed("what was asked for") from error

    def _worker(self) -> Worker:
        worker: Worker | None = getattr(self._mine, "worker", None)
        if worker is None:
            session = self._open_session()
            with self._lock:
                self._sessions.append(session)
            worker = self._mine.worker = Worker(session, timeout_s=self._timeouts.of_request)
        return worker
