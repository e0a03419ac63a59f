"""Where on a path loss begins: seen examples, what always holds, and how often it is right on drawn packets."""

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.probes.icmp.loss import loses, worse_than
from bot.probes.icmp.loss_start import HopCount, LossStart, loss_start
from tests.probes.icmp.drawn_paths import Scene, judged, told

RUNS, MANY_RUNS = 250, 1_000


def counts(*lost: int | None, sent: int, target: tuple[int, int]) -> list[HopCount]:
    """Routers that lost so many of `sent`, None is a silent one; then a target with (lost, sent)."""
    routers = [HopCount(ttl, sent, sent if each is None else each) for ttl, each in enumerate(lost, start=1)]
    return [*routers, HopCount(len(lost) + 1, target[1], target[0])]


def start_of(hops: list[HopCount]) -> LossStart:
    start = loss_start(hops)
    assert start
    return start


def test_lucky_hops_behind_the_start_do_not_move_it() -> None:
    """Seen: 25 % from hop 11 of 23 was told as hop 20, as hops 14 and 19 had lost one and none of ten."""
    lost = (0,) * 10 + (3, 2, 4, 1, 3, 2, 2, 3, 0, 1, 2, 3)
    start = start_of(counts(*lost, sent=10, target=(12, 46)))

    assert (start.first, start.last) == (10, 12)
    assert start.before == (0, 90) and start.clean_before
    assert start.after == (23 + 12, 110 + 46)


def test_a_hundred_packets_name_one_hop() -> None:
    """What 30 leave open, 100 decide."""
    assert told(counts(0, 0, 0, 0, 1, 3, 4, 2, sent=30, target=(14, 146))) == (5, 6)
    assert told(counts(0, 0, 0, 0, 11, 9, 12, 8, sent=100, target=(48, 496))) == (5, 5)


@pytest.mark.parametrize("lost", [0, 1, 3])
def test_nothing_is_blamed_where_the_target_loses_no_more_than_chance(lost: int) -> None:
    """Whatever routers lose then, it is their own."""
    assert loss_start(counts(0, 8, 5, 0, sent=10, target=(lost, 46))) is None


def test_the_target_itself_is_not_named_while_the_hops_before_lose_too() -> None:
    """Each lost only 1 of 10, which may be chance; eight such hops are not."""
    start = start_of(counts(1, 1, 1, 1, 1, 1, 1, 1, sent=10, target=(8, 46)))

    assert start.first == 1
    assert not start.clean_before


def test_the_target_itself_is_named_where_all_hops_before_are_clean() -> None:
    """Then the network on the way is clean."""
    start = start_of(counts(0, 0, 0, 0, sent=30, target=(40, 146)))

    assert (start.first, start.last) == (5, 5)
    assert start.before == (0, 120) and start.clean_before


def test_few_packets_do_not_make_the_target_the_culprit() -> None:
    """Where half is lost, two of two answers prove little, and only two such hops in a row something."""
    assert told(counts(0, 0, 0, 0, sent=2, target=(24, 46))) == (3, 5)


def test_where_slight_loss_begins_before_more_at_the_target_both_are_told() -> None:
    """A target alone would clear the hops before: the range reaches back to where they lose no more than chance."""
    start = start_of(counts(0, 0, 5, 6, 4, 5, 6, 5, sent=100, target=(150, 496)))

    assert (start.first, start.last) == (4, 9)
    assert start.before == (5, 300) and not start.clean_before


def test_the_largest_step_is_told_and_not_called_clean() -> None:
    """5 % from hop 3 and 30 % from hop 8: the range holds hop 8, and the count before it is not clean."""
    start = start_of(counts(0, 0, 5, 6, 4, 5, 6, 31, 28, sent=100, target=(150, 496)))

    assert (start.first, start.last) == (8, 8)
    assert start.before == (26, 700)
    assert not start.clean_before


def test_loss_may_begin_on_the_own_line() -> None:
    """No hop before it loses less."""
    start = start_of(counts(22, 28, 25, 24, sent=100, target=(126, 496)))

    assert start.first == 1
    assert start.last <= 2
    assert start.before == (0, 0) and not start.clean_before


@pytest.mark.parametrize("lost", [20, 46])
def test_a_path_of_one_hop_is_that_hop(lost: int) -> None:
    """There is no other place."""
    assert told([HopCount(1, 46, lost)]) == (1, 1)


def test_a_silent_or_limited_router_before_the_first_bad_hop_is_a_place_as_well() -> None:
    """Nothing tells whether loss begins there or at the hop behind."""
    start = start_of(counts(0, 0, None, 71, 12, 9, 11, sent=100, target=(52, 496)))

    assert (start.first, start.last) == (3, 5)
    assert (start.silent, start.limited) == ((3,), (4,))
    assert start.before == (0, 200)


