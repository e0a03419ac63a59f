"""The mtr probe: loss and delay at each hop, one run per address at a time."""

import asyncio
import contextlib
import socket
from collections.abc import Callable
from dataclasses import dataclass, field

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
from bot.probes.traced import COLUMNS, so_far, traced
from bot.probes.worst import worst_of

# Routers answer about one probe a second: a shorter interval shows loss that is not there.
INTERVAL_S = 1.0
MAX_HOPS = 30
# A new table each second at most, the first one at once: nobody reads faster, and messages are edited more slowly.
_TABLE_EVERY_S = 0.9
_NOT_YET = "other MTRs are asking the same routers, run it again"


@dataclass(slots=True)
class _Shared:
    """A trace under way and everybody who looks at it."""

    task: asyncio.Task[Path]
    listeners: list[Callable[[Path], None]] = field(default_factory=list)
    latest: Path | None = None


class MtrProbe:
    """An MTR to one address; of a subject with several, to the one that answers worst.

    A process that has several such probes gives them the same `routers`, else each spares routers for itself alone.
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
    ) -> None:
        self._icmp = icmp
        self._policy = policy
        self._clock = clock
        self._names = names
        self._networks = networks or Networks()
        self._cycles = cycles
        self._interval_s = interval_s
        self._routers = routers or SharedRouters(interval_s)
        self._running: dict[str, _Shared] = {}

    async def run(self, subject: Subject, *, progress: Progress) -> ProbeResult:
        if not subject.addresses and not subject.hosts:
            raise BadInput(f"{subject.label} has no host or address to trace.")
        run = Run(self.kind, subject.label, COLUMNS, self._clock)
        try:
            located = await self._policy.locate(subject)
        except Refused as refusal:
            return run.refused(refusal)
        if not located.addresses:
            return run.result(ok=False, verdict="; ".join(located.missing))
        barred = no_icmp(self._icmp, located.addresses, run)
        if barred:
            return barred
        address, families = await worst_of(self._icmp, located.addresses)
        path = await self._joined(address, lambda path: progress(so_far(run, path)))
        return traced(run, path, remark=families)

    async def _joined(self, address: str, listener: Callable[[Path], None]) -> Path:
        """The trace to `address`: begun, or joined where one is under way. The last to leave ends it."""
        shared = self._running.get(address)
        if shared is None:
            shared = self._begin(address)
        elif shared.latest:
            listener(shared.latest)
        shared.listeners.append(listener)
        try:
            return await asyncio.shield(shared.task)
        finally:
            shared.listeners.remove(listener)
            if not shared.listeners and not shared.task.done():
                self._running.pop(address, None)
                shared.task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await shared.task

    def _begin(self, address: str) -> _Shared:
        def ended(_task: asyncio.Task[Path]) -> None:
            if self._running.get(address) is shared:
                del self._running[address]

        def seen(path: Path) -> None:
            shared.latest = path
            for listener in tuple(shared.listeners):
                listener(path)

        shared = _Shared(asyncio.create_task(self._traced(address, seen), name=f"mtr {address}"))
        self._running[address] = shared
        shared.task.add_done_callback(ended)
        return shared

    async def _traced(self, address: str, seen: Callable[[Path], None]) -> Path:
        started_at = self._clock()
        dropped_before = self._icmp.drops
        loop = asyncio.get_running_loop()
        shown_at = -_TABLE_EVERY_S

        def so_far() -> Path:
            hops = trace.hops()
            hosts = [host for hop in hops for host in hop.hosts]
            return Path(
                destination=address,
                source=socket.gethostname(),
                started_at=started_at,
                cycles=self._cycles,
                hops=hops,
                reached=bool(trace.reach),
                unreachable=trace.unreachable,
                unsent=trace.unsent or ("" if any(hop.tally.sent for hop in hops) else _NOT_YET),
                names=self._names.known(hosts) if self._names else (),
                networks=self._networks.of(hosts),
                drops=self._icmp.drops - dropped_before,
            )

        def cycle_done() -> None:
            nonlocal shown_at
            if loop.time() >= shown_at + _TABLE_EVERY_S:
                shown_at = loop.time()
                seen(so_far())

        trace = Trace(
            self._icmp,
            address,
            routers=self._routers,
            cycles=self._cycles,
            interval_s=self._interval_s,
            max_hops=MAX_HOPS,
            on_cycle=cycle_done,
        )
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._cycles * self._interval_s + PATIENCE_MAX_S + 2.0):
                await trace.run()
        return so_far()
