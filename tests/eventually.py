"""Waiting on a condition with a deadline: the only place in the tests that sleeps."""

import asyncio
from collections.abc import Awaitable, Callable


async def eventually(check: Callable[[], object], *, within_s: float = 20.0) -> None:
    """Returns as soon as `check()` is true; fails after `within_s`."""
    async with asyncio.timeout(within_s):
        while not check():
            await asyncio.sleep(0.005)


async def eventually_asked(check: Callable[[], Awaitable[object]], *, within_s: float = 20.0) -> None:
    """The same for a question to another program, which is not asked without a pause: it computes the answer."""
    async with asyncio.timeout(within_s):
        while not await check():
            await asyncio.sleep(0.1)
