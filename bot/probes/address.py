"""What kind of network an IP address belongs to, also when it hides inside another, and its name. Pure."""

import ipaddress
from collections.abc import Iterable, Mapping
from ipaddress import IPv4Address, IPv6Address

Address = IPv4Address | IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# The IANA special-purpose registries (RFC 6890 and later), with the word for people. The first match counts.
_SPECIAL: tuple[tuple[str, str], ...] = (
    ("127.0.0.0/8", "a loopback address"),
    ("::1/128", "a loopback address"),
    ("169.254.0.0/16", "a link-local or cloud metadata address"),
    ("fd00:ec2::/32", "a cloud metadata address"),
    ("fe80::/10", "a link-local address"),
    ("10.0.0.0/8", "a private address"),
    ("172.16.0.0/12", "a private address"),
    ("192.168.0.0/16", "a private address"),
    ("fc00::/7", "a private address"),
    ("fec0::/10", "a private address"),
    ("100.64.0.0/10", "an address inside a carrier's network"),
    ("0.0.0.0/8", "not an address of a host"),
    ("::/128", "not an address of a host"),
    ("224.0.0.0/4", "a multicast address"),
    ("ff00::/8", "a multicast address"),
    ("192.0.0.0/24", "a reserved address"),
    ("192.0.2.0/24", "an address for documentation"),
    ("198.51.100.0/24", "an address for documentation"),
    ("203.0.113.0/24", "an address for documentation"),
    ("2001:db8::/32", "an address for documentation"),
    ("3fff::/20", "an address for documentation"),
    ("198.18.0.0/15", "an address for benchmarks"),
    ("192.88.99.0/24", "a reserved address"),
    ("240.0.0.0/4", "a reserved address"),
    ("64:ff9b:1::/48", "an address of local translation"),
    ("100::/64", "a reserved address"),
    ("2001::/23", "a reserved address"),
    ("5f00::/16", "a reserved address"),
    ("::/96", "a reserved address"),
)
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_SIX_TO_FOUR = ipaddress.IPv6Network("2002::/16")
_TRANSLATED = ipaddress.IPv6Network("::ffff:0:0:0/96")


def canonical(text: str) -> str:
    """The canonical form of an IP literal, brackets allowed; "" where `text` is none or has a zone."""
    bare = text[1:-1] if text.startswith("[") and text.endswith("]") else text
    try:
        address = ipaddress.ip_address(bare)
    except ValueError:
        return ""
    return "" if isinstance(address, IPv6Address) and address.scope_id else str(address)


def embedded(address: Address) -> IPv4Address | None:
    """The IPv4 address that packets to this IPv6 address end at: mapped, translated, 6to4 or NAT64."""
    if isinstance(address, IPv4Address):
        return None
    if address.ipv4_mapped:
        return address.ipv4_mapped
    if address in _SIX_TO_FOUR:
        return address.sixtofour
    if address in _NAT64 or address in _TRANSLATED:
        return IPv4Address(address.packed[12:])
    return None


def not_public(address: Address) -> str:
    """Why an address is not a public one ("a private address"); "" where it is."""
    inner = embedded(address)
    if inner:
        return not_public(inner)
    for network, words in _SPECIAL:
        if address in ipaddress.ip_network(network):
            return words
    return "" if address.is_global and not address.is_multicast else "a reserved address"


class Networks:
    """`names` by network; of several that hold an address the smallest counts."""

    def __init__(self, names: Mapping[Network, str] | None = None) -> None:
        self._names = sorted((names or {}).items(), key=lambda named: -named[0].prefixlen)

    def of(self, addresses: Iterable[str]) -> tuple[tuple[str, str], ...]:
        """(address, name) of those that are in a network with a name; `addresses` are IP literals."""
        named = ((address, self._name(address)) for address in dict.fromkeys(addresses))
        return tuple((address, name) for address, name in named if name)

    def _name(self, address: str) -> str:
        place = ipaddress.ip_address(address)
        return next((name for network, name in self._names if place in network), "")


NO_NETWORKS = Networks()
