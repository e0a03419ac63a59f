"""One process per database: two outboxes on the same records would send everything twice."""

import asyncio
import fcntl
import os
from pathlib import Path
from typing import TextIO

from bot.database import PRIVATE, CannotOpen
from bot.errors import SecondLineError

WAIT_S = 15.0
"""A process that is being replaced may still be draining."""
RETRY_S = 0.2


class AlreadyRunning(SecondLineError):
    """Another process holds the database at `path`."""

    retry = True

    def __init__(self, path: Path) -> None:
        super().__init__(f"Another Second Line is running on {path}. Stop it, or set SECONDLINE_DB to another file.")
        self.path = path


async def hold(database_path: str, *, wait_s: float = WAIT_S) -> TextIO:
    """Lock `<database>.lock` until the returned file is closed or the process dies.

    Raises AlreadyRunning, CannotOpen.
    """
    path = Path(database_path)
    try:
        handle = os.fdopen(os.open(path.with_name(path.name + ".lock"), os.O_WRONLY | os.O_CREAT, PRIVATE), "w")
    except OSError as error:
        raise CannotOpen(database_path, os.strerror(error.errno) if error.errno else str(error)) from error
    for _ in range(max(1, round(wait_s / RETRY_S))):
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            await asyncio.sleep(RETRY_S)
        else:
            return handle
    handle.close()
    raise AlreadyRunning(path)
