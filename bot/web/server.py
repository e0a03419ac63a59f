"""The bot's own HTTP server: what is mounted on it, and whether the bot is alive.

aiohttp's server would unpack bodies before anybody looked at a signature, wait without end for what is half sent, log a
traceback for each request that it can't read, and tell its version. Here a connection carries one request, which is
read as bytes within a deadline and bounds; who is meant by it looks at the signature before anything parses it.
"""

import asyncio
import contextlib
import json
import logging
import os
import socket
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from bot.errors import SecondLineError
from bot.logs import Calm
from bot.tasks import caught
from bot.web.connections import OpenConnection, OpenConnections, most_connections
from bot.web.page_server import PageServer
from bot.web.wire import (
    HEAD_MAX,
    HEADERS_MAX,
    HttpAnswer,
    HttpRequest,
    RequestHead,
    RequestRefused,
    broken,
    chunk_size,
    head_of,
    written,
)

logger = logging.getLogger(__name__)

HEALTH_PATH = "/healthz"
ACCEPTED_A_TURN = 8
"""A connection that is sent away keeps its descriptor for some turns of the loop: so many times four are in between."""
QUEUE = 128
"""How many wait in the kernel to be accepted, so that a burst of Slack's is not put off by a second."""
PART = 64 * 1024
CHUNKS_MAX = 4_096
"""A body in chunks of a byte each would keep the loop busy; who sends chunks sends some kilobytes in each."""
CHUNKS_A_TURN = 16
"""What is here already is read without waiting, so others get their turn between so many, of each connection."""
CHUNK_END = b"\r\n"
SHOWN = 60
FORM_MAX = 64 * 1024
"""Pages have few forms, and small ones."""

