"""How often the stream asks the desk: in bursts while there is much to read, and never more than its share."""

from collections import deque
from datetime import datetime, timedelta

PER_MINUTE = 6
"""An account has ten pages of the export a minute; the others are for whoever else exports."""
MINUTE = timedelta(minutes=1)


class StreamPace:
    """At most PER_MINUTE requests in any minute."""

    def __init__(self) -> None:
        self._asked: deque[datetime] = deque(maxlen=PER_MINUTE)

    def used(self, now: datetime) -> None:
        """A request goes out."""
        self._asked.append(now)

    def wait_s(self, now: datetime) -> float:
        """Seconds until the next request may go out; a clock that was set back is no reason to wait."""
        if len(self._asked) < PER_MINUTE:
            return 0.0
        wait = self._asked[0] + MINUTE - now
        return wait.total_seconds() if timedelta() < wait <= MINUTE else 0.0
