"""What each command costs after a year of 10,000 investigations: the loop's CPU time until its work is done."""

import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from bot.database import Database, Row
from bot.migrations import migrations
from bot.targets.model import Catalog, Target
from tests.bench.figures import CannotRun, Figure
from tests.bench.seed.cache import FULL, seeded_copy
from tests.fake_clock import FakeClock
from tests.fake_people import FakePeople
from tests.in_process import InProcessBot
from tests.slack import payloads
from tests.slack.payloads import Json
from tests.world import World

TITLE = "every command at 10,000 investigations"
BOUND_MS, RUNS = 50.0, 3
HOW = "best of three; one process, fakes of Slack, Zendesk and the tracker; the first run of each is not counted"
SLASH = (
    ("/t2", "help"),
    ("/t2", "status"),
    ("/t2", "trends"),
    ("/t2", "briefing"),
    ("/t2", "maintenance"),
    ("/investigate", ""),
    ("/investigate", "gw-0 again"),
    ("/probe", "ping gw-3"),
    ("/known", ""),
    ("/known", "vpn connection slow"),
    ("/known", "KI-99000"),
)
SAID = ("timeline", "join", "note customers of one provider", "update the provider is on it", "tickets", "escalate")
"""In the thread of an investigation."""


async def measure() -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="secondline-bench-") as folder:
        path = Path(folder) / "year.db"
        seeded_copy(path)
        database = Database(path)
        migrations.apply(database.tables)
        people = FakePeople(tier2={"UKIM": "tech", **dict.fromkeys(FULL.people, "tech")})
        catalog = Catalog(tuple(Target(key, key, "gateway", addresses=("127.0.50.1",)) for key in FULL.targets))
        bot = InProcessBot(World(database=database, clock=FakeClock(datetime.now(UTC)), people=people, catalog=catalog))
        spent = {name: await _spent(bot, body) for name, body in (*_slash(), *_said(database))}
        database.close()
    worst = max(spent, key=lambda name: spent[name])
    return [
        Figure("the dearest", f"{spent[worst]:.0f} ms: {worst}", f"{BOUND_MS:g} ms", spent[worst] <= BOUND_MS, HOW),
        *(Figure(f"  {name}", f"{ms:.1f} ms") for name, ms in sorted(spent.items(), key=lambda item: -item[1])),
    ]


async def _spent(bot: InProcessBot, body: Json) -> float:
    runs = list[float]()
    for number in range(RUNS + 1):
        began = time.thread_time()
        status = await bot.deliver(_another(body, number))
        runs.append(1000 * (time.thread_time() - began))
        if status != 200:
            raise CannotRun(f"a command was answered with {status}")
    return min(runs[1:])


def _another(body: Json, number: int) -> Json:
    """The same once more: Slack's deliveries run once."""
    if "event" in body:
        ts = f"{time.time():.6f}"
        return {**body, "event_id": f"Ev{time.monotonic_ns()}", "event": {**body["event"], "ts": ts, "event_ts": ts}}
    return {**body, "trigger_id": f"t.{time.monotonic_ns()}.{number}"}


def _slash() -> list[tuple[str, Json]]:
    return [(f"{name} {text}".strip(), payloads.command(name, text)) for name, text in SLASH]


def _said(database: Database) -> list[tuple[str, Json]]:
    """By the owner of the newest one that has one."""
    row: Row | None = database.row(
        """SELECT i.owner, m.channel, m.ts FROM investigations i JOIN messages m ON m.key = 'investigation/' || i.id
           WHERE i.closed_at IS NULL AND i.owner IS NOT NULL ORDER BY i.id DESC LIMIT 1"""
    )
    if not row:
        raise CannotRun("there is no open investigation")
    where = {"channel": row["channel"], "ts": "9.9", "thread_ts": row["ts"], "user": row["owner"]}
    return [(f"@secondline {text}", payloads.event("app_mention", text=f"<@UBOT> {text}", **where)) for text in SAID]
