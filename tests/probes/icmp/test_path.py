"""Reading an MTR, and judging small samples."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.probes.icmp.loss import Tally, loses
from bot.probes.icmp.path import FlowWay, Hop, Path
from bot.probes.icmp.path_facts import Outage, PathEnd, PathHop, Rejects
from bot.probes.icmp.path_verdict import MTR, ONE_WAY, read
from bot.probes.icmp.trace_result import traced
from bot.probes.results import Run
from bot.probes.wording import long, short

BEGAN = datetime(2026, 1, 1, 12, 46, tzinfo=UTC)


def alike(lost: int, sent: int, cycles: int) -> tuple[FlowWay, ...]:
    """Two flows, that of the hops with a packet a cycle, of which none loses more than the other."""
    return tuple(
        FlowWay(flow, count, round(count * lost / max(1, sent)))
        for flow, count in enumerate((cycles, max(1, sent - cycles)))
    )


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
    ways = alike(lost[-1] or 0, end_sent or sent, sent)
    return Path(f"10.0.0.{len(lost)}", "here", BEGAN, sent, hops, reached=True, ways=ways)


def unreached(*lost: int | None) -> Path:
    """The same to 10.9.9.9, which does not answer."""
    return replace(path(*lost), destination="10.9.9.9", reached=False, ways=())


def rejecting(found: Path, count: int, words: str, *, by: int) -> Path:
    """A path of whose lost packets so many to the target were rejected by one hop, and of each hop behind it some."""
    target = found.hops[-1]
    rejected = Rejects(
        PathHop(by, f"10.0.0.{by}"), words, count, target.tally.sent, filtered="unreachable" not in words
    )
    behind = (replace(hop, rejected=hop.tally.lost) if hop.ttl > by else hop for hop in found.hops[:-1])
    return replace(found, hops=(*behind, replace(target, rejected=count)), rejects=(rejected,))


class TestWhereLossBegins:
    """One change point over all hops that tell something, as wide as the data demand."""

    def test_it_is_a_range_where_ten_packets_cannot_tell_more(self) -> None:
        """The hop that lost one packet may have been lucky."""
        verdict = read(path(0, 0, 1, 4, 12, end_sent=46))

        assert verdict.path and verdict.path.begins
        assert (verdict.path.begins.first.ttl, verdict.path.begins.last.ttl) == (2, 4)
        assert long(verdict) == (
            "12 of 46 packets to 10.0.0.5 are lost; the loss starts between hop 2 (10.0.0.2) and hop 4 (10.0.0.4); "
            "the hop before is clean; the way back is not measured"
        )
        assert short(verdict) == "10.0.0.5 loses 12 of 46, starting between hop 2 and hop 4"

    def test_two_hops_are_named_as_such(self) -> None:
        """ "Between" two neighbours would be the link behind the first, and it may be the one before as well."""
        assert "the loss starts at hop 4 (10.0.0.4) or hop 5 (10.0.0.5); " in long(
            read(path(0, 0, 0, 1, 4, 12, end_sent=46))
        )

    def test_loss_from_the_first_hop_on_is_not_put_behind_it(self) -> None:
        """Nothing before it was seen."""
        verdict = long(read(path(26, 24, 25, 125, sent=100, end_sent=496)))

        assert "the loss starts at hop 1 (10.0.0.1); the way back is not measured" in verdict

    def test_few_packets_that_could_be_lost_anywhere_name_no_place(self) -> None:
        """That is said."""
        assert long(read(path(1, 0, 5))).endswith("are lost; too few packets to tell where the loss starts")
        assert short(read(path(1, 0, 5))) == "10.0.0.3 loses 5 of 10"

    def test_a_target_that_is_the_first_hop_has_no_way(self) -> None:
        """No router is there to be blamed."""
        assert long(read(path(3))) == (
            "3 of 10 packets to 10.0.0.1 are lost; it is the first hop, so no router is between"
        )

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

    def test_a_hop_that_few_packets_tell_nothing_of_is_said_so(self) -> None:
        """One lost packet at the end may be the rest of the loss before, or chance."""
        verdict = read(path(0, 5, 1))

        assert verdict.ok and verdict.path and verdict.path.limited == ()
        assert "hop 2 loses 5 of 10: too few packets to tell whether that is its own limit" in long(verdict)

    def test_the_hops_own_flow_must_prove_that_the_target_loses(self) -> None:
        """Where only packets of other flows are lost, too few to tell the flows apart, another way may be bad."""
        ways = (FlowWay(0, 30, 0), *(FlowWay(flow, 29, 2) for flow in range(1, 5)))
        verdict = read(replace(path(0, 0, 0, 0, 8, sent=30, end_sent=146), ways=ways))

        assert verdict.path and verdict.path.ways is None
        assert "it may also start on another of several equal ways" in long(verdict)
        assert "it may also start on another of several equal ways" in short(verdict)

    def test_a_hop_asked_twice_tells_little(self) -> None:
        """Two of two answers do not make it clean where half of all packets are lost."""
        verdict = read(shared((2, 0), (2, 0), (2, 0), (46, 24)))

        assert "clean" not in long(verdict) and "run it again" not in long(verdict)


class TestHowTheWayEnds:
    """Unreachable answers, refusals, loops, too many hops, silence: each is told as what it is."""

    def test_rejects_are_lost_packets_with_a_name(self) -> None:
        """The target stays reached; a firewall's word is told as a firewall's."""
        found = path(0, 0, 0, 3, 12, end_sent=46)
        verdict = read(rejecting(found, 12, "communication administratively prohibited", by=3))

        assert verdict.path and verdict.path.reached and not verdict.ok
        assert long(verdict).startswith("hop 3 (10.0.0.3) rejects 12 of 46 packets to 10.0.0.5: filtered by a firewall")

    def test_who_rejects_is_no_start_of_loss(self) -> None:
        """Nothing else was lost, so nothing else is looked for."""
        found = path(0, 0, 0, 26, 125, sent=100, end_sent=496)
        verdict = read(rejecting(found, 125, "host unreachable", by=3))

        assert verdict.path and verdict.path.begins is None
        assert long(verdict) == ("hop 3 (10.0.0.3) rejects 125 of 496 packets to 10.0.0.5: it says host unreachable")

    def test_loss_before_the_one_who_rejects_is_found(self) -> None:
        """The rejected packets are left out of the counts of the hops behind it."""
        found = path(0, 26, 24, 25 + 30, 27 + 28, 125 + 150, sent=100, end_sent=496)
        hops = [replace(hop, rejected=max(0, hop.tally.lost - 26)) for hop in found.hops[:-1]]
        target = replace(found.hops[-1], rejected=150)
        rejected = Rejects(PathHop(3, "10.0.0.3"), "packet filtered", 150, 496, filtered=True)
        verdict = long(read(replace(found, hops=(*hops, target), rejects=(rejected,))))

        assert verdict.startswith("hop 3 (10.0.0.3) rejects 150 of 496 packets to 10.0.0.6: filtered by a firewall")
        assert "of the other 346 packets 125 are lost; the loss starts between hop 2 (10.0.0.2)" in verdict

    def test_one_rejected_packet_is_no_chance(self) -> None:
        """A router said so."""
        verdict = read(rejecting(path(0, 0, 0, 0, 1, end_sent=46), 1, "network unreachable", by=2))

        assert not verdict.ok and not verdict.may_be_chance

    def test_a_target_that_was_never_reached_is_told_with_the_routers_words(self) -> None:
        """As what a firewall says, or as it is; and how often, where it was not always."""
        says = {
            words: long(
                read(replace(unreached(0, 0), rejects=(Rejects(PathHop(2, "10.0.0.2"), words, count, 10, filtered),)))
            )
            for words, count, filtered in (
                ("host unreachable", 10, False),
                ("port unreachable", 10, True),
                ("host prohibited", 4, True),
            )
        }

        assert list(says.values()) == [
            "10.9.9.9 is not reached: hop 2 (10.0.0.2) says host unreachable",
            "10.9.9.9 is not reached: hop 2 (10.0.0.2) rejects the packets, filtered by a firewall",
            "10.9.9.9 is not reached: hop 2 (10.0.0.2) rejects the packets, filtered by a firewall (4 of 10)",
        ]

    def test_rejects_and_other_loss_are_told_apart(self) -> None:
        """Twelve rejected, ten more lost on the way."""
        verdict = read(rejecting(path(0, 0, 0, 3, 22, end_sent=46), 12, "host unreachable", by=3))

        assert "it says host unreachable" in long(verdict)
        assert "of the other 34 packets 10 are lost" in long(verdict)

    def test_a_target_that_refuses_ping_is_there(self) -> None:
        """The path to it is what was measured."""
        verdict = read(replace(path(0, 0, 0, end_sent=46), refused="port unreachable", refusals=46))

        assert verdict.ok
        assert long(verdict) == "10.0.0.3 refuses ping; the path is fine over 3 hops"

    def test_refusals_that_do_not_come_are_no_loss(self) -> None:
        """Hosts limit how often they refuse, as they limit all such messages."""
        verdict = read(replace(path(0, 0, 0, 36, end_sent=46), refused="port unreachable", refusals=10))

        assert verdict.ok and long(verdict) == "10.0.0.4 refuses ping; the path is fine over 4 hops"

    def test_hops_that_lose_before_a_target_that_refuses_are_told(self) -> None:
        """All from one on, which may be loss."""
        found = path(0, 0, 26, 25, 24, 250, sent=100, end_sent=496)
        verdict = long(read(replace(found, refused="port unreachable", refusals=246)))

        assert verdict == (
            "10.0.0.6 refuses ping; hops on the way lose packets, starting at hop 3 (10.0.0.3), or limit their answers"
        )

    def test_a_target_that_refuses_some_pings_is_judged_by_all(self) -> None:
        """A limit on pings; the refused ones arrived."""
        verdict = read(replace(path(0, 0, 0, end_sent=46), refused="port unreachable", refusals=12))

        assert verdict.ok and "it refuses 12 of 46 pings: port unreachable" in long(verdict)

    def test_hops_that_lose_before_a_silent_target_are_told(self) -> None:
        """Also where the target says nothing."""
        verdict = long(read(unreached(0, 0, 5, 4, 6, 5, None)))

        assert "which may be a firewall; hops on the way lose packets, starting " in verdict

    def test_one_hop_that_loses_before_a_silent_target_may_limit_its_answers(self) -> None:
        """It is not blamed."""
        assert "lose packets" not in long(read(unreached(0, 0, 0, 5, None)))

    def test_nobody_at_all_answers(self) -> None:
        """Which is said, as it may be this machine's own line."""
        verdict = read(unreached(None))

        assert verdict.wrong == "does not answer ping"
        assert long(verdict) == "10.9.9.9 does not answer ping, and no hop on the way answers"

    def test_a_target_that_ignores_ping_is_not_called_down(self) -> None:
        """A firewall looks the same."""
        verdict = read(unreached(0, 0, None))

        assert long(verdict) == (
            "10.9.9.9 does not answer ping; the path answers up to hop 2 (10.0.0.2), which may be a firewall"
        )
        assert "down" not in long(verdict)

    def test_a_loop_is_called_one(self) -> None:
        """With the routers that pass packets to each other."""
        circling = unreached(0, 0, 0, 0, 0)
        second, third = circling.hops[1:3]
        hops = (*circling.hops[:3], replace(second, ttl=4), replace(third, ttl=5))

        assert long(read(replace(circling, hops=hops, loop=(2, 3, 4, 5)))) == (
            "10.9.9.9 is not reached: packets go in a circle between hop 2 (10.0.0.2) and hop 3 (10.0.0.3)"
        )

    def test_more_than_thirty_hops_is_not_found(self) -> None:
        """Which is not the same as not reached."""
        far = replace(unreached(*[0] * 30), beyond=True)

        assert long(read(far)) == "10.9.9.9 is not found within 30 hops"
        assert read(far).path and read(far).path.end is PathEnd.BEYOND  # type: ignore[union-attr]

    def test_a_target_behind_hop_thirty_that_answers_is_there(self) -> None:
        """Packets with time enough come back."""
        far = replace(unreached(*[0] * 30), beyond=True, ways=(FlowWay(1, 4, 0), FlowWay(2, 4, 0)))
        verdict = read(far)

        assert verdict.ok and verdict.path and verdict.path.reached
        assert long(verdict) == "10.9.9.9 answers: 0 of 8 lost; it is not found within 30 hops"

    def test_a_loop_that_began_later_does_not_take_the_target_away(self) -> None:
        """It answered before."""
        died = Outage(BEGAN + timedelta(seconds=7), None, 15)
        found = replace(path(0, 0, 0, 15, end_sent=46), quiet=(died,), loop=(2, 3))

        assert long(read(found)).startswith(
            "10.0.0.4 stopped answering at 12:46:07 UTC; "
            "packets go in a circle between hop 2 (10.0.0.2) and hop 3 (10.0.0.3); the loss starts "
        )

    def test_dead_since_a_time_is_told_as_that(self) -> None:
        """And not as a percentage."""
        died = Outage(BEGAN + timedelta(seconds=7), None, 15)
        verdict = read(replace(path(0, 0, 15, end_sent=46), quiet=(died,)))

        assert verdict.wrong == "stopped answering"
        assert long(verdict).startswith("10.0.0.3 stopped answering at 12:46:07 UTC") and "15 of 46" not in long(
            verdict
        )

    def test_one_gap_is_told_with_its_length(self) -> None:
        """Two seconds without an answer, and nothing else lost."""
        gap = Outage(BEGAN + timedelta(seconds=7), BEGAN + timedelta(seconds=9), 10)

        assert long(read(replace(path(0, 0, 10, end_sent=46), quiet=(gap,)))).startswith(
            "10.0.0.3 was away for 2.0 s from 12:46:07 UTC"
        )

    def test_loss_beside_a_gap_is_told_apart(self) -> None:
        """Ten in a gap, nine more of the others."""
        gap = Outage(BEGAN + timedelta(seconds=7), BEGAN + timedelta(seconds=9), 10)
        verdict = read(replace(path(0, 0, 19, end_sent=46), quiet=(gap,)))

        assert verdict.wrong == "loses packets"
        assert long(verdict).startswith(
            "10.0.0.3 was away for 2.0 s from 12:46:07 UTC; of the other 36 packets 9 are lost; "
        )

    def test_a_gap_in_which_packets_are_rejected_counts_once(self) -> None:
        """The same ten packets are told twice and not added up."""
        gap = Outage(BEGAN + timedelta(seconds=7), None, 10, rejected=10)
        found = rejecting(path(0, 0, 0, 0, 10, end_sent=46), 10, "host unreachable", by=2)
        verdict = read(replace(found, quiet=(gap,)))

        assert verdict.wrong == "stopped answering"
        assert verdict.path and verdict.path.otherwise == (0, 36)
        assert long(verdict) == (
            "10.0.0.5 stopped answering at 12:46:07 UTC; "
            "hop 2 (10.0.0.2) rejects 10 of 46 packets to 10.0.0.5: it says host unreachable"
        )

    def test_packets_that_could_not_be_sent_are_said(self) -> None:
        """The others are judged."""
        verdict = read(replace(path(0, 0, 0), unsent="this machine's send queue is full"))

        assert verdict.ok and "some packets could not be sent: this machine's send queue is full" in short(verdict)

    def test_nothing_sent_is_not_measured(self) -> None:
        """A machine without a network says nothing of the target."""
        unsent = replace(path(None, None, sent=0), reached=False, ways=(), unsent="Network is unreachable")

        assert not read(unsent).measured
        assert long(read(unsent)) == "Nothing could be sent to 10.0.0.2: Network is unreachable"


