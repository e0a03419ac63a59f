"""The end of a process beside the bot, for certain."""

import asyncio
import os
import signal
from contextlib import suppress

PATIENCE_S = 5.0
_PIECE = 1 << 16


async def ended(process: asyncio.subprocess.Process) -> None:
    """Kill a process that began a session of its own, with its whole group; it is gone when this returns.

    What it has still written is taken from its pipes: `Process.wait` waits for their end too, which never comes where
    nobody reads (https://github.com/python/cpython/issues/119710).
    """
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    with suppress(TimeoutError):  # somebody outside its group holds a pipe: the system has taken the process away
        async with asyncio.timeout(PATIENCE_S):
            await asyncio.gather(_emptied(process.stdout), _emptied(process.stderr), process.wait())


async def _emptied(stream: asyncio.StreamReader | None) -> None:
    with suppress(RuntimeError):  # somebody else reads it already
        while stream and await stream.read(_PIECE):
            pass
