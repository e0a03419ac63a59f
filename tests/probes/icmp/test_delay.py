"""Where on a path the delay begins."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.probes.icmp.delay import Rise, rises
from bot.probes.icmp.loss import Tally
from bot.probes.icmp.path import Path
from bot.probes.icmp.path_verdict import read
from bot.probes.wording import long
from bot.probes.wording.path import delay_words
from tests.probes.icmp import test_path

RTTS = st.floats(0.01, 900)


def tally(*rtts_ms: float, sent: int = 10) -> Tally:
    return Tally(sent, rtts_ms)


def steady(*medians_ms: float | None, answers: int = 10) -> list[Tally]:
    """A hop for each, whose answers all take so long; None is a silent hop."""
    return [tally(*[ms] * answers) if ms is not None else tally() for ms in medians_ms]


def traced(*medians_ms: float | None) -> Path:
    """The same as a path to 10.0.0.<last>."""
    clean = test_path.path(*(None if ms is None else 0 for ms in medians_ms))
    pairs = zip(clean.hops, steady(*medians_ms), strict=True)
    return replace(clean, hops=tuple(replace(hop, tally=each) for hop, each in pairs))


@pytest.mark.parametrize(
    ("medians_ms", "places"),
    [
        ((1, 5, 5, 240, 241, 240), [3]),
        ((1, 300, 5, 240, 240), [3]),
        ((1, 5, None, 240, 240), [3]),
        ((1, 5, 5, 90), [3]),
        ((300, 301, 302), [0]),
        ((1, 20, 160, 161, 400, 401), [2, 4]),
        ((1, 35, 70, 105, 140, 230, 230), [5]),
        ((1, 300, 5, 6), []),
        ((1, 35, 70, 105, 140, 185, 185), []),
        ((1, 240, None), []),
        ((None, None), []),
        ((), []),
        ((30, 31), []),
    ],
)
def test_delay_begins_where_it_goes_on_to_the_end(medians_ms: tuple[float | None, ...], places: list[int]) -> None:
    """A router's own slowness, silent hops, short steps, and the wavering of a long path do not count."""
    assert [rise.place for rise in rises(steady(*medians_ms))] == places


@pytest.mark.parametrize(("answers", "told"), [(1, False), (2, False), (3, False), (4, True), (10, True)])
def test_few_answers_prove_no_rise(answers: int, told: bool) -> None:
    """Three slow packets after three fast ones are one order of twenty: not yet more than chance."""
    assert bool(rises(steady(1, 240, 240, answers=answers))) is told


def test_a_full_queue_is_a_delay_though_some_packets_pass_quickly() -> None:
    """The median counts, not the best packet."""
    queue = tally(6, 7, 150, 180, 200, 210, 220, 230, 260, 400)

    assert rises([*steady(1, 5), queue, queue]) == (Rise(2, 1, 5, 205),)


def test_one_slow_packet_is_no_delay() -> None:
    """Also where it stands at every hop."""
    once = tally(5, 5, 5, 5, 5, 5, 5, 5, 5, 900)

    assert rises([*steady(1, 5), once, once]) == ()


@given(st.lists(st.lists(RTTS, max_size=10).map(lambda rtts: tally(*rtts)), max_size=20))
def test_every_telling_hop_after_the_named_one_is_slow(tallies: list[Tally]) -> None:
    """Whatever was measured: it stays slow to the end, and the hop before was clearly faster."""
    for rise in rises(tallies):
        later = [each.median_ms for each in tallies[rise.place :] if each.received >= 3]
        assert min(later) == rise.after_ms and tallies[-1].received >= 3
        assert rise.after_ms - rise.before_ms >= 40
        assert rise.before is None or tallies[rise.before].median_ms == rise.before_ms


@given(st.lists(st.floats(1, 30), min_size=1, max_size=12), st.integers(0, 11), st.floats(80, 900))
def test_an_added_delay_is_found_at_its_hop(medians_ms: list[float], place: int, more_ms: float) -> None:
    """A way that gets longer little by little, with one far step in it."""
    place = min(place, len(medians_ms) - 1)
    ordered = sorted(medians_ms)
    found = rises(steady(*ordered[:place], *(ms + more_ms for ms in ordered[place:])))

    assert [rise.place for rise in found] == [place]


def test_a_long_way_is_told_and_is_well() -> None:
    """An ocean is no trouble, and worth knowing."""
    found = read(traced(1, 5, 300, 240, 240))

    assert found.ok
    assert long(found).endswith("average 240 ms; the delay begins at hop 3 (10.0.0.3): 5.0 ms before, 240 ms behind it")


def test_hops_before_the_delay_that_tell_nothing_are_named() -> None:
    """It may begin there as well."""
    words = delay_words(read(traced(1, None, 240, 240)))
    where = "hop 3 (10.0.0.3) or at hop 2, which can't be judged"

    assert words == f"the delay begins at {where}: 1.0 ms before, 240 ms behind it"
    assert delay_words(read(traced(None, 240, 240))).startswith(
        "the delay begins at hop 2 (10.0.0.2) or at hop 1, which"
    )


def test_a_second_rise_is_told_too() -> None:
    """A full queue behind an ocean is not hidden by it."""
    words = delay_words(read(traced(1, 90, 90, 300, 300)))

    assert words == (
        "the delay begins at hop 2 (10.0.0.2): 1.0 ms before, 90.0 ms behind it; "
        "it rises again at hop 4 (10.0.0.4): 90.0 ms before, 300 ms behind it"
    )


def test_delay_at_the_target_alone_is_said_so() -> None:
    """Then the network on the way is quick."""
    assert (
        delay_words(read(traced(1, 5, 90)))
        == "the delay begins at the target itself, 10.0.0.3 (hop 3): 5.0 ms before, 90.0 ms there"
    )


def test_a_path_that_is_not_reached_has_no_delay_to_its_end() -> None:
    """Nobody knows what comes behind."""
    assert delay_words(read(replace(traced(1, 5, 240, 240), reached=False))) == ""


@given(st.lists(st.lists(RTTS, max_size=10).map(lambda rtts: tally(*rtts)), min_size=1, max_size=12))
def test_delay_never_makes_a_path_bad(tallies: list[Tally]) -> None:
    """Any path is read in one line, and only its loss is judged."""
    clean = test_path.path(*[0] * len(tallies))
    hops = tuple(replace(hop, tally=each) for hop, each in zip(clean.hops, tallies, strict=True))
    found = read(replace(clean, hops=hops))

    assert found.ok is not tallies[-1].loses
    assert "\n" not in long(found)
