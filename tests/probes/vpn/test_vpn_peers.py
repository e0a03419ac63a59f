"""The greetings against real servers: OpenVPN, WireGuard and strongSwan."""

import base64
import secrets
from pathlib import Path

import pytest

from bot.clock import system_clock
from bot.probes.vpn.ikev2 import NAT_PORT, IkeGreeting
from bot.probes.vpn.openvpn import KeyUse, OpenVpnGreeting, wrapping_with
from bot.probes.vpn.wire import greeted_by_tcp, greeted_by_udp
from bot.probes.vpn.wireguard import Keys, WireguardGreeting, read_key
from bot.sandbox.targets.vpn.wireguard import new_key, public_key
from tests.probes.vpn.peers import openvpn, strongswan, wireguard


@pytest.fixture
def static_key(tmp_path: Path) -> Path:
    """An OpenVPN static key as `openvpn --genkey secret` writes it."""
    lines = "\n".join(secrets.token_hex(16) for _ in range(16))
    begin, end = "-----BEGIN OpenVPN Static key V1-----", "-----END OpenVPN Static key V1-----"
    file = tmp_path / "ta.key"
    file.write_text(f"#\n# 2048 bit OpenVPN static key\n#\n{begin}\n{lines}\n{end}\n")
    return file


def wrapped(file: Path, use: KeyUse, digest: str = "SHA1") -> OpenVpnGreeting:
    return OpenVpnGreeting(wrapping_with(file.read_text(), use=use, digest=digest, clock=system_clock)())


async def test_openvpn_answers_by_udp(tmp_path: Path) -> None:
    """A server without a static key."""
    async with openvpn(tmp_path) as port:
        heard = await greeted_by_udp("127.0.0.1", port, OpenVpnGreeting(), timeout_s=3)

    assert (heard.answer.ok, heard.cause) == (True, "")


async def test_openvpn_answers_by_tcp(tmp_path: Path) -> None:
    """The same packet after its length."""
    async with openvpn(tmp_path, tcp=True) as port:
        heard = await greeted_by_tcp("127.0.0.1", port, OpenVpnGreeting(), timeout_s=3)

    assert (heard.answer.ok, heard.cause) == (True, "")


@pytest.mark.parametrize(
    ("options", "use", "digest"),
    [
        (("--tls-crypt", "{key}"), "tls-crypt", "SHA1"),
        (("--tls-auth", "{key}"), "tls-auth", "SHA1"),
        (("--tls-auth", "{key}", "0"), "tls-auth 1", "SHA1"),
        (("--tls-auth", "{key}", "0", "--auth", "SHA256"), "tls-auth 1", "SHA256"),
        (("--tls-auth", "{key}", "0", "--auth", "SHA512"), "tls-auth 1", "SHA512"),
    ],
)
async def test_openvpn_answers_who_has_its_static_key(
    tmp_path: Path, static_key: Path, options: tuple[str, ...], use: KeyUse, digest: str
) -> None:
    """Each way in which a static key is used."""
    async with openvpn(tmp_path, *(each.format(key=static_key) for each in options)) as port:
        heard = await greeted_by_udp("127.0.0.1", port, wrapped(static_key, use, digest), timeout_s=3)

    assert heard.answer.ok, heard


async def test_openvpn_with_a_static_key_is_silent_to_others(tmp_path: Path, static_key: Path) -> None:
    """The verdict says that silence may mean that."""
    async with openvpn(tmp_path, "--tls-crypt", str(static_key)) as port:
        heard = await greeted_by_udp("127.0.0.1", port, OpenVpnGreeting(), timeout_s=0.6)

    assert heard.cause == "silent"
    assert "wants a tls-auth or tls-crypt key" in heard.answer.words


async def test_openvpn_by_tcp_hangs_up_on_who_lacks_its_key(tmp_path: Path, static_key: Path) -> None:
    """It takes the connection first."""
    async with openvpn(tmp_path, "--tls-crypt", str(static_key), tcp=True) as port:
        heard = await greeted_by_tcp("127.0.0.1", port, OpenVpnGreeting(), timeout_s=3)

    assert heard.cause == "closed"
    assert "wants another key" in heard.answer.words


async def test_wireguard_answers_the_peer_that_it_knows(tmp_path: Path) -> None:
    """The response decrypts with our keys."""
    server, ours = new_key(), new_key()
    async with wireguard(tmp_path, private=server, peer=public_key(ours)) as port:
        greeting = WireguardGreeting(Keys(read_key(ours), read_key(public_key(server))), clock=system_clock)
        heard = await greeted_by_udp("127.0.0.1", port, greeting, timeout_s=3)

    assert (heard.answer.ok, heard.answer.words) == (True, "WireGuard answers the handshake")


async def test_wireguard_is_silent_to_strangers(tmp_path: Path) -> None:
    """The verdict says that our key may be unknown."""
    server, ours, stranger = new_key(), new_key(), new_key()
    async with wireguard(tmp_path, private=server, peer=public_key(ours)) as port:
        greeting = WireguardGreeting(Keys(read_key(stranger), read_key(public_key(server))), clock=system_clock)
        heard = await greeted_by_udp("127.0.0.1", port, greeting, timeout_s=0.6)

    assert heard.cause == "silent"
    assert "it does not know our key" in heard.answer.words


async def test_wireguard_with_another_preshared_key_is_told(tmp_path: Path) -> None:
    """The server answers, and the answer is not for our keys."""
    server, ours = new_key(), new_key()
    async with wireguard(tmp_path, private=server, peer=public_key(ours)) as port:
        other = base64.b64decode(new_key())
        greeting = WireguardGreeting(Keys(read_key(ours), read_key(public_key(server)), other), clock=system_clock)
        heard = await greeted_by_udp("127.0.0.1", port, greeting, timeout_s=0.6)

    assert (heard.cause, heard.answer.words) == ("other", "something answers, but not with the configured keys")


async def test_strongswan_answers(tmp_path: Path) -> None:
    """A responder without a configuration for us says so: that is an answer."""
    async with strongswan(tmp_path) as port:
        heard = await greeted_by_udp("127.0.0.1", port, IkeGreeting(NAT_PORT), timeout_s=3)

    assert (heard.answer.ok, heard.answer.words) == (True, "IKEv2 answers NO_PROPOSAL_CHOSEN")
