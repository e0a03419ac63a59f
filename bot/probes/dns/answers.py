"""What one resolver said about one name, and which addresses can't be right. Pure."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass

from bot.probes.address import Network, embedded, not_public
from bot.probes.host_grammar import read_url
from bot.probes.model import Subject

RECORDS = ("A", "AAAA")
NO_SUCH_NAME = "NXDOMAIN"
_ALIASES_SHOWN = 6


def _networks(*texts: str) -> tuple[Network, ...]:
    return tuple(map(ipaddress.ip_network, texts))


_NEVER_REACHED = _networks(
    *("0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "240.0.0.0/4"),
    *("::/128", "::1/128", "fe80::/10", "ff00::/8", "100::/64"),
)
"""Where nobody reaches a server by its name: what blockers answer, and what stands in a zone by mistake."""
_PRIVATE = _networks("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7")


@dataclass(frozen=True, slots=True)
class DnsAnswer:
    """What one resolver said about one name; `trouble` is a few words, "" where it answered properly.

    `cause` is one word for `trouble`. `aliases` are the names that this one leads to, one after the other (CNAME); with
    `leads_on` it is for the servers of another zone to say how it goes on. `unasked` says why nothing was asked,
    `remark` what is odd about an answer that is good all the same. `asked_again` is true where only the second packet
    was answered.
    """

    name: str
    resolver: str
    addresses: tuple[str, ...] = ()
    ttl_s: int | None = None
    time_ms: float | None = None
    trouble: str = ""
    cause: str = ""
    aliases: tuple[str, ...] = ()
    leads_on: bool = False
    unasked: str = ""
    remark: str = ""
    asked_again: bool = False

    def of(self, record: str) -> tuple[str, ...]:
        """Returns the addresses of one record type."""
        return tuple(address for address in self.addresses if record_of(address) == record)

    @property
    def way(self) -> str:
        """Where the aliases lead, as people read it: "→ b.example → c.example"."""
        more = len(self.aliases) - _ALIASES_SHOWN
        names = self.aliases if more <= 0 else (*self.aliases[: _ALIASES_SHOWN - 1], "…", self.aliases[-1])
        return " ".join(f"→ {name}" for name in names)

    @property
    def goes_in_a_circle(self) -> bool:
        names = [self.name.rstrip(".").lower(), *self.aliases]
        return len(set(names)) < len(names)


def record_of(address: str) -> str:
    return "AAAA" if ":" in address else "A"


def followed(name: str, aliases: Mapping[str, str]) -> tuple[str, ...]:
    """The names that `name` leads to, where `aliases` has the target of each; a circle ends with a name seen before.

    All names are in lower case and without the dot at the end.
    """
    chain = [name]
    while (target := aliases.get(chain[-1])) is not None:
        chain.append(target)
        if target in chain[:-1]:
            break
    return tuple(chain[1:])


def never_reached(address: str) -> str:
    """What an address is at which nobody reaches a server ("a loopback address"); "" for any other."""
    return _words_in(address, _NEVER_REACHED)


def private(address: str) -> str:
    """What an address is that is reached inside its own network alone; "" for any other."""
    return _words_in(address, _PRIVATE)


def own_of(subject: Subject) -> tuple[str, ...]:
    """The addresses that a target's entry in secondline.toml names; what a person typed vouches for nothing."""
    if not subject.trusted:
        return ()
    return (*subject.addresses, *(place.host for place in map(read_url, subject.urls) if place.literal))


def _words_in(address: str, networks: tuple[Network, ...]) -> str:
    parsed = ipaddress.ip_address(address)
    inner = embedded(parsed) or parsed
    hit = any(inner in network for network in networks)
    return not_public(inner) if hit else ""
