"""Inside a namespace: `python -m tests.bench.on_path ours|medians|mtr CYCLES INTERVAL_S ADDRESS …`, JSON out.

All addresses at once, a report each.
"""

import asyncio
import contextlib
import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from bot.clock import system_clock
from bot.probes.icmp.engine import IcmpEngine
from bot.probes.icmp.mtr import MAX_HOPS, MtrProbe
from bot.probes.icmp.routers import SharedRouters
from bot.probes.icmp.trace import Trace
from bot.probes.model import Subject
from tests.bench.figures import median
from tests.bench.peer import path_of
from tests.netlab.prober import POLICY


async def ours(addresses: list[str], cycles: int, interval_s: float) -> dict[str, Any]:
    """Reports as the bot makes them, and what they cost in a process that is there already."""
    engine = IcmpEngine()
    await engine.open()
    probe = MtrProbe(icmp=engine, policy=POLICY, clock=system_clock, cycles=cycles, routers=SharedRouters(interval_s))
    before_kb, used, began = _peak_kb(), time.process_time(), time.monotonic()
    runs = (probe.run(Subject(each, addresses=(each,)), progress=lambda _: None) for each in addresses)
    await asyncio.gather(*runs)
    cpu_s, wall_s = time.process_time() - used, time.monotonic() - began
    await engine.close()
    return {"cpu_ms": 1000 * cpu_s, "wall_s": wall_s, "peak_kb": _peak_kb(), "grown_kb": _peak_kb() - before_kb}


async def medians(address: str, cycles: int, interval_s: float) -> list[float]:
    """The median delay of each hop, in ms."""
    engine = IcmpEngine()
    await engine.open()
    trace = Trace(
        engine,
        address,
        routers=SharedRouters(interval_s),
        interval_s=interval_s,
        max_hops=MAX_HOPS,
        on_cycle=lambda: None,
    )
    await trace.until(cycles)
    await engine.close()
    return [hop.tally.median_ms for hop in trace.path().hops]


def of_mtr(addresses: list[str], cycles: int, interval_s: float) -> dict[str, Any]:
    """mtr processes at once. `peak_kb` adds up all of them, the packet senders that they start among them."""
    began = time.monotonic()
    options = ["-n", "--raw", "-c", str(cycles), "-i", str(interval_s), "-G", "1"]
    started = [
        subprocess.Popen([path_of("mtr"), *options, each], stdout=subprocess.PIPE, text=True) for each in addresses
    ]
    with contextlib.suppress(subprocess.TimeoutExpired):
        started[0].wait(cycles * interval_s / 2)  # in the middle of it
    peak_kb = sum(_peaks_kb(process.pid) for process in started)
    outputs = [process.stdout.read() if process.stdout else "" for process in started]
    for process in started:
        process.wait()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "cpu_ms": 1000 * (used.ru_utime + used.ru_stime),
        "wall_s": time.monotonic() - began,
        "peak_kb": peak_kb,
        "medians": _raw_medians(outputs[0]),
    }


def _peaks_kb(pid: int) -> int:
    """The peak of a process and its children; a rusage would begin with what its parent had."""
    process = Path(f"/proc/{pid}")
    status = (process / "status").read_text("ascii")
    own = next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:")), 0)
    children = (process / f"task/{pid}/children").read_text("ascii").split()
    return own + sum(_peaks_kb(int(child)) for child in children)


def _raw_medians(output: str) -> list[float]:
    """From lines such as "p 3 218 33007": position from 0 and microseconds."""
    delays: dict[int, list[float]] = {}
    for line in output.splitlines():
        if line.startswith("p "):
            _, place, micros, *_ = line.split()
            delays.setdefault(int(place), []).append(int(micros) / 1000)
    return [median(delays[place]) for place in sorted(delays)]


def _peak_kb() -> int:
    return _peaks_kb(os.getpid())


def main() -> None:
    what, cycles, interval_s, *addresses = sys.argv[1:]
    arguments = addresses, int(cycles), float(interval_s)
    if what == "mtr":
        found: Any = of_mtr(*arguments)
    elif what == "ours":
        found = asyncio.run(ours(*arguments))
    else:
        found = asyncio.run(medians(addresses[0], *arguments[1:]))
    print(json.dumps(found))


if __name__ == "__main__":
    main()
