"""Whole copies of the database's file: made, looked through, and put in place."""

import contextlib
import os
import sqlite3
from collections.abc import Collection, Iterator
from pathlib import Path

import sqlite_utils

from bot.database import PRIVATE
from bot.errors import SecondLineError
from bot.migrations import migrations

_HEADER = b"SQLite format 3\x00"
_STEPS = "SELECT name FROM _sqlite_migrations"


class BackupFailed(SecondLineError):
    """`cause` is the system's or SQLite's own text."""

    retry = True

    def __init__(self, path: Path, cause: str) -> None:
        super().__init__(f"The backup {path} was not made ({cause}). What was there before is untouched.")
        self.path = path
        self.cause = cause


class NotABackup(SecondLineError):
    """The file at `path` is no whole database of Second Line; `why` says what is wrong with it."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"{path} {why}. Nothing was changed; name another file.")
        self.path = path
        self.why = why


class NoDatabase(SecondLineError):
    """There is nothing to copy at `path`."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"There is no database at {path}. Set SECONDLINE_DB, or database.path in secondline.toml.")
        self.path = path


def copy_to(target: Path, *, source: Path) -> int:
    """Copies the database at `source` while others write to it, by SQLite's online backup; the size in bytes.

    All in one step: it sees one moment of the file, and under WAL keeps no writer waiting
    (https://www.sqlite.org/backup.html). The copy is looked through before it gets its name, so that `target` is at
    any time either what it was or a whole backup. Raises NoDatabase, NotABackup where `target` is something else,
    BackupFailed.
    """
    if not source.exists():
        raise NoDatabase(source)
    if target.exists():
        if target.samefile(source):
            raise NotABackup(target, "is the database itself")
        if target.stat().st_size and not _is_sqlite(target):
            raise NotABackup(target, "exists and is no backup")
    part = target.with_name(target.name + ".part")
    try:
        with _own_file(part):
            _copy(source, part)
            look_through(part)
            _settled(part)
            part.replace(target)
            _settled(target.parent)
    except (OSError, sqlite3.Error) as error:
        cause = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise BackupFailed(target, cause) from error
    return target.stat().st_size


def look_through(path: Path, *, known: Collection[str] | None = None) -> None:
    """Reads every page and index of the file. Raises NotABackup where something is wrong with it.

    `known` are the steps of the schema that this program knows: a file with others is of a newer one.
    """
    if not path.is_file():
        raise NotABackup(path, "does not exist")
    if not _is_sqlite(path):
        raise NotABackup(path, "is no SQLite database")
    known = known if known is not None else known_steps()
    try:
        with contextlib.closing(_opened(path, "immutable=1")) as connection:
            (answer,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
            if answer != "ok":
                raise NotABackup(path, f"is damaged ({answer})")
            steps = {name for (name,) in connection.execute(_STEPS)}
    except sqlite3.DatabaseError as error:
        no_steps = "no such table" in str(error)
        raise NotABackup(path, "is not of Second Line" if no_steps else f"is damaged ({error})") from error
    if newer := sorted(steps - set(known)):
        raise NotABackup(path, f"was made by a newer Second Line (it knows {newer[-1]})")


def known_steps() -> frozenset[str]:
    """Names of the migrations that this program has."""
    return frozenset(step.name for step in migrations.pending(sqlite_utils.Database(memory=True)))


def put_in_place(part: Path, *, database: Path, aside: Path | None) -> None:
    """Gives `part` the database's name; what was there becomes `aside`, whole in one file."""
    if aside:
        # What only its write-ahead log has goes into the file; the log goes when its last reader closes it.
        with contextlib.closing(sqlite3.connect(database)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE")
        # By a second name, so that there is a database at every moment: a start in between would make an empty one.
        os.link(database, aside)
    for ending in ("-wal", "-shm"):
        database.with_name(database.name + ending).unlink(missing_ok=True)
    part.replace(database)
    _settled(database.parent)


def _copy(source: Path, target: Path) -> None:
    with contextlib.closing(_opened(source, "mode=ro")) as live, contextlib.closing(sqlite3.connect(target)) as copy:
        live.backup(copy, pages=-1)
        # One file without a log beside it, so that it can be moved, and read where nothing can be written.
        copy.execute("PRAGMA journal_mode=DELETE")


@contextlib.contextmanager
def _own_file(path: Path) -> Iterator[None]:
    """An empty file for its owner alone, which is gone afterwards unless it got another name."""
    path.unlink(missing_ok=True)
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE))
    try:
        yield
    finally:
        for ending in ("", "-journal", "-wal", "-shm"):
            path.with_name(path.name + ending).unlink(missing_ok=True)


def _opened(path: Path, how: str) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.resolve().as_uri()}?{how}", uri=True)


def _is_sqlite(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_HEADER)) == _HEADER


def _settled(path: Path) -> None:
    """Waits until the disk has the file, or the folder's names."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
