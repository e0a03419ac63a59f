"""A path of routers in network namespaces, three or more, with loss where a test wants it."""

import itertools
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO

from tests.netlab import rules

SLOW = "10.231.200.1"
"""Where `slow_host` answers, one hop behind the target."""

_READY_S = 30
_count = itertools.count()


@dataclass(slots=True)
class Lab:
    """Hosts `h0` (the prober) to the target, with `routers` between, each linked to the next.

    Link n joins h(n) and h(n+1) as 10.231.n.1 and 10.231.n.2, and fd00:231:n::1 and ::2. Two more links join
    routers 1 and 3 by the twin of router 2. The target also has all of 10.231.128.0/18 and fd00:231:128::/64.
    """

    routers: int = 3
    names: list[str] = field(default_factory=list)
    _undo: list[tuple[int, str]] = field(default_factory=list)

    @property
    def end(self) -> int:
        """The host that is the target."""
        return self.routers + 1

    @property
    def twin(self) -> int:
        """The host beside router 2. Of the two equal paths between routers 1 and 3 all goes by router 2."""
        return self.routers + 2

    @property
    def twin_links(self) -> tuple[int, int]:
        """Router 1 to the twin, and the twin to router 3."""
        first = 10 if self.routers < 10 else 110
        return first, first + 1

    @property
    def links(self) -> dict[int, tuple[int, int]]:
        """The hosts at both ends of each link, by its number."""
        left, right = self.twin_links
        along = {number: (number, number + 1) for number in range(self.end)}
        return along | {left: (1, self.twin), right: (self.twin, 3)}

    @property
    def target(self) -> str:
        return f"10.231.{self.routers}.2"

    @property
    def target_v6(self) -> str:
        return f"fd00:231:{self.routers}::2"

    def router(self, hop: int) -> str:
        """The address with which a hop answers."""
        return f"10.231.{hop - 1}.2"

    def router_v6(self, hop: int) -> str:
        return f"fd00:231:{hop - 1}::2".replace(":0::", "::")

    def path(self) -> list[str]:
        return [*(self.router(hop) for hop in range(1, self.routers + 1)), self.target]

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

    @contextmanager
    def started(self, host: int, *command: str) -> Iterator[IO[str]]:
        """A process on a host, as the lines that it prints; what it complains of goes to the test's output."""
        full = ["ip", "netns", "exec", self.names[host], *command]
        with subprocess.Popen(full, stdout=subprocess.PIPE, text=True) as process:
            try:
                assert process.stdout is not None
                yield process.stdout
            finally:
                process.kill()

    def lose(self, hop: int, percent: int) -> None:
        self.run(hop, "nft", "-f", "-", stdin=rules.losing(percent))

    def lose_no_more(self, hop: int) -> None:
        """A router passes all packets on again; it keeps what it has counted."""
        self.run(hop, "nft", "flush", "chain", "inet", "lab", "forward")

    def lose_own_answers(self, hop: int, percent: int) -> None:
        self.run(hop, "nft", "-f", "-", stdin=rules.losing_own_answers(percent))

    def limit_answers(self, hop: int, *, every_ms: int) -> None:
        """The kernel's own limit on a router's answers to one host; 1,000 is Linux's default, 0 is none."""
        self.run(hop, "sysctl", "-qw", f"net.ipv4.icmp_ratelimit={every_ms}", f"net.ipv6.icmp.ratelimit={every_ms}")

    def reject(self, hop: int) -> None:
        """A router has no route to the target, and answers that it is unreachable."""
        self.run(hop, "ip", "route", "replace", "unreachable", f"{self.target}/32")

    def reject_passing(self, hop: int, percent: int = 100) -> None:
        """A router rejects so many of the echo requests that it should pass on."""
        self.run(hop, "nft", "-f", "-", stdin=rules.rejecting(percent))

    def pass_again(self, hop: int) -> None:
        """A router loses and rejects nothing any more; what it counted is gone."""
        self.run(hop, "nft", "flush", "ruleset")

    def refuse_ping(self) -> None:
        """The target itself answers echo requests with "port unreachable"."""
        self.run(self.end, "nft", "-f", "-", stdin=rules.REFUSING)

    def loop(self, hop: int) -> None:
        """The router behind `hop` sends packets for the target back to it."""
        self._turn(hop + 1, f"10.231.{hop}.1", f"fd00:231:{hop}::1")

    def loop_by_twin(self) -> None:
        """Routers 1, 2, 3 and the twin send them round."""
        left, right = self.twin_links
        self._turn(3, f"10.231.{right}.1", f"fd00:231:{right}::1")
        self._turn(self.twin, f"10.231.{left}.1", f"fd00:231:{left}::1")

    def mend(self) -> None:
        """Routes are as they were."""
        for host, command in self._undo:
            self.run(host, *command.split())
        self._undo.clear()

    def _turn(self, host: int, via: str, via_v6: str) -> None:
        for route in (f"{self.target}/32 via {via}", f"{self.target_v6}/128 via {via_v6}"):
            family = "-6" if "/128" in route else "-4"
            self.run(host, "ip", family, "route", "add", *route.split())
            self._undo.append((host, f"ip {family} route del {route}"))

    def balance(self, by: str = "checksum") -> None:
        """Router 1 sends half of all packets by the twin of router 2; it tells them apart by checksum or flow label."""
        self.run(1, "nft", "-f", "-", stdin=rules.BALANCED[by])
        left, _ = self.twin_links
        for family, via in (("-4", f"10.231.{left}.2"), ("-6", f"fd00:231:{left}::2")):
            self.run(1, "ip", family, "route", "replace", "default", "via", via, "table", "100")
            self.run(1, "ip", family, "rule", "add", "fwmark", "2", "lookup", "100")
            self._undo.append((1, f"ip {family} rule del fwmark 2"))

    def dropped(self, hop: int) -> dict[tuple[str, int], int]:
        """How many echo requests a losing router dropped, by destination and the TTL they would have gone on with."""
        return self._counted(hop, "lab", "dropped")

    def rejected(self, hop: int) -> dict[tuple[str, int], int]:
        """The same of a rejecting one."""
        return self._counted(hop, "lab_rejects", "rejected")

    def _counted(self, hop: int, table: str, name: str) -> dict[tuple[str, int], int]:
        found: dict[tuple[str, int], int] = {}
        for family in "46":
            found |= rules.counted(self.run(hop, "nft", "-j", "list", "set", "inet", table, name + family))
        return found

    @contextmanager
    def slow_host(self, delay_s: float) -> Iterator[list[float]]:
        """Behind the target, `SLOW` answers echo requests so late. Afterwards it is known how late, in seconds."""
        took_s: list[float] = []
        command = [sys.executable, "-m", "tests.netlab.slow_host", "slow0", str(delay_s)]
        target = self.names[self.end]
        with subprocess.Popen(["ip", "netns", "exec", target, *command], stdout=subprocess.PIPE) as process:
            try:
                assert process.stdout is not None
                process.stdout.readline()
                self.run(self.end, "ip", "link", "set", "slow0", "up")
                self.run(self.end, "ip", "route", "add", f"{SLOW}/32", "dev", "slow0")
                yield took_s
            finally:
                process.kill()
                assert process.stdout is not None
                took_s += map(float, process.stdout.read().split())

    def clear(self) -> None:
        """As it was built."""
        self.mend()
        for host in range(1, self.routers + 3):
            self.pass_again(host)
            self.limit_answers(host, every_ms=0)


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
def built(routers: int = 3) -> Iterator[Lab]:
    lab = Lab(routers)
    try:
        _build(lab)
        yield lab
    finally:
        for name in lab.names:
            _try(["ip", "netns", "del", name])


