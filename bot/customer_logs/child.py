"""Runs the program that reads logs, and ends it where it takes too long.

The log goes from Slack through a pipe into that program: the bot never has it in memory or on disk, and the library and
tables of the reading are not in it either. The program limits its own memory and time; the bot ends it by the clock.
"""

import asyncio
import contextlib
import json
import os
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from attrs import define

from bot.customer_logs.model import Problem
from bot.customer_logs.source import OpenLog
from bot.ended_processes import ended
from bot.loose_json import items, mapping, parsed

ROOT = Path(__file__).parent.parent.parent
PROGRAM = ("-s", "-m", "bot.customer_logs.program")
FILE_MAX = 25 << 20
ANSWER_MAX = 8 << 20
WALL_S = 90.0
"""From the last byte of the log: only one that hangs takes so long. What computes is ended by its own limit (CPU_S),
which a busy machine does not shorten; on an idle core 25 MB take 2 s."""
FETCH_S = 120.0
_ANY_TIME = "2000-01-01T00:00:00+00:00"


class CannotRead(Exception):
    """The log is none that can be read; `problem` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


@define(kw_only=True, eq=False, repr=False, slots=False)
class LogProgram:
    """One reading is one process, which has nothing of the bot's environment."""

    _program: tuple[str, ...] = PROGRAM
    _wall_s: float = WALL_S
    _fetch_s: float = FETCH_S
    _file_max: int = FILE_MAX

    async def read(self, log: OpenLog, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        """The program's answer. Raises CannotRead, SourceError, OSError where no program can be started."""
        if log.size > self._file_max:
            raise CannotRead(Problem.TOO_LARGE)
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, *self._program),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={"PATH": os.defpath, "LANG": "C.UTF-8", "PYTHONPATH": str(ROOT)},
            start_new_session=True,
            limit=1 << 16,
        )
        try:
            async with asyncio.timeout(self._fetch_s):
                await self._send(process, log, asked)
            async with asyncio.timeout(self._wall_s):
                answer = await _all_of(process.stdout)
                await process.wait()
        except TimeoutError as error:
            raise CannotRead(Problem.TOO_LONG) from error
        finally:
            await ended(process)
        return _answer(answer, process.returncode)

    async def refused(self, own: Sequence[Mapping[str, object]]) -> Sequence[str]:
        """Why signatures of the team can't be used, each with its id. Raises CannotRead, OSError where none is read."""
        asked = {"own": list(own), "key": "", "now": _ANY_TIME}
        answer = await self.read(OpenLog("", 0, _nothing()), asked)
        return [str(each) for each in items(answer.get("refused"))]

    async def _send(self, process: asyncio.subprocess.Process, log: OpenLog, asked: Mapping[str, Any]) -> None:
        """A program that has died reads no more: its exit status says enough."""
        assert process.stdin
        size = 0
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            process.stdin.write(json.dumps(dict(asked)).encode() + b"\n")
            async for chunk in log.chunks:
                size += len(chunk)
                if size > self._file_max:
                    raise CannotRead(Problem.TOO_LARGE)
                process.stdin.write(chunk)
                await process.stdin.drain()
            process.stdin.close()
            await process.stdin.wait_closed()


async def _nothing() -> AsyncIterator[bytes]:
    yield b""


async def _all_of(stream: asyncio.StreamReader | None) -> bytes:
    assert stream
    pieces, size = [], 0
    while piece := await stream.read(1 << 16):
        size += len(piece)
        if size > ANSWER_MAX:
            raise CannotRead(Problem.TOO_LONG)
        pieces.append(piece)
    return b"".join(pieces)


def _answer(answer: bytes, status: int | None) -> Mapping[str, Any]:
    """What it said; a program that ended before it said anything met one of its limits."""
    try:
        read = mapping(parsed(answer)) if status == 0 else {}
    except ValueError:
        read = {}
    if not read:
        raise CannotRead(Problem.TOO_LONG)
    return read
