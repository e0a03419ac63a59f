"""The targets on loopback as clients see them."""

import asyncio
import socket
import ssl
import tomllib
from collections.abc import AsyncIterator

import aiohttp
import dns.asyncresolver
import dns.rdatatype
import dns.resolver
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.clock import system_clock
from bot.probes.model import Subject
from bot.probes.policy import ProbePolicy
from bot.probes.vpn.probe import Secrets, VpnProbe
from bot.sandbox.other_systems import tracker_environment
from bot.sandbox.statuspage.seeds import GROUPS
from bot.sandbox.targets.places import TargetAddresses
from bot.sandbox.targets.server import TargetsSandbox
from bot.sandbox.targets.settings_file import FAST, settings_text
from bot.settings import load_settings


@pytest.fixture
async def sandbox() -> AsyncIterator[tuple[TargetsSandbox, TargetAddresses]]:
    targets = TargetsSandbox(clock=system_clock)
    addresses = await targets.start()
    yield targets, addresses
    await targets.close()


Started = tuple[TargetsSandbox, TargetAddresses]


async def _status(url: str, *, within_s: float = 5, ca: str = "") -> int:
    context = ssl.create_default_context(cafile=ca) if ca else True
    timeout = aiohttp.ClientTimeout(within_s)
    async with aiohttp.ClientSession(timeout=timeout) as http, http.get(url, ssl=context) as answer:
        return answer.status


async def test_eight_gateways_and_one_is_unwell(sandbox: Started) -> None:
    """All eight answer; the morning's trouble is a 503 of us-east-2."""
    _, addresses = sandbox
    statuses = {gateway.name: await _status(gateway.health_url) for gateway in addresses.gateways}

    assert len(statuses) == 8 and len({gateway.region for gateway in addresses.gateways}) == 4
    assert [name for name, status in statuses.items() if status != 200] == ["us-east-2"]


async def test_silent_accepts_and_says_nothing(sandbox: Started) -> None:
    """A silent endpoint takes the request and the client's patience ends first."""
    targets, addresses = sandbox
    await targets.endpoint("website").set_mode("silent")

    with pytest.raises(asyncio.TimeoutError):
        await _status(addresses.website_url, within_s=0.3)


async def test_refuse_and_back_on_the_same_port(sandbox: Started) -> None:
    """A refusing endpoint is closed; it comes back where it was."""
    targets, addresses = sandbox
    website = targets.endpoint("website")
    await website.set_mode("refuse")
    with pytest.raises(aiohttp.ClientConnectorError):
        await _status(addresses.website_url)

    await website.set_mode("ok")

    assert await _status(addresses.website_url) == 200


async def test_modes_are_set_over_http(sandbox: Started) -> None:
    """POST /control/target changes one target; an unknown name tells which exist."""
    targets, addresses = sandbox
    app = web.Application()
    app.add_subapp("/control", targets.routes())
    async with TestClient(TestServer(app)) as client:
        done = await client.post("/control/target", json={"name": "us-west-1", "mode": "503"})
        wrong = await client.post("/control/target", json={"name": "mars", "mode": "503"})
        listed = await (await client.get("/control/targets")).json()
        reason = (await wrong.json())["error"]

    assert (done.status, wrong.status) == (200, 400)
    assert "us-west-1" in reason
    assert {"us-west-1", "website", "payments"} <= {row["name"] for row in listed["targets"]}
    assert await _status(addresses.gateways[2].health_url) == 503


async def test_every_gateway_has_vpn_services_on_the_same_ports(sandbox: Started) -> None:
    """The bot's own probe gets an answer from each, and silence from one that is told to be silent."""
    targets, addresses = sandbox
    assert addresses.vpn
    secrets = Secrets(wireguard_private=addresses.vpn.bot_key)
    probe = VpnProbe(
        policy=ProbePolicy(allow_networks=["127.0.0.0/8"]), clock=system_clock, secrets=secrets, timeout_s=1.0
    )
    found = tuple(gateway.address for gateway in addresses.gateways)
    keys = (addresses.vpn.wireguard_key,)
    subject = Subject("all", addresses=found, vpn=addresses.vpn.services, wireguard_keys=keys, trusted=True)
    app = web.Application()
    app.add_subapp("/control", targets.routes())
    async with TestClient(TestServer(app)) as client:
        well = await probe.run(subject, progress=lambda _result: None)
        done = await client.post("/control/target", json={"name": "us-east-1-vpn", "mode": "silent"})
        ill = await probe.run(subject, progress=lambda _result: None)
        wrong = await client.post("/control/target", json={"name": "us-east-1-vpn", "mode": "slow"})

    assert (done.status, wrong.status) == (200, 400)
    assert (well.ok, len(well.readings)) == (True, 32)
    assert {reading.address for reading in ill.readings if not reading.ok} == {"127.0.21.1"}


