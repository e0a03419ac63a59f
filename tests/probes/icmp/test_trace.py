"""Traces over a network that is a function: what is counted, and what is known of the path."""

import asyncio
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from bot.probes.icmp.echo import Echo
from bot.probes.icmp.packets import IcmpKind
from bot.probes.icmp.path import Hop, Path
from bot.probes.icmp.path_facts import PathHop, Rejects
from bot.probes.icmp.routers import SharedRouters
from bot.probes.icmp.trace import Trace
from tests.probes.icmp.fake_icmp import FakeIcmp, Network, Says, path_of

TARGET = "10.9.9.9"
NINE = tuple(f"10.0.0.{n}" for n in range(1, 9))
"""The routers of a path of nine hops."""
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
REJECTED = "communication administratively prohibited"


@dataclass
class Traced:
    """A trace with its network; `cycles` are how many have been shown."""

    icmp: FakeIcmp
    interval_s: float = 0.02
    max_hops: int = 30
    shown: int = 0
    at_cycle: dict[int, Callable[[], None]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.trace = Trace(
            self.icmp,
            TARGET,
            routers=SharedRouters(self.interval_s),
            interval_s=self.interval_s,
            max_hops=self.max_hops,
            on_cycle=self._cycle,
            clock=lambda: NOON,
        )

    def _cycle(self) -> None:
        self.shown += 1
        self.at_cycle.get(self.shown, lambda: None)()

    @property
    def path(self) -> Path:
        return self.trace.path()

    @property
    def reach(self) -> int:
        """The distance of the target, 0 where it never answered."""
        return len(self.path.hops) if self.path.reached else 0

    def hosts(self) -> list[tuple[str, ...]]:
        return [hop.hosts for hop in self.path.hops]

    def lost(self) -> list[int]:
        return [hop.tally.lost for hop in self.path.hops]

    def sent(self) -> list[int]:
        return [hop.tally.sent for hop in self.path.hops]


def over(network: Network, **settings: float) -> Traced:
    return Traced(FakeIcmp(network), **settings)  # type: ignore[arg-type]


def rows(*routers: str) -> list[tuple[str, ...]]:
    """The hosts of a path of routers ("" is a silent one) to the target."""
    return [*((router,) if router else () for router in routers), (TARGET,)]


def rejecting(at: int, when: Callable[[int], bool] = lambda _number: True) -> Network:
    """Nine hops; the router `at` that distance rejects what it should pass on when the number of the packet says so."""
    clean = path_of(*NINE, to=TARGET)

    def network(to: str, ttl: int, number: int) -> Says | None:
        if ttl > at and when(number):
            return Says(NINE[at - 1], IcmpKind.UNREACHABLE, words=REJECTED)
        return clean(to, ttl, number)

    return network


async def test_a_router_that_rejects_early_hides_nothing() -> None:
    """When it ends, the hops behind it and the target are found, at their own distances."""
    traced = over(rejecting(5, lambda _: traced.shown < 3))
    await traced.trace.until(10)

    assert (traced.path.reached, traced.reach) == (True, 9)
    assert traced.hosts() == rows(*NINE)
    assert traced.path.rejects[0].by.host == NINE[4] and traced.path.rejects[0].by.ttl == 5


@pytest.mark.parametrize("seventh", range(7))
async def test_rejects_now_and_then_are_lost_packets_with_a_count(seventh: int) -> None:
    """They are told of the packets to the target, by the router that said it; no row has another's name."""
    traced = over(rejecting(5, lambda number: number % 7 == seventh))
    await traced.trace.until(21)

    assert traced.hosts() == rows(*NINE)
    assert traced.lost()[:5] == [0] * 5 and 2 <= traced.lost()[-1] <= 3
    assert traced.path.rejects == (Rejects(PathHop(5, NINE[4]), REJECTED, traced.lost()[-1], traced.sent()[-1]),)


async def test_rejects_that_hit_no_packet_to_the_target_count_all_that_pass() -> None:
    """Of three hops behind the router each lost one packet; the target lost none."""
    clean = rejecting(5, lambda number: number == 4)
    traced = over(lambda to, ttl, number: Says(TARGET) if ttl > 8 else clean(to, ttl, number))
    await traced.trace.until(10)

    assert traced.lost() == [0, 0, 0, 0, 0, 1, 1, 1, 0]
    (rejected,) = traced.path.rejects
    assert (rejected.by.ttl, rejected.lost) == (5, 3) and rejected.sent >= 40


async def test_a_late_reject_wipes_nothing() -> None:
    """A target that has replied stays reached, and keeps its replies."""
    traced = over(rejecting(5, lambda _: traced.shown >= 8))
    await traced.trace.until(10)

    assert traced.reach == 9
    assert traced.hosts() == rows(*NINE)
    assert traced.lost() == [0, 0, 0, 0, 0, 2, 2, 2, 2]
    assert traced.path.rejects == (Rejects(PathHop(5, NINE[4]), REJECTED, 2, 10),)


async def test_a_path_that_is_rejected_for_good_ends_at_the_router_that_does() -> None:
    """It costs the router no more than what it answers anyway, and has no silent rows."""
    traced = over(rejecting(5))
    await traced.trace.until(20)

    assert not traced.path.reached
    assert traced.hosts() == rows(*NINE)[:5]
    assert traced.lost() == [0] * 5
    (rejected,) = traced.path.rejects
    assert rejected.by.ttl == 5 and rejected.lost == rejected.sent
    took_s = traced.icmp.sent[-1].sent_s - traced.icmp.sent[0].sent_s
    in_turns = 1 + round(took_s / traced.interval_s)
    assert 20 <= rejected.lost + traced.sent()[4] <= 8 + 5 + in_turns, "one an interval, however long a cycle takes"


async def test_a_router_without_a_route_stands_where_it_says_so() -> None:
    """It rejects the packet that would have ended there too, so that is its distance."""
    no = Says(NINE[2], IcmpKind.UNREACHABLE, words="network unreachable")
    traced = over(lambda to, ttl, number: no if ttl > 2 else path_of(*NINE, to=TARGET)(to, ttl, number))
    await traced.trace.until(10)

    assert traced.hosts() == rows(*NINE)[:3]
    assert traced.path.rejects[0].by.ttl == 3 and traced.lost() == [0, 0, 0]


async def test_a_silent_router_that_rejects_stands_before_the_first_that_is_rejected() -> None:
    """It says nothing of packets that end there; its row has no name, the reject has."""
    silent = (*NINE[:4], "", *NINE[5:])
    no = Says(NINE[4], IcmpKind.UNREACHABLE, words=REJECTED)

    def network(to: str, ttl: int, number: int) -> Says | None:
        return no if ttl > 5 and number == 3 else path_of(*silent, to=TARGET)(to, ttl, number)

    traced = over(network)
    await traced.trace.until(10)

    assert traced.hosts() == rows(*silent)
    assert (traced.path.rejects[0].by.ttl, traced.path.rejects[0].by.host) == (5, NINE[4])


async def test_when_it_no_longer_rejects_a_silent_path_is_searched_again() -> None:
    """The next router and the target are silent; the ones between are found."""
    routers = (*NINE[:5], "", NINE[6])
    clean = path_of(*routers, to=TARGET)

    def network(to: str, ttl: int, number: int) -> Says | None:
        if ttl > 5 and traced.shown < 3:
            return Says(NINE[4], IcmpKind.UNREACHABLE, words=REJECTED)
        return clean(to, ttl, number) if ttl <= len(routers) else None

    traced = over(network, interval_s=0.2)
    await traced.trace.until(12)

    assert traced.hosts() == [*rows(*routers)[:-1], ()]


async def test_a_target_that_refuses_ping_is_reached() -> None:
    """Its own "unreachable" shows that the packets arrived: nothing is lost, and its distance is known."""
    refusal = Says(TARGET, IcmpKind.UNREACHABLE, words="port unreachable")
    clean = path_of(*NINE, to=TARGET)
    traced = over(lambda to, ttl, number: refusal if ttl > 8 else clean(to, ttl, number))
    await traced.trace.until(10)

    assert (traced.reach, traced.path.refused, traced.path.refusals) == (9, "port unreachable", 10)
    assert traced.hosts() == rows(*NINE) and traced.lost() == [0] * 9
    assert traced.path.rejects == () and traced.path.quiet == ()


def looping(*routers: str, circle: tuple[str, ...], mended: Callable[[], bool] = lambda: False) -> Network:
    """Behind `routers` the packets go round in `circle`, until it is `mended` and they are on the path of nine."""
    clean = path_of(*NINE, to=TARGET)

    def network(to: str, ttl: int, number: int) -> Says | None:
        if mended() or ttl <= len(routers):
            return clean(to, ttl, number)
        turn = circle[(ttl - len(routers) - 1) % len(circle)]
        return Says(turn, IcmpKind.TTL_EXCEEDED) if turn else None

    return network


@pytest.mark.parametrize(
    ("circle", "shown"),
    [
        (NINE[4:6], 5),
        (NINE[4:7], 8),
        (NINE[4:8], 8),
        ((NINE[4], ""), 5),
        (tuple(f"10.0.7.{n}" for n in range(11)), 22),
    ],
    ids=lambda value: str(len(value)) if isinstance(value, tuple) else "",
)
async def test_a_loop_is_called_one_and_shown_as_often_as_it_takes(circle: tuple[str, ...], shown: int) -> None:
    """Its rows end where it is plain, and it is not asked beyond."""
    traced = over(looping(*NINE[:4], circle=circle))
    await traced.trace.until(10)
    first = max(echo.sequence for echo in traced.icmp.sent if echo.ttl > 4 + shown)
    await traced.trace.until(20)

    assert traced.path.loop == tuple(range(5, 5 + shown))
    assert len(traced.hosts()) == 4 + shown
    assert not traced.path.reached and not traced.path.beyond
    assert max(echo.sequence for echo in traced.icmp.sent if echo.ttl > 4 + shown) == first


async def test_a_loop_that_is_mended_is_none_any_more() -> None:
    """The trace goes on to the target while it runs."""
    traced = over(looping(*NINE[:4], circle=NINE[4:6], mended=lambda: traced.shown >= 4))
    await traced.trace.until(16)

    assert traced.path.loop == ()
    assert (traced.reach, traced.hosts()[-1]) == (9, (TARGET,))
    assert [hosts[0] for hosts in traced.hosts()[:-1]] == list(NINE)


async def test_a_loop_in_mid_run_leaves_the_target_reached() -> None:
    """What is sent round is lost to it, and its row has only its own name."""
    traced = over(looping(*NINE[:4], circle=NINE[4:6], mended=lambda: traced.shown < 5))
    await traced.trace.until(10)

    assert (traced.reach, traced.hosts()[-1]) == (9, (TARGET,))
    assert traced.path.loop == (5, 6, 7, 8)
    assert traced.sent()[-1] - traced.lost()[-1] == 5 < traced.sent()[-1]


async def test_one_router_at_all_distances_is_no_loop() -> None:
    """Some answer with their own address for whatever lies behind them."""
    traced = over(looping(*NINE[:4], circle=NINE[4:5]))
    await traced.trace.until(10)

    assert traced.path.loop == () and traced.path.beyond


async def test_more_hops_than_are_asked_is_said() -> None:
    """Hop 30 is a router, so the target is behind it."""
    routers = [f"10.0.2.{n}" for n in range(33)]
    traced = over(path_of(*routers, to=TARGET))
    await traced.trace.until(3)

    assert traced.path.beyond and not traced.path.reached
    assert traced.hosts() == rows(*routers[:30])[:-1]


async def test_a_target_too_far_to_find_may_answer_all_the_same() -> None:
    """Its distance stays unknown; its packets tell that it lives."""
    traced = over(path_of(*(f"10.0.2.{n}" for n in range(33)), to=TARGET), interval_s=0.4)
    await traced.trace.until(4)

    assert traced.path.beyond and not traced.path.reached
    assert [(way.sent, way.lost) for way in traced.path.ways] == [(1, 0)] * 3


async def test_a_path_of_thirty_hops_is_not_beyond() -> None:
    """The last that is asked is the target."""
    traced = over(path_of(*(f"10.0.2.{n}" for n in range(29)), to=TARGET))
    await traced.trace.until(3)

    assert (traced.path.beyond, traced.reach) == (False, 30)


@pytest.mark.parametrize(("before", "after"), [(8, 6), (6, 8), (3, 8), (8, 3)])
async def test_a_path_that_gets_longer_or_shorter_loses_nothing(before: int, after: int) -> None:
    """Packets whose time is over at a new router are not lost, and older ones of a router are not the target's."""

    def network(to: str, ttl: int, number: int) -> Says | None:
        return path_of(*NINE[: before if traced.shown < 5 else after], to=TARGET)(to, ttl, number)

    traced = over(network)
    await traced.trace.until(10)

    assert traced.reach == after + 1
    assert traced.lost() == [0] * (after + 1)
    assert traced.hosts()[-1] == (TARGET,)


async def test_a_router_that_is_heard_late_changes_nothing_behind_it() -> None:
    """It was silent until then: the target is where it was found before."""
    clean = path_of(*NINE[:3], to=TARGET)
    answered = {3: range(7, 10), 4: range(4, 5)}
    traced = over(lambda to, ttl, number: clean(to, ttl, number) if number in answered.get(ttl, range(99)) else None)
    await traced.trace.until(10)

    assert (traced.reach, traced.lost()) == (4, [0, 0, 7, 9])


async def test_who_rejects_only_what_has_time_for_any_path_stands_behind_the_last_that_answers() -> None:
    """Others have drained it, so it answers none of the packets to its own distance and the next ones."""
    no = Says(NINE[4], IcmpKind.UNREACHABLE, words=REJECTED)
    clean = path_of(*NINE[:4], to=TARGET)
    traced = over(
        lambda to, ttl, number: clean(to, ttl, number) if ttl < 5 else no if ttl > 30 else None, interval_s=0.4
    )
    await traced.trace.until(3)

    assert traced.path.rejects[0].by.ttl == 5
    assert len(traced.hosts()) == 5


async def test_more_cycles_go_on_where_the_first_ended() -> None:
    """The same counts, one cycle each interval, as if it had been asked at once."""
    traced = over(path_of(*NINE[:2], to=TARGET), interval_s=0.4)
    await traced.trace.until(2)
    assert traced.sent() == [2, 2, 3]
    await traced.trace.until(4)
    await traced.trace.until(4)

    assert (traced.shown, traced.trace.cycles, traced.sent()) == (4, 4, [4, 4, 7])
    times = [echo.sent_s for echo in traced.icmp.sent if echo.ttl == 1]
    late_s = [at - times[0] - number * traced.interval_s for number, at in enumerate(times)]
    assert all(-0.01 < late < traced.interval_s / 2 for late in late_s), (
        "a busy machine is late, and no cycle is left out"
    )


async def test_more_cycles_long_after_begin_at_once() -> None:
    """No two cycles are nearer to each other than the interval."""
    traced = over(path_of(*NINE[:2], to=TARGET), interval_s=0.05)
    await traced.trace.until(2)
    pause = asyncio.get_running_loop().create_future()
    asyncio.get_running_loop().call_later(0.12, pause.set_result, None)
    await pause
    await traced.trace.until(4)
    times = [echo.sent_s for echo in traced.icmp.sent if echo.ttl == 1]

    assert all(later - earlier > 0.045 for earlier, later in itertools.pairwise(times))
    assert traced.lost() == [0] * 3


def flow_of(*flows: int) -> Callable[[Echo], bool]:
    """Packets to the target in these flows."""
    return lambda echo: echo.flow in flows and echo.ttl > 2


async def test_packets_between_the_cycles_take_other_paths() -> None:
    """Eight flows take turns, the cycles keep theirs; loss of some flows is seen in them alone."""
    traced = over(path_of(*NINE[:2], to=TARGET), interval_s=1.0)
    traced.icmp.loses = flow_of(2, 5, 7)
    await traced.trace.until(5)

    ways = {way.flow: (way.sent, way.lost) for way in traced.path.ways}

    assert (ways[0], set(ways)) == ((5, 0), set(range(9)))
    assert all(
        lost == (sent if flow in (2, 5, 7) else 0) and sent <= 2 for flow, (sent, lost) in list(ways.items())[1:]
    )
    assert {echo.flow for echo in traced.icmp.sent if echo.ttl < 3} == {0}
    assert sum(sent for sent, _ in ways.values()) == traced.sent()[-1]
    assert sum(lost for _, lost in ways.values()) == traced.lost()[-1]


async def test_an_equal_path_may_be_longer() -> None:
    """A packet that ended at a router of it is sent again with a full TTL, in its own flow: nothing is lost."""
    longer = {3, 4}

    def network(to: str, ttl: int, number: int) -> Says | None:
        is_longer = traced.icmp.sent[-1].flow in longer
        return path_of(*NINE[: 3 if is_longer else 2], to=TARGET)(to, ttl, number)

    traced = over(network, interval_s=1.0)
    await traced.trace.until(5)

    assert traced.hosts() == rows(*NINE[:2])
    assert traced.lost() == [0, 0, 0]
    assert [way.flow for way in traced.path.ways] == list(range(9))
    assert {way.sent for way in traced.path.ways[1:]} <= {1, 2}


async def test_a_target_that_answers_only_on_another_path_is_found_to_live() -> None:
    """That of the hops loses everything, some of the others nothing."""
    clean = path_of(*NINE[:2], to=TARGET)
    traced = over(lambda to, ttl, number: clean(to, ttl, number), interval_s=0.4)
    traced.icmp.loses = flow_of(0, 2, 5, 7)
    await traced.trace.until(9)

    assert not traced.path.reached
    assert traced.hosts() == [*rows(*NINE[:2])[:-1], ()]
    assert {way.flow for way in traced.path.ways if not way.lost} == {1, 3, 4, 6, 8}
    assert {way.flow for way in traced.path.ways if way.lost == way.sent} == {0, 2, 5, 7}


async def test_a_gap_and_the_end_of_all_replies_are_told_with_their_times() -> None:
    """From the first lost packet on, to the first that was answered again."""
    traced = over(path_of(*NINE[:2], to=TARGET), interval_s=0.02)
    traced.icmp.loses = lambda _: 10 <= traced.shown < 20 or traced.shown >= 30
    await traced.trace.until(40)
    gap, end = traced.path.quiet
    sent = [echo.sent_s for echo in traced.icmp.sent if echo.ttl == 3]

    assert (gap.lost, end.lost, end.until) == (10, 10, None)
    for time, number in ((gap.since, 10), (gap.until, 20), (end.since, 30)):
        assert time is not None
        assert (time - NOON).total_seconds() == pytest.approx(sent[number] - sent[0], abs=0.005)


async def test_a_target_that_never_replied_is_not_quiet() -> None:
    """There is no time since which it is dead."""
    traced = over(lambda to, ttl, number: path_of(*NINE[:2], to="")(to, ttl, number) if ttl < 3 else None)
    await traced.trace.until(3)

    assert traced.path.quiet == () and traced.path.ways == ()


async def test_what_is_rejected_or_refused_now_and_then() -> None:
    """A target that refuses some packets answers them all; the count says how many it refused."""
    refusal = Says(TARGET, IcmpKind.UNREACHABLE, words="port unreachable")
    clean = path_of(*NINE[:2], to=TARGET)
    traced = over(lambda to, ttl, number: refusal if ttl > 2 and number % 3 == 0 else clean(to, ttl, number))
    await traced.trace.until(10)

    assert traced.path.hops[-1] == Hop(3, (TARGET,), traced.path.hops[-1].tally)
    assert (traced.lost()[-1], traced.path.refusals) == (0, 4)
