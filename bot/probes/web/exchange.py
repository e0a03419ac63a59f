"""One HTTP/1.1 request and its answer, each phase timed by itself (aiohttp reports tcp and tls as one)."""

import asyncio
import re
import ssl
from asyncio import IncompleteReadError, LimitOverrunError, StreamReader
from dataclasses import dataclass

from bot.probes.host_grammar import Destination, host_and_port
from bot.probes.web.dial import PhaseFailed, Phases, connected
from bot.probes.web.page_text import TEXT_LIMIT, PageText
from bot.probes.web.segments import Segments

BODY_LIMIT = 256 * 1024
"""So much of a body is read; more only while a text is looked for that was not there yet."""
_PART = 65_536
_INTERIM_AT_MOST = 5
_REDIRECTS = (301, 302, 303, 307, 308)
_STATUS_LINE = re.compile(r"HTTP/1\.[01] ([1-5]\d\d)(?: |\Z)")
_USER_AGENT = "SecondLine-probe/1"


@dataclass(frozen=True, slots=True)
class Response:
    """`location` is where it redirects to, as the header has it; None where its status is that of no redirect.

    `body_bytes` were read, and with `cut` there was more. `lacks` is whether the wanted text was not found, among
    `searched_bytes` where that was not all of the page; `unreadable` names a compression that can't be undone.
    `segments` is what the kernel knew of the connection.
    """

    status: int
    location: str | None
    body_bytes: int
    cut: bool = False
    lacks: bool = False
    searched_bytes: int | None = None
    unreadable: str = ""
    segments: Segments | None = None


@dataclass(frozen=True, slots=True)
class ResponseHead:
    """The status line and the headers, names in lower case."""

    status: int
    headers: dict[str, str]


class _Body:
    """What was read of a body, and whether that is enough."""

    def __init__(self, text: PageText | None, limit_bytes: int) -> None:
        self.text = text
        self.count = 0
        self.cut = False
        self._limit_bytes = limit_bytes

    @property
    def left(self) -> int:
        """How many bytes may still be read, 0 for enough."""
        searching = self.text is not None and not self.text.settled
        return max((TEXT_LIMIT if searching else self._limit_bytes) - self.count, 0)

    async def take(self, data: bytes) -> None:
        self.count += len(data)
        for _ in self.text.feed(data) if self.text else ():
            # Others get their turn: little data may be a large page.
            await asyncio.sleep(0)


async def exchange(
    place: Destination,
    address: str,
    *,
    tls: ssl.SSLContext,
    phases: Phases,
    timeout_s: float,
    expect: str = "",
    segment_bytes: int = 0,
    limit_bytes: int = BODY_LIMIT,
) -> Response:
    """Asks for `place` at exactly `address`, and looks for `expect` on the page. Raises PhaseFailed."""
    secure = tls if place.tls else None
    async with connected(
        address,
        place.port,
        phases=phases,
        timeout_s=timeout_s,
        tls=secure,
        name=place.host,
        segment_bytes=segment_bytes,
    ) as connection:
        async with phases.timed("first byte", timeout_s):
            connection.writer.write(request_bytes(place))
            await connection.writer.drain()
            first = await connection.reader.readexactly(1)
        async with phases.timed("body", timeout_s):
            head = await _read_head(first, connection.reader)
            location = head.headers.get("location", "") if head.status in _REDIRECTS else None
            body = _Body(_text(head, expect) if location is None else None, limit_bytes)
            await _read_body(head, connection.reader, body)
        text = body.text
        if text and not body.cut:
            text.close()
        return Response(
            status=head.status,
            location=location,
            body_bytes=body.count,
            cut=body.cut,
            lacks=bool(text and not text.has_text),
            searched_bytes=text.looked_at if text and (body.cut or text.full) else None,
            unreadable=text.unreadable if text else "",
            segments=connection.segments(),
        )


def request_bytes(place: Destination) -> bytes:
    """A GET that asks for an uncompressed answer and the end of the connection after it."""
    scheme, rest = place.url.split("://", 1)
    path = "/" + rest.split("/", 1)[1]
    default = {"http": 80, "https": 443}[scheme]
    host = host_and_port(place.host, place.port)
    if place.port == default:
        host = host.rsplit(":", 1)[0]
    lines = [
        f"GET {_quoted(path)} HTTP/1.1",
        f"Host: {host}",
        f"User-Agent: {_USER_AGENT}",
        "Accept: */*",
        "Accept-Encoding: identity",
        "Connection: close",
    ]
    return "\r\n".join([*lines, "", ""]).encode("ascii")


