"""A Python program of our own that stays beside the bot: it answers one question after the other, each a line of JSON,
and what it computes takes nothing of the bot's one thread.
"""

import asyncio
import contextlib
import json
import logging
import os
import sys
from collections import deque
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.child_program import lesser
from bot.tasks import turned

logger = logging.getLogger(__name__)

ROOT = Path(__file__).parent.parent
ANSWER_MAX = 16 << 20
DEADLINE_S = 5.0
"""For an answer, with all that were asked before it. Nobody waits longer, and a program that takes longer is ended."""
START_S = 60.0
"""To start, until its first answer: on a busy machine nobody waits for it, and it goes on."""
AGAIN_S = 30.0
"""So long after it was started a program that has ended is left alone."""


class ProgramGone(Exception):
    """There is no answer: it can't be started, has ended, or takes too long."""


class Beside:
    """`module` is started with the first question and `setup` as its first line, and has no secret of the bot's. It
    ends when its input does: with the bot, whatever becomes of that."""

    def __init__(
        self,
        *,
        module: str,
        setup: Mapping[str, Any],
        deadline_s: float = DEADLINE_S,
        again_s: float = AGAIN_S,
        start_s: float = START_S,
    ) -> None:
        self._module = module
        self._setup = setup
        self._deadline_s = deadline_s
        self._process: asyncio.subprocess.Process | None = None
        self._hearing: asyncio.Task[None] | None = None
        self._starting = asyncio.Lock()
        self._again_s = again_s
        self._start_s = start_s
        self._answers = False
        self._started_s: float | None = None
        self._waiting: deque[asyncio.Future[bytes]] = deque()

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    @property
    def answers(self) -> bool:
        """Whether it has answered since it was started: until then a question waits for its start."""
        return self._process is not None and self._answers

    async def run(self) -> None:
        """Without end: it is there before anybody asks, and again when it has ended."""
        while True:
            with contextlib.suppress(ProgramGone):
                await self._running()
            turned()
            await asyncio.sleep(self._again_s)

    async def ask(self, question: Mapping[str, Any]) -> bytes:
        """Raises ProgramGone."""
        process = await self._running()
        answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._waiting.append(answer)
        assert process.stdin
        process.stdin.write(json.dumps(dict(question)).encode() + b"\n")
        try:
            async with asyncio.timeout(self._deadline_s):
                return await answer
        except TimeoutError:
            if not self._still_starts():
                logger.warning("%s takes longer than %g s, and is ended", self._module, self._deadline_s)
                _end(process)
            raise ProgramGone from None

    async def close(self) -> None:
        if self._process and self._hearing:
            _end(self._process)
            await asyncio.wait([self._hearing])

    def _still_starts(self) -> bool:
        started_s = self._started_s or 0.0
        return not self._answers and asyncio.get_running_loop().time() - started_s < self._start_s

    async def _running(self) -> asyncio.subprocess.Process:
        async with self._starting:
            return self._process or await self._start()

    async def _start(self) -> asyncio.subprocess.Process:
        now_s = asyncio.get_running_loop().time()
        if self._started_s is not None and now_s - self._started_s < self._again_s:
            raise ProgramGone
        self._started_s, self._answers = now_s, False
        try:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-s", "-m", self._module),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                env=lesser(os.environ) | {"PYTHONPATH": str(ROOT)},
                start_new_session=True,
                limit=ANSWER_MAX,
            )
        except OSError as error:
            logger.warning("%s can't be started: %s", self._module, error)
            raise ProgramGone from None
        assert process.stdin
        process.stdin.write(json.dumps(dict(self._setup)).encode() + b"\n")
        self._process, self._hearing = process, asyncio.create_task(self._hear(process), name=self._module)
        return process

    async def _hear(self, process: asyncio.subprocess.Process) -> None:
        """Give answers to those who wait, in their order, until it has ended."""
        assert process.stdout
        with contextlib.suppress(ValueError, OSError):  # a line that is too long
            while line := await process.stdout.readline():
                self._answers = True
                answer = self._waiting.popleft()
                if not answer.done():
                    answer.set_result(line)
        _end(process)
        await process.wait()
        self._process = None
        for answer in self._waiting:
            if not answer.done():
                answer.set_exception(ProgramGone())
        self._waiting.clear()


def _end(process: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.kill()
