"""`secondline backup` and `secondline restore` as somebody types them."""

import contextlib
import os
import re
import subprocess
import sys
from pathlib import Path

from bot.database import Database
from bot.lock import hold
from bot.migrations import migrations

ROOT = Path(__file__).parent.parent.parent


def secondline(*words: str, database: Path) -> tuple[int, str]:
    """Exit status and everything that it printed. There are no tokens and no settings."""
    environment = {"PATH": os.environ["PATH"], "SECONDLINE_DB": str(database)}
    done = subprocess.run(
        [sys.executable, "-m", "bot", *words],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


async def test_a_backup_is_made_while_the_bot_runs_and_put_back_while_it_does_not(tmp_path: Path) -> None:
    path, backup = tmp_path / "secondline.db", tmp_path / "backup.db"
    with await hold(str(path)), contextlib.closing(Database(path)) as database:
        migrations.apply(database.tables)
        made = secondline("backup", str(backup), database=path)
        refused = secondline("restore", str(backup), database=path)
        database.run("CREATE TABLE later (word TEXT)")
    restored = secondline("restore", str(backup), database=path)

    assert made[0] == 0, made[1]
    assert re.fullmatch(rf"{backup}: \d\.\d MB, read through and whole\.\n", made[1]), made[1]
    assert refused[0] == 2
    assert "Another Second Line is running" in refused[1]
    assert restored[0] == 0, restored[1]
    assert restored[1].startswith("The backup is in place. Start the bot now.\nThe database that was there is ")
    with contextlib.closing(Database(path)) as database:
        assert "later" not in database.column("SELECT name FROM sqlite_master")


def test_what_is_wrong_is_one_sentence(tmp_path: Path) -> None:
    letter = tmp_path / "letter"
    letter.write_text("to my mother")
    path = tmp_path / "secondline.db"

    assert secondline("backup", str(tmp_path / "b.db"), database=path) == (
        2,
        f"There is no database at {path}. Set SECONDLINE_DB, or database.path in secondline.toml.\n",
    )
    assert secondline("restore", str(letter), database=path) == (
        2,
        f"{letter} is no SQLite database. Nothing was changed; name another file.\n",
    )
