"""Echo requests as bytes, and what the bytes that come back say. Pure: no socket, no clock."""

import enum
import socket
import struct
from typing import NamedTuple

from icmplib import ICMPError, ICMPReply

PACKET_SIZE = 44
"""Bytes of one ICMP message: with an IPv4 header the 64 bytes of mtr's default packet."""

TOKEN_SIZE = 8
_HEADER = struct.Struct("!BBHHHH")
_FLOW = struct.Struct("!H")
_QUOTE_V6_SIZE = 40
_ICMP, _ICMPV6 = 1, 58
# RFC 8200 section 4: extension headers that state their own length in units of 8 bytes.
_EXTENSION_HEADERS = frozenset({0, 43, 60})


class IcmpKind(enum.Enum):
    """What an answer says about the echo request it belongs to."""

    REPLY = "reply"
    TTL_EXCEEDED = "ttl exceeded"
    UNREACHABLE = "unreachable"


class IcmpMessage(NamedTuple):
    """One ICMP message that may belong to an echo of ours.

    `token` is the part of the echoed or quoted payload that came along, often empty in a quote;
    `quoted_to` the packed destination of the quoted packet, empty for a reply.
    """

    kind: IcmpKind
    type: int
    code: int
    identifier: int
    sequence: int
    token: bytes
    quoted_to: bytes


class Dialect(NamedTuple):
    """The numbers of one family's ICMP: RFC 792 and RFC 4443."""

    family: socket.AddressFamily
    request: int
    reply: int
    errors: dict[int, IcmpKind]
    filtered: frozenset[tuple[int, int]]
    """Types and codes that a firewall sends. A router has no port or protocol that a ping could miss: those are what
    iptables' REJECT says by default."""


V4 = Dialect(
    socket.AF_INET,
    8,
    0,
    {3: IcmpKind.UNREACHABLE, 11: IcmpKind.TTL_EXCEEDED},
    frozenset({(3, 2), (3, 3), (3, 9), (3, 10), (3, 13)}),
)
V6 = Dialect(
    socket.AF_INET6,
    128,
    129,
    {1: IcmpKind.UNREACHABLE, 2: IcmpKind.UNREACHABLE, 3: IcmpKind.TTL_EXCEEDED},
    frozenset({(1, 1), (1, 4), (1, 5), (1, 6)}),
)


def unreachable_words(dialect: Dialect, type_: int, code: int) -> str:
    """What an "unreachable" message says, in a few words: icmplib knows the codes of both families."""
    if dialect is V6 and type_ == 2:
        return "packet too big"
    reply = ICMPReply("", 4 if dialect is V4 else 6, 0, 0, type_, code, 0, 0.0)
    try:
        reply.raise_for_status()
    except ICMPError as error:
        words = str(error).removeprefix("Destination ").replace("prohibed", "prohibited")
        return words[:1].lower() + words[1:]
    return f"unreachable, code {code}"


def checksum(data: bytes) -> int:
    """Returns the Internet checksum of RFC 1071."""
    if len(data) % 2:
        data += b"\0"
    total: int = sum(struct.unpack(f"!{len(data) // 2}H", data))
    total = (total >> 16) + (total & 0xFFFF)
    total += total >> 16
    return ~total & 0xFFFF


class EchoFormat:
    """Builds the echo requests of one socket in one `flow`.

    The payload begins with 65535 - sequence, so that the checksum is the same for all of them: routers that
    hash it to choose between equal paths then keep to one path. The flow, which follows the token, makes the checksum
    another one: its packets all take one path too, maybe another.
    """

    def __init__(self, dialect: Dialect, identifier: int, token: bytes, flow: int = 0) -> None:
        self._request = dialect.request
        self._identifier = identifier
        self._rest = (token + _FLOW.pack(flow)).ljust(PACKET_SIZE - _HEADER.size, b"\0")
        self._checksum = checksum(self._packet(0, 0))

    def packet(self, sequence: int) -> bytes:
        return self._packet(sequence, self._checksum)

    def _packet(self, sequence: int, check: int) -> bytes:
        header = _HEADER.pack(self._request, 0, check, self._identifier, sequence, 0xFFFF - sequence)
        return header + self._rest


def heard_v4_with_header(data: bytes) -> IcmpMessage | None:
    """Reads what a raw IPv4 socket delivers: the IP header, then ICMP."""
    start = _v4_payload_start(data)
    return heard(V4, data[start:]) if start else None


def heard(dialect: Dialect, message: bytes) -> IcmpMessage | None:
    """Reads one ICMP message; None where it can't belong to an echo."""
    if len(message) < 8:
        return None
    if message[0] == dialect.reply and message[1] == 0:
        return _echo_part(dialect, IcmpKind.REPLY, (message[0], message[1]), message, b"")
    if message[0] not in dialect.errors:
        return None
    return _quoting(dialect, message[0], message[1], message[8:])


def heard_error(dialect: Dialect, type_: int, code: int, echo: bytes, to: bytes) -> IcmpMessage | None:
    """Reads an entry of a ping socket's error queue: `echo` is our own message, `to` its packed destination."""
    kind = dialect.errors.get(type_)
    if kind is None or len(echo) < 8 or echo[0] != dialect.request:
        return None
    return _echo_part(dialect, kind, (type_, code), echo, to)


def _quoting(dialect: Dialect, type_: int, code: int, quote: bytes) -> IcmpMessage | None:
    inner, to = _quoted_v4(quote) if dialect is V4 else _quoted_v6(quote)
    return heard_error(dialect, type_, code, inner, to)


def _echo_part(dialect: Dialect, kind: IcmpKind, type_code: tuple[int, int], echo: bytes, to: bytes) -> IcmpMessage:
    identifier, sequence = struct.unpack_from("!HH", echo, 4)
    token = echo[_HEADER.size : _HEADER.size + TOKEN_SIZE]
    return IcmpMessage(kind, *type_code, identifier, sequence, token, to)


def _v4_payload_start(packet: bytes) -> int:
    """Where the payload of an IPv4 ICMP packet begins; 0 where it is none."""
    if len(packet) < 20 or packet[0] >> 4 != 4 or packet[9] != _ICMP:
        return 0
    start = (packet[0] & 0x0F) * 4
    return start if start >= 20 else 0


def _quoted_v4(quote: bytes) -> tuple[bytes, bytes]:
    start = _v4_payload_start(quote)
    return (quote[start:], quote[16:20]) if start else (b"", b"")


def _quoted_v6(quote: bytes) -> tuple[bytes, bytes]:
    if len(quote) < _QUOTE_V6_SIZE or quote[0] >> 4 != 6:
        return b"", b""
    following, start = quote[6], _QUOTE_V6_SIZE
    while following in _EXTENSION_HEADERS and start + 2 <= len(quote):
        following, start = quote[start], start + (quote[start + 1] + 1) * 8
    return (quote[start:], quote[24:40]) if following == _ICMPV6 else (b"", b"")
