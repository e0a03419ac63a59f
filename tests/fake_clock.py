"""A clock that is ours."""

from datetime import UTC, datetime, timedelta


class FakeClock:
    """Stands still until it is told to move."""

    def __init__(self, now: datetime = datetime(2026, 11, 20, 9, 12, tzinfo=UTC)) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, seconds: float = 0.0, **by: float) -> None:
        """`by` is as for a timedelta."""
        self.now += timedelta(seconds=seconds, **by)
