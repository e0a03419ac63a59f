"""A path of three routers in network namespaces, with loss where a test wants it."""

import itertools
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.netlab import rules

ROUTERS = 3
TWIN = ROUTERS + 2
"""The host beside router 2: between routers 1 and 3 there are two equal paths, of which all goes by router 2."""
SLOW = "10.231.200.1"
"""Where `slow_host` answers, one hop behind the target."""


_count = itertools.count()


@dataclass(slots=True)
class Lab:
    """Hosts `h0` (the prober) to `h4` (the target), each linked to the next; `h1` to `h3` forward.

    Link n joins h(n) and h(n+1) as 10.231.n.1 and 10.231.n.2, and fd00:231:n::1 and ::2. Links 10 and 11 join
    routers 1 and 3 by `TWIN`. The target also has all of 10.231.128.0/18 and fd00:231:128::/64.
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

    def router_v6(self, hop: int) -> str:
        return f"fd00:231:{hop - 1}::2".replace(":0::", "::")

    def another(self, number: int) -> str:
        """One of the target's many addresses, from 1 on."""
        return f"10.231.{128 + number // 250}.{1 + number % 250}"

    def another_v6(self, number: int) -> str:
        return f"fd00:231:128::{number:x}"

    def run(self, host: int, *command: str, stdin: str = "") -> str:
        done = _try(["ip", "netns", "exec", self.names[host], *command], stdin)
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip()}")
        return done.stdout

    def lose(self, hop: int, percent: int) -> None:
        self.run(hop, "nft", "-f", "-", stdin=rules.losing(percent))

    def lose_own_answers(self, hop: int, percent: int) -> None:
        self.run(hop, "nft", "-f", "-", stdin=rules.losing_own_answers(percent))

    def limit_answers(self, hop: int, *, every_ms: int) -> None:
        """The kernel's own limit on a router's answers to one host; 1,000 is Linux's default, 0 is none."""
        self.run(hop, "sysctl", "-qw", f"net.ipv4.icmp_ratelimit={every_ms}", f"net.ipv6.icmp.ratelimit={every_ms}")

    def reject(self, hop: int) -> None:
        """A router answers that the target is unreachable."""
        self.run(hop, "ip", "route", "replace", "unreachable", f"{self.target}/32")

    def balance(self) -> None:
        """Router 1 sends half of all checksums by the twin of router 2."""
        self.run(1, "nft", "-f", "-", stdin=rules.BALANCED)
        for family, via in (("-4", "10.231.10.2"), ("-6", "fd00:231:10::2")):
            self.run(1, "ip", family, "route", "replace", "default", "via", via, "table", "100")
            self.run(1, "ip", family, "rule", "add", "fwmark", "2", "lookup", "100")

    def dropped(self, hop: int) -> dict[tuple[str, int], int]:
        """How many echo requests a losing router dropped, by destination and the TTL they would have gone on with."""
        found: dict[tuple[str, int], int] = {}
        for name in ("dropped4", "dropped6"):
            found |= rules.counted(self.run(hop, "nft", "-j", "list", "set", "inet", "lab", name))
        return found

    @contextmanager
    def slow_host(self, delay_s: float) -> Iterator[None]:
        """Behind the target, `SLOW` answers echo requests so late."""
        command = [sys.executable, "-m", "tests.netlab.slow_host", "slow0", str(delay_s)]
        target = self.names[ROUTERS + 1]
        with subprocess.Popen(["ip", "netns", "exec", target, *command], stdout=subprocess.PIPE) as process:
            try:
                assert process.stdout is not None
                process.stdout.readline()
                self.run(ROUTERS + 1, "ip", "link", "set", "slow0", "up")
                self.run(ROUTERS + 1, "ip", "route", "add", f"{SLOW}/32", "dev", "slow0")
                yield
            finally:
                process.kill()

    def clear(self) -> None:
        """As it was built."""
        for hop in range(1, ROUTERS + 1):
            self.run(hop, "nft", "flush", "ruleset")
            self.limit_answers(hop, every_ms=0)
        for family in ("-4", "-6"):
            _try(["ip", "-n", self.names[1], family, "rule", "del", "fwmark", "2"])


