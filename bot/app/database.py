"""The database file, opened and brought to the tables of this version."""

import sqlite3

from bot.database import CannotOpen, Database
from bot.migrations import migrations
from bot.settings import Settings


def open_database(settings: Settings) -> Database:
    """Raises CannotOpen."""
    try:
        database = Database(settings.database.path)
        with database.unhurried():
            migrations.apply(database.tables)
    except sqlite3.Error as error:
        raise CannotOpen(settings.database.path, str(error)) from error
    return database
