"""The time of the sandbox: that of the machine, and ahead of it by what was let pass."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.clock import Clock, system_clock

AHEAD = "SANDBOX_AHEAD_S"
"""In the environment of the bot: by how many seconds its clock goes ahead of the machine's."""


class WorldClock:
    """A clock that people can let go on."""

    def __init__(self, machine: Clock = system_clock) -> None:
        self._machine = machine
        self._ahead = timedelta()

    def __call__(self) -> datetime:
        return self._machine() + self._ahead

    def let_pass(self, span: timedelta) -> None:
        self._ahead += span

    def environment(self) -> Mapping[str, str]:
        """What makes a bot that is started now go by the same time."""
        return {AHEAD: f"{self._ahead.total_seconds():.0f}"}


def clock_from(environment: Mapping[str, str]) -> Clock:
    """The clock of a bot with this environment."""
    clock = WorldClock()
    clock.let_pass(timedelta(seconds=float(environment.get(AHEAD) or 0)))
    return clock
