"""How fast Slack may be spoken to: one budget per channel, one per method.

https://docs.slack.dev/apis/web-api/rate-limits
"""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

POST_BURST = 3
POSTS_PER_S = 1.0
UPDATES_PER_MIN = 50
MACHINE_UPDATES_PER_MIN = 35
"""The rest of chat.update's budget is kept for what people do."""
UNHURRIED = 15
"""Up to so many edits in the last minute a machine's change goes out at once; beyond it they are spread out."""


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: datetime

    def wait_s(self, now: datetime) -> float:
        self.tokens = min(POST_BURST, self.tokens + max(0.0, (now - self.at).total_seconds()) * POSTS_PER_S)
        self.at = now
        return 0.0 if self.tokens >= 1 else (1 - self.tokens) / POSTS_PER_S


@dataclass(slots=True)
class Pacer:
    """Answers how long to wait, and is told what was done. All times come from the caller's clock."""

    _buckets: dict[str, _Bucket] = field(default_factory=dict)
    _updates: deque[datetime] = field(default_factory=deque)
    _blocked: dict[str, datetime] = field(default_factory=dict)

    def post_wait_s(self, channel: str, now: datetime) -> float:
        bucket = self._buckets.setdefault(channel, _Bucket(POST_BURST, now))
        return max(bucket.wait_s(now), self._blocked_s(channel, now))

    def posted(self, channel: str, now: datetime) -> None:
        self._buckets.setdefault(channel, _Bucket(POST_BURST, now)).tokens -= 1

    def update_wait_s(self, now: datetime, *, human: bool) -> float:
        while self._updates and now - self._updates[0] >= timedelta(seconds=60):
            self._updates.popleft()
        used, bound = len(self._updates), UPDATES_PER_MIN if human else MACHINE_UPDATES_PER_MIN
        blocked = self._blocked_s("chat.update", now)
        if used >= bound:
            oldest = self._updates[used - bound]
            return max(blocked, 60 - (now - oldest).total_seconds())
        if human or used < UNHURRIED:
            return blocked
        gap = 60 / MACHINE_UPDATES_PER_MIN - (now - self._updates[-1]).total_seconds()
        return max(blocked, gap, 0.0)

    def updated(self, now: datetime) -> None:
        self._updates.append(now)

    def not_updated(self) -> None:
        """An edit that was counted turned out to be needless."""
        if self._updates:
            self._updates.pop()

    def block(self, name: str, *, until: datetime) -> None:
        """Slack said Retry-After for a channel or for a method."""
        self._blocked[name] = max(until, self._blocked.get(name, until))

    def _blocked_s(self, name: str, now: datetime) -> float:
        until = self._blocked.get(name)
        return max(0.0, (until - now).total_seconds()) if until else 0.0
