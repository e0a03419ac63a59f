"""Who may ask for what: tokens with permissions, primary limits an hour, secondary limits a minute."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.sandbox.github.errors import problem
from bot.sandbox.github.records import User
from bot.sandbox.github.seed import BOT, Limits, Seed
from bot.sandbox.rest.answers import Call, Json

VERSIONS = ("2022-11-28", "2026-03-10")
_SECONDARY = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."


@dataclass(slots=True)
class _Window:
    opened: datetime
    used: int = 0


class Access:
    """Counts by token. What is refused for a limit is not counted."""

    def __init__(self, *, clock: Clock, seed: Seed) -> None:
        self._clock = clock
        self._tokens: dict[str, Mapping[str, str]] = dict(seed.tokens)
        self._accounts = dict(seed.accounts)
        self._limits: Limits = seed.limits
        self._windows: dict[tuple[str, str], _Window] = {}

    def revoke(self, token: str) -> None:
        self._tokens.pop(token, None)

    def use_up(self, token: str, bucket: str) -> None:
        """Leave nothing of a limit until its window ends."""
        self._window(token, bucket).used = getattr(self._limits, bucket)[0]

    def restore(self, token: str, bucket: str) -> None:
        """All of a limit is there again before its window ends."""
        self._window(token, bucket).used = 0

    def token(self, call: Call) -> str:
        """The token of a call; raises the 400, 401 and 403 that come before any work."""
        if not call.headers.get("User-Agent"):
            raise problem(
                403, "Request forbidden by administrative rules. Please make sure your request has a User-Agent"
            )
        asked = call.headers.get("X-GitHub-Api-Version", VERSIONS[0])
        if asked not in VERSIONS:
            raise problem(400, f"The requested API version {asked!r} is not supported.")
        kind, _, token = call.headers.get("Authorization", "").partition(" ")
        if not token:
            raise problem(401, "Requires authentication")
        if kind.lower() not in ("bearer", "token") or token not in self._tokens:
            raise problem(401, "Bad credentials")
        return token

    def user(self, call: Call) -> User:
        """Whose token it is."""
        return self._accounts.get(self.token(call), BOT)

    def require(self, token: str, needs: str) -> None:
        """`needs` is "issues:write" and the like; what is missing is GitHub's 403."""
        name, _, mode = needs.partition(":")
        has = self._tokens[token].get(name, "")
        if has == "write" or has == mode:
            return
        headers = {"X-Accepted-GitHub-Permissions": f"{name}={mode}"}
        raise problem(403, "Resource not accessible by personal access token", headers=headers)

    def may(self, token: str) -> Json:
        """What a repository says of the token's user."""
        writes = self._tokens[token].get("issues") == "write"
        return {"admin": False, "maintain": False, "push": writes, "triage": writes, "pull": True}

    def check(self, token: str, bucket: str, *, writes: bool) -> None:
        """Raise the 403 or 429 of a limit that is used up."""
        total, _ = getattr(self._limits, bucket)
        if self._window(token, bucket).used >= total:
            headers = self.headers(token, bucket)
            raise problem(403, "API rate limit exceeded for user ID 9001.", headers=headers)
        for name in ("points", "content") if writes else ("points",):
            most, window_s = getattr(self._limits, name)
            if self._window(token, name).used >= most:
                raise problem(429, _SECONDARY, headers={**self.headers(token, bucket), "Retry-After": str(window_s)})

    def spend(self, token: str, bucket: str, *, writes: bool) -> None:
        self._window(token, bucket).used += 1
        self._window(token, "points").used += 5 if writes else 1
        if writes:
            self._window(token, "content").used += 1

    def headers(self, token: str, bucket: str) -> dict[str, str]:
        """x-ratelimit-*; `reset` is in seconds of the epoch."""
        rate = self.rate(token, bucket)
        return {f"x-ratelimit-{name}": str(value) for name, value in rate.items()} | {"x-ratelimit-resource": bucket}

    def rate(self, token: str, bucket: str) -> Json:
        total, window_s = getattr(self._limits, bucket)
        window = self._window(token, bucket)
        reset = math.ceil((window.opened + timedelta(seconds=window_s)).timestamp())
        used = min(window.used, total)
        return {"limit": total, "remaining": total - used, "used": used, "reset": reset}

    def _window(self, token: str, bucket: str) -> _Window:
        now = self._clock()
        window = self._windows.get((token, bucket))
        if window is None or now - window.opened >= timedelta(seconds=getattr(self._limits, bucket)[1]):
            window = self._windows[token, bucket] = _Window(now)
        return window
