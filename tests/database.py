"""An in-memory database with all tables."""

from functools import cache

from bot.database import Database
from bot.migrations import migrations


def memory_database() -> Database:
    """A copy of one that was migrated: that takes longer than most tests, and is always the same."""
    database = Database(":memory:")
    _migrated().tables.conn.backup(database.tables.conn)
    return database


@cache
def _migrated() -> Database:
    database = Database(":memory:")
    migrations.apply(database.tables)
    return database
