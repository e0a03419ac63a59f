"""The seeded database, made once a day while tables and seeder are the same; who measures gets a copy."""

import hashlib
import os
import shutil
import sqlite3
import time
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from bot.app.pages import search_setup
from bot.database import Database
from bot.known_issues.search.index import Index
from bot.known_issues.search.program import Asked, SearchProgram, SearchSetup
from bot.migrations import migrations
from bot.settings.load import load_part
from tests.bench.seed.investigations import Shape, Year
from tests.bench.seed.issues import add_issues
from tests.bench.seed.rows import Rows
from tests.bench.switchboard import MANAGER, PEOPLE

TARGETS, TEAMS = 64, 6
FULL = Shape(
    investigations=10_000,
    open=40,
    escalated=12,
    tickets=200_000,
    issues=100_000,
    targets=tuple(f"gw-{number}" for number in range(TARGETS)),
    channels=tuple(f"C0TEAM{team}" for team in range(TEAMS)),
    people=tuple(person for person in PEOPLE if person != MANAGER),
    manager=MANAGER,
)
FOLDER = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "secondline-bench"


def seeded_copy(path: Path, *, config: Path | None = None) -> float:
    """Put a copy of the seeded database at `path`; how many seconds it took to make it, 0 where it was there.

    With `config`, a settings file, its issues have been read: a bot of these settings does that within minutes.
    """
    FOLDER.mkdir(parents=True, exist_ok=True)
    began, kept = time.monotonic(), FOLDER / f"{_version()}.db"
    setup = _setup(config) if config else None
    read = FOLDER / f"{kept.stem}-{hashlib.sha256(repr(setup).encode()).hexdigest()[:8]}.db" if setup else kept
    made = not read.exists()
    if not kept.exists():
        for old in FOLDER.glob("*.db*"):
            old.unlink(missing_ok=True)
        fresh = kept.with_suffix(f".{os.getpid()}")
        seed(fresh, FULL, now=datetime.now(UTC))
        fresh.rename(kept)
    if setup and made:
        fresh = read.with_suffix(f".{os.getpid()}")
        shutil.copyfile(kept, fresh)
        read_ahead(replace(setup, database=str(fresh)))
        fresh.rename(read)
    shutil.copyfile(read, path)
    return time.monotonic() - began if made else 0.0


def _setup(config: Path) -> SearchSetup:
    environ = {"SECONDLINE_CONFIG": str(config)}
    return replace(search_setup(load_part(environ, "targets", "known_issues", "reading")), database="")


def read_ahead(setup: SearchSetup) -> None:
    """Stores what all issues are read as, by the program that does so beside the bot."""
    program, database = SearchProgram(setup), Database(setup.database)
    answer = program.answer(Asked(ahead=True))
    while not answer.all_read:
        Index(database=database).keep_read(answer.read)
        answer = program.answer(Asked(ahead=True))
    database.run("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()


def seed(path: Path, shape: Shape, *, now: datetime) -> None:
    """Make a database with all tables and a year in them."""
    database = Database(path)
    database.run("PRAGMA synchronous=OFF")
    migrations.apply(database.tables)
    rows = Rows(database)
    add_issues(rows, shape.issues, now=now, targets=shape.targets)
    Year(rows, shape, now=now).add()
    rows.write()
    database.close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _version() -> str:
    """Of the tables, the seeder and the day: what happened an hour ago is a part of what is measured."""
    database = Database(":memory:")
    migrations.apply(database.tables)
    parts = [str(row["sql"]) for row in database.rows("SELECT sql FROM sqlite_master ORDER BY name")]
    parts += [file.read_text("utf-8") for file in sorted(Path(__file__).parent.glob("*.py"))]
    return hashlib.sha256("\n".join([*parts, datetime.now(UTC).date().isoformat()]).encode()).hexdigest()[:16]