_KERNEL = (
    "net.ipv4.ip_forward=1",
    "net.ipv6.conf.all.forwarding=1",
    "net.ipv4.ping_group_range=0 2147483647",
    # The routers' own limits on answers would be loss that no test asked for.
    "net.ipv4.icmp_ratelimit=0",
    "net.ipv6.icmp.ratelimit=0",
    # A limit for all answers of a router together, which fifty traces at once would meet; a namespace has its own
    # since Linux 6.12, so `sysctl -e` passes over it on older ones.
    "net.ipv4.icmp_msgs_per_sec=1000000",
    "net.ipv4.icmp_msgs_burst=1000000",
    # A new link is silent for a second or two while its addresses are checked for duplicates.
    "net.ipv6.conf.all.accept_dad=0",
    "net.ipv6.conf.default.accept_dad=0",
    "net.ipv4.conf.all.rp_filter=0",
    "net.ipv4.conf.default.rp_filter=0",
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
    prefix = f"secondline-{os.getpid()}-{next(_count)}"
    for number in range(hosts + 1):
        name = f"{prefix}-{number}"
        _must(["ip", "netns", "add", name])
        lab.names.append(name)
        lab.run(number, "ip", "link", "set", "lo", "up")
        lab.run(number, "sysctl", "-qew", *_KERNEL)
    for number in range(hosts - 1):
        _link(lab, number, number, number + 1)
    _link(lab, 10, 1, TWIN)
    _link(lab, 11, TWIN, 3)
    for number in range(hosts):
        _routes(lab, number, hosts)
    _twin_routes(lab)
    lab.run(hosts - 1, "ip", "route", "add", "local", "10.231.128.0/18", "dev", "lo")
    lab.run(hosts - 1, "ip", "route", "add", "local", "fd00:231:128::/64", "dev", "lo")


def _link(lab: Lab, number: int, left_host: int, right_host: int) -> None:
    left, right = f"l{number}", f"r{number}"
    peer = ["peer", "name", right, "netns", lab.names[right_host]]
    lab.run(left_host, "ip", "link", "add", left, "type", "veth", *peer)
    for host, device, last in ((left_host, left, 1), (right_host, right, 2)):
        commands = (
            f"addr add 10.231.{number}.{last}/30 dev {device}",
            f"addr add fd00:231:{number}::{last}/64 dev {device} nodad",
            f"link set {device} up",
        )
        lab.run(host, "ip", "-batch", "-", stdin="\n".join(commands))


def _routes(lab: Lab, number: int, hosts: int) -> None:
    """All that is to the right by the next host, all that is to the left by the one before."""
    commands = []
    if number < hosts - 1:
        commands += [f"route add default via 10.231.{number}.2", f"route add default via fd00:231:{number}::2"]
    if number == hosts - 1:
        commands += [f"route add 10.231.0.0/16 via 10.231.{number - 1}.1"]
        commands += [f"route add fd00:231::/32 via fd00:231:{number - 1}::1"]
    for link in range(number - 1):
        commands += [f"route add 10.231.{link}.0/30 via 10.231.{number - 1}.1"]
        commands += [f"route add fd00:231:{link}::/64 via fd00:231:{number - 1}::1"]
    lab.run(number, "ip", "-batch", "-", stdin="\n".join(commands))


def _twin_routes(lab: Lab) -> None:
    commands = ("route add default via 10.231.11.2", "route add default via fd00:231:11::2")
    back = ("route add 10.231.0.0/30 via 10.231.10.1", "route add fd00:231::/64 via fd00:231:10::1")
    lab.run(TWIN, "ip", "-batch", "-", stdin="\n".join((*commands, *back)))


def _try(command: Sequence[str], stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, input=stdin, capture_output=True, text=True, check=False, timeout=20)


def _must(command: Sequence[str]) -> None:
    done = _try(command)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip()}")
