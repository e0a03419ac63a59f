"""`secondline trends replay` over sixty days of a desk: how long, how large, and what it finds in texts."""

import asyncio
import json
import os
import sys
import tempfile
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.bench.figures import CannotRun, Figure
from tests.bench.fleet import Fleet, FleetSettings, simulate
from tests.bench.fleet_export import catalog, lines, rows
from tests.bench.fleet_score import BEGINS, Truth

TITLE = "replay: an export of sixty days, 1,800 tickets a day"
FLEET = FleetSettings(days=60, busiest_an_hour=5.05, quietest_an_hour=0.095)
SEED = 7
SECONDS, MB = 60.0, 300.0
ROOT = Path(__file__).parents[2]
HOW = "CPU time and largest resident size (VmHWM) of the whole program; texts of 10 to 40 words, lines in no order"
# Not ru_maxrss: a child begins with that of the process that started it, and this one holds the fleet.
_CHILD = (
    "import resource, sys; from bot.__main__ import main; status = main(sys.argv[1:]); "
    "used = resource.getrusage(resource.RUSAGE_SELF); "
    "[held] = [line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM')]; "
    "print(used.ru_utime + used.ru_stime, int(held) / 1000, file=sys.stderr); sys.exit(status)"
)


async def measure() -> list[Figure]:
    fleet = simulate(FLEET, seed=SEED)
    with tempfile.TemporaryDirectory(prefix="secondline-bench-") as folder:
        (Path(folder) / "export.ndjson").write_bytes(lines(rows(fleet)))
        (Path(folder) / "secondline.toml").write_text(_config(fleet))
        alerts, seconds, mb = await _replayed(Path(folder))
    score = Truth(fleet).score(_of_targets(alerts, fleet))
    counted = [alert for alert in alerts if _minute(alert, fleet) >= BEGINS]
    others = [alert for alert in counted if not alert["target"] and not alert["fleet"]]
    what = f"{len(fleet.arrivals):,} tickets"
    took = f"{seconds:.0f} s, {1000 * seconds / len(fleet.arrivals):.2f} ms each"
    return [
        Figure(what, took, f"{SECONDS:g} s", seconds <= SECONDS, HOW),
        Figure("memory", f"{mb:.0f} MB", f"{MB:g} MB", mb <= MB),
        Figure("recall, this smaller desk", f"{score.recall:.2f} of {len(score.outages)}"),
        Figure("false messages a week about targets", f"{score.false_a_week:.2f}"),
        Figure("messages a week about words, versions, symptoms", f"{len(others) / score.weeks:.2f}"),
    ]


async def _replayed(folder: Path) -> tuple[list[dict[str, Any]], float, float]:
    environment = {**os.environ, "SECONDLINE_CONFIG": str(folder / "secondline.toml"), "PYTHONPATH": str(ROOT)}
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        _CHILD,
        "trends",
        "replay",
        str(folder / "export.ndjson"),
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await child.communicate()
    if child.returncode:
        raise CannotRun(f"trends replay: {err.decode()[-300:]}")
    seconds, mb = map(float, err.decode().splitlines()[-1].split())
    return [json.loads(line) for line in out.splitlines()], seconds, mb


def _of_targets(alerts: Iterable[dict[str, Any]], fleet: Fleet) -> list[tuple[int, str]]:
    return [(_minute(alert, fleet), alert["target"]) for alert in alerts if alert["target"]]


def _minute(alert: dict[str, Any], fleet: Fleet) -> int:
    return int((datetime.fromisoformat(alert["at"]) - fleet.begins).total_seconds()) // 60


def _config(fleet: Fleet) -> str:
    return "\n".join(
        f'[targets.{target.key}]\ntitle = "{target.title}"\nkind = "gateway"\nhosts = ["{target.key}.test"]'
        for target in catalog(fleet)
    )
