"""How many tests Globalping still allows: each probe of a measurement counts as one test."""

from collections.abc import Mapping
from datetime import datetime, timedelta, tzinfo

from bot.clock import Clock
from bot.loose_json import mapping, whole


class Quota:
    """What is left of the hour, as the latest answer said. `credits` are bought tests that count once it is used up."""

    def __init__(self, *, clock: Clock, zone: tzinfo) -> None:
        self._clock = clock
        self._zone = zone
        self._resets_at: datetime | None = None
        self._remaining: int | None = None
        self._credits = 0
        self.limit: int | None = None

    @property
    def known(self) -> bool:
        return self._remaining is not None and not self._over()

    @property
    def left(self) -> int | None:
        """Tests that can still be had now; None where nobody has said."""
        if self._remaining is None:
            return None
        return (self.limit or 0) + self._credits if self._over() else self._remaining + self._credits

    @property
    def resets_in_s(self) -> float | None:
        """Seconds until there are all tests again; None where nobody has said."""
        return max(0.0, (self._resets_at - self._clock()).total_seconds()) if self._resets_at else None

    def read_headers(self, headers: Mapping[str, str]) -> None:
        """X-RateLimit-Limit, -Remaining and -Reset (seconds from now), X-Credits-Remaining."""
        limits = {name.lower(): _digits(value) for name, value in headers.items() if name.lower().startswith("x-")}
        self._set(limits.get("x-ratelimit-limit"), limits.get("x-ratelimit-remaining"), limits.get("x-ratelimit-reset"))
        self._credits = limits.get("x-credits-remaining") or 0

    def read_limits(self, body: object) -> None:
        """Reads the answer of `GET /v1/limits`."""
        create = mapping(mapping(mapping(mapping(body).get("rateLimit")).get("measurements")).get("create"))
        self._set(whole(create.get("limit")), whole(create.get("remaining")), whole(create.get("reset")))
        self._credits = whole(mapping(mapping(body).get("credits")).get("remaining")) or 0

    def take(self, tests: int) -> bool:
        """Count tests that are about to be asked for; False where they are not to be had before the hour is over."""
        left = self.left
        if left is None or self._over():
            return True
        if left < tests:
            return False
        self._remaining = (self._remaining or 0) - tests
        return True

    def used_up(self) -> str:
        """The sentence that says so, with the time when there are tests again."""
        tests = f"{self.limit} tests" if self.limit else "the tests"
        left = self.left or 0
        rest = f" but {left}" if left else ""
        again = f", again at {self._resets_at.astimezone(self._zone):%H:%M}" if self._resets_at else ""
        return f"Globalping: {tests} an hour used up{rest}{again}"

    def _set(self, limit: int | None, remaining: int | None, reset_s: int | None) -> None:
        if remaining is None:
            return
        self.limit = limit or self.limit
        self._remaining = remaining
        self._resets_at = self._clock() + timedelta(seconds=min(reset_s, 86_400)) if reset_s is not None else None

    def _over(self) -> bool:
        return self._resets_at is not None and self._clock() >= self._resets_at


def retry_after_s(headers: Mapping[str, str]) -> float | None:
    """Retry-After, else X-RateLimit-Reset, both seconds from now; None where neither tells."""
    seconds_by_header = {
        name.lower(): seconds for name, text in headers.items() if (seconds := _digits(text)) is not None
    }
    seconds = seconds_by_header.get("retry-after", seconds_by_header.get("x-ratelimit-reset"))
    return None if seconds is None else float(seconds)


def _digits(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
