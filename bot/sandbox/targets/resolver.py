"""A DNS server for one zone over UDP and TCP, with faults by name."""

import asyncio
import contextlib
import struct
from collections.abc import Mapping
from typing import cast

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset

TTL_S = 60
_PORT_TRIES = 20


class Resolver:
    """Answers A questions about `records` (name to addresses).

    `faults` by name: "servfail", "silent" (no answer), "refused", "truncated" (UDP says: ask again by TCP).
    Names of the zone that are in neither do not exist; other zones are refused.
    """

    def __init__(
        self, *, zone: str, records: Mapping[str, tuple[str, ...]], faults: Mapping[str, str] | None = None
    ) -> None:
        self._zone = dns.name.from_text(zone)
        self._records = {dns.name.from_text(name): addresses for name, addresses in records.items()}
        self._faults = {dns.name.from_text(name): fault for name, fault in (faults or {}).items()}
        self._udp: asyncio.DatagramTransport | None = None
        self._tcp: asyncio.Server | None = None

    async def start(self, address: str = "127.0.0.1") -> tuple[str, int]:
        """Listen on one port for UDP and TCP; gives address and port."""
        loop = asyncio.get_running_loop()
        for _ in range(_PORT_TRIES):
            udp, _protocol = await loop.create_datagram_endpoint(lambda: _Datagrams(self), (address, 0))
            port = int(udp.get_extra_info("sockname")[1])
            try:
                self._tcp = await asyncio.start_server(self._serve, address, port)
            except OSError:  # that port is taken for TCP
                udp.close()
                continue
            self._udp = udp
            return address, port
        raise OSError("no port is free for both UDP and TCP")

    async def close(self) -> None:
        if self._udp is not None:
            self._udp.close()
        if self._tcp is not None:
            self._tcp.close()

    def answer(self, wire: bytes, *, by_udp: bool) -> bytes | None:
        """The answer to one question; None where none is sent."""
        try:
            asked = dns.message.from_wire(wire)
        except dns.exception.DNSException:
            return None
        if not asked.question or asked.flags & dns.flags.QR:
            return None
        fault = self._faults.get(asked.question[0].name, "")
        if fault == "silent":
            return None
        reply = dns.message.make_response(asked, recursion_available=True)
        if fault == "truncated" and by_udp:
            reply.flags |= dns.flags.TC
        elif fault in ("servfail", "refused"):
            reply.set_rcode(dns.rcode.from_text(fault))
        else:
            self._fill(reply)
        return reply.to_wire()

    def _fill(self, reply: dns.message.Message) -> None:
        question = reply.question[0]
        addresses = self._records.get(question.name)
        if addresses is None:
            ours = question.name.is_subdomain(self._zone)
            reply.set_rcode(dns.rcode.NXDOMAIN if ours else dns.rcode.REFUSED)
        elif question.rdtype == dns.rdatatype.A:
            reply.answer.append(dns.rrset.from_text_list(question.name, TTL_S, "IN", "A", list(addresses)))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection: messages with two bytes of length before each (RFC 1035 §4.2.2)."""
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            while True:
                (length,) = struct.unpack("!H", await reader.readexactly(2))
                reply = self.answer(await reader.readexactly(length), by_udp=False)
                if reply is not None:
                    writer.write(struct.pack("!H", len(reply)) + reply)
                    await writer.drain()
        writer.close()


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # By the loop's contract; Python 3.11's own class does not inherit from DatagramTransport.
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        reply = self._resolver.answer(data, by_udp=True)
        if reply is not None and self._transport is not None:
            self._transport.sendto(reply, addr)
