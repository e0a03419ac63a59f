"""A path of three routers in network namespaces, with loss where a test wants it."""

import json
import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

ROUTERS = 3


@dataclass(slots=True)
class Lab:
    """Hosts `h0` (the prober) to `h4` (the target), each linked to the next; `h1` to `h3` forward.

    Link n joins h(n) and h(n+1) as 10.231.n.1 and 10.231.n.2, and fd00:231:n::1 and ::2.
    """

    names: list[str] = field(default_factory=list)

    @property
    def target(self) -> str:
        return f"10.231.{ROUTERS}.2"

    @property
    def target_v6(self) -> str:
        return f"fd00:231:{ROUTERS}::2"

    def router(self, hop: int) -> str:
        """The address with which hop 1 to 3 answers."""
        return f"10.231.{hop - 1}.2"

    def run(self, host: int, *command: str, stdin: str = "") -> str:
        done = _try(["ip", "netns", "exec", self.names[host], *command], stdin)
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip()}")
        return done.stdout

    def lose(self, hop: int, percent: int) -> None:
        """Drops echo requests in the forward hook of a router, counting by the TTL it sees them with."""
        self.run(hop, "nft", "-f", "-", stdin=_LOSS.format(chance=_chance(percent)))

    def lose_own_answers(self, hop: int, percent: int) -> None:
        """Drops a router's own time-exceeded messages: a rate limit, as far as an MTR can see."""
        self.run(hop, "nft", "-f", "-", stdin=_OWN.format(chance=_chance(percent)))

    def reject(self, hop: int) -> None:
        """A router answers that the target is unreachable."""
        self.run(hop, "ip", "route", "replace", "unreachable", f"{self.target}/32")

    def dropped_by_ttl(self, hop: int) -> dict[int, int]:
        """How many echo requests a losing router dropped, by the TTL they would have gone on with."""
        listed = json.loads(self.run(hop, "nft", "-j", "list", "set", "inet", "lossy", "dropped"))
        elements = next(item["set"] for item in listed["nftables"] if "set" in item).get("elem", [])
        return {each["elem"]["val"]: each["elem"]["counter"]["packets"] for each in elements}


_LOSS = """
table inet lossy {{
  set seen {{ typeof ip ttl; flags dynamic; counter; }}
  set dropped {{ typeof ip ttl; flags dynamic; counter; }}
  chain forward {{
    type filter hook forward priority 0;
    icmp type echo-request {chance} update @dropped {{ ip ttl }} drop
  }}
}}
"""

_OWN = """
table inet own {{
  chain output {{
    type filter hook output priority 0;
    icmp type time-exceeded {chance} drop
  }}
}}
"""

_KERNEL = (
    "net.ipv4.ip_forward=1",
    "net.ipv6.conf.all.forwarding=1",
    "net.ipv4.ping_group_range=0 2147483647",
    # The routers' own limit on answers would be loss that no test asked for.
    "net.ipv4.icmp_ratelimit=0",
    "net.ipv6.icmp.ratelimit=0",
    # A new link is silent for a second or two while its addresses are checked for duplicates.
    "net.ipv6.conf.all.accept_dad=0",
    "net.ipv6.conf.default.accept_dad=0",
)


@contextmanager
def built() -> Iterator[Lab]:
    lab = Lab()
    try:
        _build(lab)
        yield lab
    finally:
        for name in lab.names:
            _try(["ip", "netns", "del", name])


def _build(lab: Lab) -> None:
    hosts = ROUTERS + 2
    for number in range(hosts):
        name = _name(str(number))
        _must(["ip", "netns", "add", name])
        lab.names.append(name)
        lab.run(number, "ip", "link", "set", "lo", "up")
        lab.run(number, "sysctl", "-qw", *_KERNEL)
    for number in range(hosts - 1):
        _link(lab, number)
    for number in range(hosts):
        _route(lab, number, hosts)


def _link(lab: Lab, number: int) -> None:
    left, right = f"l{number}", f"r{number}"
    peer = ["peer", "name", right, "netns", lab.names[number + 1]]
    lab.run(number, "ip", "link", "add", left, "type", "veth", *peer)
    for host, device, last in ((number, left, 1), (number + 1, right, 2)):
        lab.run(host, "ip", "addr", "add", f"10.231.{number}.{last}/30", "dev", device)
        lab.run(host, "ip", "addr", "add", f"fd00:231:{number}::{last}/64", "dev", device, "nodad")
        lab.run(host, "ip", "link", "set", device, "up")


def _route(lab: Lab, number: int, hosts: int) -> None:
    for link in range(hosts - 1):
        if link > number:
            lab.run(number, "ip", "route", "add", f"10.231.{link}.0/30", "via", f"10.231.{number}.2")
            lab.run(number, "ip", "route", "add", f"fd00:231:{link}::/64", "via", f"fd00:231:{number}::2")
        elif link < number - 1:
            lab.run(number, "ip", "route", "add", f"10.231.{link}.0/30", "via", f"10.231.{number - 1}.1")
            lab.run(number, "ip", "route", "add", f"fd00:231:{link}::/64", "via", f"fd00:231:{number - 1}::1")


def _chance(percent: int) -> str:
    """nft's condition; always true is no condition, as a number below 100 can't be asked to be below 101."""
    return "" if percent == 100 else f"numgen random mod 100 < {percent}"


def _name(part: str) -> str:
    return f"secondline-{os.getpid()}-{part}"


def _try(command: Sequence[str], stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, input=stdin, capture_output=True, text=True, check=False, timeout=20)


def _must(command: Sequence[str]) -> None:
    done = _try(command)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip()}")
