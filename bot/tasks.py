"""The task runner: work that the app owns, watches and drains."""

import asyncio
import contextlib
import logging
import signal
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from types import FrameType
from typing import Any, TypeVar

from bot.errors import SecondLineError

logger = logging.getLogger(__name__)

RESTART_DELAY_S = 2.0
CANCEL_S = 5.0
"""What does not end when it is cancelled must not keep the program alive."""

MOMENT_S = 0.002
"""What arrives in it is worked through before long work goes on."""

SLICE_S = 0.003
"""So long work of many parts goes on without a pause: an acknowledgement waits for one slice at most."""

SOMEBODY_WAITS_S = 0.005
"""The same where a person waits for the whole: with many pauses they would wait for everybody else too."""

T = TypeVar("T")


@dataclass(slots=True)
class LoopTurns:
    """How an endless loop goes: how often it was started again, and when it last went round (monotonic seconds)."""

    turned_at_s: float
    failures: int = 0


_loop: ContextVar[LoopTurns | None] = ContextVar("loop", default=None)


def turned() -> None:
    """Notes that the endless loop that this runs in has gone round; outside of one it does nothing."""
    turns = _loop.get()
    if turns:
        turns.turned_at_s = time.monotonic()


async def others_first() -> None:
    """Between two parts of long work: everybody else has the loop for a moment.

    Not asyncio.sleep(0): the next part would come before whatever arrived during the last one.
    """
    await asyncio.sleep(MOMENT_S)


class Slices:
    """Long work of many parts: where they have taken `slice_s` together, `pause` lets everybody else have the loop."""

    def __init__(self, slice_s: float = SLICE_S) -> None:
        self._slice_s = slice_s
        self._began_s = time.perf_counter()

    async def pause(self) -> None:
        if time.perf_counter() - self._began_s >= self._slice_s:
            await others_first()
            self._began_s = time.perf_counter()


async def woken(wake: asyncio.Event, *, within_s: float) -> None:
    """Wait until `wake` is set, or the time is over.

    Not asyncio.wait_for: up to Python 3.11 it swallows a cancellation that meets a set event
    (https://github.com/python/cpython/issues/86296).
    """
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(within_s):
            await wake.wait()


@contextlib.contextmanager
def ended_by(numbers: Iterable[signal.Signals], callback: Callable[[], None]) -> Iterator[None]:
    """Calls `callback` in the running loop at each of these signals. Afterwards the program is ending anyhow, and a
    second Ctrl-C changes nothing. Not by the loop's own handlers: while it closes they are the system's again."""
    loop = asyncio.get_running_loop()

    def asked(_number: int, _frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(callback)

    for number in numbers:
        signal.signal(number, asked)
    try:
        yield
    finally:
        for number in numbers:
            signal.signal(number, signal.SIG_IGN)


async def unless(stop: asyncio.Event, work: Coroutine[Any, Any, T]) -> T | None:
    """`work` to its end and what it returns; None where `stop` cut it short. Raises what `work` raises."""
    working, stopping = asyncio.create_task(work), asyncio.create_task(stop.wait())
    await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if not working.done():
        working.cancel()
        await asyncio.wait({working}, timeout=CANCEL_S)
        return None
    return None if working.cancelled() else working.result()


async def caught(work: Awaitable[T], *, name: str) -> T | None:
    """What `work` returns; None where it failed by a mistake of ours, which is logged with its traceback."""
    try:
        return await work
    except Exception:
        logger.exception("%s failed", name)
        return None


class Tasks:
    """Keeps a reference to every task, logs what fails, and drains at the end."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[None]] = set()
        self._loops: set[asyncio.Task[None]] = set()
        self._turns: dict[str, LoopTurns] = {}

    @property
    def loops(self) -> Mapping[str, LoopTurns]:
        """How the endless loops go, by name."""
        return self._turns

    def start(self, work: Coroutine[Any, Any, None], *, name: str) -> asyncio.Task[None]:
        """Run `work` to its end; `drain` waits for it. Whoever may cancel it keeps the task."""
        return self._keep(self._running, caught(work, name=name), name)

    def forever(self, loop: Callable[[], Awaitable[None]], *, name: str) -> None:
        """Run an endless loop, started again if it ever fails; `drain` cancels it."""
        self._keep(self._loops, self._supervise(loop, name), name)

    async def idle(self) -> None:
        """Wait until nothing that `start` began is running."""
        while self._running:
            await asyncio.wait(self._running)

    async def drain(self, *, deadline_s: float) -> None:
        """End the loops, let the work finish and what it begins, cancel what is left after the deadline."""
        end, left_s = time.monotonic() + deadline_s, deadline_s
        while self._running and left_s >= 0:
            await asyncio.wait(self._running, timeout=left_s)
            left_s = end - time.monotonic()
        left = self._running | self._loops
        for task in left:
            task.cancel()
        if left:
            await asyncio.wait(left, timeout=CANCEL_S)

    def _keep(self, kept: set[asyncio.Task[None]], work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
        task = asyncio.create_task(work, name=name)
        kept.add(task)
        task.add_done_callback(kept.discard)
        return task

    async def _supervise(self, loop: Callable[[], Awaitable[None]], name: str) -> None:
        turns = self._turns[name] = LoopTurns(time.monotonic())
        _loop.set(turns)
        while True:
            try:
                await loop()
            except SecondLineError as error:
                logger.error("%s: %s", name, error.sentence)
            except Exception:
                logger.exception("%s failed, starting it again", name)
            turns.failures += 1
            await asyncio.sleep(RESTART_DELAY_S)
