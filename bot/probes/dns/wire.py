"""One DNS question to one server: over UDP, once more on silence, and over TCP where the answer does not fit."""

import asyncio
import copy
import errno
from collections.abc import Sequence
from dataclasses import dataclass

import dns.asyncquery
import dns.entropy
import dns.exception
import dns.flags
import dns.message

from bot.errors import SecondLineError
from bot.probes.web.dial import Datagrams

_UNREADABLE = "an answer that can't be read"
_TCP_SHARE = 0.5
"""What part of the time is left for TCP at least, however late the answer came that did not fit."""


class NotHeard(SecondLineError):
    """There is no usable answer; `sentence` is a few words, `cause` one word for rules."""

    def __init__(self, cause: str, words: str) -> None:
        super().__init__(words)
        self.cause = cause


class _Packets(Datagrams):
    odd = ""
    """What was wrong with the last that was no answer."""


@dataclass(frozen=True, slots=True)
class DnsMessage:
    """An answer; `again` is whether it is to the second packet."""

    message: dns.message.Message
    again: bool = False


async def ask(query: dns.message.Message, address: str, port: int, *, timeout_s: float) -> DnsMessage:
    """What the server says within `timeout_s`, its own delay included. Raises NotHeard.

    The second packet goes out after half of it, with another number, and answers to both are listened for: a slow
    server is heard, and told from a lost packet.
    """
    loop = asyncio.get_running_loop()
    end = loop.time() + timeout_s
    heard = await _by_udp(query, address, port, timeout_s)
    if heard is not None:
        return heard
    return await _by_tcp(query, address, port, max(end - loop.time(), timeout_s * _TCP_SHARE))


async def _by_udp(query: dns.message.Message, address: str, port: int, timeout_s: float) -> DnsMessage | None:
    """Asks by UDP; None for an answer that was cut. The socket is connected: only the server asked is heard."""
    loop = asyncio.get_running_loop()
    try:
        transport, packets = await loop.create_datagram_endpoint(_Packets, remote_addr=(address, port))
    except OSError as error:
        raise NotHeard(*_not_sent(error)) from error
    started, sent = loop.time(), [query, _renumbered(query)]
    try:
        for place, packet in enumerate(sent):
            transport.sendto(packet.to_wire())
            heard = await _answer(packets, sent[: place + 1], started + timeout_s * (place + 1) / len(sent))
            if heard:
                return None if heard.message.flags & dns.flags.TC else heard
    finally:
        transport.close()
    if packets.odd:
        raise NotHeard("unreadable", packets.odd)
    raise NotHeard("timeout", f"timeout after {timeout_s:g} s")


async def _answer(packets: _Packets, sent: Sequence[dns.message.Message], until: float) -> DnsMessage | None:
    """The first answer to any of the packets that were `sent`; None where there is none in time. Raises NotHeard."""
    try:
        async with asyncio.timeout_at(until):
            while True:
                packet = await packets.received.get()
                if isinstance(packet, OSError):
                    raise NotHeard(*_not_sent(packet)) from packet
                heard = _read(packet, sent)
                if heard:
                    return heard
                packets.odd = "an answer to another question" if _is_dns(packet) else _UNREADABLE
    except TimeoutError:
        return None


def _read(data: bytes, sent: Sequence[dns.message.Message]) -> DnsMessage | None:
    """Reads an answer, None for what answers none of these. Raises NotHeard for one that can't be read."""
    try:
        message = dns.message.from_wire(data, raise_on_truncation=True, ignore_trailing=True)
    except dns.message.Truncated as error:
        message = error.message()  # type: ignore[no-untyped-call]
    except dns.exception.DNSException as error:
        if data[:2] in [query.id.to_bytes(2, "big") for query in sent]:
            raise NotHeard("unreadable", _UNREADABLE) from error
        return None
    return next(
        (DnsMessage(message, place > 0) for place, query in enumerate(sent) if query.is_response(message)), None
    )


def _is_dns(data: bytes) -> bool:
    try:
        dns.message.from_wire(data, ignore_trailing=True)
    except dns.exception.DNSException:
        return False
    return True


async def _by_tcp(query: dns.message.Message, address: str, port: int, timeout_s: float) -> DnsMessage:
    try:
        return DnsMessage(await dns.asyncquery.tcp(query, address, timeout=timeout_s, port=port, ignore_trailing=True))
    except dns.exception.Timeout as error:
        raise NotHeard("truncated", "truncated, and TCP does not answer") from error
    except ConnectionRefusedError as error:
        raise NotHeard("truncated", "truncated, and TCP is refused") from error
    except (EOFError, ConnectionError) as error:
        raise NotHeard("truncated", "truncated, and TCP is closed before the answer is there") from error
    except OSError as error:
        raise NotHeard("truncated", f"truncated, and over TCP {_not_sent(error)[1]}") from error
    except dns.exception.DNSException as error:
        raise NotHeard("truncated", "truncated, and what comes over TCP can't be read") from error


def _renumbered(query: dns.message.Message) -> dns.message.Message:
    """Asks the same question in another packet, so that its answer is known from that to the first."""
    again = copy.copy(query)
    while again.id == query.id:
        again.id = dns.entropy.random_16()
    return again


def _not_sent(error: OSError) -> tuple[str, str]:
    """Says in one word and in a few why nothing could be sent."""
    if isinstance(error, ConnectionRefusedError):
        return "refused", "connection refused"
    if error.errno in (errno.ENETUNREACH, errno.EHOSTUNREACH):
        return "unreachable", "no route to the resolver"
    return "failed", f"nothing could be sent ({error.strerror or type(error).__name__})"
