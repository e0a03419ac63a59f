"""A backup is whole, or there is none."""

import contextlib
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.backups.copies import BackupFailed, NoDatabase, NotABackup, copy_to, known_steps, look_through, put_in_place
from bot.database import Database
from bot.migrations import migrations

WRITES = 200
"""While each copy is made: more than fit into the moment in which it reads."""
EARLIER = b"SQLite format 3\x00 of yesterday"


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Path]:
    """A database that a bot has open, with what only its log has."""
    path = tmp_path / "secondline.db"
    database = Database(path)
    migrations.apply(database.tables)
    database.run("CREATE TABLE words (word TEXT)")
    database.run("INSERT INTO words VALUES ('before')")
    yield path
    database.close()


def words(path: Path) -> list[str]:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        return [word for (word,) in connection.execute("SELECT word FROM words ORDER BY rowid")]


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_has_what_only_the_log_has_and_is_one_private_file(live: Path, tmp_path: Path) -> None:
    (tmp_path / "away").mkdir()
    target = tmp_path / "away" / "backup.db"
    size_bytes = copy_to(target, source=live)

    assert words(target) == ["before"]
    assert names(target.parent) == {"backup.db"}
    assert target.stat().st_size == size_bytes
    assert target.stat().st_mode & 0o077 == 0


def test_is_one_moment_while_somebody_writes(live: Path, tmp_path: Path) -> None:
    """Each transaction writes twice: a copy has both or none."""
    copies, begin = 12, threading.Barrier(2, timeout=60)

    def write() -> None:
        with contextlib.closing(Database(live)) as writer:
            for _ in range(copies):
                begin.wait()
                for _ in range(WRITES):
                    with writer.transaction():
                        writer.run("INSERT INTO words VALUES ('first')")
                        writer.run("INSERT INTO words VALUES ('second')")

    thread = threading.Thread(target=write)
    thread.start()
    counts = []
    try:
        for number in range(copies):
            begin.wait()
            copy_to(tmp_path / f"{number}.db", source=live)
            copied = words(tmp_path / f"{number}.db")
            counts.append((copied.count("first"), copied.count("second")))
    finally:
        begin.abort()
        thread.join()

    assert all(first == second for first, second in counts)
    assert counts == sorted(counts)
    assert counts[-1][0]


def test_replaces_an_older_backup_and_nothing_else(live: Path, tmp_path: Path) -> None:
    target, letter = tmp_path / "backup.db", tmp_path / "letter.txt"
    copy_to(target, source=live)
    copy_to(target, source=live)
    letter.write_text("to my mother")
    with pytest.raises(NotABackup):
        copy_to(letter, source=live)
    with pytest.raises(NotABackup, match="is the database itself"):
        copy_to(live, source=live)

    assert letter.read_text() == "to my mother"
    assert words(live) == words(target) == ["before"]


def test_where_it_fails_the_older_one_stays(live: Path, tmp_path: Path) -> None:
    """Its folder is gone, or what was to be copied is damaged."""
    target = tmp_path / "backup.db"
    target.write_bytes(EARLIER)
    damaged = tmp_path / "damaged.db"
    copy_to(damaged, source=live)
    content = bytearray(damaged.read_bytes())
    content[8192:20000] = bytes(20000 - 8192)
    damaged.write_bytes(content)

    with pytest.raises((NotABackup, BackupFailed)):
        copy_to(target, source=damaged)
    with pytest.raises(BackupFailed, match="No such file"):
        copy_to(tmp_path / "nowhere" / "backup.db", source=live)
    with pytest.raises(NoDatabase):
        copy_to(target, source=tmp_path / "none.db")

    assert target.read_bytes() == EARLIER
    assert not [name for name in names(tmp_path) if ".part" in name]


def test_says_what_is_no_backup(live: Path, tmp_path: Path) -> None:
    other, text, empty = tmp_path / "other.db", tmp_path / "text", tmp_path / "empty"
    with contextlib.closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE songs (title TEXT)")
    text.write_text("SQLite format")
    empty.touch()
    target = tmp_path / "backup.db"
    copy_to(target, source=live)

    for path, why in ((other, "is not of Second Line"), (text, "no SQLite"), (empty, "no SQLite")):
        with pytest.raises(NotABackup, match=why):
            look_through(path)
    with pytest.raises(NotABackup, match="does not exist"):
        look_through(tmp_path / "none.db")
    with pytest.raises(NotABackup, match="newer Second Line"):
        look_through(target, known=known_steps() - {max(known_steps())})


def test_what_was_there_is_put_aside_whole(live: Path, tmp_path: Path) -> None:
    part, aside = tmp_path / "part.db", tmp_path / "aside.db"
    copy_to(part, source=live)
    with contextlib.closing(Database(live)) as database:
        database.run("INSERT INTO words VALUES ('after')")
    left = tmp_path / "left" / "secondline.db"
    left.parent.mkdir()
    # As a bot leaves it that was killed: a part of it stands in its log.
    for ending in ("", "-wal", "-shm"):
        left.with_name(left.name + ending).write_bytes(live.with_name(live.name + ending).read_bytes())
    put_in_place(part, database=left, aside=aside)

    assert words(left) == ["before"]
    assert words(aside) == ["before", "after"]
    assert names(left.parent) == {"secondline.db"}


def test_there_is_a_database_at_every_moment(live: Path, tmp_path: Path) -> None:
    """Also where the last step fails: a bot that is started then would make an empty one."""
    left = tmp_path / "left.db"
    copy_to(left, source=live)
    with pytest.raises(FileNotFoundError):
        put_in_place(tmp_path / "none.db", database=left, aside=tmp_path / "aside.db")

    assert words(left) == words(tmp_path / "aside.db") == ["before"]
