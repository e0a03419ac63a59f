"""How fast the desk is written to, and its stream read."""

from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(slots=True)
class Pace:
    """How fast a desk may be written to: evenly, so that those who work in the same account keep their share of it.

    Zendesk takes 100 updates a minute of a whole account, and 30 in ten minutes of one ticket by one user.
    """

    per_minute: float
    _next_at: datetime | None = None
    _used_at: datetime | None = None

    def wait_s(self, now: datetime) -> float:
        """Seconds until the next request may go out; none where the clock was set back since the last one."""
        if self._used_at and now < self._used_at:
            self._next_at = None
        return max(0.0, (self._next_at - now).total_seconds()) if self._next_at else 0.0

    def used(self, now: datetime) -> None:
        """A request went out."""
        self._used_at = now
        self.hold(until=now + timedelta(seconds=60 / self.per_minute))

    def hold(self, *, until: datetime) -> None:
        """The desk asked for a pause (Retry-After)."""
        self._next_at = max(until, self._next_at or until)


PER_MINUTE = 6
"""An account has ten pages of the export a minute; the others are for whoever else exports."""
MINUTE = timedelta(minutes=1)


class StreamPace:
    """How often the stream asks the desk: in bursts while there is much to read, and PER_MINUTE times in any minute."""

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
