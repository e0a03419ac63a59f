"""Where everything of the sandbox's VPN company is: gateways by region, names, and the faults of the morning."""

import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ZONE = "harbor.example"
WEB_ADDRESS = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Region:
    key: str
    title: str
    addresses: tuple[str, ...]


REGIONS = (
    Region("us-east", "U.S. East", ("127.0.21.1", "127.0.21.2")),
    Region("us-west", "U.S. West", ("127.0.22.1", "127.0.22.2")),
    Region("eu-central", "EU Central", ("127.0.31.1", "127.0.31.2")),
    Region("ap-southeast", "AP Southeast", ("127.0.41.1", "127.0.41.2")),
)
TROUBLE = {"us-east-2": "503"}
"""The modes of the seeded morning, by gateway; all others are well."""


@dataclass(frozen=True, slots=True)
class GatewayAddress:
    """One gateway: `name` is "us-east-1", `region` a key of REGIONS.

    Where the machine lacks `address` (`present` is False), pings go unanswered and `health_url` is on 127.0.0.1.
    """

    name: str
    region: str
    address: str
    health_url: str
    present: bool = True


@dataclass(frozen=True, slots=True)
class VpnPlaces:
    """The VPN services of every gateway, as the bot's setting `vpn` has them; `tcp_port` is OpenVPN's.

    `wireguard_key` is the public key of all gateways, `bot_key` the private key of the peer that they know.
    """

    services: tuple[str, ...]
    tcp_port: str
    wireguard_key: str
    bot_key: str


@dataclass(frozen=True, slots=True)
class TargetAddresses:
    """Where the targets of one run listen.

    `tls` maps a fault ("good", "expired", "wrong-name", "self-signed", "no-intermediate") to host:port;
    `resolver` and `faulty_resolver` are address:port; `ca_pem` is what makes "good" trusted;
    `vpn` is None where the machine lacks the gateways' addresses.
    """

    gateways: tuple[GatewayAddress, ...]
    website_url: str
    website_https_url: str
    payments_url: str
    tls: Mapping[str, str]
    resolver: str
    faulty_resolver: str
    ca_pem: Path
    vpn: VpnPlaces | None


def bindable(address: str) -> bool:
    """Whether this machine has the address; only Linux has all of 127.0.0.0/8 from the start."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        try:
            probe.bind((address, 0))
        except OSError:
            return False
    return True


def records(gateways: tuple[GatewayAddress, ...]) -> dict[str, tuple[str, ...]]:
    """The zone: each region's name with all its addresses, each gateway's, and the web hosts."""
    found: dict[str, tuple[str, ...]] = {f"{name}.{ZONE}": (WEB_ADDRESS,) for name in ("www", "pay", "status")}
    for gateway in gateways:
        region = f"{gateway.region}.{ZONE}"
        found[region] = (*found.get(region, ()), gateway.address)
        found[f"{gateway.name}.{ZONE}"] = (gateway.address,)
    return found
