"""Connecting to one checked address, phase by phase; each failure says in which phase and why."""

import asyncio
import errno
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import cast

from bot.errors import SecondLineError
from bot.probes.web.segments import Segments, segments_of


class PhaseFailed(SecondLineError):
    """One phase did not succeed. `phase` is dns, connect, tls, first byte or body; `cause` one word for machines.

    `sentence` is a few words for people that name the phase. `segments` is what the kernel knew of the connection.
    """

    def __init__(self, phase: str, cause: str, words: str, segments: Segments | None = None) -> None:
        super().__init__(words)
        self.phase = phase
        self.cause = cause
        self.segments = segments


class NotVerified(PhaseFailed):
    """The TLS handshake failed because the certificate could not be verified."""

    def __init__(self, error: ssl.SSLCertVerificationError) -> None:
        super().__init__("tls", "certificate", f"TLS: {error.verify_message or 'the certificate is not valid'}")
        self.error = error


@dataclass(slots=True)
class Phases:
    """How long each phase took, in ms, in the order in which they were gone through."""

    ms: dict[str, float] = field(default_factory=dict)

    @asynccontextmanager
    async def timed(self, phase: str, timeout_s: float) -> AsyncIterator[None]:
        """Times a phase and turns its errors into PhaseFailed."""
        loop = asyncio.get_running_loop()
        started = loop.time()
        try:
            async with asyncio.timeout(timeout_s):
                yield
        except (OSError, asyncio.IncompleteReadError) as error:
            raise _failed(phase, error, timeout_s) from error
        finally:
            self.ms[phase] = (loop.time() - started) * 1000


@dataclass(frozen=True, slots=True)
class Connection:
    """An open connection. `tls` is its TLS side, None without TLS."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    tls: ssl.SSLObject | None
    sock: socket.socket

    def segments(self) -> Segments | None:
        """What the kernel knows of its packets so far."""
        return segments_of(self.sock)


@asynccontextmanager
async def connected(
    address: str,
    port: int,
    *,
    phases: Phases,
    timeout_s: float,
    tls: ssl.SSLContext | None = None,
    name: str = "",
    segment_bytes: int = 0,
) -> AsyncIterator[Connection]:
    """Connects to an IP literal, with TLS for `name` where a context is given. Raises PhaseFailed.

    With `segment_bytes` neither side sends packets that carry more than this.
    """
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.setblocking(False)
        if segment_bytes:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, segment_bytes)
        async with phases.timed("connect", timeout_s):
            await asyncio.get_running_loop().sock_connect(sock, (address, port))
        reader, writer = await _streams(sock, phases, timeout_s, tls, name)
    except BaseException as error:
        _note(error, sock)
        sock.close()
        raise
    try:
        yield Connection(reader, writer, writer.get_extra_info("ssl_object"), sock)
    except PhaseFailed as failure:
        _note(failure, sock)
        raise
    finally:
        # Not closed politely: a silent peer would hold the probe until its TLS shutdown timed out.
        writer.transport.abort()


def _note(error: BaseException, sock: socket.socket) -> None:
    """Keeps what the kernel knows of a connection that failed, before it is gone."""
    if isinstance(error, PhaseFailed):
        error.segments = segments_of(sock)


def routed(address: str) -> bool:
    """Whether this machine has a route to the address; always for IPv4. Nothing is sent."""
    if ":" not in address:
        return True
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as sock:
            sock.connect((address, 9))
    except OSError:
        return False
    return True


async def _streams(
    sock: socket.socket, phases: Phases, timeout_s: float, tls: ssl.SSLContext | None, name: str
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    if tls is None:
        return await asyncio.open_connection(sock=sock)
    async with phases.timed("tls", timeout_s):
        return await asyncio.open_connection(sock=sock, ssl=tls, server_hostname=name)


_PHASES = {
    "dns": "DNS",
    "connect": "connect",
    "tls": "the TLS handshake",
    "first byte": "the wait for the first byte",
    "body": "the rest of the answer",
}


def _failed(phase: str, error: OSError | asyncio.IncompleteReadError, timeout_s: float) -> PhaseFailed:
    named = _PHASES[phase]
    match error:
        case TimeoutError():
            return PhaseFailed(phase, "timeout", f"timeout in {named} after {timeout_s:g} s")
        case ssl.SSLCertVerificationError():
            return NotVerified(error)
        case ssl.SSLError():
            return PhaseFailed(phase, "tls", f"TLS: {_ssl_words(error)}")
        case asyncio.IncompleteReadError():
            return PhaseFailed(phase, "closed", f"connection closed in {named}")
        case ConnectionRefusedError():
            return PhaseFailed(phase, "refused", "connection refused")
        case ConnectionResetError() | BrokenPipeError() | ConnectionAbortedError():
            return PhaseFailed(phase, "reset", f"connection reset in {named}")
        case OSError(errno=errno.ENETUNREACH | errno.EHOSTUNREACH):
            return PhaseFailed(phase, "unreachable", "no route to the address")
        case _:
            return PhaseFailed(phase, "failed", f"{named} failed: {error.strerror or type(error).__name__}")


def _ssl_words(error: ssl.SSLError) -> str:
    """OpenSSL's reason in lower case, or that the peer speaks no TLS."""
    reason = (error.reason or "handshake failed").replace("_", " ").lower()
    if isinstance(error, ssl.SSLEOFError):
        return "the server closed the connection during the handshake"
    if reason in ("wrong version number", "http request", "record layer failure", "unknown protocol"):
        return "the server does not speak TLS on this port"
    return reason


class Datagrams(asyncio.DatagramProtocol):
    """What comes to a UDP socket, and what the kernel says of packets that it sent."""

    def __init__(self) -> None:
        self.received: asyncio.Queue[bytes | OSError] = asyncio.Queue()

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self.received.put_nowait(data)

    def error_received(self, exc: Exception) -> None:
        self.received.put_nowait(cast(OSError, exc))
