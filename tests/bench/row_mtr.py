"""MTR reports: how soon there is something to see, how long they take, what fifty at once cost, beside mtr itself."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator

from bot.clock import system_clock
from bot.probes.icmp.engine import IcmpEngine
from bot.probes.icmp.mtr import MtrProbe
from bot.probes.icmp.routers import SharedRouters
from bot.probes.model import ProbeResult, Subject
from bot.probes.policy import ProbePolicy
from tests.bench.figures import CannotRun, Figure, at_most, ratio
from tests.bench.peer import Spent, path_of, run

TITLE = "MTR report"
CYCLES, INTERVAL_S, BOUND_S = 10, 1.0, 10.2
MANY, QUICK_S = 50, 0.2
"""Fifty at once run at a shorter interval: what they cost does not depend on it, and loopback limits no answers."""
HOW = "our CPU is that of the measuring process, as it would be in a running bot; mtr's is that of its processes"


async def measure() -> list[Figure]:
    async with icmp_engine() as engine:
        one, first_s, peer = await _one_beside_mtr(engine)
        many = await _many(engine)
    many_peer = await _mtr(MANY, QUICK_S)
    return [
        at_most(f"{CYCLES} cycles at {INTERVAL_S:g} s, first table after", [first_s], INTERVAL_S, "s"),
        at_most("  done after", [one.wall_s], BOUND_S, "s", _beside(peer)),
        Figure(
            f"{MANY} reports at once, {QUICK_S:g} s: our CPU", f"{many.cpu_ms:.0f} ms in {many.wall_s:.2f} s", note=HOW
        ),
        Figure("  mtr's CPU", _of_peer(many_peer)),
        Figure("  ours : mtr's", ratio(many.cpu_ms, many_peer.cpu_ms) if many_peer else "-"),
    ]


@contextlib.asynccontextmanager
async def icmp_engine() -> AsyncIterator[IcmpEngine]:
    engine = IcmpEngine()
    await engine.open()
    try:
        access = engine.access("127.0.0.1")
        if access.mode is None:
            raise CannotRun(f"no ICMP here: {access.reason}. {access.remedy}")
        yield engine
    finally:
        await engine.close()


async def _one_beside_mtr(engine: IcmpEngine) -> tuple[Spent, float, Spent | None]:
    """Our report and mtr's at the same time, to the same address; both mostly wait."""
    first: list[float] = []
    began = time.monotonic()

    def progress(_: ProbeResult) -> None:
        first.append(time.monotonic() - began)

    async def ours() -> float:
        await _probe(engine, INTERVAL_S).run(_subject(1), progress=progress)
        return time.monotonic() - began

    wall_s, peer = await asyncio.gather(ours(), _mtr(1, INTERVAL_S))
    return Spent(wall_s, 0.0), first[0], peer


async def _many(engine: IcmpEngine) -> Spent:
    probe, began, used = _probe(engine, QUICK_S), time.monotonic(), time.process_time()
    await asyncio.gather(*(probe.run(_subject(number), progress=lambda _: None) for number in range(1, MANY + 1)))
    return Spent(time.monotonic() - began, 1000 * (time.process_time() - used))


async def _mtr(count: int, interval_s: float) -> Spent | None:
    program = path_of("mtr")
    if not program:
        return None
    options = ["-n", "-j", "-c", str(CYCLES), "-i", str(interval_s), "-G", "1"]
    return await run(*([program, *options, _address(number)] for number in range(1, count + 1)))


def _probe(engine: IcmpEngine, interval_s: float) -> MtrProbe:
    policy = ProbePolicy(allow_networks=("127.0.0.0/8",))
    return MtrProbe(icmp=engine, policy=policy, clock=system_clock, cycles=CYCLES, routers=SharedRouters(interval_s))


def _address(number: int) -> str:
    return f"127.0.60.{number}"


def _subject(number: int) -> Subject:
    return Subject(label=_address(number), addresses=(_address(number),), trusted=True)


def _of_peer(peer: Spent | None) -> str:
    return f"{peer.cpu_ms:.0f} ms in {peer.wall_s:.2f} s" if peer else "mtr is not installed, or may not run here"


def _beside(peer: Spent | None) -> str:
    if not peer:
        return "mtr is not installed, or may not run here"
    return f"mtr -n -j -c10 -i1 -G1 to the same address at the same time: {peer.wall_s:.2f} s, CPU {peer.cpu_ms:.0f} ms"
