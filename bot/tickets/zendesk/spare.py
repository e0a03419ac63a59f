"""What the account has left of its requests, as its answers say: the stream takes of it what nobody waits for."""

from collections.abc import Mapping
from datetime import datetime, timedelta

KEPT = 0.3
"""This part of a minute's requests is left to people, and to whatever else asks in this account."""
WINDOW_S = 60.0


class SpareRequests:
    """Noted by all threads, asked by one: a note is one assignment, which needs no lock."""

    def __init__(self) -> None:
        self._low_until: datetime | None = None

    def noted(self, headers: Mapping[str, str], now: datetime) -> None:
        """The headers of any answer; one that says nothing changes nothing."""
        total, left = _number(headers.get("x-rate-limit")), _number(headers.get("x-rate-limit-remaining"))
        if total is None or left is None:
            return
        reset_s = _number(headers.get("ratelimit-reset"))
        window = timedelta(seconds=min(WINDOW_S, WINDOW_S if reset_s is None else reset_s))
        self._low_until = now + window if left < KEPT * total else None

    def wait_s(self, now: datetime) -> float:
        """Seconds until there is something to spare."""
        low_until = self._low_until
        return min(WINDOW_S, max(0.0, (low_until - now).total_seconds())) if low_until else 0.0


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None
