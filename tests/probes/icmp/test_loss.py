"""Judging small samples of lost packets."""

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.probes.icmp.loss import Tally, excess, loses, loses_among, own_drops, tail, worse_than

sent = st.integers(1, 60)


@given(sent, sent, st.data())
def test_the_exact_test_is_a_probability(own: int, other: int, data: st.DataObject) -> None:
    """Between 0 and 1, 1 where nothing was lost, and the smaller the more of the loss is here."""
    lost, other_lost = data.draw(st.integers(0, own)), data.draw(st.integers(0, other))

    assert 0 < excess(lost, own, other_lost, other) <= 1
    assert excess(0, own, other_lost, other) == pytest.approx(1)
    if lost < own and other_lost:
        assert excess(lost + 1, own, other_lost - 1, other) <= excess(lost, own, other_lost, other)


def test_the_exact_test_of_a_known_table() -> None:
    """Fisher's tea: 3 of 4 against 1 of 4 happens in 17 of 70."""
    assert math.isclose(excess(3, 4, 1, 4), 17 / 70)


@given(sent, st.floats(0.001, 0.999))
def test_a_tail_is_the_whole_from_zero(count: int, rate: float) -> None:
    """At least none of the packets is always lost."""
    assert math.isclose(tail(0, count, rate), 1)


@pytest.mark.parametrize(
    ("lost", "of", "among", "bad"), [(1, 10, 1, False), (2, 10, 1, True), (2, 10, 41, False), (3, 10, 41, True)]
)
def test_many_addresses_need_more_proof(lost: int, of: int, among: int, bad: bool) -> None:
    """Two of ten is loss where one address was asked, and may be chance among forty-one."""
    assert loses_among(lost, of, among) is bad
    assert not bad or loses(lost, of)


def test_a_difference_must_be_clear() -> None:
    """5 of 10 beside 0 of 46 is one, 1 of 10 is none, and nothing lost is never worse."""
    assert worse_than(5, 10, 0, 46)
    assert not worse_than(1, 10, 0, 10)
    assert not worse_than(0, 10, 5, 10)


def test_own_drops_are_counted_in_words() -> None:
    """Nothing is said about none."""
    assert own_drops(0) == ""
    assert "dropped 1 arriving packet," in own_drops(1)


def test_quartiles_of_few_answers() -> None:
    """None, one and two have quartiles too."""
    assert Tally(3, ()).quartiles_ms == (0, 0)
    assert Tally(3, (5.0,)).quartiles_ms == (5, 5)
    assert Tally(3, (2.0, 4.0)).quartiles_ms == (2.5, 3.5)
    assert Tally(9, tuple(map(float, range(1, 10)))).quartiles_ms == (3, 7)


@given(st.lists(st.floats(0.01, 900), min_size=1, max_size=30))
def test_quartiles_stand_on_both_sides_of_the_median(rtts: list[float]) -> None:
    """From best to worst, in this order."""
    tally = Tally(30, tuple(rtts))
    first, third = tally.quartiles_ms

    ordered = [tally.best_ms, first, tally.median_ms, third, tally.worst_ms]
    assert all(low <= high or math.isclose(low, high) for low, high in pairwise(ordered))


def test_thousands_of_packets_are_judged_too() -> None:
    """Pooled over addresses and cycles there are more than a float can count the ways of."""
    assert loses(60, 3000) and not loses(30, 3000)
    assert worse_than(90, 3000, 30, 3000) and not worse_than(35, 3000, 30, 3000)
