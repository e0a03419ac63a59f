"""Traces that ask the same routers in turns."""

import asyncio
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import system_clock
from bot.probes.icmp.mtr import MtrProbe
from bot.probes.icmp.routers import BURST, SharedRouters, TraceHop
from bot.probes.model import ProbeResult, Subject
from bot.probes.policy import ProbePolicy
from tests.probes.icmp.fake_icmp import FakeIcmp, Says, path_of

ROUTER = "10.0.0.1"
LINUX_BURST = 6


@dataclass
class World:
    """One router with Linux's limit, at distance 1 of every trace; only the test moves the seconds."""

    now: float = 1000.0
    tokens: float = LINUX_BURST
    refused: int = 0
    granted: dict[TraceHop, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.shared = SharedRouters(1.0, clock=lambda: self.now)

    def asks(self, place: TraceHop, *, is_end: bool = False) -> None:
        if not self.shared.may_ask(place):
            return
        self.granted[place] = self.granted.get(place, 0) + 1
        self.refused += self.tokens < 1
        if self.tokens >= 1:
            self.tokens -= 1
            self.shared.heard(place, ROUTER, is_end=is_end)

    def passes(self, seconds: float) -> None:
        self.now += seconds
        self.tokens = min(LINUX_BURST, self.tokens + seconds)


def places(count: int, *, ttl: int = 1) -> list[TraceHop]:
    return [TraceHop((False, ttl)) for _ in range(count)]


def cycled(world: World, traces: list[TraceHop], cycles: int) -> None:
    for _ in range(cycles):
        for place in traces:
            world.asks(place)
        world.passes(1.0)


@given(st.integers(1, 60), st.integers(1, 40))
def test_a_router_is_asked_as_often_as_it_answers(count: int, cycles: int) -> None:
    """By any number of traces: a burst, then one a second, and no less where there is more to ask."""
    world = World()
    cycled(world, places(count), cycles)

    assert world.refused == 0
    assert sum(world.granted.values()) == min(count * cycles, BURST + cycles - 1)


@given(st.lists(st.tuples(st.integers(0, 19), st.floats(0, 3), st.booleans()), max_size=200))
def test_traces_that_come_and_go_ask_no_more_than_is_answered(events: list[tuple[int, float, bool]]) -> None:
    """At any times; one that leaves is followed by a new one that knows nothing."""
    world, traces = World(), places(20)
    for number, wait_s, leaves in events:
        world.asks(traces[number])
        world.passes(wait_s)
        if leaves:
            world.shared.release([traces[number]])
            traces[number] = TraceHop((False, 1))

    assert world.refused == 0


@given(st.integers(2, 15))
def test_turns_are_even(count: int) -> None:
    """In twenty cycles nobody gets two more than another."""
    world, traces = World(), places(count)
    cycled(world, traces, 20)

    turns = [world.granted[place] for place in traces]
    assert max(turns) - min(turns) <= 1


def test_one_trace_alone_asks_every_cycle() -> None:
    """Nothing changes for it."""
    world, traces = World(), places(1)
    cycled(world, traces, 100)

    assert world.granted[traces[0]] == 100


def test_the_destination_is_never_held_back() -> None:
    """Also where the same address is another trace's router."""
    world, (end, *traces) = World(), places(20)
    world.asks(end, is_end=True)
    cycled(world, traces, 3)

    assert all(world.shared.may_ask(end) for _ in range(50))


def test_one_that_leaves_frees_its_turn() -> None:
    """Those behind it move up at once."""
    world, traces = World(), places(8)
    cycled(world, traces, 1)
    world.shared.release(traces[5:7])
    for place in traces[:5] + traces[7:]:
        world.asks(place)

    assert (traces[7] in world.granted, world.refused) == (True, 0)


def test_a_router_at_several_distances_has_one_limit() -> None:
    """A loop shows the same router again and again."""
    world = World()
    loop = [place for ttl in range(1, 4) for place in places(1, ttl=ttl)]
    cycled(world, loop, 12)

    assert world.refused == 0
    assert sum(world.granted.values()) == BURST + 11


def test_where_no_router_is_heard_all_find_out_soon() -> None:
    """Five look each half second, then more: silent hops and destinations are not rationed for long."""
    world, silent = World(), places(50)
    shared = world.shared
    looked: list[int] = []
    for _ in range(6):
        looked.append(sum(shared.may_ask(place) for place in silent if not place.asked))
        world.passes(0.5)

    assert looked == [5, 5, 5, 5, 20, 10]
    assert all(shared.may_ask(place) for place in silent)


async def test_a_path_is_followed_behind_routers_that_others_drain() -> None:
    """Nine routers that never answer this trace, as another's probes took their answers, do not hide its target."""
    routers = [f"10.0.0.{n}" for n in range(1, 10)]
    policy = ProbePolicy(allow_networks=["10.0.0.0/8"])

    def network(to: str, ttl: int, number: int) -> Says | None:
        return path_of(*(routers if to == "10.9.9.1" else [""] * 9), to=to)(to, ttl, number)

    probe = MtrProbe(icmp=FakeIcmp(network), policy=policy, clock=system_clock, cycles=12, routers=SharedRouters(0.1))
    subjects = [Subject(to, addresses=(to,)) for to in ("10.9.9.1", "10.9.9.2")]
    _, drained = await asyncio.gather(*(probe.run(each, progress=lambda _result: None) for each in subjects))

    assert drained.ok and len(drained.readings) == 10


@pytest.mark.parametrize("count", [2, 10])
async def test_reports_at_once_share_the_hops_and_not_the_end(count: int) -> None:
    """Each has every hop by name; the routers are asked about once a cycle in all, the targets as ever."""
    targets = [f"10.9.9.{n}" for n in range(count)]
    icmp = FakeIcmp(lambda to, ttl, n: path_of("10.0.0.1", "10.0.0.2", to=to)(to, ttl, n))
    policy = ProbePolicy(allow_networks=["10.0.0.0/8"])
    probe = MtrProbe(icmp=icmp, policy=policy, clock=system_clock, cycles=12, routers=SharedRouters(0.1))

    async def traced(target: str) -> ProbeResult:
        return await probe.run(Subject(target, addresses=(target,)), progress=lambda _result: None)

    results = await asyncio.gather(*map(traced, targets))

    for target, result in zip(targets, results, strict=True):
        assert [reading.address for reading in result.readings] == ["10.0.0.1", "10.0.0.2", target]
        assert {reading.numbers.loss_pct for reading in result.readings} == {0}
    for ttl in (1, 2):
        assert sum(echo.ttl == ttl for echo in icmp.sent) <= BURST + 12 + 1
