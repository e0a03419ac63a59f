"""Rate limits by the clock, with the headers and the 429 that Zendesk sends."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.sandbox.zendesk.answers import ApiError
from bot.sandbox.zendesk.seed import Limits

_HEADERS = {
    "search_index": "zendesk-ratelimit-search-index",
    "search_export": "zendesk-ratelimit-search-export",
    "tickets_index": "zendesk-ratelimit-tickets-index",
    "tickets_update": "zendesk-rate-limit-tickets-update",
    "per_ticket_updates": "zendesk-ratelimit-per-ticket-updates",
    "incremental": "zendesk-ratelimit-incremental-exports",
}


@dataclass(slots=True)
class _Window:
    opened: datetime
    used: int = 0


class RateLimits:
    """Counts requests in fixed windows; one that is over the limit is refused and not counted."""

    def __init__(self, *, clock: Clock, limits: Limits) -> None:
        self._clock = clock
        self._limits = limits
        self._windows: dict[tuple[str, str], _Window] = {}

    def spend(self, bucket: str, subject: str = "") -> dict[str, str]:
        """Take one request from a bucket; gives the headers that tell of it, or raises the 429."""
        total, window_s = getattr(self._limits, bucket)
        now = self._clock()
        window = self._windows.get((bucket, subject))
        if window is None or now - window.opened >= timedelta(seconds=window_s):
            window = self._windows[bucket, subject] = _Window(now)
        resets_s = max(1, math.ceil(window_s - (now - window.opened).total_seconds()))
        if window.used >= total:
            raise self._refused(bucket, total, resets_s)
        window.used += 1
        return _headers(bucket, total, total - window.used, resets_s)

    def _refused(self, bucket: str, total: int, resets_s: int) -> ApiError:
        text = "Number of allowed API requests per minute exceeded"
        if bucket != "general":
            text = f"Rate limit for {bucket.replace('_', ' ')} exceeded, please wait before sending more requests"
        error = ApiError(429, "APIRateLimitExceeded", text)
        error.headers = {**_headers(bucket, total, 0, resets_s), "Retry-After": str(resets_s)}
        return error


def _headers(bucket: str, total: int, remaining: int, resets_s: int) -> dict[str, str]:
    if bucket != "general":
        return {_HEADERS[bucket]: f"total={total}; remaining={remaining}; resets={resets_s}"}
    return {
        "x-rate-limit": str(total),
        "x-rate-limit-remaining": str(remaining),
        "ratelimit-limit": str(total),
        "ratelimit-remaining": str(remaining),
        "ratelimit-reset": str(resets_s),
    }
