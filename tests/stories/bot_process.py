"""The bot of a story: `python -m bot run` as a process of its own, that can be killed and started again."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from bot.sandbox.child import child_environment

COMMAND = (sys.executable, "-m", "bot")


class Bot:
    """One command with nothing but environment variables; all of its output is in `log`."""

    def __init__(
        self, *, environment: Mapping[str, str], log: Path, limit: Callable[[], None] | None = None
    ) -> None:
        self.environment = dict(environment)
        self._log = log
        self._limit = limit
        self._process: asyncio.subprocess.Process | None = None

    async def start(self, *words: str) -> None:
        """Start `secondline run`, or the words given."""
        with self._log.open("ab") as output:
            self._process = await asyncio.create_subprocess_exec(
                *COMMAND,
                *(words or ("run",)),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=child_environment(os.environ, self.environment),
                preexec_fn=self._limit,
            )

    @property
    def pid(self) -> int:
        assert self._process, "the bot was not started"
        return self._process.pid

    @property
    def running(self) -> bool:
        return bool(self._process) and self._process.returncode is None

    def signal(self, number: signal.Signals) -> None:
        """Nothing where it has ended already."""
        if self.running:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    async def ended(self, *, within_s: float = 15.0) -> int:
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

    def last_words(self, lines: Sequence[str] | None = None) -> str:
        shown = lines if lines is not None else self.output.splitlines()[-25:]
        return "\n".join(shown)
