"""What can be wrong with a backup, or with where it should go."""

from pathlib import Path

from bot.errors import SecondLineError


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
