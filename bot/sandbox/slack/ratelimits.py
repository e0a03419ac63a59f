"""Slack's rate limits (https://docs.slack.dev/apis/web-api/rate-limits), always on."""

import math
from dataclasses import dataclass

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

    def take_method(self, method: str, tier: str) -> None:
        """Raises RateLimited."""
        self._take(method, PER_MINUTE[tier], PER_MINUTE[tier] / 60)

    def take_post(self, channel_id: str) -> None:
        """One message to a channel, by whatever method; raises RateLimited."""
        self._take(f"post {channel_id}", POST_BURST, 1.0)
        self._take("post", POSTS_PER_MINUTE, POSTS_PER_MINUTE / 60)

    def _take(self, key: str, capacity: float, per_s: float) -> None:
        now_s = self._clock().timestamp()
        bucket = self._buckets.setdefault(key, Bucket(capacity, per_s, capacity, now_s))
        wait_s = bucket.take(now_s)
        if wait_s > 0:
            raise RateLimited(max(1, math.ceil(wait_s)))
