"""Files are made for their owner alone, whatever the umask of whoever starts the bot."""

import contextlib
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.check_program import database_part
from bot.database import Database
from bot.lock import hold
from bot.settings import load_settings

ROOT = Path(__file__).parent.parent
CONFIG = """
[teams.t]
title = "T"
channel = "#t"
[escalation]
group = "ltm"
[targets.app]
title = "A"
kind = "app"
"""


@contextlib.contextmanager
def open_to_all() -> Iterator[None]:
    before = os.umask(0)
    try:
        yield
    finally:
        os.umask(before)


def modes(folder: Path) -> dict[str, str]:
    """Of every file and folder below."""
    return {each.name: f"{stat.S_IMODE(each.stat().st_mode):o}" for each in sorted(folder.rglob("*"))}


async def test_the_database_its_log_and_its_lock_are_private(tmp_path: Path) -> None:
    """From the first moment: nothing is widened and then narrowed."""
    path = tmp_path / "secondline.db"
    with open_to_all(), await hold(str(path)):
        database = Database(path)
        database.run("CREATE TABLE words (word TEXT)")
        found = modes(tmp_path)
        database.close()

    assert found == dict.fromkeys(
        ["secondline.db", "secondline.db-shm", "secondline.db-wal", "secondline.db.lock"], "600"
    )


def test_a_database_that_a_group_may_read_stays_so(tmp_path: Path) -> None:
    """Somebody may have wanted that, for a reader of its views."""
    path = tmp_path / "secondline.db"
    path.touch()
    path.chmod(0o640)
    Database(path).close()

    assert modes(tmp_path)["secondline.db"] == "640"


@pytest.mark.parametrize("command", ["check", "run"])
def test_the_program_writes_for_its_owner_alone(command: str, tmp_path: Path) -> None:
    """With a Slack that refuses the connection; the folder for temporary files is looked at as well."""
    (tmp_path / "config").mkdir()
    config, made = tmp_path / "config" / "secondline.toml", tmp_path / "made"
    config.write_text(CONFIG)
    made.mkdir()
    environment = {
        "PATH": os.environ["PATH"],
        "SECONDLINE_CONFIG": str(config),
        "SECONDLINE_DB": str(made / "secondline.db"),
        "SLACK_BOT_TOKEN": "xoxb-1",
        "SLACK_APP_TOKEN": "xapp-1",
        "SLACK_API_URL": "http://127.0.0.1:9/api/",
        "TMPDIR": str(made),
    }
    with subprocess.Popen(
        [sys.executable, "-m", "bot", command],
        cwd=ROOT,
        env=environment,
        umask=0,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout
        first = process.stdout.readline()
        process.terminate()
        process.communicate(timeout=20)

    assert first
    assert "secondline.db" in " ".join(modes(made))
    assert set(modes(made).values()) == {"600"}, modes(made)


@pytest.mark.parametrize(("mode", "told"), [(0o600, False), (0o640, True), (0o644, True)])
def test_check_tells_of_a_database_that_others_can_read(mode: int, told: bool, tmp_path: Path) -> None:
    """Of an older version, say."""
    path, config = tmp_path / "secondline.db", tmp_path / "secondline.toml"
    path.touch()
    path.chmod(mode)
    config.write_text(CONFIG)
    tokens = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}
    part = database_part(load_settings({"SECONDLINE_CONFIG": str(config), "SECONDLINE_DB": str(path)} | tokens))

    assert part.ok
    assert ("others on this machine can read it" in part.line) is told


def test_the_images_folder_is_the_bots_alone() -> None:
    """Where the database is."""
    assert "install -d -m 0700 -o secondline -g secondline /data" in (ROOT / "Dockerfile").read_text()
