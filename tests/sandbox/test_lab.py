"""The sandbox's gateway behind real routers."""

import os
import subprocess
from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.clock import system_clock
from bot.probes.icmp.engine import IcmpEngine
from bot.probes.icmp.mtr import MtrProbe
from bot.probes.icmp.routers import SharedRouters
from bot.probes.model import Subject
from bot.probes.policy import ProbePolicy
from bot.sandbox.lab import LOSING, NETWORK, Lab, built
from bot.sandbox.targets.server import TargetsSandbox
from bot.sandbox.targets.settings_file import settings_text
from tests.needs import needs_netns, needs_nft

pytestmark = pytest.mark.netlab
KILLED = "secondline-sandbox-4999999-1-r1"


def of_the_machine(*what: str) -> str:
    return subprocess.run(["ip", *what], capture_output=True, text=True, check=True).stdout


def names(pid: int) -> list[str]:
    """The namespaces of one process; others may have sandboxes of their own at the same time."""
    listed = of_the_machine("netns", "list")
    return [line.split()[0] for line in listed.splitlines() if line.startswith(f"secondline-sandbox-{pid}-")]


def of_others() -> tuple[list[str], list[str]]:
    """Routes and links of this machine that belong to no sandbox: others come and go while a test looks."""
    routes = [line for line in of_the_machine("route").splitlines() if not line.startswith(str(NETWORK)[:-4])]
    return routes, [line for line in of_the_machine("-o", "link").splitlines() if ": slab" not in line]


@pytest.fixture
def lab() -> Iterator[Lab]:
    needs_netns()
    needs_nft()
    lab = built(os.getpid())
    assert lab is not None
    yield lab
    lab.close()


async def test_an_mtr_shows_where_the_loss_begins(lab: Lab) -> None:
    """Three real routers, the second loses half of what it forwards."""
    icmp, policy = IcmpEngine(), ProbePolicy(allow_networks=[lab.address])
    await icmp.open()
    probe = MtrProbe(icmp=icmp, policy=policy, clock=system_clock, cycles=25, routers=SharedRouters(0.02))
    try:
        result = await probe.run(Subject("U.S. East", addresses=(lab.address,)), progress=lambda _result: None)
    finally:
        await icmp.close()

    losses = [reading.numbers.loss_pct for reading in result.readings]
    assert losses[:LOSING] == [0] * LOSING
    assert all(15 <= loss <= 90 for loss in losses[LOSING:]) and len(losses) == 4
    assert not result.ok


def test_two_at_once_do_not_meet(lab: Lab) -> None:
    """Each has its own part of the network and its own names."""
    other = built(os.getppid())
    assert other is not None
    try:
        assert (len(names(os.getpid())), len(names(os.getppid()))) == (4, 4)
        assert other.address != lab.address
    finally:
        other.close()

    assert (len(names(os.getpid())), len(names(os.getppid()))) == (4, 0)


def test_nothing_is_left_and_nothing_else_is_touched() -> None:
    """The machine's routes and links are as they were."""
    needs_netns()
    before = of_others()
    lab = built(os.getpid())
    assert lab is not None
    device = f"slab{os.getpid()}"
    during = of_the_machine("route")
    lab.close()

    assert device in during and device not in of_the_machine("-o", "link")
    assert (of_others(), names(os.getpid())) == (before, [])


def test_what_a_killed_one_left_is_cleaned_up() -> None:
    """The next one does it, and leaves alone who lives."""
    needs_netns()
    of_the_machine("netns", "add", KILLED)
    lab = built(os.getpid())
    assert lab is not None

    assert KILLED not in of_the_machine("netns", "list") and len(names(os.getpid())) == 4
    lab.close()


async def test_the_settings_have_its_address() -> None:
    """U.S. East has one address more, and it may be probed."""
    targets = TargetsSandbox(clock=system_clock)
    try:
        addresses = replace(await targets.start(), vpn=None)
    finally:
        await targets.close()
    text = settings_text(addresses, lossy="198.51.100.30")

    assert 'allow_networks = ["127.0.0.0/8", "198.51.100.30/32"]' in text
    assert text.count('"198.51.100.30"]') == 1
