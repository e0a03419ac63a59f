"""Names of networks for the hops of a path."""

import ipaddress
from dataclasses import replace

from bot.clock import system_clock
from bot.probes.address import Networks
from bot.probes.icmp.path_verdict import MTR
from bot.probes.icmp.trace_result import traced
from bot.probes.results import Run
from bot.probes.wording import long
from tests.probes.icmp.test_path import path

HARBOR = Networks(
    {
        ipaddress.ip_network("198.51.100.0/24"): "Harbor core",
        ipaddress.ip_network("198.51.100.64/26"): "Harbor edge",
        ipaddress.ip_network("2001:db8::/32"): "Harbor six",
    }
)


def test_the_smallest_network_counts() -> None:
    """What is in none has no name."""
    asked = ["198.51.100.1", "198.51.100.65", "2001:db8::7", "203.0.113.9", "198.51.100.1"]

    assert HARBOR.of(asked) == (
        ("198.51.100.1", "Harbor core"),
        ("198.51.100.65", "Harbor edge"),
        ("2001:db8::7", "Harbor six"),
    )


async def test_a_hop_is_told_with_its_network() -> None:
    """In the verdict and in the table; the file stays as mtr writes it."""
    found = path(0, 5, 5, 5)
    second = found.hops[1].name
    run = Run(MTR, "U.S. East", system_clock)
    result = traced(run, replace(found, networks=((second, "Harbor core"),)))

    assert f"hop 2 ({second}, Harbor core)" in long(result.verdict)
    assert result.readings[1].cells[1] == f"{second} [Harbor core]"
    assert "Harbor" not in result.report
