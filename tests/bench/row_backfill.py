"""What four weeks of tickets cost: read over HTTP, page by page, into the tables, while the bot works."""

import asyncio
import contextlib
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bot.database import Database
from bot.messages.store import MessageStore
from bot.migrations import migrations
from bot.reading.reader import TicketReader
from bot.records import Records
from bot.targets.model import Catalog, Target
from bot.tasks import woken
from bot.tickets.stream_model import StreamSettings
from bot.tickets.stream_service import StreamService
from bot.tickets.stream_store import RARE, ForgottenTickets, StreamStore
from bot.tickets.zendesk.desk import ZendeskDesk
from bot.tickets.zendesk.login import OAuthToken
from tests.bench.export_server import A_DAY, DAYS, NOW
from tests.bench.figures import CannotRun, Figure, at_most, median, percentile
from tests.fake_clock import FakeClock
from tests.fake_people import FakePeople
from tests.stalls import Stalls

TITLE = f"backfill: {DAYS} days of {A_DAY:,} tickets"
BOUND_BYTES, STALL_MS, MEMORY_MB = 600.0, 100.0, 20.0
SMALL_QUESTIONS, EVERY_S = 50, 0.02
"""As many as a command asks of the database."""
HOW = (
    "an export over HTTP of another process, 1,000 rows a page of 4 kB each, read for 50 gateways; the clock is ours "
    "and skips the waits between pages"
)
# fmt: off
CITIES = (
    "Amsterdam Athens Atlanta Auckland Bangkok Barcelona Berlin Bogota Boston Brisbane Brussels Bucharest Budapest "
    "Cairo Chicago Copenhagen Dallas Delhi Denver Dubai Dublin Frankfurt Geneva Hamburg Helsinki Houston Istanbul "
    "Jakarta Johannesburg Kyiv Lagos Lima Lisbon London Madrid Manila Melbourne Miami Milan Montreal Mumbai Munich "
    "Nairobi Osaka Oslo Paris Perth Prague Riga Rome"
).split()
# fmt: on
CATALOG = Catalog(tuple(Target(city.lower(), city, "gateway", aliases=(city,)) for city in CITIES))


@dataclass(frozen=True, slots=True)
class Course:
    """What was measured while it was read."""

    tickets: int
    took_s: float
    paced_min: float
    """As the desk's limits have it: by the service's own clock."""
    stalls: Stalls
    command_ms: list[float]
    memory_mb: float


async def measure() -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="secondline-bench-") as name:
        path = Path(name) / "stream.db"
        database = Database(path)
        migrations.apply(database.tables)
        async with _exporting() as url:
            course = await _backfill(database, url)
        bytes_then = _bytes(database)
        forgotten = ForgottenTickets(database=database)
        while forgotten.empty_rare(NOW - RARE):
            pass
        database.run("VACUUM")
        rebuilt_s = await _history_s(database)
        kept = _bytes(database)
        terms = database.value("SELECT sum(length(terms)) / 8 FROM stream_tickets") / course.tickets
        database.close()
    return [
        Figure("tickets a second, with HTTP, reading and storing", f"{course.tickets / course.took_s:,.0f}", note=HOW),
        Figure("  paced by six pages a minute, all of it takes", f"{course.paced_min:.0f} min"),
        at_most("bytes a ticket in the file", [kept / course.tickets], BOUND_BYTES, "B", f"{terms:.0f} terms a ticket"),
        Figure("  before rare words are forgotten", f"{bytes_then / course.tickets:.0f} B"),
        at_most("longest stall of the loop", [1000 * course.stalls.busiest_s], STALL_MS, "ms"),
        Figure("  by the clock", f"{1000 * course.stalls.longest_s:.0f} ms"),
        Figure(
            f"{SMALL_QUESTIONS} questions to the database meanwhile, p50 and p99",
            f"{median(course.command_ms):.1f} and {percentile(course.command_ms, 0.99):.1f} ms",
        ),
        at_most("memory that it takes at most", [course.memory_mb], MEMORY_MB, "MB", "VmHWM above VmRSS before"),
        Figure("all of it from the tables again, as at a start", f"{rebuilt_s:.1f} s"),
    ]


async def _backfill(database: Database, url: str) -> Course:
    clock = FakeClock(NOW)
    owed = MessageStore(database=database, clock=clock, wake=lambda: None)
    records = Records(database=database, owed=owed, people=FakePeople(), clock=clock)
    desk = ZendeskDesk(url=url, credentials=OAuthToken("t0ken"), clock=clock)
    stream = desk.stream(read=TicketReader(catalog=CATALOG).read, meanings={})
    store = StreamStore(database=database)
    service = StreamService(records=records, store=store, stream=stream, settings=StreamSettings(history_days=DAYS))
    await service.turn()
    command_ms, before_kb = list[float](), _memory_kb("VmRSS", anew=True)
    began_s, began_at = time.monotonic(), clock.now
    commands = asyncio.create_task(_commands(database, command_ms))
    with Stalls() as stalls:
        while not service.state().filled_at:
            clock.now = max(clock.now, await service.turn() or clock.now)
            if service.state().failing_since:
                raise CannotRun(service.state().reason)
    took_s = time.monotonic() - began_s
    commands.cancel()
    await stream.close()
    await desk.close()
    return Course(
        tickets=database.value("SELECT count(*) FROM stream_tickets"),
        took_s=took_s,
        paced_min=(clock.now - began_at) / timedelta(minutes=1),
        stalls=stalls,
        command_ms=command_ms,
        memory_mb=(_memory_kb("VmHWM") - before_kb) / 1024,
    )


async def _commands(database: Database, spent_ms: list[float]) -> None:
    """What somebody who types a command waits for."""
    never = asyncio.Event()
    while True:
        await woken(never, within_s=EVERY_S)
        began = time.monotonic()
        for number in range(SMALL_QUESTIONS):
            database.row("SELECT status FROM stream_tickets WHERE id = ?", 48_000 + number)
        spent_ms.append(1000 * (time.monotonic() - began))


async def _history_s(database: Database) -> float:
    """As long as it takes those above to see every ticket again."""
    clock = FakeClock(NOW)
    owed = MessageStore(database=database, clock=clock, wake=lambda: None)
    records = Records(database=database, owed=owed, people=FakePeople(), clock=clock)
    store = StreamStore(database=database)
    service = StreamService(records=records, store=store, stream=None, settings=StreamSettings())
    began = time.monotonic()
    async for _ in service.history(NOW - timedelta(days=DAYS + 1), NOW):
        pass
    return time.monotonic() - began


def _bytes(database: Database) -> int:
    sql = "SELECT sum(pgsize) FROM dbstat WHERE name LIKE 'stream_%'"
    try:
        return int(database.value(sql))
    except Exception as error:
        raise CannotRun(f"this SQLite has no dbstat: {error}") from error


def _memory_kb(field: str, *, anew: bool = False) -> int:
    """A field of this process; `anew` lets the highest of all times begin here."""
    try:
        if anew:
            Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    except OSError as error:
        raise CannotRun(f"memory can't be read: {error}") from error
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{field}:"))


@contextlib.asynccontextmanager
async def _exporting() -> AsyncIterator[str]:
    server = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.export_server", stdout=asyncio.subprocess.PIPE
    )
    try:
        assert server.stdout
        port, _, _ = (await server.stdout.readline()).decode().partition(" ")
        if not port.isdigit():
            raise CannotRun("the export did not start")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.kill()
        await server.wait()
