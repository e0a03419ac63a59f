"""MTRs and pings through three real routers, compared with what the routers counted."""

import json
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from tests.needs import needs_netns, needs_nft
from tests.netlab.lab import Lab, built

pytestmark = pytest.mark.netlab

MODES = ["raw", "ping socket"]
# An ordinary user without any capability, who can't get one.
NOBODY = ("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "--bounding-set=-all", "--no-new-privs")


@pytest.fixture
def lab() -> Iterator[Lab]:
    needs_netns()
    needs_nft()
    with built() as lab:
        yield lab


def probed(
    lab: Lab, kind: str, mode: str, address: str, count: int = 40, interval_s: float = 0.02, *, by: tuple[str, ...] = ()
) -> dict[str, Any]:
    """The result of one run from the first host, as data."""
    arguments = (kind, mode, address, str(count), str(interval_s))
    found: dict[str, Any] = json.loads(lab.run(0, *by, sys.executable, "-m", "tests.netlab.prober", *arguments))
    return found


def lost(found: dict[str, Any]) -> list[int]:
    return [round(row["Loss%"] * row["Snt"] / 100) for row in found["rows"]]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("percent", [0, 10, 25, 53])
def test_loss_per_hop_is_what_the_router_counted(lab: Lab, mode: str, percent: int) -> None:
    """Packet for packet: a probe for hop h passes the losing second router with TTL h - 2 left."""
    lab.lose(2, percent)
    found = probed(lab, "mtr", mode, lab.target)
    dropped = lab.dropped_by_ttl(2)

    assert [row["host"] for row in found["rows"]] == [lab.router(1), lab.router(2), lab.router(3), lab.target]
    assert lost(found) == [0, 0, dropped.get(1, 0), dropped.get(2, 0)]


@pytest.mark.parametrize("mode", MODES)
def test_a_router_that_limits_its_own_answers_is_told_apart(lab: Lab, mode: str) -> None:
    """It loses answers, not packets."""
    lab.lose_own_answers(2, 60)
    found = probed(lab, "mtr", mode, lab.target)

    assert found["ok"]
    assert "does not go on to the end" in found["verdict"]


@pytest.mark.parametrize("mode", MODES)
def test_a_silent_router_is_a_row_without_a_name(lab: Lab, mode: str) -> None:
    """The path goes on behind it."""
    lab.lose_own_answers(2, 100)
    found = probed(lab, "mtr", mode, lab.target, 5)

    assert [row["host"] for row in found["rows"]] == [lab.router(1), "???", lab.router(3), lab.target]
    assert found["ok"]


@pytest.mark.parametrize("mode", MODES)
def test_an_unreachable_target_names_the_router_that_says_so(lab: Lab, mode: str) -> None:
    """Its own words, at its own distance."""
    lab.reject(3)
    found = probed(lab, "mtr", mode, lab.target, 3)

    assert found["verdict"] == (f"{lab.target} is not reached: hop 3 ({lab.router(3)}) says host unreachable")


@pytest.mark.parametrize("mode", MODES)
def test_ipv6_is_traced_alike(lab: Lab, mode: str) -> None:
    """Three routers and the target, once their links have found each other."""
    for _ in range(10):
        if probed(lab, "ping", mode, lab.target_v6, 5, 0.1)["ok"]:
            break
    found = probed(lab, "mtr", mode, lab.target_v6, 5)

    assert found["ok"]
    assert [row["host"] for row in found["rows"]] == ["fd00:231::2", "fd00:231:1::2", "fd00:231:2::2", lab.target_v6]


def test_an_ordinary_user_without_capabilities_gets_the_whole_path(lab: Lab) -> None:
    """The ping socket and its error queue are enough."""
    found = probed(lab, "mtr", "ping socket", lab.target, 5, by=NOBODY)

    assert found["ok"] and len(found["rows"]) == 4


@pytest.mark.parametrize("mode", MODES)
def test_pings_lost_are_what_the_router_dropped(lab: Lab, mode: str) -> None:
    """Sent and lost, packet for packet."""
    lab.lose(2, 53)
    found = probed(lab, "ping", mode, lab.target)

    assert found["rows"][0]["lost"] == sum(lab.dropped_by_ttl(2).values())
    assert not found["ok"]


def test_ten_cycles_at_one_second_end_in_time(lab: Lab) -> None:
    """The budget: 10.2 s, with a hop that never answers."""
    lab.lose_own_answers(2, 100)
    found = probed(lab, "mtr", "ping socket", lab.target, 10, 1.0)

    assert found["duration_s"] <= 10.2
