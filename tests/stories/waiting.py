"""Waiting in stories: something happened, look again."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")


class Bell:
    """Rung whenever somebody's screen changes or the bot made a request; whoever waits then looks again."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self, *_: object) -> None:
        self._rung.set()

    async def until(self, find: Callable[[], Found | None], *, within_s: float, missed: Callable[[], str]) -> Found:
        """The first true result of `find`; AssertionError with the text of `missed` after `within_s`."""
        try:
            async with asyncio.timeout(within_s):
                while True:
                    self._rung.clear()
                    if found := find():
                        return found
                    await self._rung.wait()
        except TimeoutError:
            raise AssertionError(f"not within {within_s:g} s: {missed()}") from None
