"""Names of networks for the hops of a path. Nobody is asked: what is not configured has none."""

import ipaddress
from collections.abc import Iterable, Mapping

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Networks:
    """`names` by network; of several that hold an address the smallest counts."""

    def __init__(self, names: Mapping[Network, str] | None = None) -> None:
        self._names = sorted((names or {}).items(), key=lambda each: -each[0].prefixlen)

    def of(self, addresses: Iterable[str]) -> tuple[tuple[str, str], ...]:
        """(address, name) of those that are in a network with a name; `addresses` are IP literals."""
        found = ((address, self._name(address)) for address in dict.fromkeys(addresses))
        return tuple((address, name) for address, name in found if name)

    def _name(self, address: str) -> str:
        place = ipaddress.ip_address(address)
        return next((name for network, name in self._names if place in network), "")
