"""MTRs and pings through three real routers, compared with what the routers counted."""

import json
import sys
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from bot.probes.icmp.ping import LISTED
from tests.needs import needs_mtr, needs_netns, needs_nft
from tests.netlab.lab import SLOW, Lab, built

pytestmark = pytest.mark.netlab

MODES = ["raw", "ping socket"]
# An ordinary user without any capability, who can't get one.
NOBODY = ("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "--bounding-set=-all", "--no-new-privs")
PING_LEFT = 62
"""A ping's TTL behind router 2."""
Found = dict[str, Any]


@pytest.fixture(scope="module")
def built_lab() -> Iterator[Lab]:
    needs_netns()
    needs_nft()
    with built() as lab:
        # Neighbours find each other by the first packets, which costs IPv6 up to a second.
        for _ in range(10):
            if probed(lab, job("ping", "raw", lab.another_v6(1), count=5, interval_s=0.2))["results"][0]["ok"]:
                break
        yield lab


@pytest.fixture
def fresh_lab() -> Iterator[Lab]:
    """For what a kernel's limits depend on: it remembers whom it answered before."""
    needs_netns()
    with built() as lab:
        yield lab


@pytest.fixture
def lab(built_lab: Lab) -> Lab:
    built_lab.clear()
    return built_lab


def job(
    kind: str, mode: str, *addresses: str, count: int = 40, interval_s: float = 0.02, **more: object
) -> dict[str, Any]:
    """`more` see tests.netlab.prober: the "ladder" of an MTR, and the "probe" by which it counts with others."""
    return {"kind": kind, "mode": mode, "addresses": addresses, "count": count, "interval_s": interval_s, **more}


def probed(lab: Lab, *jobs: dict[str, Any], by: tuple[str, ...] = ()) -> Found:
    """What one process on the first host finds, all jobs at once."""
    found: Found = json.loads(lab.run(0, *by, sys.executable, "-m", "tests.netlab.prober", json.dumps(jobs)))
    return found


def by_mode(lab: Lab, *, count: int = 40, interval_s: float = 0.02) -> list[Found]:
    """An MTR to the target by each kind of socket, at once."""
    jobs = [job("mtr", mode, lab.target, count=count, interval_s=interval_s) for mode in MODES]
    results: list[Found] = probed(lab, *jobs)["results"]
    return results


def lost(rows: Sequence[Found]) -> list[int]:
    return [row["lost"] for row in rows]


def behind_router_2(dropped: dict[tuple[str, int], int], target: str, rows: Sequence[Found]) -> list[int]:
    """What that router dropped of the probes for each hop: one for hop h passes it with TTL h - 2 left."""
    return [dropped.get((target, row["count"] - 2), 0) for row in rows]


def limit_all(lab: Lab) -> None:
    """Linux's default on every router."""
    for hop in (1, 2, 3):
        lab.limit_answers(hop, every_ms=1000)


def hosts(found: Found) -> list[str]:
    return [row["host"] for row in found["rows"]]


@pytest.mark.parametrize("percent", [0, 10, 25, 53])
def test_loss_per_hop_is_what_the_router_counted(lab: Lab, percent: int) -> None:
    """Packet for packet, both sockets and both families."""
    lab.lose(2, percent)
    targets = [lab.another(1), lab.another(2), lab.another_v6(1), lab.another_v6(2)]
    found = probed(lab, *(job("mtr", MODES[n % 2], target) for n, target in enumerate(targets)))
    dropped = lab.dropped(2)

    for target, result in zip(targets, found["results"], strict=True):
        router = lab.router_v6 if ":" in target else lab.router
        assert hosts(result) == [router(1), router(2), router(3), target]
        assert lost(result["rows"]) == behind_router_2(dropped, target, result["rows"])


@pytest.mark.parametrize("percent", [0, 53])
def test_pings_lost_are_what_the_router_dropped(lab: Lab, percent: int) -> None:
    """Sent and lost, packet for packet."""
    lab.lose(2, percent)
    sweeps = [[lab.another(n), lab.another(n + 1), lab.another_v6(n)] for n in (1, 3)]
    found = probed(lab, *(job("ping", mode, *sweep) for mode, sweep in zip(MODES, sweeps, strict=True)))
    dropped = lab.dropped(2)

    rows = [row for result in found["results"] for row in result["rows"]]
    assert {row["address"]: row["lost"] for row in rows} == {
        address: dropped.get((address, PING_LEFT), 0) for sweep in sweeps for address in sweep
    }
    assert [result["ok"] for result in found["results"]] == [percent == 0] * 2


def test_fifty_reports_and_a_sweep_of_a_thousand_at_once(lab: Lab) -> None:
    """None takes or loses another's answers, and the event loop answers all the while; the sweep lists the worst."""
    lab.lose(2, 25)
    sweep = [lab.another(100 + number) for number in range(1000)]
    jobs = [job("mtr", "raw", lab.another(number), count=3, interval_s=0.5) for number in range(1, 51)]
    found = probed(lab, job("ping", "raw", *sweep, count=5, interval_s=0.2), *jobs)
    dropped = lab.dropped(2)
    swept, *traced = found["results"]

    missing = {address: dropped.get((address, PING_LEFT), 0) for address in sweep}
    listed = {row["host"]: row["lost"] for row in swept["rows"]}
    assert len(listed) == LISTED
    assert listed == {address: missing[address] for address in listed}
    assert {address for address in sweep if missing[address] == max(missing.values())} <= set(listed)
    for number, result in enumerate(traced, 1):
        address = lab.another(number)
        assert lost(result["rows"]) == behind_router_2(dropped, address, result["rows"])
    assert found["dropped"] == 0
    assert found["busy_ms"][int(len(found["busy_ms"]) * 0.95)] < 20 * found["slowness"]


def test_a_router_that_limits_its_own_answers_is_told_apart(lab: Lab) -> None:
    """It loses answers, not packets."""
    lab.lose_own_answers(2, 60)

    for found in by_mode(lab):
        assert (found["ok"], found["path"]["limited"]) == (True, [2])


def test_routers_with_linuxs_own_limit_lose_nothing(fresh_lab: Lab) -> None:
    """One probe a second to each is within it, and the five a second to the target do not count."""
    limit_all(fresh_lab)
    found = probed(fresh_lab, job("mtr", "raw", fresh_lab.target, count=4, interval_s=1.0))["results"][0]

    assert lost(found["rows"]) == [0, 0, 0, 0]
    assert [row["sent"] for row in found["rows"]] == [4, 4, 4, 16]


@pytest.mark.parametrize("count", [2, 10])
def test_traces_at_once_ask_a_limiting_router_in_turns(fresh_lab: Lab, count: int) -> None:
    """With Linux's default limit none shows loss that is not there, in both families, and every hop has its name."""
    families = ([fresh_lab.another(n) for n in range(count)], [fresh_lab.another_v6(n) for n in range(1, count + 1)])
    probed(fresh_lab, job("ping", "raw", fresh_lab.another_v6(99), count=5, interval_s=0.2))
    limit_all(fresh_lab)
    found = probed(
        fresh_lab, *(job("mtr", "raw", to, count=10, interval_s=1.0) for family in families for to in family)
    )

    for result in found["results"]:
        assert lost(result["rows"]) == [0, 0, 0, 0]
        assert result["ok"] and not result["may_be_chance"] and result["duration_s"] <= 10.2
        assert "???" not in hosts(result) and result["rows"][-1]["sent"] > 40
    for of_family in (found["results"][:count], found["results"][count:]):
        for hop in range(3):
            assert 10 <= sum(result["rows"][hop]["sent"] for result in of_family) <= 15


def test_two_hundred_mtrs_over_the_same_limiting_routers_show_no_loss_that_is_not_there(fresh_lab: Lab) -> None:
    """Each asks these a few times or never; the targets, which limit nothing, are asked by all of them as ever."""
    limit_all(fresh_lab)
    fresh_lab.lose(2, 0)
    targets = [fresh_lab.another(number) for number in range(200)]
    found = probed(fresh_lab, *(job("mtr", "raw", to, count=10, interval_s=1.0) for to in targets))
    dropped = fresh_lab.dropped(2)

    assert found["dropped"] == 0 and not dropped
    for result in found["results"]:
        assert sum(lost(result["rows"])) == 0 and result["ok"] and not result["may_be_chance"]
        assert result["rows"][-1]["sent"] >= 10
    for hop in range(3):
        assert 10 <= sum(result["rows"][hop]["sent"] for result in found["results"] if len(result["rows"]) > hop) <= 15


@pytest.mark.parametrize("count", [2, 10])
def test_loss_behind_limiting_routers_is_not_put_at_a_wrong_hop(fresh_lab: Lab, count: int) -> None:
    """The lossy link is before hop 3: the range holds it, also where each asks the routers a few times only.

    With so much loss hop 3 looks clean in 1 of 30,000 drawn runs; with 53 % and ten cycles it would in 1 of 650. One
    target in 200 loses all packets of its own distance, so that its path seems a hop longer; then no hop is named.
    """
    limit_all(fresh_lab)
    fresh_lab.lose(2, 75)
    targets = [fresh_lab.another(n) for n in range(count)]
    found = probed(fresh_lab, *(job("mtr", "raw", to, count=12, interval_s=1.0, probe="bot") for to in targets))
    dropped = fresh_lab.dropped(2)

    assert found["dropped"] == 0
    for target, result in zip(targets, found["results"], strict=True):
        assert lost(result["rows"]) == behind_router_2(dropped, target, result["rows"])
        first, last = result["begins"] or (1, 4)
        assert first <= 3 <= last
        assert (result["path"]["unclear"], result["path"]["pooled"]) == ([], count - 1 if result["begins"] else 0)
    assert sum(bool(result["begins"]) for result in found["results"]) >= count - 1


def test_a_silent_router_is_a_row_without_a_name(lab: Lab) -> None:
    """The path goes on behind it."""
    lab.lose_own_answers(2, 100)

    for found in by_mode(lab, count=5):
        assert hosts(found) == [lab.router(1), "???", lab.router(3), lab.target]
        assert found["ok"]


@pytest.mark.parametrize("mode", MODES)
def test_an_unreachable_target_names_the_router_that_says_so(fresh_lab: Lab, mode: str) -> None:
    """Its own words, at its own distance."""
    fresh_lab.reject(3)
    found = probed(fresh_lab, job("mtr", mode, fresh_lab.target, count=3))["results"][0]

    (rejected,) = found["path"]["rejects"]
    assert (found["path"]["end"], rejected[:3]) == ("rejected", [3, fresh_lab.router(3), "host unreachable"])


def test_of_two_equal_paths_one_is_kept(lab: Lab) -> None:
    """A router that hashes the checksum mixes mtr's packets, and never ours; twenty of mtr's but 1 in 500,000 runs."""
    lab.balance()
    targets = [lab.another(n) for n in range(1, 9)] + [lab.another_v6(n) for n in range(1, 9)]
    jobs = [job("mtr", MODES[n % 2], target, count=12, interval_s=0.1) for n, target in enumerate(targets)]
    found = probed(lab, *jobs)
    mixed = lab.run(0, needs_mtr(), "-n", "--raw", "-c", "20", "-i", "0.05", "-G", "1", lab.another(1))

    assert {len(result["rows"][1]["hosts"]) for result in found["results"]} == {1}
    assert {line.split()[2] for line in mixed.splitlines() if line.startswith("h 1 ")} == {"10.231.1.2", "10.231.10.2"}


def test_replies_later_than_any_timeout_are_credited(lab: Lab) -> None:
    """A second and a half, ten times the interval: no loss, the right delay, and no longer than needed."""
    with lab.slow_host(1.5) as took_s:
        jobs = [job(kind, mode, SLOW, count=3, interval_s=0.15) for kind in ("mtr", "ping") for mode in MODES]
        results = probed(lab, *jobs)["results"]

    for traced in results[:2]:
        assert hosts(traced) == [lab.router(1), lab.router(2), lab.router(3), lab.target, SLOW]
        assert lost(traced["rows"]) == [0] * 5
        worst_ms = traced["rows"][-1]["worst_ms"]
        assert 1500 <= traced["rows"][-1]["best_ms"] <= worst_ms < 1000 * max(took_s) + 250
        assert traced["duration_s"] < max(took_s) + 1.25
    assert [result["rows"][0]["lost"] for result in results[2:]] == [0, 0]


def test_an_ordinary_user_without_capabilities_gets_the_whole_path(lab: Lab) -> None:
    """The ping socket and its error queue are enough, and as exact."""
    lab.lose(2, 25)
    targets = [lab.another(1), lab.another_v6(1)]
    found = probed(lab, *(job("mtr", "ping socket", target) for target in targets), by=NOBODY)
    dropped = lab.dropped(2)

    for target, result in zip(targets, found["results"], strict=True):
        assert lost(result["rows"]) == behind_router_2(dropped, target, result["rows"])


def test_ten_cycles_at_one_second_end_in_time(lab: Lab) -> None:
    """The budget: 10.2 s, with a hop that never answers and one in four packets lost."""
    lab.lose_own_answers(3, 100)
    lab.lose(2, 25)

    for found in by_mode(lab, count=10, interval_s=1.0):
        assert found["duration_s"] <= 10.2
