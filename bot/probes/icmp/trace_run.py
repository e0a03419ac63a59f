"""A trace under way, and everybody who waits for it."""

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from attrs import define

from bot.probes.icmp.path import Path
from bot.probes.icmp.trace import Trace
from bot.probes.icmp.waiting import PATIENCE_MAX_S

# A new table each second at most, the first one at once: nobody reads faster, and messages are edited more slowly.
_TABLE_EVERY_S = 0.9
# Who waits for thirty cycles or a hundred looks now and then.
_SHORT_CYCLES, _LATER_TABLE_EVERY_S = 10, 10.0
# So long a run that may go on waits for the next one to wait for it.
_GRACE_S = 2.0

# The paths of many runs at once are read one by one with time between, as each takes a millisecond or two.
_TURN_S = 0.005

Listener = Callable[[Path], None]


@dataclass(slots=True, eq=False)
class _Waiter:
    """Who waits until `cycles` are done, and is shown the path on the way."""

    cycles: int
    listener: Listener
    done: asyncio.Future[Path]


class TraceTurns:
    """Spreads what all runs would do at the same time."""

    def __init__(self) -> None:
        self._free_at = float("-inf")

    def take(self) -> float:
        """The loop time of the next free turn: now where there is one."""
        at = max(asyncio.get_running_loop().time(), self._free_at)
        self._free_at = at + _TURN_S
        return at


@define(kw_only=True, eq=False, repr=False, slots=False)
class TraceRun:
    """One trace that goes as far as somebody waits for, and to the steps of `ladder` while `goes_on` says so.

    The last one to leave before the path is there ends it. Where the path is there and the run goes on, somebody must
    begin to wait within two seconds. `on_end` is called once, as soon as nobody can begin to wait any more.
    """

    _trace_of: Callable[[Callable[[], None]], Trace]
    _path_of: Callable[[Trace], Path]
    _goes_on: Callable[[Path], bool]
    _ladder: Sequence[int]
    _interval_s: float
    _turns: TraceTurns
    _on_end: Callable[["TraceRun"], None]

    def __attrs_post_init__(self) -> None:
        self.latest: Path | None = None
        """The path as it was last shown."""
        self._trace = self._trace_of(self._cycle_done)
        self._showing: asyncio.TimerHandle | None = None
        self._done = self._undecided = 0
        self._shown_at = self._awaited_until = float("-inf")
        self._waiters: list[_Waiter] = []
        self._grace: asyncio.TimerHandle | None = None
        self._over = False
        self._task: asyncio.Task[None] | None = None

    def start(self, name: str) -> None:
        self._task = asyncio.create_task(self._go(), name=name)
        self._task.add_done_callback(self._ended)

    @property
    def goes_on_to(self) -> int:
        """The cycles to which it goes on next, by itself; 0 where it has come to its end."""
        ahead = [step for step in self._ladder if step > self._done]
        return ahead[0] if ahead and not self._over and self.latest and self._goes_on(self.latest) else 0

    async def wait(self, cycles: int, listener: Listener, *, again: bool = False) -> Path:
        """The path after so many cycles, or at the end of the run; `again` by somebody who has an earlier one."""
        self._undecided -= again
        if self.latest and self._done >= cycles:
            self._let_go()
            return self.latest
        waiter = _Waiter(cycles, listener, asyncio.get_running_loop().create_future())
        self._waiters.append(waiter)
        if self.latest:
            listener(self.latest)
        try:
            return await waiter.done
        finally:
            self._waiters.remove(waiter)
            if waiter.done.cancelled():
                await self._leave()
            else:
                self._let_go()

    async def _leave(self) -> None:
        """At once, but for those who have a path, and may still begin to wait for a better one."""
        if self._undecided > 0 and self._awaited_until > asyncio.get_running_loop().time():
            return
        self._end_unless_awaited()
        if self._over and self._task:
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    def _let_go(self) -> None:
        """Somebody has a path. What goes on without anybody to wait for it ends soon."""
        loop = asyncio.get_running_loop()
        self._undecided += self.goes_on_to > 0
        self._awaited_until = loop.time() + _GRACE_S
        if self._grace:
            self._grace.cancel()
        self._grace = None if self._over else loop.call_at(self._awaited_until, self._end_unless_awaited)

    def _end_unless_awaited(self) -> None:
        if not self._waiters and not self._over and self._task:
            self._be_over()
            self._task.cancel()

    def _be_over(self) -> None:
        """From now on nobody can begin to wait."""
        if not self._over:
            self._over = True
            self._on_end(self)

    async def _go(self) -> None:
        while step := self._next_step():
            # A machine too busy to keep the schedule: what has been measured is still true.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout((step - self._done) * self._interval_s + PATIENCE_MAX_S + 2.0):
                    await self._trace.until(step)
            await asyncio.sleep(self._turns.take() - asyncio.get_running_loop().time())
            self._done = step
            path = self._show()
            for waiter in self._waiters:
                if waiter.cycles <= step and not waiter.done.done():
                    waiter.done.set_result(path)
        self._be_over()

    def _next_step(self) -> int:
        cycles = [waiter.cycles for waiter in self._waiters if waiter.cycles > self._done]
        return min([*cycles, *([self.goes_on_to] if self.goes_on_to else [])], default=0)

    def _cycle_done(self) -> None:
        """A table for those who wait, as often as they read it; the one at a step comes when the step is done."""
        loop = asyncio.get_running_loop()
        every_s = _TABLE_EVERY_S if self._trace.cycles <= _SHORT_CYCLES else _LATER_TABLE_EVERY_S
        if not self._showing and loop.time() >= self._shown_at + every_s:
            at = self._turns.take()
            if at <= loop.time():
                self._show()
            else:
                self._showing = loop.call_at(at, self._show)

    def _show(self) -> Path:
        self._shown_at = asyncio.get_running_loop().time()
        if self._showing:
            self._showing.cancel()
            self._showing = None
        path = self.latest = self._path_of(self._trace)
        for waiter in tuple(self._waiters):
            if waiter.cycles > self._done:
                waiter.listener(path)
        return path

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._be_over()
        for timer in (self._grace, self._showing):
            if timer:
                timer.cancel()
        error = None if task.cancelled() else task.exception()
        for waiter in self._waiters:
            if waiter.done.done():
                continue
            if error:
                waiter.done.set_exception(error)
            else:
                waiter.done.cancel()
