"""The one SQLite file: a connection, transactions that join, rows as dicts.

Calls are synchronous on purpose. One statement on a local WAL file takes tens of microseconds, and a use case
that cannot be interrupted between its first and its last statement needs no lock. Where another program holds the file
a call gives up after `BUSY_MS`, since the event loop stands still meanwhile; `patiently` tries again while it turns.
"""

import asyncio
import contextlib
import json
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import cached_property, partial
from pathlib import Path
from typing import Any, TypeVar

import sqlite_utils

from bot.clock import Clock
from bot.errors import SecondLineError
from bot.touched import Touched, triggers

Row = dict[str, Any]
T = TypeVar("T")

OPEN_S = 5.0
"""How long opening and migrating wait for another program's lock: nothing else runs yet."""
CACHE_KB = 6_000
"""What SQLite keeps of the file in the bot's own memory: the system has it too, and ten megabytes more save a tenth of
the time that a board takes to make of a file of 560 MB (`make bench ARGS=pages`)."""
BUSY_MS = 20
"""How long one call waits for another program's lock."""
PATIENCE_S = 30.0
"""How long `patiently` goes on: a person is told then, and work of the bot's own is done again later."""
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.02, 0.25

PRIVATE = 0o600
"""Customers' words and people's names are in every file of the bot: they are its owner's alone."""

_TAKEN = ("SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY")
"""Other constraints (a missing parent, a missing value) are mistakes of ours, not a race that somebody has won."""

current_delivery: ContextVar[str | None] = ContextVar("current_delivery", default=None)
"""Key of the Slack delivery that the running task works on; its first commit completes it (see `transaction`)."""


class StorageError(SecondLineError):
    """SQLite could not write: `cause` is its own text ("database or disk is full")."""

    retry = True

    def __init__(self, cause: str) -> None:
        super().__init__(f"Second Line could not save this ({cause}). Nothing was changed; try again in a minute.")
        self.cause = cause


class Busy(StorageError):
    """Another program is writing to the file: nothing was changed, and the same call may work a moment later."""

    def __init__(self) -> None:
        super().__init__("another program has locked the database")


class CannotOpen(SecondLineError):
    """SQLite can't use the file at all: `cause` is its own text ("unable to open database file")."""

    def __init__(self, path: str, cause: str) -> None:
        remedy = "Name another file with SECONDLINE_DB, or make its folder and let the bot write there."
        super().__init__(f"The database {path} can't be opened ({cause}). {remedy}")
        self.cause = cause


class Taken(SecondLineError):
    """A uniqueness constraint decided that somebody else was first."""


