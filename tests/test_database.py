"""Transactions, constraints and what happens when the disk is full."""

import sqlite3
from pathlib import Path

import pytest

from bot.database import Database, StorageError, Taken, current_delivery, moment
from bot.migrations import migrations
from tests.database import memory_database
from tests.fake_clock import FakeClock


@pytest.fixture
def database() -> Database:
    return memory_database()


def deliver(database: Database, key: str) -> None:
    database.insert("deliveries", {"key": key, "kind": "x", "payload": "{}", "received_at": ""})


def keys(database: Database) -> list[str]:
    return [row["key"] for row in database.rows("SELECT key FROM deliveries ORDER BY key")]


def test_inner_transaction_joins_the_outer_one(database: Database) -> None:
    """Nothing of the inner one stays if the outer one fails."""
    with pytest.raises(LookupError), database.transaction():
        deliver(database, "outer")
        with database.transaction():
            deliver(database, "inner")
        raise LookupError

    assert keys(database) == []


def test_transaction_after_a_failed_one_works(database: Database) -> None:
    """A roll-back leaves the connection usable."""
    with pytest.raises(LookupError), database.transaction():
        raise LookupError
    with database.transaction():
        deliver(database, "a")

    assert keys(database) == ["a"]


def test_unique_index_says_taken(database: Database) -> None:
    """The second row with the same key is refused, and what stood before it in the transaction goes with it."""
    deliver(database, "a")
    with pytest.raises(Taken), database.transaction():
        deliver(database, "b")
        deliver(database, "a")

    assert keys(database) == ["a"]


def test_other_constraints_are_mistakes_and_not_taken(database: Database) -> None:
    """A missing value or parent is no race that somebody else has won."""
    row = {"investigation_id": 99, "at": "", "kind": "note"}
    with pytest.raises(sqlite3.IntegrityError):
        database.insert("events", row)
    with pytest.raises(sqlite3.IntegrityError):
        database.insert("events", row | {"at": None})


def test_full_disk_changes_nothing(database: Database) -> None:
    """SQLite's own "database or disk is full" becomes a sentence, and the transaction is gone as a whole."""
    deliver(database, "before")
    pages = database.value("PRAGMA page_count")
    database.value(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StorageError, match="database or disk is full"), database.transaction():
        database.run("UPDATE deliveries SET done = 1")
        for number in range(100):
            deliver(database, f"{number}" + "x" * 1000)

    assert database.rows("SELECT key, done FROM deliveries") == [{"key": "before", "done": 0}]


def test_write_to_a_locked_file_is_a_storage_error(tmp_path: Path) -> None:
    """Somebody else's lock ends in words, not in a crash."""
    database = Database(tmp_path / "a.db")
    migrations.apply(database.tables)
    database.value("PRAGMA busy_timeout = 10")
    other = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(StorageError, match="locked"), database.transaction():
        deliver(database, "a")
    other.close()
    database.close()


def test_first_commit_completes_the_delivery(database: Database) -> None:
    """What is committed and that it was worked on are one step."""
    deliver(database, "event:1")
    token = current_delivery.set("event:1")
    with pytest.raises(LookupError), database.transaction():
        raise LookupError
    assert database.value("SELECT done FROM deliveries") == 0
    with database.transaction():
        deliver(database, "event:2")
    current_delivery.reset(token)

    assert database.rows("SELECT key, done FROM deliveries") == [
        {"key": "event:1", "done": 1},
        {"key": "event:2", "done": 0},
    ]


def test_migrations_run_twice() -> None:
    """A second start finds the tables as they are."""
    database = memory_database()
    deliver(database, "a")
    migrations.apply(database.tables)

    assert keys(database) == ["a"]


def test_file_survives_its_program(tmp_path: Path) -> None:
    """What was committed is there for the next process; the log mode is WAL."""
    first = Database(tmp_path / "a.db")
    migrations.apply(first.tables)
    deliver(first, "a")
    second = Database(tmp_path / "a.db")

    assert keys(second) == ["a"]
    assert second.value("PRAGMA journal_mode") == "wal"
    first.close()
    second.close()


def test_text_order_is_time_order(database: Database) -> None:
    """Stored times compare as text, with and without microseconds, and come back aware."""
    clock = FakeClock()
    early, late = clock(), clock().replace(microsecond=1)
    stored = [database.value("SELECT ?", each) for each in (early, late)]

    assert stored[0] < stored[1]
    assert [moment(text) for text in stored] == [early, late]
