"""One HTTP/1.1 request and its answer, each phase timed by itself (aiohttp reports tcp and tls as one)."""

import re
import ssl
import zlib
from asyncio import IncompleteReadError, LimitOverrunError, StreamReader
from dataclasses import dataclass

from bot.probes.dial import PhaseFailed, Phases, connected
from bot.probes.typed import Place, host_and_port

_BODY_LIMIT = 256 * 1024
_TEXT_LIMIT = 4 * 1024 * 1024
_GZIP_OR_ZLIB = 47
_INTERIM_AT_MOST = 5
_STATUS_LINE = re.compile(r"HTTP/1\.[01] ([1-5]\d\d)(?: |\Z)")
_USER_AGENT = "SecondLine-probe/1"


@dataclass(frozen=True, slots=True)
class Response:
    """`location` is where it redirects to, "" for nowhere. `body` is cut at a limit; `encoding` is its compression."""

    status: int
    location: str
    body: bytes
    encoding: str = ""

    @property
    def body_bytes(self) -> int:
        return len(self.body)


@dataclass(frozen=True, slots=True)
class Head:
    """The status line and the headers, names in lower case."""

    status: int
    headers: dict[str, str]


async def exchange(place: Place, address: str, *, tls: ssl.SSLContext, phases: Phases, timeout_s: float) -> Response:
    """Asks for `place` at exactly `address`. Raises PhaseFailed."""
    secure = tls if place.tls else None
    async with connected(
        address, place.port, phases=phases, timeout_s=timeout_s, tls=secure, name=place.host
    ) as connection:
        async with phases.timed("first byte", timeout_s):
            connection.writer.write(request_bytes(place))
            await connection.writer.drain()
            first = await connection.reader.readexactly(1)
        async with phases.timed("body", timeout_s):
            head = await _read_head(first, connection.reader)
            body = await _read_body(head, connection.reader)
    location = head.headers.get("location", "") if head.status in (301, 302, 303, 307, 308) else ""
    return Response(head.status, location, body, head.headers.get("content-encoding", "").lower())


def text_of(response: Response) -> str:
    """The body as text. Some servers compress it though nobody asked them to."""
    body = response.body
    if response.encoding in ("gzip", "x-gzip", "deflate"):
        try:
            body = zlib.decompressobj(wbits=_GZIP_OR_ZLIB).decompress(body, _TEXT_LIMIT)
        except zlib.error:
            body = b""
    return body.decode("utf-8", errors="replace")


def request_bytes(place: Place) -> bytes:
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


def read_head(data: bytes) -> Head | None:
    """Reads everything up to the empty line; None where it is not HTTP/1."""
    lines = data.decode("latin-1").split("\n")
    found = _STATUS_LINE.match(lines[0].rstrip("\r"))
    if not found:
        return None
    headers: dict[str, str] = {}
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        if colon:
            headers.setdefault(name.strip().lower(), value.strip())
    return Head(int(found[1]), headers)


async def _read_head(first: bytes, reader: StreamReader) -> Head:
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


async def _read_body(head: Head, reader: StreamReader) -> bytes:
    """The body as far as the limit. Raises IncompleteReadError where it is cut short."""
    length = head.headers.get("content-length", "")
    if head.status in (204, 304):
        return b""
    if "chunked" in head.headers.get("transfer-encoding", "").lower():
        return await _read_chunks(reader)
    if length.isascii() and length.isdigit():
        return await reader.readexactly(min(int(length[:12]), _BODY_LIMIT))
    body = bytearray()
    while len(body) < _BODY_LIMIT and (part := await reader.read(_BODY_LIMIT - len(body))):
        body += part
    return bytes(body)


async def _read_chunks(reader: StreamReader) -> bytes:
    body = bytearray()
    while len(body) < _BODY_LIMIT:
        try:
            line = await reader.readline()
        except ValueError:
            # asyncio's word for a line longer than its buffer.
            line = b""
        number = line.split(b";", 1)[0].strip()
        if not re.fullmatch(rb"[0-9A-Fa-f]{1,8}", number):
            raise PhaseFailed("body", "not http", "the body's chunks can't be read")
        if int(number, 16) == 0:
            break
        wanted = min(int(number, 16), _BODY_LIMIT - len(body))
        body += await reader.readexactly(wanted)
        if wanted == int(number, 16):
            await reader.readline()
    return bytes(body)


def _quoted(path: str) -> str:
    return "".join(c if c.isascii() else "".join(f"%{byte:02X}" for byte in c.encode()) for c in path)
