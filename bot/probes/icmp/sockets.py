"""Opening the ICMP socket of one family: raw where allowed, else a ping socket, else a reason."""

import errno
import os
import socket
import struct
from dataclasses import dataclass
from typing import Literal

from bot.probes.icmp.packets import V4, V6, Dialect

Mode = Literal["raw", "ping socket"]
MODES: tuple[Mode, ...] = ("raw", "ping socket")

# Linux numbers that the socket module of Python 3.11 does not name.
SO_RCVBUFFORCE = 33
SO_TIMESTAMPNS = 35
SO_RXQ_OVFL = 40
IP_RECVERR = 11
IPV6_RECVERR = 25
IPV6_FLOWINFO_SEND = 33
_ICMP_FILTER, _ICMP6_FILTER = 1, 1
_SOL_RAW = 255

# Replies to 1,000 addresses come within a few milliseconds; each takes about 800 bytes of this.
_RECEIVE_BUFFER = 1 << 20

REMEDY = (
    'Allow ping sockets with: sysctl -w net.ipv4.ping_group_range="0 2147483647" '
    "(in Docker: --sysctl net.ipv4.ping_group_range=...), or give the process CAP_NET_RAW."
)


@dataclass(frozen=True, slots=True)
class Access:
    """What this machine lets the process do with one family's ICMP; `reason` and `remedy` where nothing."""

    mode: Mode | None
    reason: str = ""
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class IcmpSocket:
    """An open socket. `identifier` is the one in its echo requests, which a ping socket's kernel chooses.

    `labels` is whether its sends may choose an IPv6 flow label.
    """

    sock: socket.socket
    dialect: Dialect
    mode: Mode
    identifier: int
    labels: bool = False


def open_icmp(dialect: Dialect, modes: tuple[Mode, ...], identifier: int) -> tuple[IcmpSocket | None, Access]:
    """Tries `modes` in order. Never raises: what is not allowed is an Access without a mode."""
    failures: list[OSError] = []
    for mode in modes:
        try:
            return _opened(dialect, mode, identifier), Access(mode)
        except OSError as error:
            failures.append(error)
    return None, _refused(dialect, failures)


def _opened(dialect: Dialect, mode: Mode, identifier: int) -> IcmpSocket:
    protocol = socket.IPPROTO_ICMP if dialect is V4 else socket.IPPROTO_ICMPV6
    sock = socket.socket(dialect.family, socket.SOCK_RAW if mode == "raw" else socket.SOCK_DGRAM, protocol)
    try:
        sock.setblocking(False)
        _set_options(sock)
        labels = dialect is V6 and _lets_label(sock)
        if mode == "raw":
            _filter(sock, dialect)
            return IcmpSocket(sock, dialect, mode, identifier, labels)
        return IcmpSocket(sock, dialect, mode, _bound(sock, dialect, identifier), labels)
    except OSError:
        sock.close()
        raise


def _set_options(sock: socket.socket) -> None:
    sock.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
    sock.setsockopt(socket.SOL_SOCKET, SO_RXQ_OVFL, 1)
    try:
        sock.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, _RECEIVE_BUFFER)
    except PermissionError:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER)


def _lets_label(sock: socket.socket) -> bool:
    try:
        sock.setsockopt(socket.IPPROTO_IPV6, IPV6_FLOWINFO_SEND, 1)
    except OSError:
        return False
    return True


def _filter(sock: socket.socket, dialect: Dialect) -> None:
    """Lets only replies and errors through; a set bit keeps a type out (icmp(7), RFC 3542 section 3.2 reversed)."""
    types = (dialect.reply, *dialect.errors)
    mask = ~sum(1 << number for number in types)
    if dialect is V4:
        sock.setsockopt(_SOL_RAW, _ICMP_FILTER, struct.pack("=I", mask & 0xFFFFFFFF))
    else:
        words = [(mask >> (32 * word)) & 0xFFFFFFFF for word in range(8)]
        sock.setsockopt(socket.IPPROTO_ICMPV6, _ICMP6_FILTER, struct.pack("=8I", *words))


def _bound(sock: socket.socket, dialect: Dialect, identifier: int) -> int:
    """Turns on the error queue and takes an identifier; returns the one that the kernel gave."""
    if dialect is V4:
        sock.setsockopt(socket.IPPROTO_IP, IP_RECVERR, 1)
    else:
        sock.setsockopt(socket.IPPROTO_IPV6, IPV6_RECVERR, 1)
    try:
        sock.bind(("", identifier))
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        sock.bind(("", 0))
    return int(sock.getsockname()[1])


def _refused(dialect: Dialect, failures: list[OSError]) -> Access:
    name = "IPv4" if dialect is V4 else "IPv6"
    if dialect is V6 and any(error.errno == errno.EAFNOSUPPORT for error in failures):
        return Access(None, "this machine has no IPv6", "Enable IPv6 on this machine, or probe the IPv4 addresses.")
    if failures and all(error.errno in (errno.EPERM, errno.EACCES) for error in failures):
        return Access(None, f"this machine does not let the bot send {name} ICMP", REMEDY)
    words = "; ".join(os.strerror(error.errno or 0) for error in failures) or "no mode is configured"
    return Access(None, f"no {name} ICMP socket can be opened: {words}", REMEDY)
