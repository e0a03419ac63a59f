"""Reading and building ICMP."""

import socket
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icmplib import ICMPv4Socket

from bot.probes.icmp.packets import (
    V4,
    V6,
    Dialect,
    EchoFormat,
    IcmpKind,
    checksum,
    heard,
    heard_error,
    heard_v4_with_header,
)

TOKEN = b"8 bytes!"
words = st.integers(0, 0xFFFF)
dialects = st.sampled_from([V4, V6])


def quoted(dialect: Dialect, packet: bytes, to: str, *, keep: int = 1000) -> bytes:
    """An IP packet as a router quotes it, cut after `keep` bytes of its payload."""
    destination = socket.inet_pton(dialect.family, to)
    if dialect is V4:
        header = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 64, 0, 0, 1, 1, 0, bytes(4), destination)
    else:
        header = struct.pack("!IHBB16s16s", 6 << 28, 44, 58, 1, bytes(16), destination)
    return header + packet[:keep]


@given(st.binary(max_size=200))
def test_any_bytes_are_read_without_a_crash(data: bytes) -> None:
    """Whatever a socket delivers, reading it gives a record or nothing."""
    for dialect in (V4, V6):
        heard(dialect, data)
        heard_error(dialect, 11, 0, data, b"")
    heard_v4_with_header(data)


@given(st.binary(min_size=8, max_size=120), dialects)
def test_only_replies_and_errors_are_heard(data: bytes, dialect: Dialect) -> None:
    """A message of another type is never taken for an answer."""
    found = heard(dialect, data)

    assert found is None or data[0] == dialect.reply or data[0] in dialect.errors


@given(words, words, dialects)
def test_a_reply_gives_back_what_was_sent(identifier: int, sequence: int, dialect: Dialect) -> None:
    """Id, sequence and token of an echo come back from its reply."""
    packet = EchoFormat(dialect, identifier, TOKEN).packet(sequence)
    found = heard(dialect, bytes([dialect.reply]) + packet[1:])

    assert found is not None
    assert (found.kind, found.identifier, found.sequence, found.token) == (IcmpKind.REPLY, identifier, sequence, TOKEN)


@given(words, words, dialects, st.integers(8, 44))
def test_a_quote_gives_back_what_was_sent(identifier: int, sequence: int, dialect: Dialect, keep: int) -> None:
    """A router's "time exceeded" names the echo and its destination, however little it quotes."""
    to = "192.0.2.7" if dialect is V4 else "2001:db8::7"
    packet = EchoFormat(dialect, identifier, TOKEN).packet(sequence)
    exceeded = next(number for number, kind in dialect.errors.items() if kind is IcmpKind.TTL_EXCEEDED)
    found = heard(dialect, bytes([exceeded, 0]) + bytes(6) + quoted(dialect, packet, to, keep=keep))

    assert found is not None
    assert (found.kind, found.identifier, found.sequence) == (IcmpKind.TTL_EXCEEDED, identifier, sequence)
    assert found.quoted_to == socket.inet_pton(dialect.family, to)
    assert TOKEN.startswith(found.token)


@given(words, words)
def test_the_checksum_never_changes_and_is_right(identifier: int, sequence: int) -> None:
    """All echoes of a socket have one checksum, so that routers that hash it keep to one path."""
    format_ = EchoFormat(V4, identifier, TOKEN)

    assert checksum(format_.packet(sequence)) == 0
    assert format_.packet(sequence)[2:4] == format_.packet(0)[2:4]


@given(words, words, st.sets(st.integers(0, 0xFFFF), min_size=2, max_size=20), st.binary(min_size=8, max_size=8))
def test_each_flow_has_one_checksum_of_its_own(identifier: int, sequence: int, flows: set[int], token: bytes) -> None:
    """Routers that hash it keep to one path for a flow, and may choose another for the next; the answer is the same."""
    formats = {flow: EchoFormat(V4, identifier, token, flow) for flow in flows}
    packets = [format_.packet(sequence) for format_ in formats.values()]

    assert {checksum(packet) for packet in packets} == {0}
    for packet, format_ in zip(packets, formats.values(), strict=True):
        assert format_.packet(0)[2:4] == packet[2:4]
        found = heard(V4, bytes([V4.reply]) + packet[1:])
        assert found is not None and (found.sequence, found.token) == (sequence, token)
    # 0 and 65535 are the same to this sum.
    assert len({packet[2:4] for packet in packets}) >= len(flows) - (flows >= {0, 0xFFFF})


class _IcmplibPackets(ICMPv4Socket):  # type: ignore[misc]
    """icmplib's packet builder without its socket."""

    def __init__(self) -> None:
        self._sock = None

    def packet(self, identifier: int, sequence: int, payload: bytes) -> bytes:
        return bytes(self._create_packet(identifier, sequence, payload))


def test_the_packet_is_that_of_icmplib() -> None:
    """Another implementation builds the same header for the same payload."""
    ours = EchoFormat(V4, 0x1234, TOKEN).packet(77)

    assert ours == _IcmplibPackets().packet(0x1234, 77, ours[8:])


def test_a_quote_of_another_protocol_is_not_heard() -> None:
    """An error about somebody's UDP packet is not ours."""
    inner = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 64, 0, 0, 1, 17, 0, bytes(4), bytes(4)) + bytes(16)

    assert heard(V4, bytes([11, 0]) + bytes(6) + inner) is None


@pytest.mark.parametrize("options", [0, 4, 40])
def test_ip_options_are_passed_over(options: int) -> None:
    """The IP header's own length says where ICMP begins."""
    packet = EchoFormat(V4, 7, TOKEN).packet(9)
    header = bytes([0x45 + options // 4]) + bytes(8) + bytes([1]) + bytes(10 + options)
    found = heard_v4_with_header(header + bytes([0]) + packet[1:])

    assert found is not None and found.sequence == 9


def test_extension_headers_of_a_quote_are_passed_over() -> None:
    """A quoted IPv6 packet may have options before its ICMP."""
    packet = EchoFormat(V6, 7, TOKEN).packet(9)
    header = struct.pack("!IHBB16s16s", 6 << 28, 52, 0, 1, bytes(16), bytes(16))
    found = heard(V6, bytes([3, 0]) + bytes(6) + header + bytes([58, 0]) + bytes(6) + packet)

    assert found is not None and found.sequence == 9