def test_a_router_that_was_not_asked_is_a_place_and_not_called_silent() -> None:
    """Others asked it meanwhile."""
    hops = counts(0, 0, 0, 12, 9, 11, sent=100, target=(52, 496))
    hops[2] = HopCount(3, 0, 0)
    start = start_of(hops)

    assert (start.first, start.last) == (3, 4)
    assert start.silent == ()


def test_a_router_that_limits_its_answers_a_little_does_not_hide_the_truth() -> None:
    """Two of ten lost at hop 4 may be its own, and 10 % begin behind it."""
    start = start_of(counts(0, 0, 0, 2, 0, 1, 1, 2, sent=10, target=(5, 46)))

    assert start.last >= 6


def test_a_target_that_is_not_reached_does_not_raise() -> None:
    """All from hop 3 on is silent; what is told is true, if not much."""
    start = start_of(counts(0, 0, None, None, sent=10, target=(10, 10)))

    assert (start.first, start.last) == (3, 5)
    assert start.silent == (3, 4)


@pytest.mark.parametrize("hops", [[], [HopCount(1, 0, 0)], [HopCount(1, 10, 0), HopCount(2, 0, 0)]])
def test_a_target_that_was_not_asked_says_nothing(hops: list[HopCount]) -> None:
    """As before the first packet."""
    assert loss_start(hops) is None


def test_any_number_of_packets_can_be_judged() -> None:
    """Binomial coefficients of more than a thousand packets are too large for a float."""
    start = start_of(counts(0, 0, 500, 490, sent=5_000, target=(2_500, 25_000)))

    assert (start.first, start.last) == (3, 3)


@st.composite
def counted(draw: st.DrawFn) -> list[HopCount]:
    """Any path whose target loses more than chance."""
    routers = draw(st.lists(st.integers(0, 120).flatmap(lambda sent: st.tuples(st.just(sent), st.integers(0, sent)))))
    sent = draw(st.integers(2, 600))
    lost = draw(st.integers(1, sent))
    assume(loses(lost, sent))
    counts = [*routers[:29], (sent, lost)]
    return [HopCount(ttl, sent, lost) for ttl, (sent, lost) in enumerate(counts, start=1)]


@given(counted())
def test_the_range_and_its_counts_are_those_of_the_path(hops: list[HopCount]) -> None:
    """Inside the path, ending at a hop that tells something; the counts are sums of telling hops on both sides."""
    start = start_of(hops)
    telling = [hop for hop in hops[:-1] if hop.lost < hop.sent and hop.ttl not in start.limited] + hops[-1:]

    assert 1 <= start.first <= start.last <= len(hops)
    assert start.last in [hop.ttl for hop in telling]
    before, after = [
        [hop for hop in telling if hop.ttl < start.first],
        [hop for hop in telling if hop.ttl >= start.last],
    ]
    assert start.before == (sum(hop.lost for hop in before), sum(hop.sent for hop in before))
    assert start.after == (sum(hop.lost for hop in after), sum(hop.sent for hop in after))
    assert start.silent == tuple(hop.ttl for hop in hops[:-1] if hop.sent and hop.lost == hop.sent)


@given(counted())
def test_clean_is_said_only_where_it_is_beyond_chance(hops: list[HopCount]) -> None:
    """Nothing was lost before, and the end clearly loses more, by the rule that everything else goes by."""
    start = start_of(hops)

    assert start.clean_before is (start.before[0] == 0 < start.before[1] and worse_than(*start.after, *start.before))


def test_a_chance_of_exactly_one_in_twenty_is_no_difference() -> None:
    """By either of the two ways to count it: all three packets lost, beside none of three, is that chance."""
    start = start_of(counts(0, sent=3, target=(3, 3)))

    assert not worse_than(3, 3, 0, 3)
    assert (start.first, start.last, start.clean_before) == (1, 2, False)


@given(counted())
def test_a_target_is_named_alone_only_where_the_hops_before_clearly_lose_less(hops: list[HopCount]) -> None:
    """A path of one hop has none before."""
    start, target = start_of(hops), hops[-1]
    beside = [hop for hop in hops[:-1] if hop.lost < hop.sent and hop.ttl not in start.limited]

    if beside and beside[-1].ttl < start.first:
        assert worse_than(target.lost, target.sent, *start.before)
        assert not loses(*start.before)


@given(counted(), st.data())
def test_a_silent_hop_never_makes_the_range_lose_what_it_held(hops: list[HopCount], data: st.DataObject) -> None:
    """It tells nothing, wherever it stands: it may only be a place itself."""
    at = data.draw(st.integers(0, len(hops) - 1))
    more = [HopCount(hop.ttl + (place >= at), hop.sent, hop.lost) for place, hop in enumerate(hops)]
    start, longer = start_of(hops), start_of([*more[:at], HopCount(at + 1, 7, 7), *more[at:]])

    held = {ttl + (ttl > at) for ttl in range(start.first, start.last + 1)}
    now_held = set(range(longer.first, longer.last + 1))
    assert held <= now_held <= held | {at + 1}
    assert (longer.before, longer.after, longer.clean_before) == (start.before, start.after, start.clean_before)


