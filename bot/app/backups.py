"""`secondline backup` copies the database while the bot runs; `secondline restore` puts a copy back while it is off."""

import contextlib
import sqlite3
from pathlib import Path

from bot.app.database import migrated
from bot.backups.copies import BackupFailed, NotABackup, copy_to, look_through, put_in_place
from bot.backups.model import Restored
from bot.backups.store import BackupStore
from bot.clock import Clock
from bot.escalations.store import EscalationStore
from bot.investigations.model import State
from bot.investigations.store import InvestigationStore
from bot.messages.store import MessageStore
from bot.replies.store import ReplyStore
from bot.vendors.store import VendorStore


def back_up(target: Path, *, database: Path, clock: Clock) -> int:
    """Copies the database, looked through, and notes in it that this was done; the size in bytes.

    Raises NoDatabase, NotABackup, BackupFailed; StorageError where only the note could not be written.
    """
    size_bytes = copy_to(target, source=database)
    with contextlib.closing(migrated(database)) as live, live.unhurried():
        BackupStore(database=live, clock=clock).made(target.resolve(), size_bytes)
    return size_bytes


def restore(backup: Path, *, database: Path, clock: Clock) -> Restored:
    """Puts a copy of `backup` where the database is; the bot must not run meanwhile (`bot.lock.hold`).

    Raises NotABackup before anything was touched, BackupFailed.
    """
    look_through(backup)
    if database.exists() and backup.samefile(database):
        raise NotABackup(backup, "is the database itself")
    part = database.with_name(database.name + ".restoring")
    aside = database.with_name(f"{database.name}.before-{clock():%Y%m%dT%H%M%S}") if database.exists() else None
    try:
        part.unlink(missing_ok=True)
        copy_to(part, source=backup)
        restored = _looked_at_anew(part, aside, clock)
        put_in_place(part, database=database, aside=aside)
    except (OSError, sqlite3.Error) as error:
        part.unlink(missing_ok=True)
        raise BackupFailed(database, str(error)) from error
    return restored


def _looked_at_anew(path: Path, aside: Path | None, clock: Clock) -> Restored:
    """What was owed when the backup was made may have been sent since."""
    with contextlib.closing(migrated(path)) as database:
        with database.transaction():
            investigations = InvestigationStore(database=database, clock=clock).live()
            escalated = {each.id for each in investigations if each.state is State.ESCALATED}
            unacknowledged = EscalationStore(database=database, clock=clock).unacknowledged_of()
            restored = Restored(
                aside=aside,
                looked_for=MessageStore(database=database, clock=clock, wake=_nobody).restored(),
                replies=ReplyStore(database=database, clock=clock).restored(),
                letters=VendorStore(database=database, clock=clock).restored(),
                unacknowledged=tuple(number for number in unacknowledged if number in escalated),
            )
        database.run("PRAGMA journal_mode=DELETE")
    return restored


def _nobody() -> None:
    """No outbox waits for this database."""
