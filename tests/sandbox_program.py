"""`secondline sandbox` as people start it: a process of its own, with the real bot."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import aiohttp

from tests.eventually import eventually, eventually_asked

DEADLINE_S = 240.0
"""Two processes import everything: two seconds on an idle machine."""


class SandboxProgram:
    """The process and the lines that it has printed so far."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.lines: list[str] = []
        self._reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        assert self.process.stdout is not None
        async for line in self.process.stdout:
            self.lines.append(line.decode().rstrip())

    async def opened(self) -> str:
        """The address that was printed, once the bot is there: on a busy machine it is printed before that."""
        await eventually(lambda: any(line.startswith("Open http") for line in self.lines), within_s=DEADLINE_S)
        url = next(line.removeprefix("Open ") for line in self.lines if line.startswith("Open http"))
        async with aiohttp.ClientSession() as http:

            async def connected() -> bool:
                async with http.get(f"{url}slack/client/state", params={"as": "U0KIM"}) as answer:
                    return bool((await answer.json())["bot"]["connected"])

            await eventually_asked(connected, within_s=DEADLINE_S)
        return url

    def send(self, number: int) -> None:
        """Not by `send_signal`: it polls first, and what it reaps then, asyncio takes for an unknown child."""
        if self.process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.process.pid, number)

    async def end(self, number: int = signal.SIGTERM) -> int:
        """Ask to end, once: the bot finishes what it has begun. Asked again it is killed."""
        self.send(number)
        return await self._ended()

    async def end_at_once(self) -> None:
        self.send(signal.SIGTERM)
        await eventually(lambda: self._reading.done() or "again ends it" in "".join(self.lines), within_s=DEADLINE_S)
        self.send(signal.SIGTERM)
        await self._ended()

    async def _ended(self) -> int:
        """The exit status."""
        async with asyncio.timeout(DEADLINE_S):
            await self._reading
            return await self.process.wait()


@asynccontextmanager
async def sandbox_program(*words: str, umask: int = -1, **more: str) -> AsyncIterator[SandboxProgram]:
    """Started with these words and with `more` in its environment; ended with the block."""
    environment: Mapping[str, str] = {**os.environ, **more}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "sandbox", "--port", "0", *words),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env=environment,
        umask=umask,
    )
    program = SandboxProgram(process)
    try:
        yield program
    finally:
        await program.end_at_once()
