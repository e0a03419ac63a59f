"""The vpn probe against services on loopback with known faults."""

from collections.abc import AsyncIterator

import pytest

from bot.clock import system_clock
from bot.errors import BadInput
from bot.probes.model import ProbeResult, Subject
from bot.probes.policy import ProbePolicy
from bot.probes.vpn.probe import Secrets, VpnProbe
from bot.probes.wording import long
from bot.sandbox.targets.vpn.service import VpnGateway, VpnPorts, started
from bot.sandbox.targets.vpn.wireguard import WireguardServer, new_key, public_key

SERVER, OURS = new_key(), new_key()
ADDRESSES = ("127.0.0.1", "127.0.0.2")
Gateways = tuple[list[VpnGateway], VpnPorts]


@pytest.fixture
async def gateways() -> AsyncIterator[Gateways]:
    """Two gateways with the same ports that know the same peer."""
    running = [
        VpnGateway(
            name=address,
            address=address,
            wireguard=WireguardServer(private=SERVER, peer=public_key(OURS)).answer,
        )
        for address in ADDRESSES
    ]
    ports = await started(running)
    yield running, ports
    for gateway in running:
        await gateway.close()


async def asked(subject: Subject, secrets: Secrets | None = None, timeout_s: float = 2.0) -> ProbeResult:
    policy = ProbePolicy(allow_networks=["127.0.0.0/8"])
    probe = VpnProbe(
        policy=policy, clock=system_clock, secrets=secrets or Secrets(wireguard_private=OURS), timeout_s=timeout_s
    )
    return await probe.run(subject, progress=lambda _result: None)


def subject(ports: VpnPorts, *keys: str) -> Subject:
    listed = keys or (public_key(SERVER),)
    return Subject("U.S. East", addresses=ADDRESSES, vpn=tuple(ports.services), wireguard_keys=listed, trusted=True)


async def test_all_services_of_all_addresses_answer(gateways: Gateways) -> None:
    """A row for each, and one line."""
    result = await asked(subject(gateways[1]))

    assert result.ok, long(result.verdict)
    assert long(result.verdict).startswith("All 8 VPN services answer, the slowest in ")
    assert [reading.cells[1] for reading in result.readings] == ["answers"] * 8


async def test_a_silent_gateway_is_named(gateways: Gateways) -> None:
    """Each of its services, with what silence may mean."""
    await gateways[0][1].set_mode("silent")
    result = await asked(subject(gateways[1]), timeout_s=0.4)

    assert [reading.cause for reading in result.readings] == [""] * 4 + ["silent"] * 4
    assert long(result.verdict).startswith("4 of 8 VPN services fail: openvpn-udp 127.0.0.2:")
    assert "no answer in 0.4 s: down, filtered, or it wants a tls-auth or tls-crypt key" in long(result.verdict)


async def test_closed_ports_are_told_from_silence(gateways: Gateways) -> None:
    """The machine says that nothing listens there."""
    await gateways[0][0].set_mode("refuse")
    result = await asked(subject(gateways[1]))

    assert [reading.cause for reading in result.readings[:4]] == ["refused"] * 4
    assert result.readings[0].reason == "nothing listens there (port unreachable)"


async def test_without_keys_wireguard_is_not_asked(gateways: Gateways) -> None:
    """That is neither good nor bad; the remedy says what is missing."""
    result = await asked(subject(gateways[1]), Secrets())

    assert result.ok
    assert long(result.verdict).endswith("; 2 not asked (WireGuard)") and "All 6 VPN services answer" in long(
        result.verdict
    )
    assert "WIREGUARD_PRIVATE_KEY" in result.remedy


async def test_nothing_but_wireguard_without_keys_could_not_run(gateways: Gateways) -> None:
    """No service was asked, so nothing is said about the target."""
    only = Subject("x", addresses=ADDRESSES, vpn=(f"wireguard:{gateways[1].wireguard}",), trusted=True)
    result = await asked(only)

    assert not result.measured and not result.verdict.set_up
    assert "the server's public key in wireguard_keys (127.0.0.1)" in long(result.verdict)


async def test_a_server_may_have_a_key_of_its_own(gateways: Gateways) -> None:
    """ "address=key" stands above the key for all."""
    keys = (f"127.0.0.1={public_key(SERVER)}", public_key(new_key()))
    result = await asked(subject(gateways[1], *keys), timeout_s=0.4)
    wireguard = [reading for reading in result.readings if reading.name.startswith("wireguard")]

    assert [reading.cause for reading in wireguard] == ["", "silent"]
    assert "its key is not the one in wireguard_keys" in wireguard[1].reason


async def test_something_else_on_the_port_is_told(gateways: Gateways) -> None:
    """IKE does not speak OpenVPN: silent, or an answer to what a random first byte looks like."""
    ports = gateways[1]
    vpn = (f"openvpn-udp:{ports.ikev2}", f"ikev2:{ports.openvpn_udp}")
    result = await asked(Subject("x", addresses=ADDRESSES[:1], vpn=vpn, trusted=True), timeout_s=0.3)

    assert {reading.cause for reading in result.readings} <= {"silent", "other"}
    assert [reading.ok for reading in result.readings] == [False, False]


async def test_hosts_that_somebody_typed_are_not_asked() -> None:
    """Packets that look like an attack go to configured targets only."""
    with pytest.raises(BadInput, match="not on hosts that somebody types"):
        await asked(Subject("x", addresses=ADDRESSES, vpn=("ikev2:500",)))


async def test_a_target_without_services_is_bad_input() -> None:
    """The sentence names the key."""
    with pytest.raises(BadInput, match="needs vpn"):
        await asked(Subject("x", addresses=ADDRESSES, trusted=True))
