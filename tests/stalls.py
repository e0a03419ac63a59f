"""How long the event loop stood still: the figure that says whether anything froze the bot."""

import asyncio
import gc
import time
from collections.abc import Callable
from types import TracebackType

BEAT_S = 0.001
TRIES = 5


class Stalls:
    """Watches the running loop inside a `with`.

    `longest_s` is the longest time by the clock between two of its beats, `busiest_s` the most that its thread
    computed in between: what another program took of the machine is only in the first, waiting for a lock too.

    Whatever is there before is left out of the search for garbage: thousands of other tests may have left it.
    """

    def __init__(self) -> None:
        self.longest_s = 0.0
        self.busiest_s = 0.0
        self.during = ""
        self.busiest_during = ""
        """What the loop was told that it works on when it was busiest."""

    def __enter__(self) -> "Stalls":
        gc.freeze()
        self._loop = asyncio.get_running_loop()
        self._seen_s, self._computed_s = time.monotonic(), time.thread_time()
        self._next = self._loop.call_later(BEAT_S, self._beat)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._look()
        self._next.cancel()
        gc.unfreeze()

    def _beat(self) -> None:
        self._look()
        self._next = self._loop.call_later(BEAT_S, self._beat)

    def _look(self) -> None:
        seen_s, computed_s = time.monotonic(), time.thread_time()
        self.longest_s = max(self.longest_s, seen_s - self._seen_s - BEAT_S)
        if computed_s - self._computed_s > self.busiest_s:
            self.busiest_s, self.busiest_during = computed_s - self._computed_s, self.during
        self._seen_s, self._computed_s = seen_s, computed_s


def busy_s(work: Callable[[], object], *, enough_s: float = 0.05) -> float:
    """What `work` costs this thread, without a search for others' garbage: the least of a few tries.

    What shares the core and its caches only ever adds; work that is slow is slow each time.
    """
    costs = []
    gc.disable()
    try:
        for _ in range(TRIES):
            start = time.thread_time()
            work()
            costs.append(time.thread_time() - start)
            if costs[-1] <= enough_s:
                break
    finally:
        gc.enable()
    return min(costs)
