"""Where paths end, and what befalls them while they are measured: rejects, refusals, loops, gaps, equal paths."""

from collections.abc import Iterator

import pytest

from tests.needs import needs_netns, needs_nft
from tests.netlab.lab import SLOW, Lab, built
from tests.netlab.tracing import MODES, Record, behind, by_mode, hosts, job, lost, sent, traced

pytestmark = pytest.mark.netlab

SAYS = "host unreachable"
NEAR_S = 0.9
"""So near is a time that is told: an interval, and what a busy machine needs to change a route."""


@pytest.fixture(scope="module")
def built_nine() -> Iterator[Lab]:
    """Eight routers and the target at hop 9."""
    needs_netns()
    needs_nft()
    with built(routers=8) as lab:
        # Neighbours find each other by the first packets.
        traced(lab, *(job("sweep", "raw", address, count=3, interval_s=0.3) for address in (lab.target, lab.target_v6)))
        yield lab


@pytest.fixture
def nine(built_nine: Lab) -> Lab:
    built_nine.clear()
    return built_nine


def both(lab: Lab, *, count: int = 12, interval_s: float = 0.5) -> list[Record]:
    """A trace to the target by each family, each by another kind of socket."""
    return [
        job("trace", mode, target, count=count, interval_s=interval_s)
        for mode, target in zip(MODES, (lab.target, lab.target_v6), strict=True)
    ]


def path_v6(lab: Lab) -> list[str]:
    return [*(lab.router_v6(hop) for hop in range(1, lab.routers + 1)), lab.target_v6]


def at_hop(lab: Lab, hop: int, found: Record) -> str:
    return lab.router_v6(hop) if ":" in found["rows"][0]["host"] else lab.router(hop)


def test_a_router_that_rejects_for_two_seconds_early_hides_nothing(nine: Lab) -> None:
    """The target is found with all hops behind that router, in both families, by both sockets."""
    nine.reject_passing(5)
    found = traced(nine, *both(nine), at={5: lambda: nine.pass_again(5)})["results"]

    assert [hosts(result) for result in found] == [nine.path(), path_v6(nine)]
    for result in found:
        (rejected,) = result["rejects"]
        assert (result["reach"], rejected[:2]) == (9, [5, at_hop(nine, 5, result)])
        assert lost(result)[:5] == [0] * 5 and result["rows"][-1]["sent"] > 8


def test_a_router_that_rejects_late_wipes_nothing(nine: Lab) -> None:
    """A target that has replied stays reached; the gap has its times and the rejects their count."""
    found = traced(nine, *both(nine), at={8: lambda: nine.reject_passing(5)})

    assert [hosts(result) for result in found["results"]] == [nine.path(), path_v6(nine)]
    for result in found["results"]:
        (rejected,), (quiet,), end = result["rejects"], result["quiet"], result["rows"][-1]
        assert result["reach"] == 9
        assert rejected[3:] == [end["lost"], end["sent"]] and end["lost"] == quiet["lost"]
        assert quiet["until"] is None and abs(quiet["since"] - found["done_at"][8]) < NEAR_S


@pytest.mark.parametrize("percent", [5, 25, 60])
def test_rejects_are_lost_packets_as_the_router_counted_them(nine: Lab, percent: int) -> None:
    """Packet for packet behind it, none before it; the count is that of the packets to the target.

    At 5 % none of 240 is rejected in 1 of 200,000 runs.
    """
    nine.reject_passing(5, percent)
    found = traced(nine, *both(nine, count=60, interval_s=0.05))["results"]
    counted = nine.rejected(5)

    assert [hosts(result) for result in found] == [nine.path(), path_v6(nine)]
    for target, result in zip((nine.target, nine.target_v6), found, strict=True):
        assert lost(result)[:5] == [0] * 5
        assert lost(result)[5:] == behind(counted, 5, target, result)[5:]
        (rejected,) = result["rejects"]
        at_end = result["rows"][-1]
        assert rejected[:2] == [5, at_hop(nine, 5, result)]
        assert rejected[3:] == [at_end["lost"], at_end["sent"]] or not at_end["lost"]


def test_a_path_that_is_rejected_for_good_ends_at_the_router() -> None:
    """With Linux's own limit on its answers it shows no loss of its own, and no rows behind it.

    One packet may come a millisecond too soon after the last where the machine sent that one late.
    """
    needs_netns()
    needs_nft()
    with built(routers=8) as lab:
        lab.reject_passing(5)
        lab.limit_answers(5, every_ms=1000)
        found = traced(lab, *both(lab, count=7, interval_s=1.0))["results"]
        paths = (lab.path(), path_v6(lab))

    for result, path in zip(found, paths, strict=True):
        assert (hosts(result), lost(result)[:4]) == (path[:5], [0] * 4) and lost(result)[4] <= 1
        assert (result["reach"], result["rejects"][0][:2]) == (0, [5, path[4]])
        assert result["duration_s"] <= 7.2


