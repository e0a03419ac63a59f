"""What the collector searches, and what the C library does with memory that Python has freed."""

import ctypes
import gc

TRIM_THRESHOLD_BYTES = 128 * 1024
"""More free memory than this at the end of the heap goes back to the system: glibc's own first value."""
SEARCHED_BEFORE_OLD = 50
"""How often what is younger is searched before what is old is: that stops the program for 20 to 50 ms and finds a
hundred objects. Python's own 10 are four seconds where two hundred people look at pages; 200 cost ten megabytes."""
SEARCHED_BEFORE_ALL = 20
"""How many of those searches look only at what came since the one before, until one looks at everything again: 60 ms
where two hundred people look at pages. What belongs to no one and names itself waits for that one."""
OLDEST = 2
_M_TRIM_THRESHOLD = -1  # <malloc.h>


def give_back_freed_memory() -> bool:
    """Has glibc return freed memory to the system; False where the C library is another one.

    glibc raises its threshold by itself to twice the largest block ever freed (mallopt(3), M_MMAP_THRESHOLD): after one
    picture or one large answer of Zendesk it keeps some ten megabytes for good. A threshold that was set stays as it
    is: 142 MB after a day's work in place of 149 (`make bench`, memory).
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    return bool(mallopt and mallopt(_M_TRIM_THRESHOLD, TRIM_THRESHOLD_BYTES))


def keep_all() -> None:
    """Whatever is there by now stays for long; from here on only what is new is searched, what has become old seldom,
    and what was found in use then hardly ever."""
    gc.collect()
    gc.freeze()
    young, middle, _ = gc.get_threshold()
    gc.set_threshold(young, middle, SEARCHED_BEFORE_OLD)
    gc.callbacks[:] = [*(each for each in gc.callbacks if not isinstance(each, KeptSurvivors)), KeptSurvivors()]


class KeptSurvivors:
    """Sets aside what a search of the oldest has found in use (https://docs.python.org/3/library/gc.html#gc.freeze)."""

    def __init__(self) -> None:
        self._searches = 0

    def __call__(self, phase: str, info: dict[str, int]) -> None:
        if phase != "stop" or info["generation"] != OLDEST:
            return
        self._searches += 1
        gc.unfreeze() if self._searches % SEARCHED_BEFORE_ALL == 0 else gc.freeze()
