"""The greetings' packets as the protocols want them, and any bytes as their answers."""

import contextlib
import struct
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import system_clock
from bot.probes.vpn.ikev2 import KE, NAT_PORT, NONCE, NOTIFY, SA, IkeGreeting
from bot.probes.vpn.openvpn import BadKeyFile, OpenVpnGreeting, TlsAuth, TlsCrypt, read_static_key
from bot.probes.vpn.wire import Greeting
from bot.probes.vpn.wireguard import Keys, WireguardGreeting, read_key
from bot.sandbox.targets.vpn import answers
from bot.sandbox.targets.vpn.wireguard import WireguardServer, new_key, public_key

SERVER, OURS = new_key(), new_key()
STATIC = bytes(range(256))


def wireguard(preshared: bytes = bytes(32)) -> WireguardGreeting:
    keys = Keys(read_key(OURS), read_key(public_key(SERVER)), preshared)
    return WireguardGreeting(keys, clock=lambda: datetime(2026, 1, 1, tzinfo=UTC))


def responder(preshared: bytes = bytes(32)) -> WireguardServer:
    return WireguardServer(private=SERVER, peer=public_key(OURS), preshared=preshared)


def ike_answer(packet: bytes, *payloads: tuple[int, bytes], version: int = 0x20, flags: int = 0x20) -> bytes:
    """A response to an IKE packet, with the payloads chained."""
    kinds = [kind for kind, _ in payloads] + [0]
    body = b"".join(
        struct.pack("!BBH", kinds[i + 1], 0, 4 + len(content)) + content for i, (_, content) in enumerate(payloads)
    )
    head = packet[:8] + b"responde" + bytes([kinds[0], version, 34, flags]) + bytes(4)
    return head + struct.pack("!I", 28 + len(body)) + body


def greetings() -> list[Greeting]:
    tls_auth = TlsAuth(STATIC, digest="SHA256", direction=1, clock=system_clock)
    wrapped = [OpenVpnGreeting(tls_auth), OpenVpnGreeting(TlsCrypt(STATIC, clock=system_clock))]
    return [OpenVpnGreeting(), *wrapped, wireguard(), IkeGreeting(500), IkeGreeting(NAT_PORT)]


@given(st.binary(max_size=400))
def test_any_bytes_are_no_answer(data: bytes) -> None:
    """No crash, and nothing that came by chance counts."""
    for greeting in greetings():
        greeting.packet()
        assert not greeting.judge(data).ok


@given(st.data())
def test_a_changed_answer_is_no_wireguard_answer(data: st.DataObject) -> None:
    """Every bit of a response up to its mac1 is checked."""
    greeting, server = wireguard(), responder()
    good = server.answer(greeting.packet()) or b""
    place = data.draw(st.integers(0, 75).filter(lambda n: not 4 <= n < 8))
    changed = bytearray(good)
    changed[place] ^= data.draw(st.integers(1, 255))

    assert greeting.judge(good).ok
    # The sender's own index is covered by mac1 alone, the first byte decides how the rest is read.
    assert not greeting.judge(bytes(changed)).ok


@given(st.integers(0, 91))
def test_a_cut_answer_is_none(length: int) -> None:
    """A response has its exact length."""
    greeting, server = wireguard(), responder()

    assert not greeting.judge((server.answer(greeting.packet()) or b"")[:length]).ok


def test_wireguard_repeats_with_a_later_time() -> None:
    """A server drops an initiation whose time is not later, also where our clock stands."""
    greeting, server = wireguard(), responder()
    first, second = greeting.packet(), greeting.packet()

    assert server.answer(first) is not None
    assert server.answer(first) is None
    assert greeting.judge(server.answer(second) or b"").ok


def test_a_late_answer_to_the_first_packet_counts() -> None:
    """It may come after the repeat."""
    greeting, server = wireguard(), responder()
    late = server.answer(greeting.packet()) or b""
    greeting.packet()

    assert greeting.judge(late).ok


def test_wireguard_uses_the_preshared_key() -> None:
    """Both sides must have the same."""
    secret = read_key(new_key())
    right, wrong = wireguard(secret), wireguard()

    assert right.judge(responder(secret).answer(right.packet()) or b"").ok
    assert wrong.judge(responder(secret).answer(wrong.packet()) or b"").words.endswith("not with the configured keys")


def test_a_cookie_reply_is_an_answer() -> None:
    """WireGuard under load asks for a cookie."""
    greeting = wireguard()
    packet = greeting.packet()
    cookie = b"\x03\0\0\0" + packet[4:8] + bytes(56)

    assert "under load" in greeting.judge(cookie).words
    assert not greeting.judge(b"\x03\0\0\0" + bytes(60)).ok


