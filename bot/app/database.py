"""The database file, opened and brought to the tables of this version."""

import sqlite3
from pathlib import Path

from bot.database import CannotOpen, Database
from bot.migrations import migrations
from bot.settings import Settings


def open_database(settings: Settings) -> Database:
    """Raises CannotOpen."""
    try:
        return migrated(settings.database.path)
    except sqlite3.Error as error:
        raise CannotOpen(settings.database.path, str(error)) from error


def migrated(path: str | Path) -> Database:
    """Raises sqlite3.Error."""
    database = Database(path)
    with database.unhurried():
        migrations.apply(database.tables)
    return database
