"""Who may ask: Basic authentication with address and API token, and the burst limits of tokens."""

import base64
import binascii
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.sandbox.jira.errors import refused
from bot.sandbox.jira.records import User
from bot.sandbox.jira.seed import Seed
from bot.sandbox.rest.answers import Call, Refused


class Access:
    def __init__(self, *, clock: Clock, seed: Seed) -> None:
        self._clock = clock
        self._tokens = dict(seed.tokens)
        self._people = {user.email: user for user in seed.people}
        self._limits = seed.limits
        self._locked = seed.locked
        self._second = clock()
        self._used = {"reads": 0, "writes": 0}

    def revoke(self, email: str) -> None:
        self._tokens.pop(email, None)

    def user(self, call: Call) -> User:
        """Whose token it is; the 401 of a wrong one has Jira's header with the reason."""
        kind, _, encoded = call.headers.get("Authorization", "").partition(" ")
        if kind.lower() != "basic":
            raise _unauthorised("OUT")
        try:
            email, _, token = base64.b64decode(encoded, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError) as error:
            raise _unauthorised("AUTHENTICATED_FAILED") from error
        if not token or self._tokens.get(email) != token:
            raise _unauthorised("AUTHENTICATED_FAILED")
        return self._people[email]

    def may_write(self, user: User) -> bool:
        return user.email not in self._locked

    def allow(self, user: User, *, writes: bool) -> None:
        """Count one request of this second, and refuse a write of one who may not."""
        now = self._clock()
        if now - self._second >= timedelta(seconds=1):
            self._second, self._used = now, {"reads": 0, "writes": 0}
        kind = "writes" if writes else "reads"
        if self._used[kind] >= getattr(self._limits, kind):
            raise self._limited(now)
        self._used[kind] += 1
        if writes and not self.may_write(user):
            raise refused(403, "You do not have permission to create or change issues in this project.")

    def _limited(self, now: datetime) -> Refused:
        error = refused(429, "Rate limit exceeded.")
        reset = (now + timedelta(seconds=1)).strftime("%Y-%m-%dT%H:%MZ")
        error.headers = {"Retry-After": "1", "X-RateLimit-Reset": reset, "RateLimit-Reason": "jira-burst-based"}
        return error


def _unauthorised(reason: str) -> Refused:
    error = refused(401, "Client must be authenticated to access this resource.")
    error.headers = {"X-Seraph-LoginReason": reason, "WWW-Authenticate": 'OAuth realm="sandbox"'}
    return error
