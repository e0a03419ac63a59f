"""Reading an MTR, and judging small samples."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.probes.loss import Tally, loses
from bot.probes.path import Hop, Path, Quiet, Rejected, Way
from bot.probes.path_facts import PathEnd
from bot.probes.path_verdict import ONE_WAY, read
from bot.probes.pooled import pooled
from bot.probes.run import Run
from bot.probes.traced import COLUMNS, traced
from bot.probes.wording import long, short

BEGAN = datetime(2026, 1, 1, 12, 46, tzinfo=UTC)
ALIKE = (Way(0, 10, 0), Way(1, 10, 0))
"""Two flows of which none loses more than the other."""


def path(*lost: int | None, sent: int = 10, end_sent: int = 0) -> Path:
    """A path whose hops lost so many packets; None is a silent hop. The last is the target, asked `end_sent` times."""
    counts = [(sent, count) for count in lost[:-1]] + [(end_sent or sent, lost[-1])]
    hops = tuple(
        Hop(
            ttl,
            (f"10.0.0.{ttl}",) if count is not None else (),
            Tally(asked, (1.0,) * (asked - (count or 0)) if count is not None else ()),
        )
        for ttl, (asked, count) in enumerate(counts, start=1)
    )
    return Path(f"10.0.0.{len(lost)}", "here", BEGAN, sent, hops, reached=True, ways=ALIKE)


class TestWhereLossBegins:
    """One change point over all hops that tell something, as wide as the data demand."""

    def test_it_is_a_range_where_ten_packets_cannot_tell_more(self) -> None:
        """The hop before may have been lucky; it is not called clean."""
        verdict = read(path(0, 0, 1, 4, 5, 14, end_sent=46, sent=10))

        assert verdict.path and verdict.path.begins
        assert verdict.path.begins.first.ttl < 4 <= verdict.path.begins.last.ttl
        assert "the loss starts at hop 3 (10.0.0.3) or hop 4 (10.0.0.4)" in long(verdict)
        assert "the way back is not measured" in long(verdict)

    def test_with_many_packets_it_is_one_hop(self) -> None:
        """And those before it lost nothing."""
        verdict = read(path(0, 0, 25, 26, 125, sent=100, end_sent=496))

        assert long(verdict) == (
            "125 of 496 packets to 10.0.0.5 are lost; the loss starts at hop 3 (10.0.0.3); the hops before are clean; "
            "the way back is not measured"
        )
        assert short(verdict) == "10.0.0.5 loses 125 of 496, starting at hop 3 (10.0.0.3)"

    def test_hops_that_lose_are_never_called_clean(self) -> None:
        """Their own loss is said instead."""
        verdict = long(read(path(2, 3, 26, 25, 125, sent=100, end_sent=496)))

        assert "clean" not in verdict and "the hops before lose 5 of 200" in verdict

    def test_a_silent_hop_before_it_may_be_the_place(self) -> None:
        """Nothing clears it."""
        verdict = read(path(0, None, 26, 25, 125, sent=100, end_sent=496))

        assert "starts at hop 2 or hop 3 (10.0.0.3); hop 2 does not answer" in long(verdict)

    def test_a_router_that_limits_its_own_answers_is_never_blamed(self) -> None:
        """What it passes on is what counts; it is named as what it is."""
        verdict = read(path(0, 80, 0, 25, 24, 125, sent=100, end_sent=496))

        assert "starts at hop 4 (10.0.0.4)" in long(verdict)
        assert "hop 2 (80 of 100 lost) limits its own answers, packets pass it" in long(verdict)

    def test_the_target_itself_is_named_only_where_the_hops_before_lose_less(self) -> None:
        """Then the network on the way is clean."""
        alone, all_lose = (
            read(path(0, 0, 0, 250, sent=100, end_sent=496)),
            read(path(9, 11, 10, 50, sent=100, end_sent=496)),
        )

        assert "starts at the target itself; the hops before are clean" in long(alone)
        assert "the target itself" not in long(all_lose)

    def test_nothing_is_blamed_where_the_target_lost_nothing(self) -> None:
        """Loss at a hop alone is that router's own limit, however much it is."""
        verdict = read(path(0, 9, 0, 0, end_sent=46))

        assert verdict.ok and not verdict.may_be_chance
        assert verdict.path and verdict.path.begins is None
        assert "No loss to 10.0.0.4 over 4 hops" in long(verdict)
        assert "hop 2 (9 of 10 lost) limits its own answers" in long(verdict)

    def test_one_lost_packet_may_be_chance(self) -> None:
        """It is shown, and no place is named."""
        verdict = read(path(0, 0, 1, end_sent=46))

        assert verdict.ok and verdict.may_be_chance
        assert "1 of 46 lost, which may be chance" in long(verdict)

    def test_a_hop_asked_twice_tells_little(self) -> None:
        """Two of two answers do not make it clean where half of all packets are lost."""
        verdict = read(shared((2, 0), (2, 0), (2, 0), (46, 24)))

        assert "clean" not in long(verdict) and "run it again" not in long(verdict)


