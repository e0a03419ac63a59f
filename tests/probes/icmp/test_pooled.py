"""What MTRs over the same routers know together."""

from dataclasses import replace

from bot.probes.icmp.path import Path
from bot.probes.icmp.path_verdict import read
from bot.probes.icmp.pooled import pooled
from bot.probes.wording import long
from tests.probes.icmp.test_path import shared


def sent(path: Path, *others: Path) -> list[int]:
    return [count.sent for count in pooled(path, others).hops]


def differing(path: Path, ttl: int) -> Path:
    """The same with another router at one distance."""
    return replace(path, hops=tuple(replace(hop, hosts=("10.7.7.7",)) if hop.ttl == ttl else hop for hop in path.hops))


def test_hops_that_several_asked_count_together() -> None:
    """Ten paths that each asked a router a few times know it well together."""
    few = [shared((10, 0), (3, 0), (3, 1), (46, 12), end=f"10.1.0.{number}") for number in range(10)]
    counts, others = pooled(few[0], few[1:])

    assert [(count.sent, count.lost) for count in counts] == [(100, 0), (30, 0), (30, 10), (46, 12)]
    assert others == 9


def test_ten_paths_name_the_place_that_one_can_not() -> None:
    """None says "run it again", and that others were counted in is told."""
    few = [
        shared((2, 0), (1, 0), (1, number % 2), (1, (number + 1) % 2), (46, 24), end=f"10.1.0.{number}")
        for number in range(10)
    ]

    for number, each in enumerate(few):
        alone, together = long(read(each)), long(read(each, few[:number] + few[number + 1 :]))
        assert "the loss starts at hop 3" not in alone
        assert "the loss starts at hop 3" in together and "the hops before are clean" in together
        assert "counted with 9 other MTRs over the same routers" in together and "run it again" not in together


def test_a_hop_that_did_not_answer_counts_as_lost_and_not_as_unknown() -> None:
    """Of hops that were asked once, only those that answered would count else: no loss at all."""
    few = [shared((1, 0), (1, number % 2), (1, 0), (46, 24), end=f"10.1.0.{number}") for number in range(10)]
    count = pooled(few[0], few[1:]).hops[1]

    assert (count.sent, count.lost) == (10, 5)


def test_where_a_path_turns_off_nobody_knows_who_was_silent() -> None:
    """It may have been either router."""
    one = shared((10, 0), (10, 1), (10, 0), (46, 12))
    silent = shared((10, 0), (1, 1), (46, 12), end="10.1.0.8")
    other = differing(shared((10, 0), (10, 9), (46, 12), end="10.1.0.9"), 2)

    assert sent(one, silent) == [20, 11, 10, 46]
    assert sent(one, silent, other) == [30, 10, 10, 46]


def test_behind_a_router_that_differs_nothing_is_shared() -> None:
    """What gets lost there is lost on another way."""
    one = shared((10, 0), (10, 0), (10, 0), (46, 12))
    other = differing(shared((10, 0), (10, 9), (10, 9), (46, 12), end="10.1.0.9"), 2)

    assert sent(one, other) == [20, 10, 10, 46]


def test_a_silent_router_divides_nothing() -> None:
    """Who stands there is not known, and those behind it are the same."""
    silent = shared((10, 0), (10, 10), (10, 2), (46, 12))
    other = shared((10, 0), (10, 10), (10, 3), (46, 12), end="10.1.0.9")

    assert sent(silent, other) == [20, 20, 20, 46]


def test_a_hop_that_only_others_asked_is_known_from_them() -> None:
    """As long as they agree who stands there."""
    unasked = shared((10, 0), (0, 0), (10, 2), (46, 12))
    other, third = (shared((10, 0), (10, 0), (10, 3), (46, 12), end=f"10.1.0.{number}") for number in (8, 9))

    assert sent(unasked, other, third) == [30, 20, 30, 46]
    assert sent(unasked, other, differing(third, 2)) == [30, 0, 10, 46]


def test_what_a_dead_target_does_not_answer_is_no_routers_silence() -> None:
    """A path that does not reach its target ends with the last router that answers."""
    one = shared((10, 0), (10, 1), (46, 12))
    dead = replace(shared((10, 0), (10, 10)), destination="10.1.0.9", reached=False, ways=())

    assert sent(one, dead) == [20, 10, 46]


def test_targets_are_not_counted_together() -> None:
    """Not even where one stands at the place of a router of the other."""
    one = shared((10, 0), (10, 0), (46, 12))
    other = shared((10, 0), (46, 12), end="10.0.0.2")

    assert sent(one, other) == [20, 10, 46]


def test_paths_that_fare_differently_at_the_same_routers_are_not_counted_together() -> None:
    """Equal links between two routers may be chosen by the destination: then the others tell nothing of this one."""
    lossy = shared((30, 0), (30, 0), (30, 9), (30, 8), (146, 40))
    clean = [shared((30, 0), (30, 0), (30, 0), (30, 0), (146, 0), end=f"10.1.0.{number}") for number in range(9)]

    assert sent(lossy, *clean) == [300, 300, 30, 30, 146]
    assert "the loss starts at hop 3 (10.0.0.3) or hop 4" in long(read(lossy, clean))


def test_rejected_packets_are_not_counted() -> None:
    """Who rejects them is known."""
    one, other = shared((10, 0), (10, 4), (46, 0)), shared((10, 0), (10, 6), (46, 0), end="10.1.0.9")
    rejected = replace(other, hops=(other.hops[0], replace(other.hops[1], rejected=5), other.hops[2]))
    count = pooled(one, [rejected]).hops[1]

    assert (count.sent, count.lost) == (15, 5)
