"""Traces and sweeps inside a namespace, all at once: `python -m tests.netlab.tracer '[{"kind": …}, …]'`.

A line of JSON after each cycle of the first job, so that a test can change the path there, and one with all results.
"""

import asyncio
import json
import sys
import time
from collections.abc import Callable
from typing import Any

from bot.clock import system_clock
from bot.probes.icmp.engine import IcmpEngine
from bot.probes.icmp.loss import Tally
from bot.probes.icmp.path_facts import Outage
from bot.probes.icmp.routers import SharedRouters
from bot.probes.icmp.sockets import MODES, Mode
from bot.probes.icmp.sweep import Pinged, Sweep
from bot.probes.icmp.trace import Trace

Record = dict[str, Any]
_MAX_HOPS = 30


async def traced(jobs: list[Record]) -> Record:
    """Runs every job over one engine per mode, all traces of one interval with the same pace, as in one bot.

    `dropped` is how many arriving packets this machine threw away, meanwhile.
    """
    engines: dict[Mode, IcmpEngine] = {mode: IcmpEngine(modes=(mode,)) for mode in MODES}
    routers = {float(job["interval_s"]): SharedRouters(float(job["interval_s"])) for job in jobs}
    for engine in engines.values():
        await engine.open()
    try:
        results = await asyncio.gather(
            *(
                _one(
                    engines[job["mode"]],
                    routers[float(job["interval_s"])],
                    job,
                    _cycles() if job is jobs[0] else _quietly,
                )
                for job in jobs
            )
        )
    finally:
        for engine in engines.values():
            await engine.close()
    dropped = sum(engine.drops for engine in engines.values())
    return {"results": results, "dropped": dropped}


def _cycles() -> Callable[[], None]:
    shown = 0

    def cycle() -> None:
        nonlocal shown
        shown += 1
        print(json.dumps({"cycle": shown}), flush=True)

    return cycle


def _quietly() -> None:
    pass


async def _one(engine: IcmpEngine, routers: SharedRouters, job: Record, on_cycle: Callable[[], None]) -> Record:
    began = time.monotonic()
    if job["kind"] == "trace":
        found = await _trace(engine, routers, job, on_cycle)
    else:
        found = await _sweep(engine, job, on_cycle)
    return found | {"duration_s": time.monotonic() - began}


async def _trace(engine: IcmpEngine, routers: SharedRouters, job: Record, on_cycle: Callable[[], None]) -> Record:
    """`counts` are the cycles of a run that goes on to each of them in turn."""
    (address,) = job["addresses"]
    trace = Trace(
        engine,
        address,
        routers=routers,
        interval_s=float(job["interval_s"]),
        max_hops=_MAX_HOPS,
        on_cycle=on_cycle,
        clock=system_clock,
    )
    for count in job["counts"]:
        await trace.until(count)
    path = trace.path()
    rows = [{"ttl": hop.ttl, "host": hop.name, "hosts": hop.hosts} | _counted(hop.tally) for hop in path.hops]
    return {
        "rows": rows,
        "reach": len(path.hops) if path.reached else 0,
        "refused": path.refused,
        "rejects": [[each.by.ttl, each.by.host, each.words, each.lost, each.sent] for each in path.rejects],
        "loop": path.loop,
        "beyond": path.beyond,
        "quiet": _times(path.quiet),
        "ways": {way.flow: [way.lost, way.sent] for way in path.ways},
    }


async def _sweep(engine: IcmpEngine, job: Record, on_round: Callable[[], None]) -> Record:
    (count,) = job["counts"]
    interval_s = float(job["interval_s"])
    sweep = Sweep(engine, job["addresses"], count=count, interval_s=interval_s, on_round=on_round, clock=system_clock)
    await sweep.run()
    return {"rows": [_pinged(pinged) for pinged in sweep.pinged]}


def _pinged(pinged: Pinged) -> Record:
    row = {"host": pinged.address, "unreachable": pinged.unreachable, "refused": pinged.refused}
    return row | {"quiet": _times(pinged.quiet)} | _counted(pinged.tally)


def _counted(tally: Tally) -> Record:
    return {"sent": tally.sent, "lost": tally.lost, "best_ms": tally.best_ms, "worst_ms": tally.worst_ms}


def _times(quiet: tuple[Outage, ...]) -> list[Record]:
    """Seconds since 1970, as a test in another process can compare."""
    return [
        {
            "since": each.since.timestamp(),
            "until": each.until.timestamp() if each.until else None,
            "lost": each.lost,
        }
        for each in quiet
    ]


if __name__ == "__main__":
    print(json.dumps(asyncio.run(traced(json.loads(sys.argv[1])))))
