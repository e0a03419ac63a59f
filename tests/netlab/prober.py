"""Probe runs inside a namespace, all at once: `python -m tests.netlab.prober '[{"kind": …}, …]'`, JSON out."""

import asyncio
import contextlib
import json
import sys
import time
from collections.abc import Mapping
from typing import Any

from bot.clock import system_clock
from bot.probes.icmp.engine import IcmpEngine
from bot.probes.icmp.routers import SharedRouters
from bot.probes.icmp.sockets import MODES, Mode
from bot.probes.model import Probe, Subject
from bot.probes.mtr import MtrProbe
from bot.probes.ping import PingProbe
from bot.probes.policy import Policy
from bot.probes.wording import long

POLICY = Policy(allow_networks=["10.231.0.0/16", "fd00:231::/32", "127.0.0.0/8"])
_TICK_S = 0.005


async def probed(jobs: list[dict[str, Any]]) -> dict[str, Any]:
    """Runs every job over one engine per mode, all MTRs of one interval with the same pace, as in one bot.

    `lag_ms` are how late the event loop was, meanwhile.
    """
    engines: dict[Mode, IcmpEngine] = {mode: IcmpEngine(modes=(mode,)) for mode in MODES}
    routers = {float(job["interval_s"]): SharedRouters(float(job["interval_s"])) for job in jobs}
    lags_ms: list[float] = []
    for engine in engines.values():
        await engine.open()
    watching = asyncio.create_task(_watch(lags_ms))
    try:
        results = await asyncio.gather(*(_one(engines, routers, job) for job in jobs))
    finally:
        watching.cancel()
        for engine in engines.values():
            await engine.close()
    return {"results": results, "lag_ms": sorted(lags_ms), "cpu_s": time.process_time()}


async def _one(
    engines: Mapping[Mode, IcmpEngine], routers: Mapping[float, SharedRouters], job: dict[str, Any]
) -> dict[str, Any]:
    icmp, count, interval_s = engines[job["mode"]], int(job["count"]), float(job["interval_s"])
    probe: Probe
    if job["kind"] == "mtr":
        pace = routers[interval_s]
        probe = MtrProbe(
            icmp=icmp, policy=POLICY, clock=system_clock, cycles=count, interval_s=interval_s, routers=pace
        )
    else:
        probe = PingProbe(icmp=icmp, policy=POLICY, clock=system_clock, count=count, interval_s=interval_s)
    result = await probe.run(Subject("lab", addresses=tuple(job["addresses"])), progress=lambda _result: None)
    rows = [
        {
            "count": number,
            "host": reading.address or "???",
            "address": reading.address,
            "hosts": reading.cells[1].split(", "),
            "sent": reading.numbers.sent,
            "lost": reading.numbers.lost,
            "best_ms": reading.numbers.best_ms,
            "worst_ms": reading.numbers.worst_ms,
        }
        for number, reading in enumerate(result.readings, 1)
    ]
    begins = result.verdict.path.begins if result.verdict.path else None
    return {
        "ok": result.ok,
        "verdict": long(result.verdict),
        "begins": [begins.first.ttl, begins.last.ttl] if begins else None,
        "rows": rows,
        "duration_s": result.duration_s,
    }


async def _watch(lags_ms: list[float]) -> None:
    never = asyncio.Event()
    while True:
        due = time.monotonic() + _TICK_S
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_TICK_S):
                await never.wait()
        lags_ms.append((time.monotonic() - due) * 1000)


if __name__ == "__main__":
    print(json.dumps(asyncio.run(probed(json.loads(sys.argv[1])))))
