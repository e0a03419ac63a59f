"""One packet to a VPN service and the wait for its answer, over UDP and TCP."""

import asyncio
import errno
from dataclasses import dataclass
from typing import Protocol

from bot.probes.web.dial import Datagrams, PhaseFailed, Phases, connected


@dataclass(frozen=True, slots=True)
class VpnAnswer:
    """What a service's answer means. `ok`: it is the kind of service that was asked; `words` for people."""

    ok: bool
    words: str


class Greeting(Protocol):
    """One attempt to greet one service.

    `packet` is made anew for a repeat; `judge` takes any bytes and gives the answer's meaning, to any packet so far.
    """

    silence: str
    """What no answer at all may mean, as the end of a sentence."""

    def packet(self) -> bytes: ...

    def judge(self, data: bytes) -> VpnAnswer: ...


ATTEMPTS = 2


@dataclass(frozen=True, slots=True)
class Greeted:
    """What came of a greeting. `cause` is one word for machines, "" for a good answer."""

    answer: VpnAnswer
    cause: str
    time_ms: float | None = None


async def greeted_by_udp(address: str, port: int, greeting: Greeting, *, timeout_s: float) -> Greeted:
    """Greets, once more on silence. The socket is connected: only the address that was asked is heard."""
    loop = asyncio.get_running_loop()
    try:
        transport, protocol = await loop.create_datagram_endpoint(Datagrams, remote_addr=(address, port))
    except OSError as error:
        return _not_sent(error)
    try:
        for _ in range(ATTEMPTS):
            started = loop.time()
            transport.sendto(greeting.packet())
            heard = await _first_answer(protocol, greeting, timeout_s / ATTEMPTS)
            if heard is not None:
                took_ms = (loop.time() - started) * 1000
                return heard if heard.cause == "refused" else Greeted(heard.answer, heard.cause, took_ms)
    finally:
        transport.close()
    return silent(greeting, timeout_s)


async def greeted_by_tcp(address: str, port: int, greeting: Greeting, *, timeout_s: float) -> Greeted:
    """OpenVPN over TCP: each packet after its length in two bytes."""
    phases, loop = Phases(), asyncio.get_running_loop()
    try:
        async with connected(address, port, phases=phases, timeout_s=timeout_s) as connection:
            packet = greeting.packet()
            async with phases.timed("first byte", timeout_s):
                started = loop.time()
                connection.writer.write(len(packet).to_bytes(2, "big") + packet)
                length = int.from_bytes(await connection.reader.readexactly(2), "big")
                # A greeting's answer is short; a longer one is of another protocol, and is not waited for.
                data = await connection.reader.readexactly(length) if length < 512 else b""
                took_ms = (loop.time() - started) * 1000
    except PhaseFailed as failure:
        return _by_tcp_failed(failure, greeting, timeout_s)
    answer = greeting.judge(data)
    return Greeted(answer, "" if answer.ok else "other", took_ms)


def silent(greeting: Greeting, timeout_s: float) -> Greeted:
    return Greeted(VpnAnswer(False, f"no answer in {timeout_s:g} s: {greeting.silence}"), "silent")


async def _first_answer(protocol: Datagrams, greeting: Greeting, timeout_s: float) -> Greeted | None:
    """The first good answer; where there is none in time, a bad one if there was any; None for silence."""
    bad: Greeted | None = None
    try:
        async with asyncio.timeout(timeout_s):
            while True:
                received = await protocol.received.get()
                if isinstance(received, OSError):
                    return _not_sent(received)
                answer = greeting.judge(received)
                if answer.ok:
                    return Greeted(answer, "")
                bad = bad or Greeted(answer, "other")
    except TimeoutError:
        return bad


def _not_sent(error: OSError) -> Greeted:
    if isinstance(error, ConnectionRefusedError):
        return Greeted(VpnAnswer(False, "nothing listens there (port unreachable)"), "refused")
    if error.errno in (errno.ENETUNREACH, errno.EHOSTUNREACH):
        return Greeted(VpnAnswer(False, "no route to the address"), "unreachable")
    return Greeted(
        VpnAnswer(False, f"the packet could not be sent: {error.strerror or type(error).__name__}"), "failed"
    )


def _by_tcp_failed(failure: PhaseFailed, greeting: Greeting, timeout_s: float) -> Greeted:
    if failure.phase == "connect":
        return Greeted(VpnAnswer(False, failure.sentence), failure.cause)
    if failure.cause == "timeout":
        words = f"it takes the connection, but gives no answer in {timeout_s:g} s: {greeting.silence}"
        return Greeted(VpnAnswer(False, words), "silent")
    words = "it takes the connection and closes it at the greeting: it is not OpenVPN, or it wants another key"
    return Greeted(VpnAnswer(False, words), "closed")