def _build(lab: Lab) -> None:
    hosts = lab.end + 1
    prefix = f"secondline-{os.getpid()}-{next(_count)}"
    for number in range(hosts + 1):
        name = f"{prefix}-{number}"
        _must(["ip", "netns", "add", name])
        lab.names.append(name)
        lab.run(number, "ip", "link", "set", "lo", "up")
        lab.run(number, "sysctl", "-qew", *_KERNEL)
    for number, (left_host, right_host) in lab.links.items():
        _link(lab, number, left_host, right_host)
    for number in range(hosts):
        _routes(lab, number, hosts)
    _twin_routes(lab)
    lab.run(lab.end, "ip", "route", "add", "local", "10.231.128.0/18", "dev", "lo")
    lab.run(lab.end, "ip", "route", "add", "local", "fd00:231:128::/64", "dev", "lo")
    deadline = time.monotonic() + _READY_S
    while not all(_is_ready(lab, host) for host in range(hosts + 1)):
        if time.monotonic() > deadline:
            raise RuntimeError(f"a link of the lab is not up after {_READY_S} s")


def _is_ready(lab: Lab, host: int) -> bool:
    """Whether each of a host's links is up and has its own address: before, neighbours are asked for in vain."""
    shown = json.loads(lab.run(host, "ip", "-json", "-6", "addr", "show", "scope", "link"))
    ready = [
        link["ifname"]
        for link in shown
        if link["operstate"] == "UP" and not any(address.get("tentative") for address in link["addr_info"])
    ]
    return len(ready) == sum(host in ends for ends in lab.links.values())


def _link(lab: Lab, number: int, left_host: int, right_host: int) -> None:
    left, right = f"l{number}", f"r{number}"
    # Where both ends had the same index, the kernel would take up to a second to notice that the second one is up.
    index, peer_index = str(10 + 2 * number), str(11 + 2 * number)
    peer = ["peer", "name", right, "index", peer_index, "netns", lab.names[right_host]]
    lab.run(left_host, "ip", "link", "add", left, "index", index, "type", "veth", *peer)
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
    left, right = lab.twin_links
    commands = (f"route add default via 10.231.{right}.2", f"route add default via fd00:231:{right}::2")
    back = (f"route add 10.231.0.0/30 via 10.231.{left}.1", f"route add fd00:231::/64 via fd00:231:{left}::1")
    lab.run(lab.twin, "ip", "-batch", "-", stdin="\n".join((*commands, *back)))


def _try(command: Sequence[str], stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, input=stdin, capture_output=True, text=True, check=False, timeout=90)


def _must(command: Sequence[str]) -> None:
    done = _try(command)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip()}")