class TestHowTheWayEnds:
    """Unreachable answers, refusals, loops, too many hops, silence: each is told as what it is."""

    def test_rejects_are_lost_packets_with_a_name(self) -> None:
        """The target stays reached; a firewall's word is told as a firewall's."""
        rejected = Rejected(3, "10.0.0.3", "communication administratively prohibited", 12, 46)
        verdict = read(replace(path(0, 0, 0, 3, 12, end_sent=46), rejects=(rejected,)))

        assert verdict.path and verdict.path.reached and not verdict.ok
        assert long(verdict).startswith("hop 3 (10.0.0.3) rejects 12 of 46 packets to 10.0.0.5: filtered by a firewall")

    def test_rejects_and_other_loss_are_told_apart(self) -> None:
        """Twelve rejected, ten more lost on the way."""
        rejected = Rejected(3, "10.0.0.3", "host unreachable", 12, 46)
        lossy = path(0, 0, 0, 3, 22, end_sent=46)
        target = replace(lossy.hops[-1], rejected=12)
        verdict = read(replace(lossy, hops=(*lossy.hops[:-1], target), rejects=(rejected,)))

        assert "it says host unreachable" in long(verdict)
        assert "of the other 34 packets 10 are lost" in long(verdict)

    def test_a_target_that_refuses_ping_is_there(self) -> None:
        """The path to it is what was measured."""
        verdict = read(replace(path(0, 0, 0, end_sent=46), refused="port unreachable", refusals=46))

        assert verdict.ok
        assert long(verdict) == "10.0.0.3 refuses ping; the path is fine over 3 hops"

    def test_a_target_that_ignores_ping_is_not_called_down(self) -> None:
        """A firewall looks the same."""
        silent = replace(path(0, 0, None), destination="10.9.9.9", reached=False, ways=())
        verdict = read(silent)

        assert long(verdict) == (
            "10.9.9.9 does not answer ping; the path answers up to hop 2 (10.0.0.2), which may be a firewall"
        )
        assert "down" not in long(verdict)

    def test_a_loop_is_called_one(self) -> None:
        """With the routers that pass packets to each other."""
        looping = replace(path(0, 0, 0, 0, 0), destination="10.9.9.9", reached=False, loop=(2, 3), ways=())

        assert long(read(looping)) == (
            "10.9.9.9 is not reached: packets go in a circle between hop 2 (10.0.0.2) and hop 3 (10.0.0.3)"
        )

    def test_more_than_thirty_hops_is_not_found(self) -> None:
        """Which is not the same as not reached."""
        far = replace(path(*[0] * 30), destination="10.9.9.9", reached=False, beyond=True, ways=())

        assert long(read(far)) == "10.9.9.9 is not found within 30 hops"
        assert read(far).path and read(far).path.end is PathEnd.BEYOND  # type: ignore[union-attr]

    def test_dead_since_a_time_is_told_as_that(self) -> None:
        """And not as a percentage."""
        died = Quiet(BEGAN + timedelta(seconds=7), None, 15)
        verdict = read(replace(path(0, 0, 15, end_sent=46), quiet=(died,)))

        assert verdict.wrong == "stopped answering"
        assert long(verdict).startswith("10.0.0.3 stopped answering at 12:46:07 UTC") and "15 of 46" not in long(
            verdict
        )

    def test_one_gap_is_told_with_its_length(self) -> None:
        """Two seconds without an answer, and nothing else lost."""
        gap = Quiet(BEGAN + timedelta(seconds=7), BEGAN + timedelta(seconds=9), 10)

        assert long(read(replace(path(0, 0, 10, end_sent=46), quiet=(gap,)))).startswith(
            "10.0.0.3 was away for 2.0 s from 12:46:07 UTC"
        )

    def test_nothing_sent_is_not_measured(self) -> None:
        """A machine without a network says nothing of the target."""
        unsent = replace(shared((0, 0), (0, 0)), reached=False, unsent="Network is unreachable", ways=())

        assert not read(unsent).measured
        assert long(read(unsent)) == "Nothing could be sent to 10.0.0.2: Network is unreachable"


