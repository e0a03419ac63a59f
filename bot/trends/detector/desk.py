"""What is usual for the whole desk: its level, its week, and how much an hour may differ from both."""

from array import array

from bot.trends.detector.hours import HOURS_OF_WEEK

_REMEMBERS_H, _TREND_H = 21 * 24, 60
"""How slowly a week is forgotten, and how slowly the level follows."""
_SHRUNK_H = 2.0
"""An hour of the week is worth itself from so many of them on; before, what its hour of the day and its day say."""
_LEAST_MOOD, _FIRST_MOOD, _MOST_MOOD = 0.005, 0.06, 0.5
_MOOD_H = 200.0
_SURE_H = 72
"""Hours after which an unusual one is told from a usual one."""


class Desk:
    """Learns hour by hour how many customers write."""

    def __init__(self) -> None:
        self._counts = array("d", [0.0] * HOURS_OF_WEEK)
        self._hours = array("d", [0.0] * HOURS_OF_WEEK)
        self._week = array("d", [0.0] * HOURS_OF_WEEK)
        self._stale = True
        self._trend = [1.0, 1.0]
        """Counted and expected of late."""
        self._mood = [_FIRST_MOOD * _MOOD_H, _MOOD_H]
        self._weight = 1.0
        self.learned_h = 0

    def expected(self, slot: int) -> float:
        """Customers in an hour of the week."""
        if self._stale:
            self._refresh()
        counted, expected = self._trend
        return max(self._week[slot] * counted / expected, 1e-3)

    @property
    def mood(self) -> float:
        """The dispersion that all series of an hour share."""
        squares, weight = self._mood
        return min(_MOST_MOOD, max(_LEAST_MOOD, squares / weight))

    def learn(self, slot: int, count: float) -> None:
        """One whole hour that is over."""
        if self.learned_h > _SURE_H:
            expected = self.expected(slot)
            off = ((count - expected) ** 2 - expected) / max(expected, 1.0) ** 2
            # Surges are no moods: nine deviations are enough for each.
            off = min(off, 9 * (self.mood + 1 / max(expected, 1.0)))
            share = min(1.0, expected / 4)
            fade = 1 - share / _MOOD_H
            self._mood = [self._mood[0] * fade + off * share, self._mood[1] * fade + share]
            count = min(count, expected + 3 * (expected + self.mood * expected**2) ** 0.5 + 1)
            fade = 1 - 1 / _TREND_H
            self._trend = [self._trend[0] * fade + count, self._trend[1] * fade + max(self._week[slot], 1e-3)]
        self._weight *= 1 + 1 / _REMEMBERS_H
        if self._weight > 1e12:
            self._rescale()
        self._counts[slot] += count * self._weight
        self._hours[slot] += self._weight
        self.learned_h += 1
        self._stale = self._stale or self.learned_h < 2 * HOURS_OF_WEEK or self.learned_h % 24 == 0

    def unlearn(self, slot: int, count: float, number: int) -> None:
        """Takes back customers of an hour before which so many were learned."""
        self._counts[slot] = max(0.0, self._counts[slot] - count * (1 + 1 / _REMEMBERS_H) ** (number + 1))
        self._stale = True

    def _rescale(self) -> None:
        for slot in range(HOURS_OF_WEEK):
            self._counts[slot] /= self._weight
            self._hours[slot] /= self._weight
        self._weight = 1.0

    def _refresh(self) -> None:
        """Day by hour of the day where little is known, the hour of the week itself where it was seen often."""
        counts, hours = self._counts, self._hours
        level = (sum(counts) + 1e-3) / (sum(hours) + 1e-3)
        by_hour = []
        for hour in range(24):
            at = range(hour, HOURS_OF_WEEK, 24)
            prior = _SHRUNK_H * self._weight
            seen = sum(hours[slot] for slot in at) + prior
            by_hour.append((sum(counts[slot] for slot in at) + prior * level) / seen)
        for day in range(7):
            at = range(24 * day, 24 * day + 24)
            usual = sum(by_hour[slot % 24] * hours[slot] for slot in at)
            prior = 4 * _SHRUNK_H * self._weight * level
            of_day = (sum(counts[slot] for slot in at) + prior) / (usual + prior)
            for slot in at:
                guess, prior = by_hour[slot % 24] * of_day, _SHRUNK_H * self._weight
                self._week[slot] = (counts[slot] + prior * guess) / (hours[slot] + prior)
        self._stale = False
