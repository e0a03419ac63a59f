"""What is said of paths of nine hops, compared with what the routers did and counted."""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from tests.needs import needs_netns, needs_nft
from tests.netlab.lab import Lab, built
from tests.netlab.test_path_loss import MODES, job, lost, probed

pytestmark = pytest.mark.netlab

Found = dict[str, Any]
BAD = 5
"""The hop from which packets are lost: the router before it drops them."""


@pytest.fixture(scope="module")
def built_nine() -> Iterator[Lab]:
    needs_netns()
    needs_nft()
    with built(routers=8) as lab:
        # Neighbours find each other by the first packets.
        probed(lab, *(job("ping", "raw", address, count=5, interval_s=0.2) for address in (lab.target, lab.target_v6)))
        yield lab


@pytest.fixture
def nine(built_nine: Lab) -> Lab:
    """One router on the way limits its own answers, and one never answers."""
    built_nine.clear()
    built_nine.lose_own_answers(2, 60)
    built_nine.lose_own_answers(7, 100)
    return built_nine


def counted(lab: Lab, target: str, rows: Sequence[Found]) -> list[int]:
    """What the dropping router dropped of the probes for each hop behind it."""
    dropped = lab.dropped(BAD - 1)
    return [dropped.get((target, row["count"] - BAD + 1), 0) for row in rows[BAD - 1 :]]


@pytest.mark.parametrize(("percent", "named", "hops"), [(10, 23, 3.5), (25, 38, 3.0)])
def test_the_range_holds_the_router_that_drops(nine: Lab, percent: int, named: int, hops: float) -> None:
    """Forty runs of 30 cycles, each by itself; a limited router is never blamed.

    Of 20,000 drawn runs with 10 % loss, 85 % name a place, 2.0 % a wrong one, 1.1 % a wrong hop alone, and the ranges
    have 2.1 hops (deviation 1.1): of forty, chance fails each of the bounds in less than 1 of 20,000 runs.
    """
    nine.lose(BAD - 1, percent)
    targets = [nine.another(number) for number in range(1, 41)]
    found = probed(nine, *(job("mtr", "raw", target, count=30, interval_s=0.4, alone=True) for target in targets))
    ranges = [result["begins"] for result in found["results"] if result["begins"]]
    missed = [each for each in ranges if not each[0] <= BAD <= each[1]]

    for target, result in zip(targets, found["results"], strict=True):
        assert [count for place, count in enumerate(lost(result["rows"])[BAD - 1 :], BAD) if place != 7] == [
            count for place, count in enumerate(counted(nine, target, result["rows"]), BAD) if place != 7
        ]
    assert len(ranges) >= named
    assert len(missed) <= 7 and sum(first == last for first, last in missed) <= 5
    assert sum(last - first + 1 for first, last in ranges) / len(ranges) <= hops
    assert not [each for each in missed if each == [2, 2]]


def test_a_run_with_loss_goes_on_until_it_knows_where(nine: Lab) -> None:
    """Twenty cycles say whether, a hundred say where; the counts are those of one run, as the router has them.

    Of twenty packets at least two are lost, but once in 50,000 runs; of ten it would be once in a hundred. One range in
    400 is wide or wrong (drawn: 22 wide and 2 wrong of 10,000), both in 1 of 160,000 runs. Hop 2 answers so little that
    its limit shows beside any loss that is drawn.
    """
    nine.pass_again(2)
    nine.lose_own_answers(2, 90)
    nine.lose(BAD - 1, 50)
    targets = [nine.another(number) for number in (51, 52)]
    jobs = [
        job("mtr", mode, target, count=20, interval_s=0.1, ladder=(30, 100), alone=True)
        for mode, target in zip(MODES, targets, strict=True)
    ]
    found = probed(nine, *jobs)["results"]

    for target, result in zip(targets, found, strict=True):
        assert [row["sent"] for row in result["rows"][:-1]] == [100] * 8
        assert lost(result["rows"])[-1] == counted(nine, target, result["rows"])[-1]
        assert {20, 30} <= {step["cycles"] for step in result["steps"]}
        assert 2 in result["path"]["limited"] and 7 not in result["begins"]
    ranges = [result["begins"] for result in found]
    assert any(first <= BAD <= last <= first + 3 for first, last in ranges)


