"""Starts bots at the price of a fork. What runs is what `python -m bot` runs; see fork_server.py."""

import asyncio
import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from pathlib import Path

from tests.stories import fork_server as nest_process

ROOT = Path(__file__).parents[2]


@contextlib.contextmanager
def nested() -> Iterator[Path]:
    """The socket of a process that forks: importing the bot takes seconds, so it is done once."""
    with tempfile.TemporaryDirectory(prefix="secondline-nest-") as folder, socket.socket(socket.AF_UNIX) as listening:
        path = Path(folder) / "nest"
        listening.bind(str(path))
        listening.listen()
        number = listening.fileno()
        command = [sys.executable, str(nest_process.__file__), str(number)]
        with subprocess.Popen(
            command, pass_fds=[number], cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}
        ) as process:
            yield path
            process.kill()


class Forked:
    """One bot, with the part of asyncio.subprocess.Process that stories need."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self.exited = asyncio.Event()

    async def wait(self) -> int:
        await self.exited.wait()
        assert self.returncode is not None
        return self.returncode


class Cradle:
    """`launch` starts a bot; `close` ends whatever is left."""

    def __init__(self, nest: Path) -> None:
        self._nest = nest
        self._bots: dict[int, Forked] = {}
        self._born: asyncio.Queue[Forked | None] = asyncio.Queue()
        self._one_at_a_time = asyncio.Lock()

    async def open(self) -> None:
        self._answers, self._orders = await asyncio.open_unix_connection(self._nest)
        self._reading = asyncio.create_task(self._read())

    async def launch(self, words: Sequence[str], environment: Mapping[str, str], log: Path) -> Forked:
        order = {"words": list(words), "environment": dict(environment), "log": str(log)}
        async with self._one_at_a_time:
            self._orders.write(json.dumps(order).encode() + b"\n")
            born = await self._born.get()
        assert born, "the process that starts bots has ended: it could not import the bot"
        return born

    async def close(self) -> None:
        self._orders.close()
        self._reading.cancel()
        await asyncio.gather(self._reading, return_exceptions=True)

    async def _read(self) -> None:
        async for line in self._answers:
            word, pid, status = line.decode().split()
            if word == "born":
                self._bots[int(pid)] = Forked(int(pid))
                self._born.put_nowait(self._bots[int(pid)])
            else:
                bot = self._bots[int(pid)]
                bot.returncode = int(status)
                bot.exited.set()
        self._born.put_nowait(None)


@contextlib.asynccontextmanager
async def opened(nest: Path) -> AsyncIterator[Cradle]:
    cradle = Cradle(nest)
    await cradle.open()
    try:
        yield cradle
    finally:
        await cradle.close()
