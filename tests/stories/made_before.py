"""What every bot of a story would make anew and alike, made once in the process that all of them are forked from."""

import contextlib
import gc
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import apscheduler.triggers.cron  # noqa: F401  what a bot imports by name

import tests.stories.own_clock  # noqa: F401  and a fork
from bot.app.reading import build_reader
from bot.database import Database
from bot.migrations import migrations
from bot.probes.web.tls import verifying
from bot.settings import SettingsError, load_settings
from bot.stored import Stored


class MadeBefore:
    """How records are read, the tables of the reader of tickets, the system's certificate authorities, and a database
    without any record beside `socket`."""

    def __init__(self, socket: str) -> None:
        self._database = Path(socket).with_name("new.db")
        self._complete = False
        with contextlib.closing(Database(self._database)) as database:
            migrations.apply(database.tables)
        for each in gc.get_objects():
            if type(each) is Stored:
                _ = each._adapter  # it stays there
        verifying()

    def make(self, environment: Mapping[str, str]) -> None:
        """By the settings of the first bot that has any; they call the targets the same in nearly every story."""
        if self._complete:
            return
        with contextlib.suppress(SettingsError):
            build_reader(load_settings(environment))
            self._complete = True
            gc.freeze()

    def lay(self, words: Sequence[str], environment: Mapping[str, str]) -> None:
        """Where a bot that begins with no database looks for one: the same tables take 130 ms to make each time."""
        wanted = Path(environment["SECONDLINE_DB"])
        if list(words) == ["run"] and wanted.parent.is_dir() and not wanted.exists():
            shutil.copy(self._database, wanted)