def test_rejects_and_loss_elsewhere_are_told_apart(nine: Lab) -> None:
    """Hop 6 rejects some, and hop 4 drops some of the others.

    Of 20,000 drawn ranges 3 are wrong and 63 reach to the target: of two, both in 1 of 90,000 runs.
    """
    nine.lose(BAD - 1, 30)
    nine.reject_passing(6, 20)
    jobs = [job("mtr", "raw", nine.another(number), count=60, interval_s=0.2, alone=True) for number in (61, 62)]

    found = probed(nine, *jobs)["results"]

    for result in found:
        (rejected,), to_target = result["path"]["rejects"], result["rows"][-1]
        ttl, host, words, rejections, sent = rejected
        assert (ttl, host, words) == (6, nine.router(6), "host unreachable")
        # Chance makes a time without any reply now and then, which is told apart too.
        apart = rejections + sum(result["path"]["in_outages"])
        assert result["path"]["otherwise"] == [to_target["lost"] - apart, sent - apart]
    assert any(result["begins"] and result["begins"][0] <= BAD <= result["begins"][1] <= 8 for result in found)


def test_a_target_that_refuses_ping_is_told_as_there(nine: Lab) -> None:
    """Though it limits how often it refuses."""
    nine.refuse_ping()
    nine.limit_answers(nine.end, every_ms=1000)
    found = probed(nine, job("mtr", "raw", nine.target, count=5, interval_s=1.0))["results"][0]

    assert found["ok"] and not found["begins"]
    assert (found["path"]["end"], found["path"]["hops"]) == ("refuses", 9)


def test_a_target_that_ignores_ping_is_not_told_as_down(nine: Lab) -> None:
    """The hop before drops what goes to it, as a firewall does."""
    nine.lose(8, 100)
    found = probed(nine, job("mtr", "raw", nine.target, count=3, interval_s=0.3))["results"][0]

    assert (found["path"]["end"], found["path"]["last_answering"]) == ("silent", [8, nine.router(8)])


def test_a_loop_is_told_as_one(nine: Lab) -> None:
    """With both routers."""
    nine.loop(4)
    found = probed(nine, job("mtr", "raw", nine.target, count=4, interval_s=0.3))["results"][0]

    assert found["path"]["end"] == "loop"
    assert found["path"]["loop"] == [[4, nine.router(4)], [5, nine.router(5)]]


def test_one_of_two_equal_ways_that_is_dead_is_told_as_that() -> None:
    """Whether the hops are on it or not, no target is told as dead.

    All nine flows to a target take the same one of two ways in 1 of 256 runs, of twenty targets to four or more in 1 of
    a million; the hops' own flows of all twenty do in 1 of 500,000.
    """
    needs_netns()
    needs_nft()
    with built() as lab:
        probed(lab, job("ping", "raw", lab.another_v6(99), count=5, interval_s=0.2))
        lab.balance()
        lab.lose(lab.twin, 100)
        # The checksum of IPv6 has the addresses in it, so some of these go by the twin.
        targets = [lab.another_v6(number) for number in range(1, 21)]
        found = probed(lab, *(job("mtr", "raw", target, count=10, interval_s=1.0, alone=True) for target in targets))[
            "results"
        ]

    told = {True: 0, False: 0}
    for result in found:
        are_shown, path = len(result["rows"]) == 4, result["path"]
        assert path, result["wrong"]
        if (path["ways_differ"] and not path["way_shown"]) if are_shown else path["end"] == "elsewhere":
            assert path["reached"] and result["wrong"] == "loses packets" and not result["begins"]
            told[are_shown] += 1
    assert sum(told.values()) >= 17 and all(told.values())
