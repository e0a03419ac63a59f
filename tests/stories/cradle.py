"""Starts bots at the price of a fork: for stories that kill them many times.

A process that has imported the bot, and built nothing, forks for each start. What runs is what `python -m bot` runs.
"""

import asyncio
import contextlib
import io
import json
import os
import selectors
import signal
import socket
import sys
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path


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
    """`launch` starts a bot; `close` ends the process that forks, and with it whatever is left."""

    def __init__(self) -> None:
        self._process: asyncio.subprocess.Process | None = None
        self._bots: dict[int, Forked] = {}
        self._born: asyncio.Queue[Forked] = asyncio.Queue()
        self._one_at_a_time = asyncio.Lock()
        self._reading: asyncio.Task[None] | None = None

    async def open(self) -> None:
        pipe = asyncio.subprocess.PIPE
        root = str(Path(__file__).parents[2])
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, __file__, stdin=pipe, stdout=pipe, cwd=root, env={**os.environ, "PYTHONPATH": root}
        )
        self._reading = asyncio.create_task(self._read())

    async def launch(self, words: Sequence[str], environment: Mapping[str, str], log: Path) -> Forked:
        assert self._process and self._process.stdin, "the cradle is not open"
        order = {"words": list(words), "environment": dict(environment), "log": str(log)}
        async with self._one_at_a_time:
            self._process.stdin.write(json.dumps(order).encode() + b"\n")
            return await self._born.get()

    async def close(self) -> None:
        """Ends the bots that are still running too."""
        if self._process and self._process.stdin:
            self._process.stdin.close()
            await self._process.wait()
        if self._reading:
            await self._reading

    async def _read(self) -> None:
        assert self._process and self._process.stdout
        async for line in self._process.stdout:
            word, pid, status = line.decode().split()
            if word == "born":
                self._bots[int(pid)] = Forked(int(pid))
                self._born.put_nowait(self._bots[int(pid)])
            else:
                bot = self._bots[int(pid)]
                bot.returncode = int(status)
                bot.exited.set()


def _fork_on_demand() -> None:
    """A JSON line from stdin starts a bot; "born pid 0" and "gone pid status" go to stdout."""
    import_bot()
    orders = io.FileIO(0, closefd=False)
    selector, (heard, told) = selectors.DefaultSelector(), socket.socketpair()
    told.setblocking(False)
    signal.set_wakeup_fd(told.fileno(), warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    selector.register(orders, selectors.EVENT_READ)
    selector.register(heard, selectors.EVENT_READ)
    living: set[int] = set()
    while True:
        for key, _ in selector.select():
            if key.fileobj is heard:
                heard.recv(4096)
                _bury(living)
            elif line := orders.readline():
                living.add(_born(json.loads(line)))
            else:
                for pid in living:
                    os.kill(pid, signal.SIGKILL)
                return


def import_bot() -> None:
    """Everything that the bot's start would import."""
    __import__("bot.__main__")


def _born(order: dict[str, object]) -> int:
    pid = os.fork()
    if pid:
        _tell("born", pid, 0)
        return pid
    status = 70
    try:
        status = _live(order)
    finally:
        if sys.exc_info()[0]:
            traceback.print_exc()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def _live(order: dict[str, object]) -> int:
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    output = os.open(str(order["log"]), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for new, old in ((nothing, 0), (output, 1), (output, 2)):
        os.dup2(new, old)
    environment, words = order["environment"], order["words"]
    assert isinstance(environment, dict) and isinstance(words, list)
    os.environ.clear()
    os.environ.update(environment)
    return int(sys.modules["bot.__main__"].main(words))


def _bury(living: set[int]) -> None:
    with contextlib.suppress(ChildProcessError):
        while True:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                return
            living.discard(pid)
            _tell("gone", pid, os.waitstatus_to_exitcode(status))


def _tell(word: str, pid: int, status: int) -> None:
    os.write(1, f"{word} {pid} {status}\n".encode())


if __name__ == "__main__":
    _fork_on_demand()