async def test_website_by_https_is_trusted_with_the_ca(sandbox: Started) -> None:
    """The chain of the website leads to the sandbox's own root."""
    _, addresses = sandbox

    assert await _status(addresses.website_https_url, ca=str(addresses.ca_pem)) == 200


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("expired", "certificate has expired"),
        ("wrong-name", "IP address mismatch"),
        ("self-signed", "self-signed certificate"),
        ("no-intermediate", "unable to get local issuer certificate"),
    ],
)
async def test_tls_faults(sandbox: Started, fault: str, reason: str) -> None:
    """Each TLS server fails a verifying client for its own reason."""
    _, addresses = sandbox
    with pytest.raises(aiohttp.ClientConnectorCertificateError) as refused:
        await _status(f"https://{addresses.tls[fault]}/", ca=str(addresses.ca_pem))

    assert reason in str(refused.value)


def _resolver(endpoint: str) -> dns.asyncresolver.Resolver:
    address, _, port = endpoint.rpartition(":")
    resolver = dns.asyncresolver.Resolver(configure=False)
    resolver.nameservers, resolver.port, resolver.lifetime = [address], int(port), 1.0
    return resolver


async def _addresses(endpoint: str, name: str, *, tcp: bool = False) -> list[str]:
    answer = await _resolver(endpoint).resolve(name, "A", tcp=tcp)
    return sorted(row.address for row in answer)


@pytest.mark.parametrize("tcp", [False, True])
async def test_names_of_the_zone(sandbox: Started, tcp: bool) -> None:
    """A region's name has all its gateways, by UDP and by TCP."""
    _, addresses = sandbox

    assert await _addresses(addresses.resolver, "us-east.harbor.example", tcp=tcp) == ["127.0.21.1", "127.0.21.2"]


async def test_unknown_names_do_not_exist(sandbox: Started) -> None:
    """A name that nobody entered is NXDOMAIN."""
    _, addresses = sandbox
    with pytest.raises(dns.resolver.NXDOMAIN):
        await _addresses(addresses.resolver, "mars.harbor.example")


async def test_the_faulty_resolver(sandbox: Started) -> None:
    """It fails for one name, lies about another and is silent about a third."""
    _, addresses = sandbox
    with pytest.raises(dns.resolver.NoNameservers):
        await _addresses(addresses.faulty_resolver, "us-east.harbor.example")
    with pytest.raises(dns.resolver.LifetimeTimeout):
        await _addresses(addresses.faulty_resolver, "pay.harbor.example")

    assert await _addresses(addresses.faulty_resolver, "www.harbor.example") == ["127.9.9.9"]


async def test_noise_is_no_question(sandbox: Started) -> None:
    """Bytes that are no DNS message are ignored, and the server goes on."""
    _, addresses = sandbox
    host, _, port = addresses.resolver.rpartition(":")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.sendto(b"\x00noise", (host, int(port)))

    assert await _addresses(addresses.resolver, "www.harbor.example") == ["127.0.0.1"]


async def test_without_127_0_x_y_health_is_on_plain_loopback() -> None:
    """A machine that has 127.0.0.1 only still gets eight health URLs."""
    targets = TargetsSandbox(clock=system_clock, can_bind=lambda address: False)
    addresses = await targets.start()
    statuses = [await _status(gateway.health_url) for gateway in addresses.gateways]
    await targets.close()

    assert not any(gateway.present for gateway in addresses.gateways)
    assert sorted(statuses) == [200] * 7 + [503]


async def test_the_bot_accepts_the_settings(sandbox: Started, tmp_path_factory: pytest.TempPathFactory) -> None:
    """What is written for the bot passes its own checks, and allows loopback."""
    _, addresses = sandbox
    file = tmp_path_factory.mktemp("settings") / "secondline.toml"
    file.write_text(settings_text(addresses, pace=FAST, outside="http://127.0.0.1:1"), encoding="utf-8")
    environ = {"SECONDLINE_CONFIG": str(file), "SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}

    settings = load_settings({**environ, **tracker_environment("http://127.0.0.1:1")})

    assert {key: each.kind for key, each in settings.trackers.items()} == {"app": "github", "vpn": "jira"}
    assert tomllib.loads(file.read_text())["probes"]["allow_networks"] == ["127.0.0.0/8"]
    assert settings.targets["us-east"].addresses == ("127.0.21.1", "127.0.21.2")
    assert {"us-east", "us-west", "eu-central", "ap-southeast", "website", "payments", "app"} <= set(settings.targets)
    assert settings.status.pages["public"].components["us-east"] == (GROUPS["VPN locations"][0],)
    assert settings.status.alertmanagers["ops"].url == "http://127.0.0.1:1/alertmanager"
