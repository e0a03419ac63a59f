"""What is usual for one series, as its share of the whole desk: by hour of the day, on working days and on others."""

from array import array

from bot.trends.detector.mix import Mix
from bot.trends.model import SeriesKey

KEPT_H = 28 * 24
"""Hours of which counts are remembered."""
SLOTS = 48
_KERNEL = ((-2, 0.3), (-1, 0.7), (0, 1.0), (1, 0.7), (2, 0.3))
"""How much hours beside an hour say of it."""
_REMEMBERS_H = 14 * 24
_TREND_H, _TREND_PRIOR = 96, 24.0


def slot_of(hour_of_week: int) -> int:
    """The hour of the day, on weekends 24 more."""
    return hour_of_week % 24 + (24 if hour_of_week >= 120 else 0)


class Series:
    """The counts of one series, and the share of the desk that it usually has."""

    def __init__(self, key: SeriesKey, number: int, windows: int) -> None:
        self.key, self.number = key, number
        self.counts = [0] * windows
        """Customers in each window before now."""
        self.recent: list[tuple[int, int, int]] = []
        """Minute, ticket and customer of the last hours, in this order, all tickets."""
        self.hourly = array("H", bytes(2 * KEPT_H))
        self.customers = array("f", bytes(4 * SLOTS))
        self.usual = array("f", bytes(4 * SLOTS))
        """What the desk had in these hours."""
        self.shares = array("f", bytes(4 * SLOTS))
        self.information = array("f", bytes(4 * SLOTS))
        """How many customers each share was learned from."""
        self.trend_counted = self.trend_expected = _TREND_PRIOR
        self.mix = Mix() if key.target else None
        self.stale = True
        self.troubled_h = 0
        """Hours of late that were trouble."""

    def count(self, hour: int) -> None:
        at = hour % KEPT_H
        if self.hourly[at] < 0xFFFF:
            self.hourly[at] += 1

    def share(self, slot: int, weight: float, pooled: float) -> float:
        """Of the desk's customers in an hour of the day, as far as it is known."""
        return self.factor(weight, pooled) * self.shares[slot]

    def factor(self, weight: float, pooled: float) -> float:
        """How much more it has of late than `shares` say, which are up to date then."""
        if self.stale:
            self._refresh(weight, pooled)
        return self.trend_counted / self.trend_expected

    def learn(self, slot: int, count: float, desk: float, expected: float, weight: float) -> None:
        """One whole hour: so many customers of this series while the desk had that many."""
        fade = 1 - 1 / _TREND_H
        prior = _TREND_PRIOR / _TREND_H
        self.trend_counted = self.trend_counted * fade + count + prior
        self.trend_expected = self.trend_expected * fade + expected + prior
        self.customers[slot] += count * weight
        self.usual[slot] += desk * weight

    def unlearn(self, slot: int, count: float, desk: float, weight: float) -> None:
        """Takes back customers of this series and of the desk that were learned when an hour had this weight."""
        self.customers[slot] = max(0.0, self.customers[slot] - count * weight)
        self.usual[slot] = max(0.0, self.usual[slot] - desk * weight)
        self.stale = True

    def _refresh(self, weight: float, pooled: float) -> None:
        """`pooled` says how alike days of series are: the desk's own day is worth so many customers of one."""
        customers, usual = self.customers, self.usual
        level = (sum(customers) / weight + 0.1) / (sum(usual) / weight + 100.0)
        for hour in range(24):
            both = [0.0, 0.0]
            apart = []
            for begin in (0, 24):
                counted = expected = 0.0
                for beside, part in _KERNEL:
                    at = begin + (hour + beside) % 24
                    counted += part * customers[at]
                    expected += part * usual[at]
                apart.append((counted / weight, expected / weight))
                both[0] += counted / weight
                both[1] += expected / weight
            of_hour = (both[0] + pooled) / (level * both[1] + pooled)
            for begin, (counted, expected) in zip((0, 24), apart, strict=True):
                usually = level * of_hour
                of_kind = (counted + 2 * pooled) / (usually * expected + 2 * pooled)
                self.shares[begin + hour] = usually * of_kind
                self.information[begin + hour] = both[0] + pooled
        self.stale = False


def remembered_weight(hours: int) -> float:
    """What an hour counts for, seen from the first one: newer hours count for more."""
    return float((1 + 1 / _REMEMBERS_H) ** hours)
