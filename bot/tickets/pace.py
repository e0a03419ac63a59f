"""How fast the desk is written to."""

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