class Database:
    """One connection to one file (":memory:" in tests).

    `synchronous=NORMAL`: a killed process loses nothing; a power cut may lose the last moments, never consistency
    (https://www.sqlite.org/wal.html#performance_considerations).
    """

    def __init__(self, path: str | Path, *, read_only: bool = False) -> None:
        """`read_only` is for a program beside the bot: what it would write raises StorageError."""
        _made_for_its_owner(path)
        self.path = Path(path) if str(path) != ":memory:" else None
        connect = partial(sqlite3.connect, timeout=OPEN_S, isolation_level=None, check_same_thread=False)
        self._connection = connect(f"{Path(path).resolve().as_uri()}?mode=ro", uri=True) if read_only else connect(path)
        self._connection.row_factory = sqlite3.Row
        for pragma in (
            *(() if read_only else ("journal_mode=WAL",)),
            "synchronous=NORMAL",
            "foreign_keys=ON",
            "secure_delete=ON",  # what is deleted is overwritten: customers may want to be forgotten
            f"busy_timeout={BUSY_MS}",
            f"cache_size=-{CACHE_KB}",
        ):
            self._connection.execute(f"PRAGMA {pragma}")
        self.tables = sqlite_utils.Database(self._connection)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; a transaction inside a transaction joins the outer one.

        The delivery that the task works on is marked done in the same commit, so that a crash afterwards does not
        run it twice and a crash before it does run it again.
        """
        if self._connection.in_transaction:
            yield
            return
        self._execute("BEGIN IMMEDIATE", ())
        try:
            yield
            self._complete_delivery()
            self._execute("COMMIT", ())
        finally:
            self.tables.rollback()  # nothing to do after a commit

    @contextmanager
    def unhurried(self) -> Iterator[None]:
        """Within it, at the start, statements wait for another program as long as opening does."""
        self._connection.execute(f"PRAGMA busy_timeout={int(OPEN_S * 1000)}")
        yield
        self._connection.execute(f"PRAGMA busy_timeout={BUSY_MS}")

    @property
    def changes(self) -> int:
        """A number that grows with every row that is written, inserted or deleted here."""
        return self._connection.total_changes

    @property
    def in_transaction(self) -> bool:
        """Whether what is read now may yet be taken back."""
        return self._connection.in_transaction

    @cached_property
    def touched(self) -> Touched:
        """Counts what is written from now on; asked for once all tables are there."""
        touched = Touched()
        self._connection.create_function("touched", -1, touched.note)
        for table in self.column("SELECT name FROM sqlite_master WHERE type = 'table'"):
            columns = frozenset(self.column("SELECT name FROM pragma_table_info(?)", table))
            for statement in triggers(table, columns):
                self._connection.execute(statement)
        return touched

    def rows(self, sql: str, *values: object) -> list[Row]:
        return [dict(row) for row in self._execute(sql, values)]

    def row(self, sql: str, *values: object) -> Row | None:
        first = self._execute(sql, values).fetchone()
        return dict(first) if first else None

    def column(self, sql: str, *values: object) -> list[Any]:
        """The first value of each row."""
        return [row[0] for row in self._execute(sql, values)]

    def value(self, sql: str, *values: object) -> Any:
        first = self._execute(sql, values).fetchone()
        return first[0] if first else None

    def time(self, sql: str, *values: object) -> datetime | None:
        """The first value, a time; None where there is none."""
        text = self.value(sql, *values)
        return moment(text) if text else None

    def run(self, sql: str, *values: object) -> int:
        """Execute a statement; how many rows it changed."""
        return self._execute(sql, values).rowcount

    def run_many(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        """Execute a statement once for each row, in the caller's transaction. Values are as SQLite has them."""
        self._guarded(self._connection.executemany, sql, rows)

    def update(self, table: str, where: Row, **values: object) -> int:
        """Set columns where others have these values; how many rows it changed."""
        columns, conditions = ", ".join(f"{name} = ?" for name in values), " AND ".join(f"{name} = ?" for name in where)
        return self.run(f"UPDATE {table} SET {columns} WHERE {conditions}", *values.values(), *where.values())

    def insert(self, table: str, row: Row) -> int:
        """Insert one row; its rowid. Raises Taken where a unique index says no."""
        columns, marks = ", ".join(row), ", ".join("?" * len(row))
        cursor = self._execute(f"INSERT INTO {table} ({columns}) VALUES ({marks})", tuple(row.values()))
        return int(cursor.lastrowid or 0)

    def write_back(self) -> None:
        """Bring the write-ahead log into the file, and empty it: it has pages as they were. Raises Busy.

        A reader of another program that looks at an earlier moment holds it up.
        """
        row = self.row("PRAGMA wal_checkpoint(TRUNCATE)")
        if row and row["busy"]:
            raise Busy

    def shrink(self) -> None:
        """Let go of the memory in which SQLite keeps what it read: the system still has it."""
        self._execute("PRAGMA shrink_memory", ())

    def close(self) -> None:
        self._connection.close()

    def _execute(self, sql: str, values: Sequence[object]) -> sqlite3.Cursor:
        return self._guarded(self._connection.execute, sql, tuple(map(_stored, values)))

    def _guarded(self, execute: Callable[[str, T], sqlite3.Cursor], sql: str, values: T) -> sqlite3.Cursor:
        try:
            return execute(sql, values)
        except sqlite3.IntegrityError as error:
            if error.sqlite_errorname not in _TAKEN:
                raise
            raise Taken(str(error)) from error
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise Busy from error
            raise StorageError(str(error)) from error

    def _complete_delivery(self) -> None:
        key = current_delivery.get()
        if key:
            self._execute("UPDATE deliveries SET done = 1 WHERE key = ?", (key,))


class Store:
    """Tables of a room, and what is asked and written there, by a subclass for each. Its times are the clock's."""

    def __init__(self, *, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock


async def patiently(work: Callable[[], T], *, within_s: float = PATIENCE_S) -> T:
    """What `work` returns, tried again while another program holds the database; the event loop turns meanwhile.

    `work` is one transaction, or begins with one. Raises what it raises, Busy where the time is over.
    """
    loop = asyncio.get_running_loop()
    end, pause_s = loop.time() + within_s, FIRST_PAUSE_S
    while True:
        try:
            return work()
        except Busy:
            if loop.time() + pause_s > end:
                raise
        await asyncio.sleep(pause_s)
        pause_s = min(pause_s * 2, LONGEST_PAUSE_S)


def _made_for_its_owner(path: str | Path) -> None:
    """SQLite gives a new file to whom the umask allows, and its WAL the mode of the file.

    What is there already keeps its mode: somebody may have let a group read it. What goes wrong here SQLite says.
    """
    if str(path) == ":memory:":
        return
    with contextlib.suppress(OSError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, PRIVATE))


def moment(text: str) -> datetime:
    """A stored time as an aware datetime."""
    return datetime.fromisoformat(text)


def _stored(value: object) -> object:
    """Times are stored as ISO 8601 in UTC with microseconds, so that text order is time order; lists and dicts as JSON.

    `column IN (SELECT value FROM json_each(?))` takes a list.
    """
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, list | tuple | dict):
        return json.dumps(value)
    return value
