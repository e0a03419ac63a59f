"""How much one person may make the bot say in channels within a minute."""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from attrs import define

from bot.clock import Seconds
from bot.errors import TooMuch
from bot.newest import keep

WINDOW_S = 60.0
TIER2_PER_WINDOW = 30
OTHERS_PER_WINDOW = 20
"""A channel takes sixty messages in a minute, for everybody together."""
KEPT = 10_000


class OverBudget(TooMuch):
    """The person has done as much of something as one person may ("started 20 messages")."""

    def __init__(self, done: str, wait_s: float, window: str) -> None:
        super().__init__(
            f"You've {done} within a minute, the most that one person may. The rest was not done: "
            f"try it in {max(1, math.ceil(wait_s))} s.",
            topic=f"budget {window}",
        )


@dataclass(slots=True)
class Act:
    """What a person is doing; charged once, however many messages come of it."""

    person: str
    charged: bool = False


current_act: ContextVar[Act | None] = ContextVar("current_act", default=None)
"""Of the running task, where it works on something that a person did."""


@contextmanager
def charged_act() -> Iterator[str]:
    """The person whose act is to be charged, "" for nobody's or one that has been; charged if nothing is raised."""
    act = current_act.get()
    if not act or act.charged:
        yield ""
        return
    yield act.person
    act.charged = True


@dataclass(slots=True)
class _Window:
    began_s: float
    used: int = 0


@define(kw_only=True, eq=False, repr=False, slots=False)
class Budget:
    """Acts by person in windows of a minute; each begins with an act."""

    _seconds: Seconds = time.monotonic
    _tier2: int = TIER2_PER_WINDOW
    _others: int = OTHERS_PER_WINDOW
    _done: str = "started {} messages"

    def __attrs_post_init__(self) -> None:
        self._windows: dict[str, _Window] = {}

    def charge(self, person: str, *, tier2: bool = False) -> None:
        """Charge one more act. Raises OverBudget."""
        now_s, most = self._seconds(), self._tier2 if tier2 else self._others
        window = self._windows.get(person)
        if window is None or now_s - window.began_s >= WINDOW_S:
            window = _Window(now_s)
            keep(self._windows, person, window, most=KEPT)
        if window.used >= most:
            done = self._done.format(most)
            raise OverBudget(done, window.began_s + WINDOW_S - now_s, f"{self._done} {window.began_s}")
        window.used += 1
