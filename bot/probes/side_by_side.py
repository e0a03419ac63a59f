"""Several things measured at once under one deadline, with the result so far after each."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from bot.probes.model import Reading

T = TypeVar("T")

AT_ONCE = 200
"""Sockets that one probe opens at the same time; a process may have about a thousand."""


def few_at_once(
    measure: Callable[[T], Awaitable[Reading]], count: int
) -> tuple[Callable[[T], Awaitable[Reading]], int]:
    """`measure` as it may be called `count` times at once, and how many rounds of its own time all of them take."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def gated(item: T) -> Reading:
        async with gate:
            return await measure(item)

    return gated, max(1, -(-count // AT_ONCE))


async def side_by_side(
    items: Sequence[T],
    measure: Callable[[T], Awaitable[Reading]],
    *,
    unfinished: Callable[[T], Reading],
    deadline_s: float,
    on_each: Callable[[list[Reading]], None],
) -> list[Reading]:
    """The readings in the order of `items`; what is not done by the deadline is `unfinished`.

    However this ends, no measurement is left running.
    """
    tasks = [asyncio.ensure_future(measure(item)) for item in items]
    pending: set[asyncio.Future[Reading]] = set(tasks)
    end = asyncio.get_running_loop().time() + deadline_s
    try:
        while pending and (left_s := end - asyncio.get_running_loop().time()) > 0:
            done, pending = await asyncio.wait(pending, timeout=left_s, return_when=asyncio.FIRST_COMPLETED)
            if done:
                on_each([task.result() for task in tasks if task.done()])
        return [task.result() if task.done() else unfinished(item) for task, item in zip(tasks, items, strict=True)]
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
