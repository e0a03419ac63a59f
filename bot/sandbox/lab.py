"""A bad gateway behind real routers, for `us-east`: network namespaces, where this process may make them.

Everything it makes carries the process's own name, so that two sandboxes do not meet and a killed one is cleaned up by
the next. It touches nothing else: no setting of the machine, no route but its own.
"""

import ipaddress
import itertools
import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

NETWORK = ipaddress.IPv4Network("198.51.100.0/24")
"""A network for documentation (RFC 5737): nobody has it, so a route to a part of it hides nothing."""
LOSS_PCT = 53
LOSING = 2
"""The router that loses them, counted from here."""

_PREFIX = "secondline-sandbox"
_SLICE_BITS = 27
_HOSTS = ("r1", "r2", "r3", "gw")
_TIMEOUT_S = 10.0

# A fast morning asks routers more often than Linux answers by default.
_KERNEL = ("net.ipv4.ip_forward=1", "net.ipv4.icmp_ratelimit=0")
_NO_RULES = "add table inet secondline\ndelete table inet secondline\n"
_RULES = """
table inet secondline {{
  chain forward {{
    type filter hook forward priority 0;
    ip daddr {gateway} icmp type echo-request numgen random mod 100 < {loss_pct} drop
  }}
}}
"""


class LabFailed(Exception):
    """Something that the lab needs does not work here; the text says what."""


@dataclass(frozen=True, slots=True)
class _Link:
    """Two neighbours of the path; "" is the machine itself."""

    left: str
    right: str
    left_address: ipaddress.IPv4Address
    right_address: ipaddress.IPv4Address


class Lab:
    """Routers r1 to r3 and the gateway behind them, in one /27 of NETWORK; `address` is the gateway's."""

    def __init__(self, *, pid: int, part: ipaddress.IPv4Network) -> None:
        self._names = {host: f"{_owner(pid)}-{host}" for host in _HOSTS}
        self._device = f"slab{pid % 10_000_000}"
        self._part = part
        self.address = str(part[-2])

    def build(self) -> None:
        """Raises LabFailed, after taking down what was made."""
        try:
            for name in self._names.values():
                _run(["ip", "netns", "add", name])
            links = self._links()
            for number, link in enumerate(links):
                self._connect(number, link)
            self._route(links)
            self.lose(True)
        except LabFailed:
            self.close()
            raise

    def lose(self, on: bool) -> None:
        """Let the second router lose packets, or not any more. Raises LabFailed."""
        rules = _RULES.format(gateway=self.address, loss_pct=LOSS_PCT) if on else ""
        _run(self._within("r2", "nft", "-f", "-"), _NO_RULES + rules)

    def close(self) -> None:
        """The machine's link goes first, and the routes over it: the kernel takes its time to end a namespace."""
        _try(["ip", "link", "del", self._device])
        for name in self._names.values():
            _try(["ip", "netns", "del", name])

    def _links(self) -> list[_Link]:
        ends = ("", *_HOSTS)
        pairs = itertools.pairwise(ends)
        return [_Link(*pair, self._part[4 * n + 1], self._part[4 * n + 2]) for n, pair in enumerate(pairs)]

    def _connect(self, number: int, link: _Link) -> None:
        left, right = (f"l{number}" if link.left else self._device), f"r{number}"
        added = ["link", "add", left, "type", "veth", "peer", "name", right, "netns", self._names[link.right]]
        _run(self._ip(link.left, *added))
        for host, device, address in ((link.left, left, link.left_address), (link.right, right, link.right_address)):
            _run(self._ip(host, "addr", "add", f"{address}/30", "dev", device))
            _run(self._ip(host, "link", "set", device, "up"))

    def _route(self, links: Sequence[_Link]) -> None:
        """To the gateway by the next one on the right, back to the machine by the one on the left."""
        for place, link in enumerate(links):
            towards = f"{self.address}/32" if link.left else str(self._part)
            _run(self._ip(link.left, "route", "add", towards, "via", str(link.right_address)))
            if place:
                _run(self._ip(link.right, "route", "add", str(self._part), "via", str(link.left_address)))
        for host in _HOSTS:
            _run(self._ip(host, "link", "set", "lo", "up"))
            _run(self._within(host, "sysctl", "-qw", *_KERNEL))
        _run(self._ip("gw", "addr", "add", f"{self.address}/32", "dev", "lo"))

    def _ip(self, host: str, *arguments: str) -> list[str]:
        return ["ip", *(["-n", self._names[host]] if host else []), *arguments]

    def _within(self, host: str, *command: str) -> list[str]:
        return ["ip", "netns", "exec", self._names[host], *command]


def built(pid: int) -> Lab | None:
    """The lab of process `pid`; None for who is not root. Raises LabFailed where root can't have it either."""
    if os.geteuid() != 0:
        return None
    missing = [program for program in ("ip", "nft", "sysctl") if not shutil.which(program)]
    if missing:
        raise LabFailed(f"{missing[0]} is not installed (Debian, Ubuntu: apt install iproute2 nftables procps)")
    _clean_up_after_the_killed()
    taken = _routed()
    failure = LabFailed(f"{NETWORK} is in use on this machine")
    for part in NETWORK.subnets(new_prefix=_SLICE_BITS):
        if any(part.overlaps(each) for each in taken):
            continue
        lab = Lab(pid=pid, part=part)
        try:
            lab.build()
        except LabFailed as error:
            # Another sandbox may have taken this part in the meantime.
            failure = error
        else:
            return lab
    raise failure


def _clean_up_after_the_killed() -> None:
    for line in _run(["ip", "netns", "list"]).splitlines():
        name = line.split()[0] if line.strip() else ""
        owner = name.rpartition("-")[0]
        if not name.startswith(f"{_PREFIX}-"):
            continue
        pid = owner.removeprefix(f"{_PREFIX}-").partition("-")[0]
        if pid.isdigit() and owner != _owner(int(pid)):
            _try(["ip", "netns", "del", name])


def _owner(pid: int) -> str:
    """A name that no other process ever has: its number, and when it was started (proc(5), field 22)."""
    try:
        started = Path(f"/proc/{pid}/stat").read_text("ascii", errors="replace").rpartition(")")[2].split()[19]
    except OSError:
        started = "gone"
    return f"{_PREFIX}-{pid}-{started}"


def _routed() -> list[ipaddress.IPv4Network]:
    """What is routed somewhere already; the default route is no reason to leave a part of NETWORK alone."""
    listed = json.loads(_run(["ip", "-j", "-4", "route", "show", "table", "all"]) or "[]")
    found = (str(route.get("dst", "default")) for route in listed)
    return [ipaddress.IPv4Network(each, strict=False) for each in found if each not in ("default", "0.0.0.0/0")]


def _run(command: Sequence[str], stdin: str = "") -> str:
    done = _try(command, stdin)
    if done.returncode != 0:
        raise LabFailed(f"{' '.join(command[:6])}: {' '.join(done.stderr.split()) or 'it failed'}")
    return done.stdout


def _try(command: Sequence[str], stdin: str = "") -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(command, input=stdin, capture_output=True, text=True, check=False, timeout=_TIMEOUT_S)
    except (OSError, subprocess.TimeoutExpired) as error:
        return subprocess.CompletedProcess(list(command), 1, "", str(error))
