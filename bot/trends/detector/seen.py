"""Who and what was counted already: each ticket once, each customer once a day in each series."""

import bisect
from array import array

_DAY_MIN = 1440
_KEPT = 60_000
"""Numbers of tickets that are remembered, the highest ones: four weeks of 2,000 a day."""


class Seen:
    """Remembers tickets by number and customers by what they wrote about."""

    def __init__(self) -> None:
        self._ids = array("q")
        self._newer: dict[int, int] = {}
        self._older: dict[int, int] = {}
        self._turned = 0

    def ticket(self, number: int) -> bool:
        """Whether this one was seen before; by now it was."""
        ids = self._ids
        if not ids or number > ids[-1]:
            ids.append(number)
            if len(ids) > _KEPT + _KEPT // 10:
                del ids[: _KEPT // 10]
            return False
        at = bisect.bisect_left(ids, number)
        if ids[at] == number:
            return True
        ids.insert(at, number)
        return False

    def customer(self, customer: int, series: int, minute: int) -> bool:
        """Whether this one was counted in this series within the last day."""
        key = hash((customer, series))
        last = self._newer.get(key)
        if last is None:
            last = self._older.get(key)
        self._newer[key] = minute
        return last is not None and abs(minute - last) < _DAY_MIN

    def turn(self, hour: int) -> None:
        """Forgets who wrote more than a day ago."""
        if hour - self._turned >= 24:
            self._turned, self._newer, self._older = hour, {}, self._newer
