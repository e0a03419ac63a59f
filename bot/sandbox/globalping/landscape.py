"""The network of the sandbox's VPN company as the probes see it: distances, routers, and the trouble of the morning."""

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.sandbox.globalping.probes import Probe
from bot.sandbox.targets.places import ZONE

_WHERE: Mapping[str, tuple[float, float]] = {
    "us-east": (39.04, -77.49),
    "us-west": (34.05, -118.24),
    "eu-central": (50.11, 8.68),
    "ap-southeast": (1.35, 103.82),
}
_WEB = (50.11, 8.68)
_FROM_OVERSEAS = ("OC", "EU")
_TROUBLE = {"us-east": _FROM_OVERSEAS}
"""Which region loses packets, and from which continents: those that come in over one transit provider."""
_LOST_SHARE = 0.4
_KM_PER_MS = 100.0
_DETOUR = 1.4


@dataclass(frozen=True, slots=True)
class Router:
    """One hop: `share` is how far along the way it is, `lossy` whether packets to and past it get lost."""

    address: str
    name: str
    asn: int
    share: float
    lossy: bool = False


@dataclass(frozen=True, slots=True)
class Way:
    """What lies between a probe and an address."""

    routers: tuple[Router, ...]
    rtt_ms: float

    @property
    def lossy(self) -> bool:
        return self.routers[-1].lossy


class Landscape:
    """The company's names and addresses; some gateways may lose packets for everybody."""

    def __init__(self, records: Mapping[str, Sequence[str]]) -> None:
        self.records = {name: tuple(addresses) for name, addresses in records.items()}
        self._losing: set[str] = set()
        self._trouble = dict(_TROUBLE)

    def add_losing(self, region: str, address: str) -> None:
        """One more gateway of a region, whose own routers lose about half of the packets."""
        name = f"{region}.{ZONE}"
        self.records[name] = (*self.records.get(name, ()), address)
        self._losing.add(address)

    def set_trouble(self, region: str, *, on: bool) -> None:
        """A region begins or ends to lose packets of those who come from overseas."""
        if on:
            self._trouble[region] = _FROM_OVERSEAS
        else:
            self._trouble.pop(region, None)

    def known(self, address: str) -> bool:
        return any(address in found for found in self.records.values())

    def region_of(self, address: str) -> str:
        return next((key for key in _WHERE if address in self.records.get(f"{key}.{ZONE}", ())), "")

    def lossy(self, address: str, continent: str) -> bool:
        continents = self._trouble.get(self.region_of(address), ())
        return continent in continents or (address in self._losing and bool(continents))


def way(probe: Probe, address: str, landscape: Landscape) -> Way | None:
    """None for an address that is not the company's."""
    if not landscape.known(address):
        return None
    region = landscape.region_of(address)
    there = _WHERE.get(region, _WEB)
    rtt_ms = 2.0 + _km(probe, there) / _KM_PER_MS * _DETOUR
    lossy = landscape.lossy(address, probe.continent)
    town, site = probe.city.lower().replace(" ", "").replace("ã", "a"), region or "web"
    return Way(
        (
            Router("192.168.0.1", "_gateway", 0, 0.002),
            Router(f"192.0.2.{probe.asn % 200 + 10}", f"core1.{town}.isp.example", probe.asn, 0.03),
            Router("198.51.100.65", f"ae2.{town}.transit.example", 64500, 0.3),
            Router("198.51.100.91", f"ae7.{site}.transit.example", 64500, 0.93, lossy),
            Router("203.0.113.9", f"edge1.{site}.harbor.example", 64510, 0.98, lossy),
            Router(address, "", 64510, 1.0, lossy),
        ),
        rtt_ms,
    )


def lost(probe: Probe, address: str, packets: int) -> frozenset[int]:
    """Which of so many packets get lost on a lossy way; the same ones each time."""
    chance = random.Random(f"{probe.city} {probe.asn} {address} {packets}")
    return frozenset(chance.sample(range(packets), round(packets * _LOST_SHARE)))


def rtts_ms(probe: Probe, address: str, packets: int, rtt_ms: float) -> list[float]:
    """Delays that spread a little above the shortest."""
    chance = random.Random(f"rtt {probe.city} {probe.asn} {address} {rtt_ms:.1f}")
    return [round(rtt_ms + chance.expovariate(1.0) * (0.3 + rtt_ms / 200), 3) for _ in range(packets)]


def _km(probe: Probe, there: tuple[float, float]) -> float:
    """Along a great circle."""
    lat_1, lat_2 = math.radians(probe.latitude), math.radians(there[0])
    turn = math.radians(there[1] - probe.longitude)
    cosine = math.sin(lat_1) * math.sin(lat_2) + math.cos(lat_1) * math.cos(lat_2) * math.cos(turn)
    return 6371.0 * math.acos(max(-1.0, min(1.0, cosine)))
