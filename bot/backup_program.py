"""`secondline backup` and `secondline restore`: what needs the database, and no account."""

import argparse
import asyncio
import contextlib
import os
from datetime import timedelta
from pathlib import Path

from bot.app.backups import back_up, restore
from bot.app.database import open_database
from bot.backups.store import BackupStore
from bot.backups.words import backup_line, megabytes, restored_lines
from bot.checked import CheckedPart
from bot.clock import Clock
from bot.errors import SecondLineError
from bot.lock import hold
from bot.settings import Settings, load_part

BACKUP_OLD = timedelta(days=2)
"""A nightly backup that failed twice is told."""


def backup_part(settings: Settings, clock: Clock) -> CheckedPart:
    """When the last backup was made."""
    try:
        with contextlib.closing(open_database(settings)) as database:
            last = BackupStore(database=database, clock=clock).last()
    except SecondLineError as error:
        return CheckedPart("Backup", False, error.sentence, needed=False)
    remedy = "Let `secondline backup FILE` run each night; bot/backups/README.md says how."
    if not last:
        return CheckedPart("Backup", False, "none yet", remedy, needed=False)
    fresh = clock() - last.at < BACKUP_OLD
    return CheckedPart("Backup", fresh, backup_line(last, clock()), remedy, needed=False)


def back_up_into(words: argparse.Namespace, clock: Clock) -> int:
    """A copy of the database, while the bot runs."""
    size_bytes = back_up(words.file, database=_database_path(), clock=clock)
    print(f"{words.file}: {megabytes(size_bytes)}, read through and whole.")
    return 0


def restore_from(words: argparse.Namespace, clock: Clock) -> int:
    """Puts a backup in the database's place, while the bot is stopped."""
    return asyncio.run(_restore(words.file, clock))


async def _restore(backup: Path, clock: Clock) -> int:
    database = _database_path()
    with await hold(str(database), wait_s=0):
        restored = restore(backup, database=database, clock=clock)
    print("\n".join(restored_lines(restored)))
    return 0


def _database_path() -> Path:
    named = os.environ.get("SECONDLINE_DB", "").strip()
    return Path(named or load_part(os.environ, "database").database.path)
