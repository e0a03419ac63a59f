"""The probes of the sandbox's Globalping: where they are, and which of them a location means."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Probe:
    """One probe; `latitude` and `longitude` decide how far away everything is."""

    city: str
    country: str
    country_name: str
    continent: str
    region: str
    asn: int
    network: str
    latitude: float
    longitude: float
    state: str | None = None
    tag: str = "datacenter-network"

    def wire(self) -> dict[str, Any]:
        return {
            "continent": self.continent,
            "region": self.region,
            "country": self.country,
            "state": self.state,
            "city": self.city,
            "asn": self.asn,
            "longitude": self.longitude,
            "latitude": self.latitude,
            "network": self.network,
            "tags": [self.tag],
            "resolvers": ["private"],
        }


_OCEANIA, _WEST = "Australia and New Zealand", "Western Europe"
PROBES: tuple[Probe, ...] = (
    Probe("Brisbane", "AU", "Australia", "OC", _OCEANIA, 1221, "Telstra", -27.47, 153.03, tag="eyeball-network"),
    Probe("Brisbane", "AU", "Australia", "OC", _OCEANIA, 4764, "Aussie Broadband", -27.47, 153.03),
    Probe("Berlin", "DE", "Germany", "EU", _WEST, 3320, "Deutsche Telekom", 52.52, 13.41, tag="eyeball-network"),
    Probe("Berlin", "DE", "Germany", "EU", _WEST, 24940, "Hetzner Online", 52.52, 13.41),
    Probe("New York", "US", "United States", "NA", "Northern America", 701, "Verizon", 40.71, -74.01, "NY"),
    Probe("New York", "US", "United States", "NA", "Northern America", 14061, "DigitalOcean", 40.71, -74.01, "NY"),
    Probe("São Paulo", "BR", "Brazil", "SA", "South America", 26599, "Telefônica Brasil", -23.55, -46.63),
    Probe("Singapore", "SG", "Singapore", "AS", "South-eastern Asia", 4773, "MobileOne", 1.35, 103.82),
)
_CONTINENTS = {
    "OC": "oceania",
    "EU": "europe",
    "NA": "north america",
    "SA": "south america",
    "AS": "asia",
    "AF": "africa",
    "AN": "antarctica",
}
_ALIASES = {"usa": "us", "america": "united states", "sao paulo": "são paulo", "nyc": "new york", "deutschland": "de"}
LOCATION_KEYS = frozenset(
    {"continent", "region", "country", "state", "city", "asn", "network", "tags", "magic", "limit"}
)


def chosen(locations: Sequence[Mapping[str, Any]], limit: int) -> list[Probe]:
    """The probes for the locations of a request; each location has its own limit, or `limit` holds for all."""
    found: list[Probe] = []
    for location in locations or [{}]:
        matching = [probe for probe in PROBES if probe not in found and _is_in(probe, location)]
        found += matching[: location.get("limit", limit)]
    return found if any("limit" in each for each in locations) else found[:limit]


def _is_in(probe: Probe, location: Mapping[str, Any]) -> bool:
    wire = probe.wire()
    plain = {key: value for key, value in location.items() if key not in ("magic", "limit", "tags")}
    if not all(str(wire[key]).lower() == str(value).lower() for key, value in plain.items()):
        return False
    if not set(location.get("tags", [])) <= set(wire["tags"]):
        return False
    return all(_magic(probe, part) for part in str(location.get("magic", "")).split("+") if part.strip())


def _magic(probe: Probe, words: str) -> bool:
    """Fuzzy: codes and AS numbers as they are, everything else by what its name begins with."""
    wanted = _ALIASES.get(words.strip().lower(), words.strip().lower())
    exact = {probe.country.lower(), probe.continent.lower(), f"as{probe.asn}", probe.tag, (probe.state or "").lower()}
    if probe.state:
        exact.add(f"{probe.country}-{probe.state}".lower())
    names = (probe.city, probe.country_name, probe.region, probe.network, _CONTINENTS[probe.continent])
    return wanted == "world" or wanted in exact or any(_begins(name.lower(), wanted) for name in names)


def _begins(name: str, wanted: str) -> bool:
    return len(wanted) > 2 and (name.startswith(wanted) or f" {wanted}" in name)