def test_a_silent_router_that_rejects_is_placed_before_what_it_rejects(nine: Lab) -> None:
    """It answers no packet that ends at it, and its row has no name."""
    nine.reject_passing(5, 40)
    nine.lose_own_answers(5, 100)
    for result in by_mode(nine):
        assert hosts(result) == [*nine.path()[:4], "???", *nine.path()[5:]]
        assert result["rejects"][0][:2] == [5, nine.router(5)]


def test_a_target_that_refuses_ping_is_reached(nine: Lab) -> None:
    """At its distance, with nothing lost on the way, and with its own words."""
    nine.refuse_ping()
    found = traced(nine, *both(nine, count=6, interval_s=0.4), job("sweep", "raw", nine.target, count=5))["results"]

    for result, path in zip(found, (nine.path(), path_v6(nine)), strict=False):
        assert (hosts(result), lost(result)) == (path, [0] * 9)
        assert (result["reach"], result["refused"], result["rejects"]) == (9, "port unreachable", [])
    (swept,) = found[2]["rows"]
    assert (swept["refused"], swept["lost"]) == ("port unreachable", 5)


def test_a_loop_is_recognised_and_a_mended_one_gone_through(nine: Lab) -> None:
    """Routers 5 and 6 send packets to each other, then no more: the same trace finds the target."""
    nine.loop(5)
    looping = traced(nine, *both(nine, count=5))["results"]
    mended = traced(nine, *both(nine), at={3: nine.mend})["results"]

    # An IPv6 router answers with the address where the packet came in: what comes back is another one than at first.
    firsts = ((5, nine.path(), nine.router(5)), (6, path_v6(nine), "fd00:231:5::1"))
    for result, (first, path, back) in zip(looping, firsts, strict=True):
        assert hosts(result) == [*path[:5], path[5], back, path[5], back, path[5]][: first + 4]
        assert (result["loop"], result["reach"], result["beyond"]) == ([*range(first, first + 5)], 0, False)
    for result, path in zip(mended, (nine.path(), path_v6(nine)), strict=True):
        assert (hosts(result), result["loop"], result["reach"]) == (path, [], 9)


def test_a_loop_that_begins_in_mid_run_is_an_end_of_answers(nine: Lab) -> None:
    """The target stays reached, the loop is told, and since when."""
    found = traced(nine, *both(nine), at={6: lambda: nine.loop(5)})

    for result in found["results"]:
        (quiet,) = result["quiet"]
        assert (result["reach"], result["loop"][-1], len(result["loop"])) == (9, 8, 3 if ":" in hosts(result)[0] else 4)
        assert quiet["until"] is None and abs(quiet["since"] - found["done_at"][6]) < NEAR_S
        assert quiet["lost"] <= result["rows"][-1]["lost"] <= quiet["lost"] + 1


def test_a_loop_of_four_routers_is_one_too() -> None:
    """Two rounds of four in the same order are enough."""
    needs_netns()
    needs_nft()
    with built() as lab:
        lab.loop_by_twin()
        (found,) = traced(lab, job("trace", "raw", lab.target, count=4, interval_s=0.3))["results"]

    assert found["loop"] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert len(set(hosts(found)[:4])) == 4 and hosts(found)[:4] == hosts(found)[4:]


def test_a_target_behind_hop_thirty_is_not_found_and_yet_answers() -> None:
    """Hop 30 is a router; the packets with time enough come back."""
    needs_netns()
    needs_nft()
    with built(routers=33) as lab:
        (found,) = traced(lab, job("trace", "raw", lab.target, count=5, interval_s=0.4))["results"]

    assert (found["beyond"], found["reach"], hosts(found)) == (True, 0, lab.path()[:30])
    assert len(found["ways"]) == 4
    assert not any(missing for missing, _ in found["ways"].values())


@pytest.mark.parametrize("percent", [0, 5])
def test_a_gap_of_two_seconds_is_told_with_its_times(nine: Lab, percent: int) -> None:
    """Also beside other loss; its packets are those that the router dropped then.

    Of 300,000 drawn runs with 5 % beside it, 3 have another gap or none, and in 4 it is longer by more than 3 packets.
    """
    if percent:
        nine.lose(3, percent)
    gap = {20: lambda: nine.lose(6, 100), 40: lambda: nine.lose_no_more(6)}
    found = traced(nine, job("trace", "raw", nine.target, count=70, interval_s=0.1), at=gap)
    (result,) = found["results"]
    (quiet,) = result["quiet"]
    dropped = nine.dropped(6)[nine.target, 3]

    assert dropped <= quiet["lost"] <= dropped + (5 if percent else 0)
    assert abs(quiet["since"] - found["done_at"][20]) < NEAR_S
    assert abs(quiet["until"] - found["done_at"][40]) < NEAR_S


