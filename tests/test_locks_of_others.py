"""Another program holds the database: work of the bot's own waits for it, and loses nothing."""

import asyncio
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.database import BUSY_MS, Busy, Database, patiently
from bot.handoffs.model import HandoffDraft, Lane
from bot.known_issues.model import Priority
from bot.messages.model import Place
from bot.migrations import migrations
from bot.probes.batch import RunState
from tests.eventually import eventually
from tests.stalls import LONGEST_S, STALL_S, Stalls
from tests.world import World

DRAFT = HandoffDraft("app", "Calls stutter", "loses 4 of 10", "call twice", Priority.P1, Lane.HOTFIX)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.db"


@pytest.fixture
def database(path: Path) -> Iterator[Database]:
    database = Database(path)
    migrations.apply(database.tables)
    yield database
    database.close()


@pytest.fixture
def other(path: Path, database: Database) -> Iterator[sqlite3.Connection]:
    """The other program's connection."""
    other = sqlite3.connect(path, isolation_level=None)
    yield other
    other.close()


def insert(database: Database) -> None:
    with database.transaction():
        database.insert("deliveries", {"key": "x", "kind": "x", "payload": "", "received_at": ""})


async def test_a_transaction_is_tried_until_the_lock_is_gone(database: Database, other: sqlite3.Connection) -> None:
    """It happens once."""
    other.execute("BEGIN IMMEDIATE")
    asyncio.get_running_loop().call_later(0.3, other.rollback)
    with Stalls() as stalls:
        await patiently(lambda: insert(database))

    assert database.value("SELECT count(*) FROM deliveries") == 1
    assert stalls.longest_s < LONGEST_S


def test_a_call_waits_no_longer_than_the_loop_may_stand_still() -> None:
    assert BUSY_MS / 1000 <= STALL_S


async def test_patience_has_an_end(database: Database, other: sqlite3.Connection) -> None:
    """Nothing is changed then, and the next try works."""
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Busy, match="Nothing was changed; try again"):
        await patiently(lambda: insert(database), within_s=0.1)
    other.rollback()
    await patiently(lambda: insert(database))

    assert database.value("SELECT count(*) FROM deliveries") == 1


async def test_reading_does_not_wait(database: Database, other: sqlite3.Connection) -> None:
    insert(database)
    other.execute("BEGIN IMMEDIATE")

    assert database.value("SELECT count(*) FROM deliveries") == 1
    other.rollback()


async def test_what_a_probe_measured_is_not_lost(database: Database, other: sqlite3.Connection) -> None:
    """The lock comes while it measures, and stays after its end."""
    world = World(database=database)
    probe = world.probe_kinds["ping"]
    probe.gate, probe.steps = asyncio.Event(), 3
    world.probes.request("ping", "us-east", place=Place("C1"), by="UKIM")
    world.begin_probing()
    await eventually(lambda: probe.seen)
    other.execute("BEGIN IMMEDIATE")
    asyncio.get_running_loop().call_later(0.3, other.rollback)
    with Stalls() as stalls:
        probe.gate.set()
        await world.probing_ended()
    found = world.probes.get(1)

    assert found
    assert [(run.state, run.result is not None) for run in found.runs] == [(RunState.DONE, True)]
    assert len(probe.seen) == 1
    assert stalls.longest_s < LONGEST_S


async def test_an_errand_is_not_given_up(database: Database, other: sqlite3.Connection) -> None:
    """The tracker made the issue; that this could not be saved at once is no reason to stop, or to make another."""
    world = World(database=database)
    await world.opened()
    await world.handoffs.hand_off(1, DRAFT, by="UKIM")
    [errand, *_] = world.handoffs._store.due(world.clock())
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Busy):
        await world.errands._try(errand)
    other.rollback()
    await world.errands._try(errand)

    assert world.handoffs._store.errand(errand.id).done_at
    assert len(world.tracker.made) == 1
