"""Counts in windows that end now and move on by the minute: what comes in is added, what is too old is taken out."""

from collections.abc import Sequence

from bot.trends.detector.series import Series


class Windows:
    """Counts each customer once in each window of each series, wherever in time a ticket is put."""

    def __init__(self, *, lengths_min: Sequence[int]) -> None:
        self._lengths = tuple(lengths_min)
        self._longest = max(lengths_min)
        self._at: dict[int, list[Series]] = {}
        """What was counted at each minute of the longest window, and what is to come."""
        self.now = 0

    def put(self, minute: int, series: Series) -> bool:
        """Says whether it is in a window by now."""
        if minute <= self.now - self._longest:
            return False
        self._at.setdefault(minute, []).append(series)
        if minute > self.now:
            return False
        for number, length in enumerate(self._lengths):
            if minute > self.now - length:
                series.counts[number] += 1
        return True

    def take(self, minute: int, series: Series) -> None:
        """Takes one out again."""
        there = self._at.get(minute, [])
        if series not in there:
            return
        there.remove(series)
        for number, length in enumerate(self._lengths):
            if self.now - length < minute <= self.now:
                series.counts[number] -= 1

    def advance(self, now: int) -> list[Series]:
        """Goes on to a minute, and says which series have more than before."""
        entered = list[Series]()
        for minute in range(self.now + 1, now + 1):
            for number, length in enumerate(self._lengths):
                for series in self._at.get(minute - length, ()):
                    series.counts[number] -= 1
            self._at.pop(minute - self._longest, None)
            coming = self._at.get(minute, [])
            for series in coming:
                for number in range(len(self._lengths)):
                    series.counts[number] += 1
            entered += coming
        self.now = max(self.now, now)
        return entered
