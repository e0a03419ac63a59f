"""The mtr probe: loss and delay at each hop, one run per address at a time."""

import asyncio
import contextlib
import socket
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from bot.clock import Clock
from bot.errors import BadInput
from bot.probes.icmp.port import Icmp
from bot.probes.icmp.routers import SharedRouters
from bot.probes.icmp.trace import Trace
from bot.probes.icmp.waiting import PATIENCE_MAX_S
from bot.probes.model import ProbeResult, Progress, Subject
from bot.probes.networks import Networks
from bot.probes.path import Path
from bot.probes.ping import no_icmp
from bot.probes.policy import Policy, Refused
from bot.probes.reverse import ReverseNames
from bot.probes.run import Run
from bot.probes.traced import COLUMNS, further, so_far, traced, with_report
from bot.probes.worst import worst_of

# Routers answer about one probe a second: a shorter interval shows loss that is not there.
INTERVAL_S = 1.0
MAX_HOPS = 30
LADDER = (30, 100)
"""So many cycles are made in all where the first ones show packets lost, to say where."""

# A new table each second at most, the first one at once: nobody reads faster, and messages are edited more slowly.
_TABLE_EVERY_S = 0.9
_LATER_TABLE_EVERY_S = 9.5
# Whoever wants to know more begins to wait right after the first result.
_WANTED_WITHIN_S = 2.0
_REMEMBERED_S = 120.0
_NOT_YET = "other MTRs are asking the same routers, run it again"

Listener = Callable[[Path], None]


@dataclass(slots=True, eq=False)
class _Shared:
    """A trace under way and everybody who looks at it. `first` is its path after the first cycles."""

    address: str
    cycles: int
    first: asyncio.Future[Path]
    task: asyncio.Task[Path] | None = None
    listeners: list[Listener] = field(default_factory=list)
    wanted: asyncio.Event = field(default_factory=asyncio.Event)
    latest: Path | None = None

    def seen(self, path: Path) -> None:
        self.latest = path
        for listener in tuple(self.listeners):
            listener(path)


