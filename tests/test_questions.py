"""What people and loops ask again and again reads no whole table that grows, and costs little at ten thousand."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest

from bot.database import Database
from bot.slack.request import Answer, Request
from commands import investigate, known, mention, t2
from commands.services import Services
from tests.commands.test_mention import Thread
from tests.database import memory_database
from tests.fake_clock import FakeClock
from tests.stalls import Steps
from tests.world import APP, US_WEST
from tests.year import Year, multiply

SMALL = {
    "briefing_schedules",
    "ticket_pastes",
    "json_each",
    "status_sources",
    "status_levels",
    "known_trackers",
    "inside",
    "retention_times",
    "sqlite_master",
    "pragma_table_info",
    "same",
    "known_issues_of_investigations",
}
"""They have a row for each channel, source, tracker, table or kind, for what waits for the desk, or for what was merged
into one; the last two are made of an index of what people said investigations are about."""
STATUS_CPU_MS, CPU_MS = 10.0, 50.0
MANY = 10_000


@contextmanager
def asked(database: Database) -> Iterator[list[str]]:
    """Every statement that is run meanwhile, with its values."""
    statements: list[str] = []
    database.tables.conn.set_trace_callback(statements.append)
    try:
        yield statements
    finally:
        database.tables.conn.set_trace_callback(None)


def read_whole(database: Database, statements: list[str]) -> list[str]:
    """Those that go through all rows of a table that grows; an index of the few that matter is no whole table."""
    partial = set(database.column("SELECT name FROM sqlite_master WHERE type = 'index' AND sql LIKE '% WHERE %'"))
    found = []
    for statement in dict.fromkeys(statements):
        if "IN ()" in statement or statement.split()[0] not in ("SELECT", "UPDATE", "DELETE", "INSERT", "WITH"):
            continue
        for step in database.rows(f"EXPLAIN QUERY PLAN {statement}"):
            words = step["detail"].split()
            if words[0] == "SCAN" and not words[1].startswith("(") and words[1] not in SMALL and not partial & {*words}:
                found.append(f"{step['detail']}: {' '.join(statement.split())}")
    return found


@pytest.fixture
async def year() -> Year:
    """Some are over, some are open."""
    made = Year(memory_database(), FakeClock())
    for _ in range(3):
        await made.investigation()
    await made.world.opened(APP)
    await made.world.opened(US_WEST)
    return made


async def test_status_home_and_briefing_read_no_whole_table(year: Year) -> None:
    """A briefing asks every room below."""
    world, there = year.world, Thread(year.world)
    with asked(world.database) as statements:
        await t2.status(there.services)
        await world.rooms.homes.view("UKIM")
        world.rooms.homes.lately()
        await world.briefings.now("C1")
        await world.briefings.keep_true()

    assert len(statements) > 50
    assert read_whole(world.database, statements) == []


OUTBOX: tuple[Callable[[Year], object], ...] = (
    lambda year: year.world.owed.due(year.clock()),
    lambda year: year.world.owed.next_due_at(year.clock()),
    lambda year: year.world.owed.interrupted(),
    lambda year: year.world.owed.retry_recent(),
    lambda year: year.world.owed.retry_refused("C1"),
    lambda year: year.world.owed.deleted("C1", "1.000100"),
    lambda year: year.world.owed.all_changed("investigation", 1, human=False),
    lambda year: year.world.owed.thread_changed("investigation/1", human=False),
    lambda year: year.world.owed.waiting(),
    lambda year: year.world.owed.refusals(),
    lambda year: year.world.tickets.solved([101]),
)


@pytest.mark.parametrize("question", OUTBOX)
async def test_the_outbox_reads_no_whole_table(year: Year, question: Callable[[Year], object]) -> None:
    """At the start, with each round, with each deletion."""
    with asked(year.world.database) as statements:
        question(year)

    assert statements
    assert read_whole(year.world.database, statements) == []


async def test_emptying_reads_no_whole_table(year: Year) -> None:
    """It runs every hour, mostly to find nothing."""
    year.clock.advance(timedelta(days=400).total_seconds())
    with asked(year.world.database) as statements:
        await year.emptying.run()

    assert any(each.startswith("DELETE") for each in statements)
    assert read_whole(year.world.database, statements) == []


Command = Callable[[Request, Services], Awaitable[Answer]]
COMMANDS: list[tuple[Command, str, str]] = [
    (t2.slash, "status", "2 investigations open"),
    (t2.slash, "briefing", "Briefing of"),
    (investigate.slash, "", "2 investigations open"),
    (investigate.slash, "app login fails", "The app"),
    (known.slash, "packet loss us east", "results"),
    (mention.mentioned, "timeline INV-5000", "INV-5000: timeline"),
    (mention.mentioned, "status INV-5000", "is resolved (INV-5000"),
]


async def test_commands_at_ten_thousand_investigations(year: Year) -> None:
    """The best of three: a busy machine takes longer for the same."""
    multiply(year.world.database, MANY)
    there, slow = Thread(year.world), list[str]()
    for command, text, expected in COMMANDS:
        spent = list[float]()
        for _ in range(3):
            steps = Steps()
            answer = await command(Request(user="UKIM", channel="C1", text=text), there.services)
            steps.ended()
            spent.append(1000 * steps.longest_s)
        assert expected in str(answer)
        bound_ms = STATUS_CPU_MS if text == "status" else CPU_MS
        slow += [f"{text}: {min(spent):.0f} ms"] if min(spent) > bound_ms else []

    assert year.world.database.value("SELECT count(*) FROM messages") > 10 * MANY
    assert slow == []
