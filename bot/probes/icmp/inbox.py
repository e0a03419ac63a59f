"""Reading an ICMP socket dry: packets and error-queue entries, each with the kernel's receive time."""

import socket
import struct
from collections.abc import Iterator
from typing import NamedTuple

from bot.probes.icmp.packets import V4, IcmpMessage, heard, heard_error, heard_v4_with_header
from bot.probes.icmp.sockets import IP_RECVERR, IPV6_RECVERR, SO_RXQ_OVFL, SO_TIMESTAMPNS, IcmpSocket

Ancillary = list[tuple[int, int, bytes]]

_DATA_SIZE = 2048
_ANCILLARY_SIZE = 512
# A flood must not hold the event loop: the rest is read when the loop comes round again.
_AT_MOST = 128
_ORIGINS = {socket.AF_INET: 2, socket.AF_INET6: 3}


class Arrival(NamedTuple):
    """`received_ns` is wall time from the kernel, 0 where it gave none; `drops` its count of lost packets."""

    heard: IcmpMessage
    source: str
    received_ns: int
    drops: int


def arrivals(icmp: IcmpSocket) -> Iterator[Arrival]:
    """What has come in on a socket, errors first: they explain what a later send would otherwise raise."""
    if icmp.mode == "ping socket":
        for data, ancillary, address in _messages(icmp.sock, socket.MSG_ERRQUEUE):
            arrival = error_arrival(icmp, data, ancillary, address)
            if arrival:
                yield arrival
    for data, ancillary, address in _messages(icmp.sock, 0):
        message = packet_heard(icmp, data)
        if message:
            yield Arrival(message, _plain(address), *_stamps(ancillary))


def packet_heard(icmp: IcmpSocket, data: bytes) -> IcmpMessage | None:
    """What one packet says, for the way in which this socket delivers it."""
    if icmp.mode == "raw" and icmp.dialect is V4:
        return heard_v4_with_header(data)
    return heard(icmp.dialect, data)


def error_arrival(icmp: IcmpSocket, data: bytes, ancillary: Ancillary, address: str) -> Arrival | None:
    """One entry of the error queue (`struct sock_extended_err`, then the address of who sent it: ip(7))."""
    for level, kind, value in ancillary:
        if (level, kind) not in ((socket.IPPROTO_IP, IP_RECVERR), (socket.IPPROTO_IPV6, IPV6_RECVERR)):
            continue
        source = _offender(icmp.dialect.family, value)
        if len(value) < 16 or value[4] != _ORIGINS[icmp.dialect.family] or not source:
            return None
        try:
            to = socket.inet_pton(icmp.dialect.family, _plain(address))
        except OSError:
            return None
        message = heard_error(icmp.dialect, value[5], value[6], data, to)
        return Arrival(message, source, *_stamps(ancillary)) if message else None
    return None


def _messages(sock: socket.socket, flags: int) -> Iterator[tuple[bytes, Ancillary, str]]:
    for _ in range(_AT_MOST):
        try:
            data, ancillary, _flags, address = sock.recvmsg(_DATA_SIZE, _ANCILLARY_SIZE, flags)
        except BlockingIOError:
            return
        except OSError:
            # A pending error of an earlier packet; reading it clears it, and its queue entry says more.
            continue
        yield data, ancillary, address[0] if address else ""


def _offender(family: socket.AddressFamily, value: bytes) -> str:
    start, size = (20, 4) if family == socket.AF_INET else (24, 16)
    raw = value[start : start + size]
    return socket.inet_ntop(family, raw) if len(raw) == size else ""


def _stamps(ancillary: Ancillary) -> tuple[int, int]:
    received_ns = drops = 0
    for level, kind, value in ancillary:
        if level != socket.SOL_SOCKET:
            continue
        if kind == SO_TIMESTAMPNS and len(value) == 16:
            seconds, nanoseconds = struct.unpack("=qq", value)
            received_ns = seconds * 1_000_000_000 + nanoseconds
        elif kind == SO_RXQ_OVFL and len(value) == 4:
            drops = struct.unpack("=I", value)[0]
    return received_ns, drops


def _plain(address: str) -> str:
    return address.split("%", 1)[0]