class MtrProbe:
    """An MTR to one address; of a subject with several, to the one that answers worst.

    Where packets to the target are lost the same trace goes on up the `ladder`, see `refine`. Traces of one probe pool
    what they know of routers that they share. A process that has several such probes gives them the same `routers`,
    else each spares routers for itself alone.
    """

    kind = "mtr"
    summary = "loss and delay to each hop"

    def __init__(
        self,
        *,
        icmp: Icmp,
        policy: Policy,
        clock: Clock,
        names: ReverseNames | None = None,
        networks: Networks | None = None,
        cycles: int = 10,
        interval_s: float = INTERVAL_S,
        routers: SharedRouters | None = None,
        ladder: Sequence[int] = LADDER,
    ) -> None:
        self._icmp = icmp
        self._policy = policy
        self._clock = clock
        self._names = names
        self._networks = networks or Networks()
        self._cycles = cycles
        self._interval_s = interval_s
        self._routers = routers or SharedRouters(interval_s)
        self._ladder = tuple(ladder)
        self._running: dict[str, _Shared] = {}
        self._ended: list[tuple[float, Path]] = []

    async def run(self, subject: Subject, *, progress: Progress) -> ProbeResult:
        if not subject.addresses and not subject.hosts:
            raise BadInput(f"{subject.label} has no host or address to trace.")
        run = Run(self.kind, subject.label, COLUMNS, self._clock)
        try:
            located = await self._policy.locate(subject)
        except Refused as refusal:
            return run.refused(refusal)
        if not located.addresses:
            return run.fails("; ".join(located.missing))
        barred = no_icmp(self._icmp, located.addresses, run)
        if barred:
            return barred
        address, families = await worst_of(self._icmp, located.addresses)
        shared = self._running.get(address) or self._begin(address, subject.cycles or self._cycles)
        told = self._listening(
            shared, lambda path: progress(so_far(run, path, remark=families, others=self._others(address)))
        )
        with told:
            path = await asyncio.shield(shared.first if subject.cycles <= shared.cycles else self._task(shared))
        result = traced(run, path, remark=families, others=self._others(address))
        step = next((step for step in self._ladder if step > path.cycles), 0)
        return replace(result, goes_on_to=step if self._goes_on(shared, path) else 0)

    async def refine(self, result: ProbeResult, *, progress: Progress) -> ProbeResult:
        """See bot.probes.model.Refining; the run is found by the address that it traces."""
        address = result.verdict.about.address
        shared = self._running.get(address)
        if shared is None:
            return replace(result, goes_on_to=0)

        def newer(path: Path) -> ProbeResult:
            step = next((step for step in self._ladder if step > path.cycles), 0)
            return replace(further(result, path, self._others(address)), goes_on_to=step)

        with self._listening(shared, lambda path: progress(newer(path))):
            shared.wanted.set()
            path = await asyncio.shield(self._task(shared))
        return with_report(further(result, path, self._others(address)), path)

    @contextlib.contextmanager
    def _listening(self, shared: _Shared, listener: Listener) -> Iterator[None]:
        """The listener hears of the trace; the last one that leaves before its first result ends it."""
        if shared.latest:
            listener(shared.latest)
        shared.listeners.append(listener)
        try:
            yield
        finally:
            shared.listeners.remove(listener)
            if not shared.listeners and (not shared.first.done() or shared.wanted.is_set()):
                self._end(shared)

    def _begin(self, address: str, cycles: int) -> _Shared:
        shared = self._running[address] = _Shared(address, cycles, asyncio.get_running_loop().create_future())
        shared.task = asyncio.create_task(self._traced(shared), name=f"mtr {address}")
        shared.task.add_done_callback(lambda task: self._is_over(shared, task))
        return shared

    def _end(self, shared: _Shared) -> None:
        if self._running.get(shared.address) is shared:
            del self._running[shared.address]
        if shared.task and not shared.task.done():
            shared.task.cancel()

    def _is_over(self, shared: _Shared, task: asyncio.Task[Path]) -> None:
        self._end(shared)
        if shared.latest:
            self._ended.append((asyncio.get_running_loop().time(), shared.latest))
        if not shared.first.done():
            error = None if task.cancelled() else task.exception()
            if error:
                shared.first.set_exception(error)
            else:
                shared.first.cancel()

    @staticmethod
    def _task(shared: _Shared) -> asyncio.Task[Path]:
        if shared.task is None:
            raise LookupError(shared.address)
        return shared.task

    def _others(self, address: str) -> list[Path]:
        """Paths to other addresses that are traced now, or were a moment ago."""
        horizon = asyncio.get_running_loop().time() - _REMEMBERED_S
        self._ended = [(at, path) for at, path in self._ended if at >= horizon]
        running = [shared.latest for shared in self._running.values() if shared.latest]
        return [path for path in (*running, *(path for _, path in self._ended)) if path.destination != address]

    def _goes_on(self, shared: _Shared, path: Path) -> bool:
        """Whether more packets would say more: some to the target are lost, and the trace is still there."""
        lossy = path.reached and bool(path.hops[-1].tally.lost)
        return (
            lossy and self._running.get(shared.address) is shared and any(step > path.cycles for step in self._ladder)
        )

    async def _traced(self, shared: _Shared) -> Path:
        """Up the ladder as far as somebody waits for it."""
        recorder = self._recorder(shared)
        path = shared.latest = await self._until(recorder, shared.cycles)
        shared.first.set_result(path)
        if not self._goes_on(shared, path):
            return path
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_WANTED_WITHIN_S):
                await shared.wanted.wait()
        for step in self._ladder if shared.wanted.is_set() else ():
            if step > path.cycles:
                path = await self._until(recorder, step)
                shared.seen(path)
        return path

    async def _until(self, recorder: "_Recorder", cycles: int) -> Path:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(cycles * self._interval_s + PATIENCE_MAX_S + 2.0):
                await recorder.trace.until(cycles)
        return recorder.path()

    def _recorder(self, shared: _Shared) -> "_Recorder":
        return _Recorder(
            icmp=self._icmp,
            shared=shared,
            clock=self._clock,
            names=self._names,
            networks=self._networks,
            interval_s=self._interval_s,
            routers=self._routers,
        )


class _Recorder:
    """One trace, and the path that it has seen so far."""

    def __init__(
        self,
        *,
        icmp: Icmp,
        shared: _Shared,
        clock: Clock,
        names: ReverseNames | None,
        networks: Networks,
        interval_s: float,
        routers: SharedRouters,
    ) -> None:
        self._icmp = icmp
        self._shared = shared
        self._names = names
        self._networks = networks
        self._started_at = clock()
        self._dropped_before = icmp.drops
        self._shown_at = -_LATER_TABLE_EVERY_S
        self.trace = Trace(
            icmp,
            shared.address,
            routers=routers,
            cycles=shared.cycles,
            interval_s=interval_s,
            max_hops=MAX_HOPS,
            on_cycle=self._cycle_done,
            clock=clock,
        )

    def path(self) -> Path:
        trace = self.trace
        hops = trace.hops()
        hosts = [host for hop in hops for host in hop.hosts]
        return Path(
            destination=self._shared.address,
            source=socket.gethostname(),
            started_at=self._started_at,
            cycles=trace.cycles,
            hops=hops,
            reached=trace.reached,
            refused=trace.refused,
            refusals=trace.refusals,
            rejects=trace.rejects,
            loop=trace.loop,
            beyond=trace.beyond,
            quiet=trace.quiet,
            ways=trace.ways,
            unsent=trace.unsent or ("" if any(hop.tally.sent for hop in hops) else _NOT_YET),
            names=self._names.known(hosts) if self._names else (),
            networks=self._networks.of(hosts),
            drops=self._icmp.drops - self._dropped_before,
        )

    def _cycle_done(self) -> None:
        now = asyncio.get_running_loop().time()
        every_s = _TABLE_EVERY_S if self.trace.cycles <= self._shared.cycles else _LATER_TABLE_EVERY_S
        if now >= self._shown_at + every_s:
            self._shown_at = now
            self._shared.seen(self.path())
