"""What ten thousand investigations cost: `/t2 status`, the file after a year, the steps that empty what is old."""

import tempfile
import time
from itertools import pairwise
from pathlib import Path

from bot.database import Database
from bot.migrations import migrations
from commands import t2
from tests.bench.figures import Figure, at_most
from tests.commands.test_mention import Thread
from tests.database import memory_database
from tests.fake_clock import FakeClock
from tests.world import APP, US_WEST
from tests.year import Year, multiply

TITLE = "records: 10,000 investigations, a year"
MANY, DAYS, RUNS = 10_000, 365, 5
STATUS_MS, KB, STEP_MS = 50.0, 40.0, 100.0
STATUS = "CPU time; 120,000 messages, two investigations open"
FILE = "one a day of 240 kB: five pictures, eighteen probe runs, 35 tickets; emptied every night"


async def measure() -> list[Figure]:
    return [await _status(), *await _file()]


async def _status() -> Figure:
    year, spent = Year(memory_database(), FakeClock()), list[float]()
    await year.investigation()
    await year.world.opened(APP)
    await year.world.opened(US_WEST)
    multiply(year.world.database, MANY)
    services = Thread(year.world).services
    for _ in range(RUNS):
        began = time.thread_time()
        await t2.status(services)
        spent.append(1000 * (time.thread_time() - began))
    return at_most("/t2 status", spent, STATUS_MS, "ms", STATUS)


async def _file() -> list[Figure]:
    longest_s, ends = 0.0, list[float]()

    async def paused() -> None:
        ends.append(time.thread_time())

    with tempfile.TemporaryDirectory(prefix="secondline-bench-") as folder:
        path = Path(folder) / "year.db"
        database, clock = Database(path), FakeClock()
        migrations.apply(database.tables)
        year = Year(database, clock, pause=paused)
        for _ in range(DAYS):
            await year.investigation()
            clock.advance(23 * 3600)
            ends[:] = [time.thread_time()]
            await year.emptying.run()
            longest_s = max(longest_s, *(end - begin for begin, end in pairwise([*ends, time.thread_time()])))
        database.close()
        kb = path.stat().st_size / 1000 / DAYS
    return [
        at_most("the file, an investigation", [kb], KB, "kB", FILE),
        at_most("longest step of emptying, CPU", [1000 * longest_s], STEP_MS, "ms"),
    ]
