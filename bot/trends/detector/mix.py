"""What customers of one target write about: how many have each symptom now, and which part of them usually has."""

import bisect
from collections.abc import Sequence

_KEPT_MIN = 720
_DESK = 20.0
"""What the whole desk has is worth so many customers of a target."""
_LEAST = 0.5
"""Of a symptom that was never seen one may come."""


class Mix:
    """Customers by symptom; who says none is none of them."""

    __slots__ = ("_entries", "_learned", "_whole")

    def __init__(self) -> None:
        self._entries: list[tuple[int, int, str]] = []
        """Minute, ticket and symptom of the last hours, in this order."""
        self._learned: dict[str, float] = {}
        self._whole = 0.0

    def put(self, minute: int, ticket: int, symptom: str) -> None:
        bisect.insort(self._entries, (minute, ticket, symptom))

    def leave(self, tickets: frozenset[int]) -> None:
        self._entries = [entry for entry in self._entries if entry[1] not in tickets]

    def forget(self, minute: int) -> None:
        """Goes on to a minute."""
        del self._entries[: bisect.bisect_left(self._entries, (minute - _KEPT_MIN, 0, ""))]

    def learn(self, begin: int, end: int, customers: int, weight: float) -> None:
        """An hour in which so many customers wrote, with those of them who said a symptom."""
        self._whole += customers * weight
        at = bisect.bisect_left(self._entries, (begin, 0, ""))
        for minute, _, symptom in self._entries[at:]:
            if minute >= end:
                break
            self._learned[symptom] = self._learned.get(symptom, 0.0) + weight

    def counts(self, now: int, lengths_min: Sequence[int], least: int) -> dict[str, list[int]]:
        """Customers in each window before now, of symptoms that some have in the longest one."""
        entries, found = self._entries, dict[str, list[int]]()
        at = bisect.bisect_left(entries, (now - lengths_min[-1] + 1, 0, ""))
        if len(entries) - at < least:
            return found
        for minute, _, symptom in entries[at:]:
            if minute <= now:
                counts = found.setdefault(symptom, [0] * len(lengths_min))
                for window, length in enumerate(lengths_min):
                    if minute > now - length:
                        counts[window] += 1
        return {symptom: counts for symptom, counts in found.items() if counts[-1] >= least}

    def share(self, symptom: str, of_desk: float, weight: float) -> tuple[float, float]:
        """Which part of the customers usually has a symptom, and from how many that was learned."""
        seen = max(self._learned.get(symptom, 0.0) / weight + _DESK * of_desk, _LEAST)
        return seen / (self._whole / weight + _DESK), seen
