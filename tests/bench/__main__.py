"""`python -m tests.bench [ROW …]`: the figures that the design promises, measured here and now.

It is no test: the exit status is 0 whatever the figures are, and 1 only where something could not be run.
"""

import argparse
import asyncio
import os
import platform
import sys
import time
from types import ModuleType

from tests.bench import (
    row_ack,
    row_ack_beside_sweep,
    row_backfill,
    row_collected,
    row_commands,
    row_fleet,
    row_found,
    row_investigate,
    row_kills,
    row_known,
    row_logs,
    row_loss_start,
    row_memory,
    row_mtr,
    row_pages,
    row_path,
    row_reading,
    row_records,
    row_replay,
    row_rise_step,
    row_rises,
    row_stalls,
    row_start,
    row_sweep,
    row_waits,
)
from tests.bench.figures import CannotRun, Figure
from tests.bench.table import summary, table

ROWS: dict[str, ModuleType] = {
    "ack": row_ack,
    "investigate": row_investigate,
    "waits": row_waits,
    "known": row_known,
    "collected": row_collected,
    "found": row_found,
    "reading": row_reading,
    "logs": row_logs,
    "records": row_records,
    "commands": row_commands,
    "pages": row_pages,
    "backfill": row_backfill,
    "rises": row_rises,
    "rise_step": row_rise_step,
    "replay": row_replay,
    "mtr": row_mtr,
    "path": row_path,
    "loss": row_loss_start,
    "sweep": row_sweep,
    "fleet": row_fleet,
    "beside": row_ack_beside_sweep,
    "stalls": row_stalls,
    "start": row_start,
    "memory": row_memory,
    "kills": row_kills,
}
ONLY_BY_NAME = ("kills",)
"""What takes more than a minute or two."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Figures for every bound of the design.")
    parser.add_argument("rows", nargs="*", metavar="ROW", help=f"only these: {', '.join(ROWS)}; kills by name only")
    chosen = parser.parse_args().rows or [row for row in ROWS if row not in ONLY_BY_NAME]
    unknown = [row for row in chosen if row not in ROWS]
    if unknown:
        parser.error(f"no row {unknown[0]!r}; there are: {', '.join(ROWS)}")
    print(_machine(), flush=True)
    return asyncio.run(_run(chosen))


async def _run(chosen: list[str]) -> int:
    figures: list[Figure] = []
    failed: list[str] = []
    began = time.monotonic()
    for row in chosen:
        try:
            measured: list[Figure] = await ROWS[row].measure()
        except CannotRun as reason:
            failed.append(row)
            print(f"\n== {ROWS[row].TITLE}\ncould not be run: {reason}", flush=True)
            continue
        figures += measured
        print(f"\n{table(f'{ROWS[row].TITLE} ({_load()})', measured)}", flush=True)
    print(f"\n{summary(figures)}; {time.monotonic() - began:.0f} s")
    if failed:
        print(f"could not be run: {', '.join(failed)}")
    return 1 if failed else 0


def _machine() -> str:
    return f"Python {platform.python_version()}, {os.cpu_count()} cores, {_load()}"


def _load() -> str:
    """Other programs' work is in every wall time: at a load above one a figure says little about the bot."""
    return f"load {os.getloadavg()[0]:.1f}"


if __name__ == "__main__":
    sys.exit(main())
