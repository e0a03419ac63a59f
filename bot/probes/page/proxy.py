"""A forward proxy on loopback that connects only to addresses which the policy has judged.

The browser behind it resolves no name and opens no connection itself, so redirects, scripts and answers of DNS that
change meanwhile reach nothing that a probe may not reach. It lives as long as one picture takes.
"""

import asyncio
import re
from asyncio import IncompleteReadError, LimitOverrunError, StreamReader, StreamWriter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bot.errors import BadInput
from bot.probes.host_grammar import read_endpoint, read_url
from bot.probes.policy import NoAddress, ProbePolicy, ProbeRefused
from bot.probes.web.dial import Connection, PhaseFailed, Phases, connected

BYTES_MAX = 30_000_000
"""Of all answers together; a page that wants more is cut off."""
_AT_ONCE = 64
_OPEN_MAX = 128
"""Four times what Chromium opens to a proxy: whoever else on this machine finds the port takes no more descriptors."""
_PART = 65_536
_CONNECT_S = 3.0
_REQUEST = re.compile(r"\A([A-Z]{1,20}+) (\S++) HTTP/1\.[01]\Z")
_ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"
_BETWEEN_PROXIES = ("proxy-connection", "proxy-authorization", "connection", "keep-alive")


@dataclass(slots=True)
class Traffic:
    """What went through. By host, `refused` says what it is ("a private address"), and `failed` what went wrong."""

    port: int = 0
    received_bytes: int = 0
    cut: bool = False
    refused: dict[str, str] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    hosts: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class ProxyRequest:
    """One request to the proxy: where it leads, and what is sent there first (nothing for CONNECT)."""

    host: str
    port: int
    first: bytes = b""
    body_bytes: int = 0


@asynccontextmanager
async def proxying(policy: ProbePolicy, *, bytes_max: int = BYTES_MAX) -> AsyncIterator[Traffic]:
    """A proxy at `port` of 127.0.0.1 for the time of the block; all its connections end with it."""
    traffic, gate = Traffic(), asyncio.Semaphore(_AT_ONCE)
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: StreamReader, writer: StreamWriter) -> None:
        if len(tasks) >= _OPEN_MAX:
            writer.transport.abort()
            return
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            async with gate:
                await _Passage(policy, traffic, bytes_max).serve(reader, writer)
            writer.close()
            await writer.wait_closed()
        except (OSError, IncompleteReadError, LimitOverrunError, BadInput, PhaseFailed, asyncio.CancelledError):
            pass  # what the person needs to know of it stands in `traffic`; the browser sees a closed connection
        finally:
            tasks.discard(task)
            writer.transport.abort()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    traffic.port = server.sockets[0].getsockname()[1]
    try:
        yield traffic
    finally:
        server.close()
        for task in tuple(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class _Passage:
    """One connection of the browser: its first request decides where it leads."""

    def __init__(self, policy: ProbePolicy, traffic: Traffic, bytes_max: int) -> None:
        self._policy = policy
        self._traffic = traffic
        self._bytes_max = bytes_max

    async def serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        request = read_request(await reader.readuntil(b"\r\n\r\n"))
        self._traffic.hosts.add(request.host)
        for number, address in enumerate(addresses := await self._addresses(request.host)):
            phases = Phases()
            try:
                async with connected(address, request.port, phases=phases, timeout_s=_CONNECT_S) as there:
                    return await self._carry(request, reader, writer, there)
            except PhaseFailed as failure:
                if number + 1 == len(addresses):
                    self._traffic.failed.setdefault(request.host, failure.sentence)
                    raise

    async def _addresses(self, host: str) -> tuple[str, ...]:
        try:
            return await self._policy.addresses_of(host)
        except ProbeRefused as refusal:
            self._traffic.refused.setdefault(host, refusal.why)
            raise
        except NoAddress as error:
            self._traffic.failed.setdefault(host, f"DNS: {error.reason}")
            raise

    async def _carry(
        self, request: ProxyRequest, reader: StreamReader, writer: StreamWriter, there: Connection
    ) -> None:
        """Both directions until either side has ended, or the page has had its share."""
        if request.first:
            there.writer.write(request.first)
            upward = self._request_body(reader, there.writer, request.body_bytes)
        else:
            writer.write(_ESTABLISHED)
            await writer.drain()
            upward = _copied(reader, there.writer)
        both = [asyncio.ensure_future(upward), asyncio.ensure_future(self._answer(there.reader, writer))]
        try:
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for stream in both:
                stream.cancel()
            await asyncio.gather(*both, return_exceptions=True)

    async def _request_body(self, reader: StreamReader, writer: StreamWriter, length: int) -> None:
        """Passes on only the body of a request without TLS: what the browser sends after it may be for another host.

        So that ends the connection, and the browser asks again over a new one.
        """
        while length and (part := await reader.read(min(_PART, length))):
            length -= len(part)
            writer.write(part)
            await writer.drain()
        await reader.read(1)

    async def _answer(self, reader: StreamReader, writer: StreamWriter) -> None:
        while not self._traffic.cut and (part := await reader.read(_PART)):
            self._traffic.received_bytes += len(part)
            self._traffic.cut = self._traffic.received_bytes > self._bytes_max
            writer.write(part)
            await writer.drain()


def read_request(head: bytes) -> ProxyRequest:
    """Reads a request to a proxy (RFC 9112 section 3.2). Raises BadInput for what is none."""
    line, *fields = head.decode("latin-1").removesuffix("\r\n\r\n").split("\r\n")
    match = _REQUEST.match(line)
    if not match:
        raise BadInput("That is no request to a proxy.")
    method, target = match.groups()
    if method == "CONNECT":
        host, port = read_endpoint(target, 443)
        return ProxyRequest(host, port)
    place = read_url(target)
    if place.tls:
        raise BadInput("Only CONNECT leads to https.")
    kept = [header for header in fields if header.partition(":")[0].strip().lower() not in _BETWEEN_PROXIES]
    _scheme, _, rest = target.partition("://")
    path = "/" + rest.partition("/")[2]
    first = "\r\n".join([f"{method} {path} HTTP/1.1", *kept, "Connection: close", "", ""]).encode("latin-1")
    return ProxyRequest(place.host, place.port, first, _length(fields))


def _length(fields: list[str]) -> int:
    for header in fields:
        name, _, value = header.partition(":")
        if name.strip().lower() == "content-length" and value.strip().isascii() and value.strip().isdigit():
            return int(value.strip()[:12])
    return 0


async def _copied(reader: StreamReader, writer: StreamWriter) -> None:
    while part := await reader.read(_PART):
        writer.write(part)
        await writer.drain()