def test_openvpns_reset_is_fourteen_bytes() -> None:
    """Opcode 7 with key 0, our session, no acknowledgement, packet 0."""
    packet = OpenVpnGreeting().packet()

    assert (len(packet), packet[0], packet[9:]) == (14, 0x38, bytes(5))


@pytest.mark.parametrize(
    "change",
    [
        lambda good: bytes([0x38]) + good[1:],
        lambda good: good[:9] + b"\0" + good[10:],
        lambda good: good[:14] + bytes(8) + good[22:],
        lambda good: good[:10] + b"\0\0\0\x05" + good[14:],
        lambda good: good + b"\0",
        lambda good: good[:-1],
    ],
)
def test_only_a_reset_that_acknowledges_ours_is_openvpn(change: object) -> None:
    """Another opcode, no acknowledgement, another session or packet, another length."""
    greeting = OpenVpnGreeting()
    good = answers.openvpn(greeting.packet()) or b""

    assert greeting.judge(good).ok
    assert not greeting.judge(change(good)).ok  # type: ignore[operator]


def test_an_echo_is_no_answer() -> None:
    """A port that sends everything back is no VPN service."""
    for greeting in greetings():
        assert not greeting.judge(greeting.packet()).ok


@pytest.mark.parametrize(
    ("payloads", "words"),
    [
        (((SA, bytes(40)), (KE, bytes(36)), (NONCE, bytes(32))), "IKEv2 answers and accepts the proposal"),
        (((NOTIFY, b"\0\0\0\x11\0\x0e"),), "IKEv2 answers INVALID_KE_PAYLOAD"),
        (((NOTIFY, b"\0\0\x40\x06cookie"),), "IKEv2 answers COOKIE"),
        (((NOTIFY, b"\0\0\0\x0e"),), "IKEv2 answers NO_PROPOSAL_CHOSEN"),
        (((NOTIFY, b"\0\0\0\x18"),), "IKEv2 answers with notify 24"),
    ],
)
def test_every_answer_of_ike_counts(payloads: tuple[tuple[int, bytes], ...], words: str) -> None:
    """What it thinks of our proposal is not the question (RFC 7296 sections 1.2, 2.6, 2.7)."""
    greeting = IkeGreeting(500)

    assert greeting.judge(ike_answer(greeting.packet(), *payloads)).words == words


@pytest.mark.parametrize(
    "wrong",
    [{"version": 0x10}, {"flags": 0x08}],
)
def test_another_version_or_a_request_is_no_answer(wrong: dict[str, int]) -> None:
    """IKEv1, and a packet that is itself a request."""
    greeting = IkeGreeting(500)

    assert not greeting.judge(ike_answer(greeting.packet(), (NOTIFY, b"\0\0\0\x0e"), **wrong)).ok


def test_an_ike_packet_reads_as_the_rfc_says() -> None:
    """Header length, payload chain, proposals that fill their payload, a public key of group 31."""
    packet = IkeGreeting(500).packet()
    kind, at, found = packet[16], 28, {}
    while kind:
        following, _, length = struct.unpack_from("!BBH", packet, at)
        found[kind] = packet[at + 4 : at + length]
        kind, at = following, at + length

    assert struct.unpack_from("!I", packet, 24)[0] == at == len(packet)
    assert list(found) == [SA, KE, NONCE]
    assert (found[KE][:2], len(found[KE])) == (b"\0\x1f", 36)
    first = struct.unpack_from("!H", found[SA], 2)[0]
    assert first + struct.unpack_from("!H", found[SA], first + 2)[0] == len(found[SA])


def test_the_nat_port_has_its_marker() -> None:
    """Four zero bytes before the packet, both ways (RFC 3948)."""
    greeting = IkeGreeting(NAT_PORT)
    packet = greeting.packet()
    answer = ike_answer(packet[4:], (NOTIFY, b"\0\0\0\x0e"))

    assert packet[:4] == bytes(4)
    assert greeting.judge(bytes(4) + answer).ok and not greeting.judge(answer).ok


@pytest.mark.parametrize("text", ["", "-----BEGIN OpenVPN Static key V1-----\nabcd\n-----END", "nonsense" * 100])
def test_what_is_no_static_key_is_refused(text: str) -> None:
    """A file that is something else."""
    with pytest.raises(BadKeyFile):
        read_static_key(text)


@given(st.text(max_size=60))
def test_any_text_is_a_wireguard_key_or_refused(text: str) -> None:
    """32 bytes, or ValueError."""
    with contextlib.suppress(ValueError):
        assert len(read_key(text)) == 32