class TestEqualWays:
    """Packets vary their flow, so that one of several equal paths that loses is found."""

    def test_one_of_several_ways_that_loses_is_named(self) -> None:
        """And the hops, which are on another one, are not blamed."""
        ways = (Way(0, 10, 0), *(Way(flow, 9, 9 if flow == 3 else 0) for flow in range(1, 5)))
        verdict = read(replace(path(0, 0, 0, 9, end_sent=46), ways=ways))

        assert "1 of 5 flows loses packets (9 of 9), the others none" in long(verdict)
        assert verdict.path and verdict.path.begins is None and not verdict.ok

    def test_ways_that_lose_alike_are_one(self) -> None:
        """Chance spreads unevenly too."""
        ways = tuple(Way(flow, 9, lost) for flow, lost in enumerate((3, 1, 2, 4, 2)))

        assert (read(replace(path(0, 3, 12, end_sent=45), ways=ways)).path or pytest.fail()).ways is None

    def test_a_single_flow_is_said_so(self) -> None:
        """An MTR of somebody else's, as Globalping's."""
        assert ONE_WAY in long(read(replace(path(0, 0, 0, 0), ways=())))
        assert ONE_WAY not in long(read(path(0, 0, 0, 0)))


class TestSharedRouters:
    """MTRs over the same routers pool what they know."""

    def test_hops_that_several_asked_count_together(self) -> None:
        """Ten paths that each asked a router a few times know it well together."""
        few = [shared((10, 0), (3, 0), (3, 1), (46, 12), end=f"10.1.0.{number}") for number in range(10)]
        counts, helped = pooled(few[0], few[1:])

        assert [(count.sent, count.lost) for count in counts] == [(100, 0), (30, 0), (30, 10), (46, 12)]
        assert helped == 9
        assert "starts at hop 3" in long(read(few[0], few[1:]))
        assert "run it again" not in long(read(few[0], few[1:]))

    def test_behind_a_router_that_differs_nothing_is_shared(self) -> None:
        """What gets lost there is lost on another way."""
        one, other = shared((10, 0), (10, 0), (46, 12)), shared((10, 0), (10, 9), (46, 12), end="10.1.0.9")
        apart = replace(other, hops=(other.hops[0], replace(other.hops[1], hosts=("10.7.7.7",)), other.hops[2]))

        assert [count.sent for count in pooled(one, [apart])[0]] == [20, 10, 46]


def shared(*counts: tuple[int, int], cycles: int = 10, end: str = "") -> Path:
    """A path whose hops were asked and lost so often; the last is the destination."""
    last = len(counts)
    hops = tuple(
        Hop(
            ttl,
            ((end if ttl == last and end else f"10.0.0.{ttl}"),) if sent > lost else (),
            Tally(sent, (1.0,) * (sent - lost)),
        )
        for ttl, (sent, lost) in enumerate(counts, start=1)
    )
    return Path(end or f"10.0.0.{last}", "here", BEGAN, cycles, hops, reached=True, ways=ALIKE)


async def test_a_hop_that_was_not_asked_is_not_called_silent() -> None:
    """Nor is the path's length known then, if it stands before the destination."""
    path = shared((3, 0), (0, 0), (46, 0))
    result = traced(Run("mtr", "x", COLUMNS, lambda: path.started_at), path)

    assert long(result.verdict).startswith("No loss to 10.0.0.3 over at most 3 hops")
    assert [reading.reason for reading in result.readings] == ["", "not asked", ""]
    assert result.readings[1].cells[:3] == ("2", "???", "-")
    assert " 2.|-- ???       0.0%     0    0.0" in result.report


@given(st.lists(st.one_of(st.none(), st.integers(0, 10)), min_size=1, max_size=30), st.integers(0, 9))
def test_any_path_is_read_in_one_line(lost: list[int | None], last: int) -> None:
    """Every path gets a verdict of one line, and is ok exactly if its end does not lose packets."""
    verdict = read(path(*lost, last))

    assert long(verdict) and "\n" not in long(verdict) + short(verdict)
    assert verdict.ok is not loses(last, 10)


@pytest.mark.parametrize(
    ("lost", "sent", "bad"),
    [(0, 10, False), (1, 10, False), (2, 10, True), (1, 1, True), (1, 2, False), (4, 100, False), (5, 100, True)],
)
def test_small_samples_are_judged_as_such(lost: int, sent: int, bad: bool) -> None:
    """One packet of ten is chance, two are not; all lost always counts."""
    assert loses(lost, sent) is bad


@given(st.integers(1, 200), st.integers(0, 200))
def test_more_loss_is_never_judged_better(sent: int, lost: int) -> None:
    """The judgement is monotone."""
    lost = min(lost, sent)

    assert not loses(lost, sent) or loses(min(lost + 1, sent), sent)
