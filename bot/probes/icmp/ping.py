"""The ping probe: every address of a subject pinged at once."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from bot.clock import Clock
from bot.errors import BadInput
from bot.probes.icmp.echo import Icmp
from bot.probes.icmp.loss import own_drops
from bot.probes.icmp.peers import PING, against_peers, judged, sweep_verdict
from bot.probes.icmp.sweep import Pinged, Sweep
from bot.probes.icmp.waiting import PATIENCE_MAX_S
from bot.probes.model import About, ProbeReading, ProbeResult, Progress, Subject
from bot.probes.policy import Located, ProbePolicy, ProbeRefused
from bot.probes.results import Run
from bot.probes.tables import report_of, worst_first

MANY = 999
"""More addresses are pinged once a second, and no faster: so many packets at once this machine would lose itself."""
MANY_INTERVAL_S = 1.0
LISTED = 200
"""Of many addresses so many are listed, the worst; the report has all."""
_AT_ONCE = 128


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
        located = await pingable(self._icmp, self._policy, subject, run)
        return located if isinstance(located, ProbeResult) else await self._swept(run, located, progress)

    async def _swept(self, run: Run, located: Located, progress: Progress) -> ProbeResult:
        def so_far() -> ProbeResult:
            readings = against_peers([_reading(pings) for pings in sweep.pinged])
            return _result(run, readings, located.missing, self._icmp.drops - dropped_before)

        def answering() -> ProbeResult:
            """Judging thousands takes its time: until the end it only says how many answer."""
            verdict = PING.verdict(About(run.label), "not measured to its end", measured=False)
            count, among = f"{sweep.answering:,}", f"{len(located.addresses):,}"
            return run.result(verdict, waiting=f"{count} of {among} addresses answer so far…")

        many = len(located.addresses) > MANY
        interval_s = max(self._interval_s, MANY_INTERVAL_S) if many else self._interval_s
        dropped_before = self._icmp.drops
        sweep = Sweep(
            self._icmp,
            located.addresses,
            count=self._count,
            interval_s=interval_s,
            on_round=(lambda: progress(answering())) if many else (lambda: progress(so_far())),
        )
        try:
            async with asyncio.timeout(self._count * interval_s + PATIENCE_MAX_S + 1.0):
                await sweep.run()
        except TimeoutError:
            # A machine too busy to keep the schedule: what has been measured is still true.
            pass
        return await self._of_many(run, sweep, located, dropped_before) if many else so_far()

    async def _of_many(self, run: Run, sweep: Sweep, located: Located, dropped_before: int) -> ProbeResult:
        """Others come in between while it is made; it lists what is bad, and its report everything."""
        readings: list[ProbeReading] = []
        for number, pings in enumerate(sweep.pinged, 1):
            readings.append(_reading(pings))
            if number % _AT_ONCE == 0:
                await asyncio.sleep(0)
        drops, duration_s = self._icmp.drops - dropped_before, run.duration_s
        sweep.forget()
        return await asyncio.to_thread(_shortened, run, readings, located.missing, drops, duration_s)


async def pingable(icmp: Icmp, policy: ProbePolicy, subject: Subject, run: Run) -> Located | ProbeResult:
    """The subject's addresses, at least one of which can be tried, or the result that says why none can."""
    try:
        located = await policy.locate(subject)
    except ProbeRefused as refusal:
        return run.refused(refusal)
    if not located.addresses:
        return run.fails("; ".join(located.missing))
    denied = [access for access in map(icmp.access, located.addresses) if access.mode is None]
    if len(denied) < len(located.addresses):
        return located
    return run.could_not(f"No pings: {denied[0].reason}", denied[0].remedy)


def _result(
    run: Run, readings: Sequence[ProbeReading], missing: tuple[str, ...], drops: int, duration_s: float | None = None
) -> ProbeResult:
    verdict = sweep_verdict(run.label, readings, missing=missing, own_drops=own_drops(drops))
    return run.result(verdict, readings, duration_s=duration_s)


def _shortened(
    run: Run, readings: Sequence[ProbeReading], missing: tuple[str, ...], drops: int, duration_s: float
) -> ProbeResult:
    """All of a result would be megabytes that are read each time that its message is shown."""
    whole = _result(run, against_peers(readings), missing, drops, duration_s)
    name, report = report_of(whole)
    faults = whole.verdict.faults
    verdict = replace(whole.verdict, faults=faults[:LISTED], failed=len(faults))
    listed = tuple(worst_first(whole)[:LISTED])
    return replace(whole, verdict=verdict, readings=listed, report=report, report_name=name)


def _reading(pinged: Pinged) -> ProbeReading:
    return judged(
        pinged.address,
        pinged.tally,
        unsent=pinged.unsent,
        unreachable=pinged.unreachable,
        refused=pinged.refused,
        quiet=pinged.quiet,
    )
