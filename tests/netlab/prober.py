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
from bot.probes.icmp.mtr import MtrProbe
from bot.probes.icmp.path_facts import PathFacts
from bot.probes.icmp.ping import PingProbe
from bot.probes.icmp.routers import SharedRouters
from bot.probes.icmp.sockets import MODES, Mode
from bot.probes.model import ProbeResult, Subject
from bot.probes.policy import ProbePolicy
from tests.stalls import slowness

POLICY = ProbePolicy(allow_networks=["10.231.0.0/16", "fd00:231::/32", "127.0.0.0/8"])
_TICK_S = 0.005


async def probed(jobs: list[dict[str, Any]]) -> dict[str, Any]:
    """Runs every job over one engine per mode, all MTRs of one interval with the same pace, as in one bot.

    Those of one "probe" count together what they share; the others are each as alone. `busy_ms` is what the loop's
    thread computed between its ticks, `slowness` how much longer that took than on the reference machine, and `dropped`
    how many arriving packets this machine threw away, meanwhile.
    """
    engines: dict[Mode, IcmpEngine] = {mode: IcmpEngine(modes=(mode,)) for mode in MODES}
    routers = {float(job["interval_s"]): SharedRouters(float(job["interval_s"])) for job in jobs}
    busy_ms: list[float] = []
    probes: dict[str, MtrProbe] = {}
    for engine in engines.values():
        await engine.open()
    watching = asyncio.create_task(_watch(busy_ms))
    try:
        results = await asyncio.gather(*(_one(engines, probes, routers, job) for job in jobs))
    finally:
        watching.cancel()
        for engine in engines.values():
            await engine.close()
    dropped = sum(engine.drops for engine in engines.values())
    return {"results": results, "busy_ms": sorted(busy_ms), "dropped": dropped, "slowness": slowness()}


async def _one(
    engines: Mapping[Mode, IcmpEngine],
    probes: dict[str, MtrProbe],
    routers: Mapping[float, SharedRouters],
    job: dict[str, Any],
) -> dict[str, Any]:
    """The last result; an MTR that has a "ladder" goes on to its end, with where loss starts on the way in `steps`.

    One that is "alone" asks routers as often as if there were no other.
    """
    icmp, count, interval_s = engines[job["mode"]], int(job["count"]), float(job["interval_s"])
    subject, steps = Subject("lab", addresses=tuple(job["addresses"])), []
    if job["kind"] == "mtr":
        name = str(job.get("probe") or id(job))
        probe = probes.setdefault(
            name,
            MtrProbe(
                icmp=icmp,
                policy=POLICY,
                clock=system_clock,
                cycles=count,
                routers=SharedRouters(interval_s) if job.get("alone") else routers[interval_s],
                ladder=job.get("ladder", ()),
            ),
        )
        result = await probe.run(subject, progress=_unseen)
        if result.goes_on_to:
            seen = [result]
            result = await probe.refine(result, progress=seen.append)
            steps = [{"cycles": _cycles(each), "begins": _begins(each)} for each in seen]
    else:
        pinging = PingProbe(icmp=icmp, policy=POLICY, clock=system_clock, count=count, interval_s=interval_s)
        result = await pinging.run(subject, progress=_unseen)
    return _record(result) | {"steps": steps}


def _unseen(_: ProbeResult) -> None:
    pass


def _cycles(result: ProbeResult) -> int:
    return result.verdict.path.cycles if result.verdict.path else 0


def _begins(result: ProbeResult) -> list[int] | None:
    begins = result.verdict.path.begins if result.verdict.path else None
    return [begins.first.ttl, begins.last.ttl] if begins else None


def _record(result: ProbeResult) -> dict[str, Any]:
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
    return {
        "ok": result.ok,
        "wrong": result.verdict.wrong,
        "may_be_chance": result.verdict.may_be_chance,
        "begins": _begins(result),
        "path": _path(result.verdict.path) if result.verdict.path else None,
        "rows": rows,
        "duration_s": result.duration_s,
    }


def _path(facts: PathFacts) -> dict[str, Any]:
    """Hops as [ttl, host]; those that limit their answers or may do so by their TTL."""
    last = facts.last_answering
    return {
        "end": facts.end,
        "reached": facts.reached,
        "hops": facts.hops,
        "limited": [hop.ttl for hop in facts.limited],
        "unclear": [hop.ttl for hop in facts.unclear],
        "rejects": [[each.by.ttl, each.by.host, each.words, each.lost, each.sent] for each in facts.rejects],
        "otherwise": facts.otherwise,
        "in_outages": [outage.lost - outage.rejected for outage in facts.outages],
        "loop": [[hop.ttl, hop.host] for hop in facts.loop],
        "ways_differ": facts.ways is not None,
        "way_shown": facts.ways is not None and facts.ways.shown,
        "last_answering": [last.ttl, last.host] if last else None,
        "pooled": facts.pooled,
    }


async def _watch(busy_ms: list[float]) -> None:
    """What others take of the machine delays a tick, and is no work of this thread.

    What comes meanwhile is work that waits, and the tick after has all of it, as many times more as it was delayed.
    """
    never = asyncio.Event()
    while True:
        seen_s, began_s = time.monotonic(), time.thread_time()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_TICK_S):
                await never.wait()
        busy_s = time.thread_time() - began_s
        delayed = max((time.monotonic() - seen_s - busy_s) / _TICK_S, 1.0)
        busy_ms.append(busy_s * 1000 / delayed)


if __name__ == "__main__":
    print(json.dumps(asyncio.run(probed(json.loads(sys.argv[1])))))
