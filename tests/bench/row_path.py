"""The same path of real routers, in the same minute, by our engine and by mtr: delays, and what fifty reports cost."""

import asyncio
import json
import os
import sys
from functools import partial
from typing import Any

from tests.bench.figures import CannotRun, Figure, at_most
from tests.bench.peer import path_of
from tests.netlab.lab import Lab, built

TITLE = "MTR over three routers, beside mtr"
CYCLES, INTERVAL_S = 10, 1.0
MANY, QUICK_S = 50, 0.2
CLOSE_MS, SHARE = 0.1, 0.1
HOW = "CPU of ours is that of the reports in a process that runs already, as in a bot; its memory is the whole process"


async def measure() -> list[Figure]:
    missing = [name for name in ("ip", "nft", "mtr") if not path_of(name)]
    if os.geteuid() != 0 or missing:
        raise CannotRun(f"needs root and {', '.join(missing) or 'network namespaces'}")
    return await asyncio.get_running_loop().run_in_executor(None, _measured)


def _measured() -> list[Figure]:
    try:
        with built() as lab:
            return [*_delays(lab), *_costs(lab)]
    except RuntimeError as error:
        raise CannotRun(str(error)) from error


def _delays(lab: Lab) -> list[Figure]:
    one = partial(_run, lab, CYCLES, INTERVAL_S, [lab.target])
    ours, theirs = one("medians"), one("mtr")["medians"]
    apart = [abs(own - other) for own, other in zip(ours, theirs, strict=False)]
    shown = f"ours {_shown(ours)}; mtr {_shown(theirs)} ms"
    return [at_most("median delay of a hop, farthest from mtr's", [max(apart)], CLOSE_MS, "ms", shown)]


def _costs(lab: Lab) -> list[Figure]:
    many = partial(_run, lab, CYCLES, QUICK_S, [lab.another(number) for number in range(1, MANY + 1)])
    ours, theirs = many("ours"), many("mtr")
    cpu, memory = ours["cpu_ms"] / theirs["cpu_ms"], ours["peak_kb"] / theirs["peak_kb"]
    return [
        Figure(f"{MANY} reports at once, CPU", _cost(ours["cpu_ms"], "ms"), note=HOW),
        Figure("  mtr's", _cost(theirs["cpu_ms"], "ms")),
        Figure("  ours : mtr's", f"{cpu:.3f}x", f"{SHARE:g}x", cpu <= SHARE),
        Figure("  memory", _cost(ours["peak_kb"] / 1024, "MB"), note=f"grew by {ours['grown_kb'] / 1024:.1f} MB"),
        Figure("  mtr's", _cost(theirs["peak_kb"] / 1024, "MB"), note="all its processes, added up"),
        Figure("  ours : mtr's", f"{memory:.3f}x", f"{SHARE:g}x", memory <= SHARE),
    ]


def _run(lab: Lab, cycles: int, interval_s: float, addresses: list[str], what: str) -> Any:
    command = (sys.executable, "-m", "tests.bench.on_path", what, str(cycles), str(interval_s), *addresses)
    return json.loads(lab.run(0, *command))


def _cost(value: float, unit: str) -> str:
    return f"{value:.0f} {unit}"


def _shown(delays: list[float]) -> str:
    return " ".join(f"{delay:.3f}" for delay in delays)
