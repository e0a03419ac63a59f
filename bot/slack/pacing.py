"""How fast Slack may be spoken to: a budget for each method, and for posting one for each channel.

A limit belongs to the method that set it (https://docs.slack.dev/apis/web-api/rate-limits): a refused reaction stops
reactions, and no message.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.messages.model import Rank

POST = "chat.postMessage"
UPDATE = "chat.update"
POST_BURST = 3
POSTS_PER_S = 1.0
GOES_AT = {Rank.URGENT: 0.15, Rank.ANSWER: 0.5, Rank.CARD: 0.5, Rank.REST: 1.0}
"""How much of the message a second must be there. Each takes a whole one, so that those that follow make up for it:
an escalation waits 0.15 s where nothing was sent beyond the burst."""
UPDATES_PER_MIN = 50
HUMAN_UPDATES_PER_MIN = 46
MACHINE_UPDATES_PER_MIN = 35
"""The rest of chat.update's budget is kept for what people do, and the last of it for acknowledgements."""
UNHURRIED = 15
HUMAN_UNHURRIED = 25
"""Up to so many edits in the last minute a machine's or a person's change goes out at once. Beyond it they are spread
over the rest of the minute: nobody's burst leaves a minute in which nothing is shown."""
PER_MIN = {
    "conversations.history": 50,
    "conversations.open": 50,
    "conversations.replies": 50,
    "files.completeUploadExternal": 100,
    "files.delete": 50,
    "files.info": 100,
    "files.getUploadURLExternal": 100,
    "reactions.add": 50,
}
"""Slack's tiers 3 and 4. A method may begin with half a minute's worth."""


@dataclass(slots=True)
class _Bucket:
    capacity: float
    per_s: float
    tokens: float
    at: datetime

    def wait_s(self, now: datetime, *, at: float = 1.0) -> float:
        """Seconds until there are `at` tokens, which may be less than the one that is taken."""
        gone_s = max(0.0, (now - self.at).total_seconds())
        self.tokens, self.at = min(self.capacity, self.tokens + gone_s * self.per_s), now
        return max(0.0, (at - self.tokens) / self.per_s)


@dataclass(slots=True)
class Pacer:
    """Answers how long to wait, and is told what was done. All times come from the caller's clock, an even one."""

    _posts: dict[str, _Bucket] = field(default_factory=dict)
    _methods: dict[str, _Bucket] = field(default_factory=dict)
    _updates: deque[datetime] = field(default_factory=deque)
    _hurried: datetime | None = None
    _blocked: dict[str, datetime] = field(default_factory=dict)

    def post_wait_s(self, channel: str, now: datetime, *, rank: Rank = Rank.REST) -> float:
        return max(self._channel(channel, now).wait_s(now, at=GOES_AT[rank]), self._blocked_s(channel, now))

    def posted(self, channel: str, now: datetime) -> None:
        self._channel(channel, now).tokens -= 1

    def update_wait_s(self, now: datetime, *, human: bool, rank: Rank = Rank.REST) -> float:
        while self._updates and now - self._updates[0] >= timedelta(seconds=60):
            self._updates.popleft()
        used, bound = len(self._updates), _bound(human, rank)
        blocked = self._blocked_s(UPDATE, now)
        if used >= bound:
            oldest = self._updates[used - bound]
            return max(blocked, 60 - (now - oldest).total_seconds())
        if rank is Rank.URGENT or used < (HUMAN_UNHURRIED if human else UNHURRIED):
            return blocked
        last = self._hurried if human else self._updates[-1]
        share_s = (60 - (now - self._updates[0]).total_seconds()) / (bound - used)
        return max(blocked, share_s - (now - last).total_seconds() if last else 0.0)

    def updated(self, now: datetime, *, human: bool = False) -> None:
        self._updates.append(now)
        self._hurried = now if human else self._hurried

    def not_updated(self) -> None:
        """An edit that was counted turned out to be needless."""
        if self._updates:
            self._updates.pop()

    def method_wait_s(self, methods: Iterable[str], now: datetime) -> float:
        """Seconds until all of these methods may be called."""
        return max((max(self._method(method, now), self._blocked_s(method, now)) for method in methods), default=0.0)

    def called(self, methods: Iterable[str], now: datetime) -> None:
        for method in methods:
            if method in self._methods:
                self._methods[method].tokens -= 1

    def block(self, name: str, *, until: datetime) -> None:
        """Slack said Retry-After for a method, or for posting in a channel."""
        self._blocked[name] = max(until, self._blocked.get(name, until))

    def _channel(self, channel: str, now: datetime) -> _Bucket:
        return self._posts.setdefault(channel, _Bucket(POST_BURST, POSTS_PER_S, POST_BURST, now))

    def _method(self, method: str, now: datetime) -> float:
        if method not in PER_MIN:
            return 0.0
        most = PER_MIN[method]
        return self._methods.setdefault(method, _Bucket(most / 2, most / 60, most / 2, now)).wait_s(now)

    def _blocked_s(self, name: str, now: datetime) -> float:
        until = self._blocked.get(name)
        return max(0.0, (until - now).total_seconds()) if until else 0.0


def _bound(human: bool, rank: Rank) -> int:
    if rank is Rank.URGENT:
        return UPDATES_PER_MIN
    return HUMAN_UPDATES_PER_MIN if human else MACHINE_UPDATES_PER_MIN
