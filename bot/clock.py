"""The clock as an argument: services never read the time by themselves."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]
Seconds = Callable[[], float]
"""For durations: only differences mean something, and it never goes back."""


def system_clock() -> datetime:
    return datetime.now(UTC)


def steady(clock: Clock, seconds: Seconds = time.monotonic) -> Clock:
    """A clock that begins at the time of `clock` and goes on evenly, whatever anybody sets that one to.

    For waiting, not for showing: set back by an hour, the machine's own clock would make everything wait an hour.
    """
    began, began_s = clock(), seconds()
    return lambda: began + timedelta(seconds=seconds() - began_s)
