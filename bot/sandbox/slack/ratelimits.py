"""Slack's rate limits (https://docs.slack.dev/apis/web-api/rate-limits), always on."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.sandbox.slack.errors import RateLimited

PER_MINUTE = {"tier1": 1, "tier2": 20, "tier3": 50, "tier4": 100, "special": 300}
POST_BURST = 4
"""Posting is one message a second in a channel; Slack promises "short bursts" and no number."""
POSTS_PER_MINUTE = 300
"""The workspace-wide cap is "several hundred" a minute."""


@dataclass(slots=True)
class Bucket:
    """`capacity` at once, then `per_s` a second."""

    capacity: float
    per_s: float
    level: float
    at_s: float

    def take(self, now_s: float) -> float:
        """0 when one was taken, else the seconds until one is there."""
        self.level = min(self.capacity, self.level + max(0.0, now_s - self.at_s) * self.per_s)
        self.at_s = now_s
        if self.level >= 1 - 1e-9:
            self.level -= 1
            return 0.0
        return (1 - self.level) / self.per_s


class RateLimits:
    """One bucket per method, and for posting one per channel beside the workspace's."""

    def __init__(self, *, clock: Clock) -> None:
        self._clock = clock
        self._buckets: dict[str, Bucket] = {}
        self._closed: dict[str, datetime] = {}

    def close(self, name: str, seconds: float) -> None:
        """Answer 429 to a method, or to chat.postMessage in one channel, for so long; each answer says what is left."""
        self._closed[name] = self._clock() + timedelta(seconds=seconds)

    def open_all(self) -> None:
        self._closed.clear()

    def take_method(self, method: str, tier: str) -> None:
        """Raises RateLimited."""
        self._refuse_while_closed(method)
        self._take(method, PER_MINUTE[tier], PER_MINUTE[tier] / 60)

    def take_post(self, channel_id: str) -> None:
        """One message to a channel, by whatever method; raises RateLimited."""
        self._refuse_while_closed(channel_id)
        self._take(f"post {channel_id}", POST_BURST, 1.0)
        self._take("post", POSTS_PER_MINUTE, POSTS_PER_MINUTE / 60)

    def _refuse_while_closed(self, name: str) -> None:
        left_s = (self._closed[name] - self._clock()).total_seconds() if name in self._closed else 0.0
        if left_s > 0:
            raise RateLimited(max(1, math.ceil(left_s)))

    def _take(self, key: str, capacity: float, per_s: float) -> None:
        now_s = self._clock().timestamp()
        bucket = self._buckets.setdefault(key, Bucket(capacity, per_s, capacity, now_s))
        wait_s = bucket.take(now_s)
        if wait_s > 0:
            raise RateLimited(max(1, math.ceil(wait_s)))
