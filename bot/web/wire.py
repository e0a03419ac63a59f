"""One HTTP request and its answer, between bytes and data. Pure; what is read here is not believed yet.

Read by patterns of our own and not by h11, because it runs before any signature: h11 0.16 goes back over a trailer of
15 kB for 0.6 s. It also takes a bare line feed, a header that goes on in the next line, and length and chunks together,
which a proxy may read otherwise. The patterns here take time in proportion to what they read.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus

from bot.errors import SecondLineError

_CHARSET = re.compile(r';\s*+charset\s*+=\s*+"?([^";,\s]*)', re.IGNORECASE)

HEAD_MAX = 16 * 1024
"""Proxies allow 8 kB to 32 kB; Slack's and GitHub's heads have less than one."""
HEADERS_MAX = 100

_REQUEST_LINE = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]{1,32}) ([!-~]{1,8192}) HTTP/1\.([01])")
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}")
_FORBIDDEN = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_ORIGIN = re.compile(r"\Ahttps?://[^/?]*", re.IGNORECASE)
_LENGTH = re.compile(r"[0-9]{1,12}", re.ASCII)
_CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]*)?\r\n")


class RequestRefused(SecondLineError):
    """A request that is not served: the status to answer with, and why, for the log.

    `kind` is what the log counts it as, where `reason` holds something from outside.
    """

    def __init__(self, status: HTTPStatus, reason: str, *, kind: str = "", allow: str = "") -> None:
        super().__init__(reason)
        self.status = status
        self.kind = kind or reason
        self.allow = allow


def broken(reason: str) -> RequestRefused:
    return RequestRefused(HTTPStatus.BAD_REQUEST, reason)


class Headers(Mapping[str, str]):
    """Names in any case. What is sent twice is joined by a comma, as HTTP means it, and so is no signature."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self._values: dict[str, str] = {}
        for name, value in pairs:
            before = self._values.get(name.lower())
            self._values[name.lower()] = value if before is None else f"{before}, {value}"

    def __getitem__(self, name: str) -> str:
        return self._values[name.lower()]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    @property
    def content_type(self) -> str:
        """The content type without its parameters, in small letters."""
        return self.get("Content-Type", "").partition(";")[0].strip().lower()

    @property
    def charset(self) -> str:
        match = _CHARSET.search(self.get("Content-Type", "")[:200])
        return match[1].lower() if match else ""


@dataclass(frozen=True, slots=True)
class RequestHead:
    """What comes before a body. `length` is None where the body comes in chunks and says its end itself.

    `target` is the path as it was asked for, with its query.
    """

    method: str
    path: str
    target: str
    headers: Headers
    length: int | None

    @property
    def waits(self) -> bool:
        """Whether the sender wants to be told to go on before it sends the body."""
        return self.headers.get("Expect", "").lower() == "100-continue"


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """`body` is what came over the wire, not unpacked and not decoded."""

    method: str
    path: str
    headers: Headers
    body: bytes


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    status: int
    body: bytes = b""
    content_type: str = "text/plain"
    allow: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    """What else its reader must know, such as what a page may load; of our own words only."""


def head_of(raw: bytes) -> RequestHead:
    """`raw` ends with the empty line. Raises Refused; bytes beyond ASCII stand in values as Latin-1."""
    lines = raw.decode("latin-1").removesuffix("\r\n\r\n").split("\r\n", HEADERS_MAX + 1)
    request = _REQUEST_LINE.fullmatch(lines[0])
    if not request:
        raise broken("what came is no HTTP/1 request")
    if len(lines) > HEADERS_MAX + 1:
        raise RequestRefused(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "too many headers")
    method, target, version = request.groups()
    headers = Headers(map(_header, lines[1:]))
    target = _ORIGIN.sub("", target, count=1)
    return RequestHead(method, target.partition("?")[0] or "/", target, headers, _length(headers, version))


def _header(line: str) -> tuple[str, str]:
    name, colon, value = line.partition(":")
    if not colon or not _NAME.fullmatch(name) or _FORBIDDEN.search(value):
        raise broken("a header is malformed")
    return name, value.strip(" \t")


def _length(headers: Headers, version: str) -> int | None:
    coding, said = headers.get("Transfer-Encoding"), headers.get("Content-Length")
    if coding is not None:
        if coding.lower() != "chunked" or said is not None or version == "0":
            raise broken("the body's length is not clear")
        return None
    if said is not None and not _LENGTH.fullmatch(said):
        raise broken("the body's length is not clear")
    return int(said or 0)


def chunk_size(line: bytes) -> int:
    """The size in the line before a chunk; 0 is the last one. Raises RequestRefused."""
    match = _CHUNK_SIZE.fullmatch(line)
    if not match:
        raise broken("a chunk is malformed")
    return int(match[1], 16)


def written(answer: HttpAnswer, *, method: str) -> bytes:
    """The bytes of an answer. Its connection ends with it, and nothing says what program answers."""
    phrase = HTTPStatus(answer.status).phrase
    lines = [f"HTTP/1.1 {answer.status} {phrase}", f"Content-Length: {len(answer.body)}", "Connection: close"]
    if answer.body:
        lines.append(f"Content-Type: {answer.content_type}")
    if answer.allow:
        lines.append(f"Allow: {answer.allow}")
    lines += [f"{name}: {value}" for name, value in answer.headers]
    head = "\r\n".join([*lines, "", ""]).encode("latin-1", "replace")
    return head if method == "HEAD" else head + answer.body
