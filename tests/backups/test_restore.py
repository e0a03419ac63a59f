"""After a restore nothing is said twice."""

import contextlib
from datetime import timedelta
from pathlib import Path

import pytest

from bot.app.backups import back_up, restore
from bot.backups.copies import NotABackup
from bot.backups.store import BackupStore
from bot.backups.words import backup_line, restored_lines
from bot.database import Database
from bot.messages.model import Place
from bot.messages.store import MessageStore
from bot.migrations import migrations
from tests.fake_clock import FakeClock


def test_what_was_owed_is_looked_for_before_it_is_sent(tmp_path: Path) -> None:
    clock, path, backup = FakeClock(), tmp_path / "secondline.db", tmp_path / "backup.db"
    with contextlib.closing(Database(path)) as database:
        migrations.apply(database.tables)
        messages = MessageStore(database=database, clock=clock, wake=lambda: None)
        _owed(messages, "post/1")
        back_up(backup, database=path, clock=clock)
        _owed(messages, "post/2")
    clock.advance(timedelta(hours=3).total_seconds())
    restored = restore(backup, database=path, clock=clock)

    with contextlib.closing(Database(path)) as database:
        rows = database.rows("SELECT key, state, attempt_at = created_at AS since FROM messages")
    assert rows == [{"key": "post/1", "state": "unsure", "since": 1}]
    assert restored.looked_for == 1
    assert restored.aside
    with contextlib.closing(Database(restored.aside)) as before:
        assert before.column("SELECT key FROM messages ORDER BY key") == ["post/1", "post/2"]


def test_nothing_is_touched_where_the_file_is_no_backup(tmp_path: Path) -> None:
    clock, path, letter = FakeClock(), tmp_path / "secondline.db", tmp_path / "letter"
    with contextlib.closing(Database(path)) as database:
        migrations.apply(database.tables)
    letter.write_text("to my mother")
    before = path.read_bytes()
    with pytest.raises(NotABackup):
        restore(letter, database=path, clock=clock)
    with pytest.raises(NotABackup):
        restore(path, database=path, clock=clock)

    assert path.read_bytes() == before
    assert {entry.name for entry in tmp_path.iterdir()} == {"secondline.db", "letter"}


def test_a_first_machine_is_set_up_from_a_backup(tmp_path: Path) -> None:
    clock, path, backup = FakeClock(), tmp_path / "old.db", tmp_path / "backup.db"
    with contextlib.closing(Database(path)) as database:
        migrations.apply(database.tables)
    back_up(backup, database=path, clock=clock)
    restored = restore(backup, database=tmp_path / "new.db", clock=clock)

    assert restored.aside is None
    assert list(restored_lines(restored)) == ["The backup is in place. Start the bot now."]


def test_the_last_one_is_told_with_its_age(tmp_path: Path) -> None:
    clock, path = FakeClock(), tmp_path / "secondline.db"
    with contextlib.closing(Database(path)) as database:
        migrations.apply(database.tables)
        store = BackupStore(database=database, clock=clock)
        assert store.last() is None
        back_up(tmp_path / "first.db", database=path, clock=clock)
        clock.advance(3600)
        back_up(tmp_path / "second.db", database=path, clock=clock)
        last = store.last()

    assert last
    assert Path(last.path).name == "second.db"
    assert backup_line(last, clock() + timedelta(minutes=20)).startswith("less than an hour ago, ")
    assert backup_line(last, clock() + timedelta(hours=1)).startswith("1 hour ago, ")
    assert backup_line(last, clock() + timedelta(days=3)).startswith("3 days ago, ")


def _owed(messages: MessageStore, key: str) -> None:
    messages.post(key, view="lost", record_id=1, place=Place("C1"))