def read_head(data: bytes) -> ResponseHead | None:
    """Reads everything up to the empty line; None where it is not HTTP/1."""
    lines = data.decode("latin-1").split("\n")
    status_line = _STATUS_LINE.match(lines[0].rstrip("\r"))
    if not status_line:
        return None
    headers: dict[str, str] = {}
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        if colon:
            headers.setdefault(name.strip().lower(), value.strip())
    return ResponseHead(int(status_line[1]), headers)


async def _read_head(first: bytes, reader: StreamReader) -> ResponseHead:
    """The final head; interim answers (1xx, RFC 9110 section 15.2) are passed over."""
    for _ in range(_INTERIM_AT_MOST):
        try:
            data = first + await reader.readuntil(b"\r\n\r\n")
        except (LimitOverrunError, IncompleteReadError) as error:
            partial = first + (error.partial if isinstance(error, IncompleteReadError) else b"")
            if partial.startswith(b"HTTP/"):
                raise PhaseFailed("first byte", "closed", "connection closed within the headers") from error
            raise PhaseFailed("first byte", "not http", "the answer is not HTTP") from error
        head = read_head(data)
        if head is None:
            raise PhaseFailed("first byte", "not http", "the answer is not HTTP")
        if head.status >= 200:
            return head
        first = b""
    raise PhaseFailed("first byte", "not http", "interim answers without end")


def _text(head: ResponseHead, expect: str) -> PageText | None:
    if not expect:
        return None
    headers = head.headers
    return PageText(
        expect,
        content_type=headers.get("content-type", ""),
        content_encoding=headers.get("content-encoding", ""),
    )


async def _read_body(head: ResponseHead, reader: StreamReader, body: _Body) -> None:
    """Reads the body as far as it is needed. Raises IncompleteReadError where the body is cut short."""
    length = head.headers.get("content-length", "")
    if head.status in (204, 304):
        return
    if "chunked" in head.headers.get("transfer-encoding", "").lower():
        await _read_chunks(reader, body)
    elif length.isascii() and length.isdigit():
        body.cut = not await _read_exactly(reader, int(length[:12]), body)
    else:
        while body.left and (part := await reader.read(min(_PART, body.left))):
            await body.take(part)
        body.cut = not body.left


async def _read_exactly(reader: StreamReader, count: int, body: _Body) -> bool:
    """Whether all of it was wanted."""
    while count and (size := min(count, body.left, _PART)):
        await body.take(await reader.readexactly(size))
        count -= size
    return not count


async def _read_chunks(reader: StreamReader, body: _Body) -> None:
    """Others get their turn after each part: it may be thousands of chunks, and more of them wait to be read."""
    chunks = Chunks()
    while body.left and not chunks.ended:
        part = await reader.read(_PART)
        if not part:
            raise IncompleteReadError(b"", None)
        try:
            data = chunks.feed(part)
        except ValueError as error:
            raise PhaseFailed("body", "not http", "the body's chunks can't be read") from error
        body.cut = len(data) > body.left
        await body.take(data[: body.left])
        await asyncio.sleep(0)
    body.cut = body.cut or not chunks.ended


def _quoted(path: str) -> str:
    return "".join(c if c.isascii() else "".join(f"%{byte:02X}" for byte in c.encode()) for c in path)


LINE_MAX = 65_536
"""So long may the line before a chunk be, with its extensions."""
_SIZE = re.compile(rb"[0-9A-Fa-f]{1,8}")


class Chunks:
    """Takes what the network brought, however it is cut, and gives the body in it: a byte a chunk costs no more
    than a pass over the bytes."""

    def __init__(self) -> None:
        self.ended = False
        """Whether the chunk that ends a body was there."""
        self._left = 0
        self._closing = False
        self._line = bytearray()

    def feed(self, data: bytes) -> bytes:
        """The part of the body that `data` has. Raises ValueError for what is no chunk."""
        body, at = [], 0
        while at < len(data) and not self.ended:
            if self._left:
                part = data[at : at + self._left]
                body.append(part)
                at += len(part)
                self._left -= len(part)
                self._closing = not self._left
                continue
            end = data.find(b"\n", at)
            self._line += data[at : end if end >= 0 else len(data)]
            if len(self._line) > LINE_MAX:
                raise ValueError("a chunk's line without an end")
            if end < 0:
                break
            at = end + 1
            self._end_line()
        return b"".join(body)

    def _end_line(self) -> None:
        """The line behind a chunk says nothing, the one before it how long it is."""
        number, self._line = self._line.split(b";", 1)[0].strip(), bytearray()
        if self._closing:
            self._closing = False
        elif _SIZE.fullmatch(number):
            self._left = int(number, 16)
            self.ended = not self._left
        else:
            raise ValueError("a chunk without a size")
