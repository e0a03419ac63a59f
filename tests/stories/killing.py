"""The bot dies by SIGKILL at chosen points of its way, and is started again."""

import asyncio
import contextlib
import signal
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

from bot.sandbox.slack.errors import ApiError
from bot.sandbox.slack.seeds import Timing
from tests.stories.town import Call, Town, Watch

SOON = Timing(retry_delays_s=(0.0, 5.0, 20.0))
"""Slack's pauses before it sends an event again are a minute and five: nobody wants to wait for the last of these."""


@dataclass(frozen=True, slots=True)
class Point:
    """Where the bot dies: "before" its `nth` request of that name is worked on, or "after" that, with no answer.

    `has` is a part of the request's body. "acked" is the moment after something that a person did was
    acknowledged; `call` then names what they did.
    """

    when: Literal["before", "after", "acked"]
    call: str
    has: str = ""
    nth: int = 1

    def __str__(self) -> str:
        return f"{self.when} {self.call} {self.has} {self.nth}"


class Killer(Watch):
    """Kills at each point once; `reached` are those that came."""

    def __init__(self, there: Town, points: list[Point]) -> None:
        self._there = there
        self._left = list(points)
        self._seen: Counter[Point] = Counter()
        self.reached: list[Point] = []

    @property
    def left(self) -> list[Point]:
        return list(self._left)

    def before(self, call: Call) -> bool:
        return self._check("before", call.name, call.body)

    def after(self, call: Call) -> bool:
        return self._check("after", call.name, call.body)

    def acked(self, act: str) -> bool:
        return self._check("acked", act, "")

    def _check(self, when: str, name: str, body: str) -> bool:
        hits = [each for each in self._left if each.when == when and each.call == name and each.has in body]
        self._seen.update(hits)
        due = [each for each in hits if self._seen[each] >= each.nth]
        if not due or not self._there.bot.running:
            return False
        self._left.remove(due[0])
        self.reached.append(due[0])
        self._there.bot.signal(signal.SIGKILL)
        return True


@contextlib.asynccontextmanager
async def started_again(there: Town) -> AsyncIterator[None]:
    """Whenever the bot has ended it is started again, as a service manager does."""

    async def keep() -> None:
        while True:
            await there.bot.ended(within_s=600)
            await there.bot.start()

    keeping = asyncio.create_task(keep())
    try:
        yield
    finally:
        keeping.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await keeping


async def insist(
    there: Town, name: str, act: Callable[[], Awaitable[object]], came: Callable[[], object], *, patience_s: float = 4.0
) -> None:
    """Do something until its effect is seen: where it was lost, or nothing came of it, people do it again."""
    killer = there.watch
    for _ in range(12):
        await there.until(lambda: there.bot_connected, "the bot to connect")
        try:
            await act()
        except ApiError:
            continue
        if isinstance(killer, Killer):
            killer.acked(name)
        with contextlib.suppress(AssertionError):
            await there.until(came, name, within_s=patience_s)
            return
    raise AssertionError(f"{name}: nothing came of it, twelve times")
