"""The bot of a story: `python -m bot run` as a process of its own, that can be killed and started again."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from bot.sandbox.child import child_environment
from bot.sandbox.world.clock import AHEAD

ENDS_S = 240.0
"""A bot that hangs; one that drains has ten seconds by its own clock, and more by that of a busy machine."""


class Process(Protocol):
    """What of a process is needed here."""

    @property
    def pid(self) -> int: ...

    @property
    def returncode(self) -> int | None: ...

    async def wait(self) -> int: ...


Launch = Callable[[Sequence[str], Mapping[str, str], Path], Awaitable[Process]]


class Bot:
    """One command with nothing but environment variables; all of its output is in `log`."""

    def __init__(self, *, environment: Mapping[str, str], log: Path) -> None:
        self.environment = dict(environment)
        self.launch: Launch = launch
        self._log = log
        self._process: Process | None = None

    async def start(self, *words: str) -> None:
        """Start `secondline run`, or the words given."""
        self._process = await self.launch(words or ("run",), child_environment(os.environ, self.environment), self._log)

    @property
    def pid(self) -> int:
        assert self._process, "the bot was not started"
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.returncode is None

    def signal(self, number: signal.Signals) -> None:
        """Nothing where it has ended already."""
        if self.running:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    async def ended(self, *, within_s: float = ENDS_S) -> int:
        """The exit status; negative is a signal's number."""
        assert self._process, "the bot was not started"
        return await asyncio.wait_for(self._process.wait(), within_s)

    async def kill(self) -> None:
        self.signal(signal.SIGKILL)
        await self.ended()

    async def close(self) -> None:
        """Ends whatever is still running."""
        if self.running:
            await self.kill()

    @property
    def output(self) -> str:
        return self._log.read_text("utf-8", "replace") if self._log.exists() else ""

    def last_words(self) -> str:
        return "\n".join(self.output.splitlines()[-25:])


async def launch(words: Sequence[str], environment: Mapping[str, str], log: Path) -> Process:
    """The bot's command with nothing but environment variables; at the time of the town where that was let go on."""
    module = "bot.sandbox.world.bot" if AHEAD in environment else "bot"
    with log.open("ab") as output:
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            module,
            *words,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=dict(environment),
        )