def test_a_ping_that_stops_says_since_when(nine: Lab) -> None:
    """After five of ten rounds; the other address goes on."""
    found = traced(
        nine,
        job("sweep", "raw", nine.target, nine.router(4), count=10, interval_s=0.2),
        at={5: lambda: nine.lose(6, 100)},
    )
    dead, live = found["results"][0]["rows"]
    (quiet,) = dead["quiet"]

    assert (quiet["until"], live["quiet"], live["lost"]) == (None, [], 0)
    assert quiet["lost"] == dead["lost"] and abs(quiet["since"] - found["done_at"][5]) < NEAR_S


@pytest.mark.parametrize("mode", MODES)
def test_more_cycles_count_on(nine: Lab, mode: str) -> None:
    """A run that is extended twice has the counts of one, as the router counted them.

    The target gets one packet a cycle, and one more from then on that its distance is known.
    """
    nine.lose(4, 30)
    found = traced(nine, job("trace", mode, nine.target, count=[2, 5, 10], interval_s=0.4))["results"][0]

    assert sent(found) == [*[10] * 8, sent(found)[-1]] and 10 <= sent(found)[-1] <= 19
    assert lost(found) == behind(nine.dropped(4), 4, nine.target, found)


@pytest.fixture(scope="module")
def built_three() -> Iterator[Lab]:
    needs_netns()
    needs_nft()
    with built() as lab:
        traced(lab, job("sweep", "raw", lab.target_v6, count=3, interval_s=0.3))
        yield lab


@pytest.fixture
def three(built_three: Lab) -> Lab:
    built_three.clear()
    return built_three


@pytest.mark.parametrize("loser", ["router 2", "its twin"])
def test_of_two_equal_paths_the_one_that_loses_is_found(three: Lab, loser: str) -> None:
    """Whether the hops are asked over it or over the other one; the counts are the router's own."""
    three.balance()
    host = 2 if loser == "router 2" else three.twin
    three.lose(host, 60)
    targets = [three.another(1), three.another(2), *(three.another_v6(number) for number in range(1, 17))]
    jobs = [job("trace", MODES[number % 2], to, count=12, interval_s=0.4) for number, to in enumerate(targets)]
    found = traced(three, *jobs)["results"]
    dropped = three.dropped(host)

    paths = set()
    for target, result in zip(targets, found, strict=True):
        second, (own, *others) = result["rows"][1]["host"], result["ways"].values()
        paths.add(bool(own[0]))
        assert lost(result)[-1] == behind(dropped, 2, target, result)[-1] == sum(way[0] for way in (own, *others))
        assert own[0] or lost(result)[:-1] == [0, 0, 0]
        # So many traces ask the routers in turns, and some have not had theirs.
        if second != "???":
            over_twin = second not in (three.router(2), three.router_v6(2))
            assert bool(own[0]) == (over_twin == (loser == "its twin"))
        assert max(len(row["hosts"]) for row in result["rows"]) == 1
    assert paths == {True, False}
    ways = [way for result in found for way in list(result["ways"].values())[1:]]
    assert 0.25 < sum(1 for missing, _ in ways if not missing) / len(ways) < 0.85


def test_routers_that_balance_by_flow_label_are_looked_through(three: Lab) -> None:
    """IPv6: each flow has a label of its own, and the cycles keep theirs.

    The cycles of all twenty take the same way in 1 of 500,000 runs. The other flows have sixteen labels, eight for each
    kind of socket: all the same way in 1 of 30,000.
    """
    three.balance(by="flow label")
    three.lose(three.twin, 100)
    targets = [three.another_v6(number) for number in range(1, 21)]
    jobs = [job("trace", MODES[number % 2], to, count=10, interval_s=0.4) for number, to in enumerate(targets)]
    found = traced(three, *jobs)["results"]

    reached = [result for result in found if result["reach"]]
    assert 0 < len(reached) < len(found)
    for result in found:
        own, *others = result["ways"].values()
        assert own[0] == (0 if result["reach"] else own[1])
        assert {missing in (0, count) for missing, count in others} == {True}
    alive = [missing == 0 for result in found for missing, _ in list(result["ways"].values())[1:]]
    assert 0 < sum(alive) < len(alive)


def test_three_seconds_of_delay_are_no_loss(three: Lab) -> None:
    """In ping as in an MTR, by both sockets; and no longer than it takes."""
    with three.slow_host(3.0):
        jobs = [job(kind, mode, SLOW, count=5, interval_s=0.2) for kind in ("trace", "sweep") for mode in MODES]
        results = traced(three, *jobs)["results"]

    for found in results:
        end = found["rows"][-1]
        assert (end["host"], end["lost"], end["sent"]) == (SLOW, 0, 5)
        assert 3000 <= end["best_ms"] <= end["worst_ms"] < 3400  # a busy machine hears an answer late
        assert found["duration_s"] < 4.5