class TestEqualWays:
    """Packets vary their flow, so that one of several equal paths that loses is found."""

    def test_one_of_several_ways_that_loses_is_named(self) -> None:
        """And the hops, which are on another one, are not blamed."""
        ways = (FlowWay(0, 10, 0), *(FlowWay(flow, 9, 9 if flow == 3 else 0) for flow in range(1, 5)))
        verdict = read(replace(path(0, 0, 0, 9, end_sent=46), ways=ways))

        assert "1 of 5 flows loses packets (9 of 9), the others none" in long(verdict)
        assert "one of several equal ways is bad, and the hops show another" in long(verdict)
        assert verdict.path and verdict.path.begins is None and not verdict.ok

    def test_on_the_way_that_loses_the_hops_tell_where(self) -> None:
        """By its own flows: the target's other packets would make the loss look smaller at the end."""
        ways = (FlowWay(0, 30, 15), FlowWay(1, 30, 0), FlowWay(2, 30, 16), FlowWay(3, 30, 0))
        verdict = read(replace(path(0, 0, 14, 16, 31, sent=30, end_sent=120), ways=ways))

        assert verdict.path and verdict.path.ways and verdict.path.ways.shown
        assert "2 of 4 flows lose packets (31 of 60), the others none: one of several equal ways is bad;" in long(
            verdict
        )
        assert "the loss starts at hop 3 (10.0.0.3)" in long(verdict)

    def test_a_target_that_answers_on_another_way_only_is_there(self) -> None:
        """The hops' own flow is lost for good; that is one way of several, and no dead target."""
        ways = (FlowWay(0, 10, 10), FlowWay(1, 5, 0), FlowWay(2, 5, 5), FlowWay(3, 5, 0), FlowWay(4, 5, 0))
        verdict = read(replace(unreached(0, 0, None), ways=ways))

        assert verdict.wrong == "loses packets" and verdict.path and verdict.path.reached
        assert long(verdict) == (
            "15 of 30 packets to 10.9.9.9 are lost; 2 of 5 flows lose packets (15 of 15), the others none: "
            "one of several equal ways is bad; nothing of the hops' own flow arrives, "
            "whose way answers up to hop 2 (10.0.0.2)"
        )

    def test_ways_that_lose_alike_are_one(self) -> None:
        """Chance spreads unevenly too."""
        ways = tuple(FlowWay(flow, 9, lost) for flow, lost in enumerate((3, 1, 2, 4, 2)))

        assert (read(replace(path(0, 3, 12, end_sent=45), ways=ways)).path or pytest.fail()).ways is None

    def test_a_single_flow_is_said_so(self) -> None:
        """An MTR of somebody else's, as Globalping's."""
        assert ONE_WAY in long(read(replace(path(0, 0, 0, 0), ways=())))
        assert ONE_WAY in short(read(replace(path(0, 0, 0, 9), ways=())))
        assert ONE_WAY not in long(read(path(0, 0, 0, 0)))


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
    sent, lost = counts[-1]
    ways = alike(lost, sent, cycles)
    return Path(end or f"10.0.0.{last}", "here", BEGAN, cycles, hops, reached=True, ways=ways)


async def test_a_hop_that_was_not_asked_is_not_called_silent() -> None:
    """Nor is the path's length known then, if it stands before the destination."""
    path = shared((3, 0), (0, 0), (46, 0))
    result = traced(Run(MTR, "x", lambda: path.started_at), path)

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
