"""Gaps in the answers of something that answers, told from random loss."""

import itertools
import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.probes.icmp.path_facts import Outage
from bot.probes.icmp.quiet import Gap, chance_of_run, gaps, quiet_times

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
MTR, PING = 46, 10
"""Packets to the target in an MTR of ten cycles, and in a ping."""


def losses(dice: random.Random, packets: int, rate: float) -> list[bool]:
    return [dice.random() < rate for _ in range(packets)]


def with_gap(dice: random.Random, packets: int, rate: float, first: int, length: int) -> list[bool]:
    lost = losses(dice, packets, rate)
    return [*lost[:first], *[True] * length, *lost[first + length :]]


def ones(text: str) -> list[bool]:
    return [letter == "x" for letter in text]


@given(st.lists(st.booleans(), max_size=200))
def test_a_gap_is_a_whole_run_of_lost_packets(lost: list[bool]) -> None:
    """In order, without overlap, each as long as it goes, and none where nothing was answered."""
    found = gaps(lost)

    assert found == sorted(found)
    for gap in found:
        assert all(lost[gap.first : gap.behind]) and gap.packets >= 4
        assert gap.first == 0 or not lost[gap.first - 1]
        assert gap.behind == len(lost) or not lost[gap.behind]
    assert not found or not all(lost)


@given(st.integers(1, 11), st.data())
def test_the_chance_of_a_run_is_what_counting_all_ways_gives(sent: int, data: st.DataObject) -> None:
    """Each way to spread the lost packets is as likely as any other."""
    lost = data.draw(st.integers(1, sent))
    run = data.draw(st.integers(1, lost))
    ways = [set(way) for way in itertools.combinations(range(sent), lost)]
    long = [way for way in ways if any(way.issuperset(range(at, at + run)) for at in range(sent - run + 1))]

    assert chance_of_run(sent, lost, run) == pytest.approx(len(long) / len(ways))


@given(st.lists(st.booleans(), min_size=20, max_size=100), st.integers(20, 40))
def test_more_packets_into_a_gap_leave_it_one(lost: list[bool], more: int) -> None:
    """A longer outage is no less sure than a shorter one."""
    for gap in gaps(lost):
        longer = [*lost[: gap.first], *[True] * more, *lost[gap.first :]]
        assert any(each.first <= gap.first and each.packets >= more for each in gaps(longer))


@pytest.mark.parametrize("packets", [PING, MTR, 146, 496])
@pytest.mark.parametrize("rate", [0.1, 0.3, 0.5])
def test_random_loss_is_called_a_gap_in_less_than_one_of_a_hundred_runs(packets: int, rate: float) -> None:
    """At 10, 30 and 50 %, in a ping, and in MTRs of 10, 30 and 100 cycles."""
    dice, runs = random.Random(f"{packets} {rate}"), 3000

    assert sum(bool(gaps(losses(dice, packets, rate))) for _ in range(runs)) < 0.01 * runs + 2.6 * (0.01 * runs) ** 0.5


@pytest.mark.parametrize("packets", [MTR, 146, 496])
@pytest.mark.parametrize("rate", [0.0, 0.05, 0.1])
def test_two_seconds_without_an_answer_are_found(packets: int, rate: float) -> None:
    """At five packets a second and up to 10 % other loss, in more than 95 of 100 runs, and nothing else with them."""
    dice, runs, right = random.Random(f"{packets} {rate}"), 1000, 0
    for _ in range(runs):
        first = dice.randrange(1, packets - 10)
        found = gaps(with_gap(dice, packets, rate, first, 10))
        right += len(found) == 1 and found[0].first <= first and found[0].behind >= first + 10

    assert right > 0.95 * runs


@pytest.mark.parametrize("last", range(4, 10))
def test_a_ping_that_stops_to_answer_has_an_end(last: int) -> None:
    """The last four of ten or more are enough where the others all came."""
    assert gaps([False] * (PING - last) + [True] * last) == [Gap(PING - last, PING)]


@pytest.mark.parametrize("last", [1, 2, 3])
def test_fewer_at_the_end_may_be_chance(last: int) -> None:
    """Nobody is called dead for three packets."""
    assert gaps([False] * (PING - last) + [True] * last) == []


@pytest.mark.parametrize(
    ("packets", "found"),
    [
        ("." * 18 + "x" * 10 + "." * 18, [Gap(18, 28)]),
        ("." * 8 + "x" * 10 + "." * 10 + "x" * 8 + "." * 10, [Gap(8, 18), Gap(28, 36)]),
        ("." * 8 + "x" * 10 + "." * 10 + "x" * 18, [Gap(8, 18), Gap(28, 46)]),
        ("x" * 10 + "." * 36, [Gap(0, 10)]),
        ("x" * 46, []),
        ("." * 20 + "xxx" + "." * 23, []),
        ("." + "x" * 45, [Gap(1, 46)]),
        (".x" * 23, []),
        ("x.x..xx.x." * 4 + "xxxxx." + "x.x..xx.x.", []),
        ("", []),
    ],
)
def test_what_is_a_gap(packets: str, found: list[Gap]) -> None:
    """One, two, one and the end, a late start; nothing at all, too short, or as long as such loss makes them."""
    assert gaps(ones(packets)) == found


def test_gaps_are_told_with_the_times_of_their_packets() -> None:
    """From the first lost packet to the first that was answered again; the last has no end."""
    lost = ones("." * 8 + "x" * 10 + "." * 10 + "x" * 18)
    quiet = quiet_times(
        [(100 + 0.2 * number, was_lost) for number, was_lost in enumerate(lost)],
        lambda loop_s: NOON + timedelta(seconds=round(loop_s - 100, 3)),
    )

    assert quiet == (
        Outage(NOON + timedelta(seconds=1.6), NOON + timedelta(seconds=3.6), 10),
        Outage(NOON + timedelta(seconds=5.6), None, 18),
    )
