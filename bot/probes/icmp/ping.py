"""The ping probe: every address of a subject pinged at once."""

import asyncio

from bot.clock import Clock
from bot.errors import BadInput
from bot.probes.icmp.echo import Icmp
from bot.probes.icmp.loss import own_drops
from bot.probes.icmp.peers import PING, against_peers, judged, sweep_verdict
from bot.probes.icmp.sweep import Pinged, Sweep
from bot.probes.icmp.waiting import PATIENCE_MAX_S
from bot.probes.model import ProbeReading, ProbeResult, Progress, Subject
from bot.probes.policy import Located, ProbePolicy, ProbeRefused
from bot.probes.results import Run


class PingProbe:
    """Loss and delay of each address; the bad ones are named against their peers."""

    kind = PING

    def __init__(
        self, *, icmp: Icmp, policy: ProbePolicy, clock: Clock, count: int = 10, interval_s: float = 0.2
    ) -> None:
        self._icmp = icmp
        self._policy = policy
        self._clock = clock
        self._count = count
        self._interval_s = interval_s

    async def run(self, subject: Subject, *, progress: Progress) -> ProbeResult:
        if not subject.addresses and not subject.hosts:
            raise BadInput(f"{subject.label} has no host or address to ping.")
        run = Run(self.kind, subject.label, self._clock)
        try:
            located = await self._policy.locate(subject)
        except ProbeRefused as refusal:
            return run.refused(refusal)
        if not located.addresses:
            return run.fails("; ".join(located.missing))
        barred = no_icmp(self._icmp, located.addresses, run)
        return barred or await self._swept(run, located, progress)

    async def _swept(self, run: Run, located: Located, progress: Progress) -> ProbeResult:
        def so_far() -> ProbeResult:
            return _result(run, sweep.pinged, located.missing, self._icmp.drops - dropped_before)

        dropped_before = self._icmp.drops
        sweep = Sweep(
            self._icmp,
            located.addresses,
            count=self._count,
            interval_s=self._interval_s,
            on_round=lambda: progress(so_far()),
        )
        try:
            async with asyncio.timeout(self._count * self._interval_s + PATIENCE_MAX_S + 1.0):
                await sweep.run()
        except TimeoutError:
            # A machine too busy to keep the schedule: what has been measured is still true.
            pass
        return so_far()


def no_icmp(icmp: Icmp, addresses: tuple[str, ...], run: Run) -> ProbeResult | None:
    """The result that says why ICMP can't be sent from here; None where at least one address can be tried."""
    denied = [access for access in map(icmp.access, addresses) if access.mode is None]
    if len(denied) < len(addresses):
        return None
    return run.could_not(f"No pings: {denied[0].reason}", denied[0].remedy)


def _result(run: Run, pinged: list[Pinged], missing: tuple[str, ...], drops: int) -> ProbeResult:
    readings = against_peers([_reading(pings) for pings in pinged])
    return run.result(sweep_verdict(run.label, readings, missing=missing, own_drops=own_drops(drops)), readings)


def _reading(pinged: Pinged) -> ProbeReading:
    return judged(
        pinged.address,
        pinged.tally,
        unsent=pinged.unsent,
        unreachable=pinged.unreachable,
        refused=pinged.refused,
        quiet=pinged.quiet,
    )
