"""The clock of a town, which a story sets while the bot runs too: both read from a file how far it is ahead."""

import os
import struct
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from bot.clock import Clock, system_clock
from bot.sandbox.world.clock import AHEAD, WorldClock

VARIABLE = "STORY_CLOCK"
"""In the environment of a bot of a story: the file."""
_AHEAD = struct.Struct("d")


class OwnClock:
    """Ahead of the machine's by what a story let pass. `file` is made where it isn't there."""

    def __init__(self, file: Path) -> None:
        self._open = os.open(file, os.O_RDWR | os.O_CREAT)
        self._file = file

    def __call__(self) -> datetime:
        return system_clock() + self._ahead

    def let_pass(self, span: timedelta) -> None:
        """Less than nothing sets it back."""
        self._write(self._ahead + span)

    def is_set(self, moment: datetime) -> None:
        self._write(moment - system_clock())

    def environment(self) -> Mapping[str, str]:
        """What makes a forked bot go by it."""
        return {VARIABLE: str(self._file)}

    def close(self) -> None:
        os.close(self._open)

    @property
    def _ahead(self) -> timedelta:
        written = os.pread(self._open, _AHEAD.size, 0)
        return timedelta(seconds=_AHEAD.unpack(written)[0]) if written else timedelta()

    def _write(self, ahead: timedelta) -> None:
        os.pwrite(self._open, _AHEAD.pack(ahead.total_seconds()), 0)


def clock_of(environment: Mapping[str, str]) -> Clock:
    """The clock of a bot with this environment, which may be ahead of its town's."""
    file = environment.get(VARIABLE)
    clock = WorldClock(OwnClock(Path(file)) if file else system_clock)
    clock.let_pass(timedelta(seconds=float(environment.get(AHEAD) or 0)))
    return clock