@given(counted())
def test_a_router_is_called_limited_only_where_it_clearly_loses_more_than_all_behind(hops: list[HopCount]) -> None:
    """What passes through it can't lose less than it does itself; those behind that tell nothing don't count."""
    limited = start_of(hops).limited
    behind = (0, 0)

    for hop in reversed(hops):
        if hop.ttl in limited:
            assert worse_than(hop.lost, hop.sent, *behind)
        elif hop.lost < hop.sent or hop is hops[-1]:
            behind = (behind[0] + hop.lost, behind[1] + hop.sent)


@given(st.integers(1, 700), st.data())
def test_a_place_is_named_exactly_where_the_target_loses(sent: int, data: st.DataObject) -> None:
    """By the rule that everything else goes by."""
    lost = data.draw(st.integers(0, min(sent, 20)) | st.just(sent))

    assert (loss_start([HopCount(1, sent, lost)]) is not None) is loses(lost, sent)


@pytest.mark.parametrize("cycles", [10, 30, 100])
@pytest.mark.parametrize(("length", "begins", "loss"), [(9, 5, 0.10), (9, 5, 0.25), (23, 11, 0.25)])
def test_the_range_is_right_and_narrow_on_drawn_packets(length: int, begins: int, loss: float, cycles: int) -> None:
    """In 95 % of the runs that name one; a wrong hop alone in 2 %, a limited router never; 2 hops at 30 cycles."""
    runs = MANY_RUNS if cycles == 30 else RUNS
    (score,) = judged(Scene(length, begins, loss, cycles), runs, (told,))

    assert score.named > runs / 2
    assert score.held_share >= 0.95
    assert score.wrong_share <= 0.02
    assert score.limited_blamed == 0
    if cycles >= 30:
        assert score.width <= 2


@pytest.mark.parametrize(
    "scene",
    [
        Scene(9, 5, 0.05, 30),
        Scene(9, 5, 0.50, 10),
        Scene(9, 5, 0.90, 30),
        Scene(9, 1, 0.10, 30, limited={}, silent=(4,)),
        Scene(9, 1, 0.25, 10, limited={6: 0.6}),
        Scene(9, 9, 0.25, 10),
        Scene(9, 5, 0.25, 10, limited={4: 0.5}, silent=(7,)),
        Scene(9, 5, 0.25, 30, limited={4: 0.65, 8: 0.8}, silent=(2,)),
        Scene(9, 5, 0.25, 30, limited={5: 0.6}, silent=(6,)),
        Scene(9, 5, 0.10, 10, limited={4: 0.2}),
        Scene(12, 6, 0.10, 30, limited={2: 0.6, 9: 0.7}, silent=(3, 4, 5)),
        Scene(9, 5, 0.10, 30, elsewhere=0.01),
        Scene(9, 5, 0.25, 30, limited={}, asked={2: 6, 4: 6, 5: 6, 6: 0}),
        Scene(2, 1, 0.20, 30, limited={}),
        Scene(2, 2, 0.20, 10, limited={1: 0.6}),
    ],
    ids=lambda scene: f"{scene}, limited {scene.limited}, silent {scene.silent}",
)
def test_the_range_holds_the_truth_on_other_paths(scene: Scene) -> None:
    """Other losses, lengths and places: right in 95 %, less the error of so few runs; a limited router never blamed."""
    (score,) = judged(scene, RUNS, (told,))

    assert score.held_share >= 0.95 - 2 * math.sqrt(0.95 * 0.05 / score.named)
    assert score.limited_blamed == 0


def test_slight_loss_that_happened_to_be_noticed_does_not_clear_the_hops_before() -> None:
    """7 % is more than chance in four of ten runs, in those where the target lost more than that."""
    (score,) = judged(Scene(15, 4, 0.07, 10, limited={}), MANY_RUNS, (told,))

    assert score.named < MANY_RUNS / 2
    assert score.held_share >= 0.94


def test_loss_on_the_own_line_is_told_as_narrowly_as_elsewhere() -> None:
    """Though no hop before it shows what it is like without loss."""
    (score,) = judged(Scene(9, 1, 0.25, 100, limited={}), RUNS, (told,))

    assert score.held_share >= 0.95
    assert score.width <= 2


def test_more_packets_make_the_range_narrower() -> None:
    """From ten cycles to thirty to a hundred."""
    widths = [judged(Scene(9, 5, 0.10, cycles), RUNS, (told,))[0].width for cycles in (10, 30, 100)]

    assert widths[0] > 2 * widths[1] > 2 * widths[2]
