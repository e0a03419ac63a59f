"""How long the event loop stood still: the figure that says whether anything froze the bot."""

import asyncio
import gc
import json
import re
import statistics
import time
from collections.abc import Callable
from types import TracebackType

STALL_S = 0.1
"""The design's longest stall of the event loop, whatever comes in: what one step of the bot may compute."""
LONGEST_S = 1.0
"""By the clock, where another program holds a lock: with all that others may take of a busy machine in between. What
waits for a lock and lets nothing else go on waits for three seconds."""
BEAT_S = 0.001
TRIES = 5
GARBAGE_AFTER = (700, 10, 10)
"""When the program searches for garbage, by Python's own rule."""
REFERENCE_S = 0.0022
"""What `_reference` costs on the idle machine on which the bounds were measured."""
UNHURRIED_S = 0.005
"""What costs less is not worth a question how slow the machine is."""
_WORD = re.compile(r"\b[a-z]+(?:-[0-9]+)?\b")


class Stalls:
    """Watches the running loop inside a `with`.

    `longest_s` is the longest time by the clock between two of its beats, `busiest_s` the most that its thread
    computed in between, in seconds of the reference machine: what another program took of the machine is only in the
    first, waiting for a lock too.

    Whatever is there before is left out of the search for garbage: thousands of other tests may have left it.
    """

    def __init__(self) -> None:
        self.longest_s = 0.0
        self._steps = Steps()
        self.during = ""
        self.busiest_during = ""
        """What the loop was told that it works on when it was busiest."""

    def __enter__(self) -> "Stalls":
        gc.freeze()
        self._garbage_after = gc.get_threshold()
        gc.set_threshold(*GARBAGE_AFTER)
        self._loop = asyncio.get_running_loop()
        self._seen_s = time.monotonic()
        self._steps.begin()
        self._next = self._loop.call_later(BEAT_S, self._beat)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._look()
        self._next.cancel()
        gc.set_threshold(*self._garbage_after)
        gc.unfreeze()

    def _beat(self) -> None:
        self._look()
        self._next = self._loop.call_later(BEAT_S, self._beat)

    def _look(self) -> None:
        self.longest_s = max(self.longest_s, time.monotonic() - self._seen_s - BEAT_S)
        if self._steps.ended():
            self.busiest_during = self.during
        self._seen_s = time.monotonic()

    @property
    def busiest_s(self) -> float:
        return self._steps.longest_s


class Steps:
    """Measures steps of work, each by what this thread computed, in seconds of the reference machine."""

    def __init__(self, *, how_slow: Callable[[], float] | None = None) -> None:
        self.longest_s = 0.0
        self._how_slow = how_slow or slowness
        self.begin()

    def begin(self) -> None:
        self._began_s = time.thread_time()

    def ended(self) -> bool:
        """Whether this step was the longest so far; the next one begins."""
        step_s = time.thread_time() - self._began_s
        if step_s > max(self.longest_s, UNHURRIED_S):
            step_s /= self._how_slow()
        is_longest = step_s > self.longest_s
        self.longest_s = max(self.longest_s, step_s)
        self.begin()
        return is_longest


def slowness() -> float:
    """How many times longer than on the reference machine a thread computes at this moment; at least 1.

    A machine that is slow, or whose caches others use, is slow at everything; code that is slow is slow beside this.
    """
    costs = list[float]()
    for _ in range(3):
        start = time.thread_time()
        _reference()
        costs.append(time.thread_time() - start)
    return max(1.0, statistics.median(costs) / REFERENCE_S)


def _reference() -> int:
    """Work like the bot's: a pattern over a text, a dictionary, sorting, JSON."""
    text = " ".join(f"word-{number} of {number % 7}" for number in range(1_500))
    lengths: dict[str, int] = {}
    for match in _WORD.finditer(text):
        word = match.group()
        lengths[word] = lengths.get(word, 0) + len(word)
    rows = sorted(lengths.items(), key=lambda row: (-row[1], row[0]))
    return len(json.loads(json.dumps(rows)))


def busy_s(work: Callable[[], object], *, enough_s: float = 0.05, tries: int = TRIES) -> float:
    """What `work` costs this thread, in seconds of the reference machine: the least of a few tries.

    Others' garbage is not searched meanwhile. What shares the core and its caches only ever adds; work that is slow is
    slow each time.
    """
    costs = list[float]()
    gc.disable()
    try:
        for _ in range(tries):
            began_s = time.thread_time()
            work()
            costs.append(_of_reference(time.thread_time() - began_s, enough_s))
            if costs[-1] <= enough_s:
                break
    finally:
        gc.enable()
    return min(costs)


def _of_reference(cost_s: float, enough_s: float) -> float:
    """What is enough as it was measured is so on the reference machine as well."""
    return cost_s if cost_s <= max(enough_s, UNHURRIED_S) else cost_s / slowness()