Receive = Callable[[HttpRequest], Awaitable[HttpAnswer]]
Connected = Callable[[], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class HttpRoute:
    """One path that others call, with POST if nothing else is said. A longer body than `body_max` is not read.

    With `more`, the path goes on with something of the caller's, which may be a secret: it never reaches the log.
    """

    path: str
    receive: Receive
    body_max: int
    methods: tuple[str, ...] = ("POST",)
    more: bool = False

    def serves(self, path: str) -> bool:
        return path.startswith(self.path) if self.more else path == self.path


@dataclass(frozen=True, slots=True)
class Limits:
    """`request_s` is from the connection to the last byte of the request, however slowly it comes.

    `answer_s` is what answering may take (Slack gives up after 3 s), and `linger_s` how long what nobody reads is taken
    in after a refusal, so that the sender sees it.
    """

    connections: int = 0
    request_s: float = 10.0
    answer_s: float = 10.0
    linger_s: float = 1.0


class CannotListen(SecondLineError):
    """The port is taken, or not for this process."""

    def __init__(self, host: str, port: int, reason: str) -> None:
        remedy = "Free it, or set another port in secondline.toml."
        super().__init__(f"Second Line can't listen on {host}:{port} ({reason}). {remedy}")


class WebServer:
    """One listener for all that comes in over HTTP: Slack in its HTTP mode, webhooks, questions about health.

    Bolt's own server binds all interfaces, so this one is ours. `connected` says whether Slack reaches the bot.
    """

    def __init__(
        self,
        *,
        host: str,
        port: int,
        routes: Sequence[HttpRoute],
        connected: Connected,
        limits: Limits | None = None,
        pages: PageServer | None = None,
    ) -> None:
        """What no route serves goes to `pages`, where there are any."""
        self._host = host
        self._port = port
        self._routes = [HttpRoute(HEALTH_PATH, self._health, 0, methods=("GET",)), *routes]
        self._connected = connected
        self._pages = pages
        self._page_route = HttpRoute("pages", _never, FORM_MAX, methods=("GET", "POST"), more=True)
        self._limits = limits or Limits()
        self._visitors = OpenConnections(most=self._limits.connections or most_connections())
        self._log = Calm(logger)
        self._server: asyncio.Server | None = None
        self._serving: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """A second call changes nothing. Raises CannotListen."""
        if self._server:
            return
        if self._pages:
            await self._pages.start()
        try:
            self._server = await asyncio.start_server(
                self._enters, self._host, self._port, limit=HEAD_MAX, backlog=ACCEPTED_A_TURN
            )
        except OSError as error:
            raise CannotListen(self._host, self._port, os.strerror(error.errno or 0)) from error

        for door in self._server.sockets:
            with socket.fromfd(door.fileno(), door.family, door.type) as listening:
                listening.listen(QUEUE)

    @property
    def running(self) -> bool:
        return self._server is not None

    @property
    def port(self) -> int:
        """The port that was bound, where 0 was asked for."""
        return int(self._server.sockets[0].getsockname()[1]) if self._server else self._port

    @property
    def connections(self) -> int:
        """How many are open now."""
        return len(self._visitors)

    async def close(self) -> None:
        """What is being answered gets its answer; the rest ends."""
        if not self._server:
            return
        server, self._server = self._server, None
        server.close()
        self._visitors.drop_reading()
        if self._pages:
            await self._pages.close()
        if self._serving:
            await asyncio.wait(self._serving, timeout=self._limits.answer_s)
        for task in self._serving:
            task.cancel()
        await server.wait_closed()

    def _enters(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._visitors.full:
            answer = (
                f"{len(self._visitors)} connections are open, which is the most: the one that waits longest is closed"
            )
            self._log.warning("full", answer)
        visitor = self._visitors.enter(writer.transport)
        if not visitor:
            return
        task = asyncio.create_task(self._serve(reader, writer, visitor), name="web request")
        self._serving.add(task)
        task.add_done_callback(self._serving.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, visitor: OpenConnection) -> None:
        try:
            await self._serve_one(reader, writer, visitor)
        except (OSError, asyncio.IncompleteReadError):
            pass  # The other side went away, or was sent away.
        finally:
            self._visitors.leave(visitor)
            writer.close()

    async def _serve_one(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, visitor: OpenConnection
    ) -> None:
        method = ""
        try:
            async with asyncio.timeout(self._limits.request_s):
                head = await _head(reader)
                method = head.method
                route = self._meant(head)
                body = await self._body(reader, writer, visitor, head, route)
        except TimeoutError:
            self._log.warning("half sent", f"a request was not sent to its end within {self._limits.request_s:g} s")
            return
        except RequestRefused as refused:
            self._log.warning(refused.kind, f"{refused.status}: {refused.sentence}")
            writer.write(written(HttpAnswer(refused.status, allow=refused.allow), method=method))
            await self._linger(reader, writer)
            return
        visitor.reading = False
        if route is self._page_route and self._pages:
            # It may stay open for hours, and is counted there.
            self._visitors.leave(visitor)
            await self._pages.take_over(writer, head, body)
            return
        answer = await self._answer(route, HttpRequest(method, head.path, head.headers, body))
        writer.write(written(answer, method=method))

    async def _answer(self, route: HttpRoute, request: HttpRequest) -> HttpAnswer:
        try:
            async with asyncio.timeout(self._limits.answer_s):
                answer = await caught(route.receive(request), name=route.path)
        except TimeoutError:
            self._log.warning("slow", f"{route.path} took longer than {self._limits.answer_s:g} s to answer")
            return HttpAnswer(HTTPStatus.SERVICE_UNAVAILABLE)
        return answer or HttpAnswer(HTTPStatus.INTERNAL_SERVER_ERROR)

    def _meant(self, head: RequestHead) -> HttpRoute:
        """Who receives it. Raises RequestRefused. Whoever answers GET answers HEAD."""
        route = next((route for route in self._routes if route.serves(head.path)), None)
        if not route and self._pages:
            route = self._page_route
        if not route:
            raise RequestRefused(HTTPStatus.NOT_FOUND, f"{head.path[:SHOWN]!r} is not served here", kind="not served")
        if ("GET" if head.method == "HEAD" else head.method) not in route.methods:
            allow = ", ".join(route.methods).replace("GET", "GET, HEAD")
            reason = f"{route.path} takes {' and '.join(route.methods)}"
            raise RequestRefused(HTTPStatus.METHOD_NOT_ALLOWED, reason, allow=allow)
        return route

    async def _body(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        visitor: OpenConnection,
        head: RequestHead,
        route: HttpRoute,
    ) -> bytes:
        limit = route.body_max
        too_long = RequestRefused(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"{route.path}: a body of more than {limit} bytes"
        )
        if (head.length or 0) > limit:
            raise too_long
        if head.waits:
            writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        body = bytearray()
        for number in range(CHUNKS_MAX):
            if number % CHUNKS_A_TURN == CHUNKS_A_TURN - 1:
                await asyncio.sleep(0)
            size = head.length if head.length is not None else chunk_size(await _line(reader))
            if len(body) + size > limit:
                raise too_long
            await self._take(reader, visitor, body, size)
            if head.length is not None:
                return bytes(body)
            if not size:
                await _trailers(reader)
                return bytes(body)
            if await reader.readexactly(len(CHUNK_END)) != CHUNK_END:
                raise broken("a chunk is malformed")
        raise broken("a body in too many chunks")

    async def _take(self, reader: asyncio.StreamReader, visitor: OpenConnection, body: bytearray, size: int) -> None:
        """`size` bytes more, as they come."""
        end = len(body) + size
        while len(body) < end:
            part = await reader.read(min(PART, end - len(body)))
            if not part:
                raise asyncio.IncompleteReadError(bytes(part), size)
            body += part
            self._visitors.hold(visitor, len(part))

    async def _linger(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """A connection that is closed with something unread is reset, and the answer may be lost with it."""
        writer.write_eof()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._limits.linger_s):
                while await reader.read(PART):
                    pass

    async def _health(self, _request: HttpRequest) -> HttpAnswer:
        """200 where the bot is alive and connected, 503 where it is alive only."""
        connected = await self._connected()
        body = json.dumps({"alive": True, "connected": connected}).encode()
        status = HTTPStatus.OK if connected else HTTPStatus.SERVICE_UNAVAILABLE
        return HttpAnswer(status, body, "application/json")


async def _never(_request: HttpRequest) -> HttpAnswer:
    """Pages are answered by their own server."""
    return HttpAnswer(HTTPStatus.NOT_FOUND)


async def _head(reader: asyncio.StreamReader) -> RequestHead:
    try:
        raw = await reader.readuntil(b"\r\n\r\n")
    except asyncio.LimitOverrunError as error:
        raise RequestRefused(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "too long a head") from error
    return head_of(raw)


async def _line(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.readuntil(CHUNK_END)
    except asyncio.LimitOverrunError as error:
        raise broken("a chunk is malformed") from error


async def _trailers(reader: asyncio.StreamReader) -> None:
    """What may follow the last chunk, to the empty line; nothing here needs it."""
    for _ in range(HEADERS_MAX):
        if await _line(reader) == CHUNK_END:
            return
    raise broken("too many headers after the body")
