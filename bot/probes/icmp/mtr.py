"""The mtr probe: loss and delay at each hop, one run per address at a time."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from attrs import define

from bot.clock import Clock
from bot.errors import BadInput
from bot.probes.address import NO_NETWORKS, Networks
from bot.probes.icmp.echo import Icmp
from bot.probes.icmp.path import Path
from bot.probes.icmp.path_verdict import MTR, read, worth_more
from bot.probes.icmp.ping import pingable
from bot.probes.icmp.reverse import ReverseNames
from bot.probes.icmp.routers import SharedRouters
from bot.probes.icmp.sweep import worst_of
from bot.probes.icmp.trace import Trace
from bot.probes.icmp.trace_result import so_far, traced
from bot.probes.icmp.trace_run import TraceRun, TraceTurns
from bot.probes.model import ProbeResult, Progress, Subject
from bot.probes.policy import ProbePolicy
from bot.probes.results import Run

MAX_HOPS = 30
LADDER = (30, 100)
"""Cycles to which a run goes on by itself where packets were lost: the first ones say whether, these say where."""

# What another MTR counted at the same routers so long ago counts too.
_REMEMBERED_S, _REMEMBERED_MAX = 120.0, 50
_NOT_YET = "other MTRs are asking the same routers, run it again"

_RunKey = tuple[str, datetime]


@define(kw_only=True, eq=False, repr=False, slots=False)
class MtrProbe:
    """An MTR to one address; of a subject with several, to the one that answers worst.

    `routers` say how often a cycle begins. A process that has several such probes gives them the same, else each spares
    routers for itself alone.
    Where packets to the target are lost, the run goes on to each step of `ladder` (cycles), and `refine` waits for it.
    """

    kind = MTR

    _icmp: Icmp
    _policy: ProbePolicy
    _clock: Clock
    _routers: SharedRouters
    _names: ReverseNames | None = None
    _networks: Networks = NO_NETWORKS
    _cycles: int = 10
    _ladder: Sequence[int] = LADDER

    def __attrs_post_init__(self) -> None:
        self._running: dict[str, TraceRun] = {}
        self._turns = TraceTurns()
        self._going_on: dict[str, dict[_RunKey, tuple[Run, str]]] = {}
        self._recent: deque[tuple[float, Path]] = deque(maxlen=_REMEMBERED_MAX)

    async def run(self, subject: Subject, *, progress: Progress) -> ProbeResult:
        if not subject.addresses and not subject.hosts:
            raise BadInput(f"{subject.label} has no host or address to trace.")
        run = Run(self.kind, subject.label, self._clock)
        located = await pingable(self._icmp, self._policy, subject, run)
        if isinstance(located, ProbeResult):
            return located
        address, families = await worst_of(self._icmp, located.addresses)
        running = self._running.get(address) or self._begin(address)
        path = await running.wait(subject.cycles or self._cycles, lambda path: progress(so_far(run, path)))
        goes_on_to = running.goes_on_to
        if goes_on_to:
            self._going_on.setdefault(address, {})[run.label, run.started_at] = run, families
        return traced(run, path, remark=families, others=self._others(address), goes_on_to=goes_on_to)

    async def refine(self, result: ProbeResult, *, progress: Progress) -> ProbeResult:
        """Goes on with an MTR as Refining says."""
        address = result.verdict.about.address
        running = self._running.get(address)
        begun = self._going_on.get(address, {}).get((result.label, result.started_at))
        if running is None or begun is None:
            return replace(result, goes_on_to=0)
        run, families = begun

        def tell(path: Path) -> None:
            step = running.goes_on_to
            progress(so_far(run, path, remark=families, others=self._others(address), goes_on_to=step))

        path = await running.wait(max(self._ladder), tell, again=True)
        return traced(run, path, remark=families, others=self._others(address))

    def _begin(self, address: str) -> TraceRun:
        dropped_before = self._icmp.drops

        def trace_of(cycle_done: Callable[[], None]) -> Trace:
            return Trace(
                self._icmp,
                address,
                routers=self._routers,
                interval_s=self._routers.interval_s,
                max_hops=MAX_HOPS,
                on_cycle=cycle_done,
                clock=self._clock,
            )

        running = self._running[address] = TraceRun(
            trace_of=trace_of,
            path_of=lambda trace: self._path(trace, dropped_before),
            goes_on=lambda path: worth_more(read(path)),
            ladder=sorted(self._ladder),
            interval_s=self._routers.interval_s,
            turns=self._turns,
            on_end=lambda ended: self._ended(address, ended),
        )
        running.start(f"mtr {address}")
        return running

    def _ended(self, address: str, running: TraceRun) -> None:
        if running.latest:
            self._recent.append((asyncio.get_running_loop().time(), running.latest))
        if self._running.get(address) is running:
            del self._running[address]
            self._going_on.pop(address, None)

    def _others(self, address: str) -> list[Path]:
        """What MTRs to other addresses saw, at the same time or shortly before."""
        now = asyncio.get_running_loop().time()
        recent = [path for ended_at, path in self._recent if now - ended_at < _REMEMBERED_S]
        running = [running.latest for running in self._running.values() if running.latest]
        return [path for path in (*running, *recent) if path.destination != address]

    def _path(self, trace: Trace, dropped_before: int) -> Path:
        path = trace.path()
        addresses = [*(host for hop in path.hops for host in hop.hosts), *(each.by.host for each in path.rejects)]
        return replace(
            path,
            unsent=path.unsent or ("" if any(hop.tally.sent for hop in path.hops) else _NOT_YET),
            names=self._names.known(addresses) if self._names else (),
            networks=self._networks.of(addresses),
            drops=self._icmp.drops - dropped_before,
        )
