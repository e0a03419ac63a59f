"""Who was told what within the last minute: a flood is answered once."""

import time

from bot.clock import Seconds

QUIET_S = 60.0
KEPT = 10_000


class Calm:
    """Remembers by person and topic."""

    def __init__(self, *, seconds: Seconds = time.monotonic) -> None:
        self._seconds = seconds
        self._said: dict[tuple[str, str], float] = {}

    def told(self, person: str, topic: str) -> bool:
        """Whether the person was told about it a moment ago; if not, they are now."""
        now_s, about = self._seconds(), (person, topic)
        if about in self._said and now_s - self._said[about] < QUIET_S:
            return True
        self._said.pop(about, None)
        if len(self._said) >= KEPT:
            del self._said[next(iter(self._said))]
        self._said[about] = now_s
        return False
