"""An in-memory database with all tables."""

from bot.database import Database
from bot.migrations import migrations


def memory_database() -> Database:
    database = Database(":memory:")
    migrations.apply(database.tables)
    return database
