"""Minutes and hours as numbers, and which hour of a week each is on a clock on the wall."""

from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache

HOURS_OF_WEEK, HOUR = 168, 60
_SUNDAY = 6
_KEPT = 4096


def minute_of(moment: datetime) -> int:
    """Whole minutes since 1970."""
    return int(moment.timestamp() // 60)


def moment_of(minute: int) -> datetime:
    return datetime.fromtimestamp(minute * 60, UTC)


class Hours:
    """Knows which hour of the week an hour is: 0 is Monday at midnight. A holiday is a Sunday."""

    def __init__(self, *, zone: tzinfo, holidays: frozenset[date]) -> None:
        self._zone, self._holidays = zone, holidays
        self.of_week = lru_cache(maxsize=_KEPT)(self._slot)
        """Of an hour, counted since 1970."""

    def _slot(self, hour: int) -> int:
        local = (datetime.fromtimestamp(0, UTC) + timedelta(hours=hour)).astimezone(self._zone)
        day = _SUNDAY if local.date() in self._holidays else local.weekday()
        return day * 24 + local.hour
