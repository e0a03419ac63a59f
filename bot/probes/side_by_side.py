"""Several things measured at once under one deadline, with what is known so far after each."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from bot.errors import BadInput

logger = logging.getLogger(__name__)

T = TypeVar("T")
Found = TypeVar("Found")

AT_ONCE = 200
"""Sockets that one probe opens at the same time; a process may have about a thousand."""


def few_at_once(measure: Callable[[T], Awaitable[Found]], count: int) -> tuple[Callable[[T], Awaitable[Found]], int]:
    """`measure` as it may be called `count` times at once, and how many rounds of its own time all of them take."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def gated(item: T) -> Found:
        async with gate:
            return await measure(item)

    return gated, max(1, -(-count // AT_ONCE))


async def side_by_side(
    items: Sequence[T],
    measure: Callable[[T], Awaitable[Found]],
    *,
    unfinished: Callable[[T], Found],
    broken: Callable[[T], Found],
    deadline_s: float,
    on_each: Callable[[list[Found]], None],
) -> list[Found]:
    """What was found, in the order of `items`; what is not done by the deadline is `unfinished`.

    An exception is the end of one item, which is `broken`, and of no other; it goes to the log. Only BadInput is
    raised: that is for the person who asked. However this ends, no measurement is left running.
    """
    tasks = [asyncio.ensure_future(measure(item)) for item in items]
    pending: set[asyncio.Future[Found]] = set(tasks)
    end = asyncio.get_running_loop().time() + deadline_s
    # What an item came to is asked once: a traceback belongs into the log once.
    known: dict[int, Found] = {}

    def gathered() -> list[Found]:
        for place, (task, item) in enumerate(zip(tasks, items, strict=True)):
            if task.done() and place not in known:
                known[place] = _outcome(task, item, broken)
        return [known[place] for place in sorted(known)]

    try:
        while pending and (left_s := end - asyncio.get_running_loop().time()) > 0:
            done, pending = await asyncio.wait(pending, timeout=left_s, return_when=asyncio.FIRST_COMPLETED)
            if done:
                on_each(gathered())
        gathered()
        return [known[place] if place in known else unfinished(item) for place, item in enumerate(items)]
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def each_apart(
    items: Sequence[T], measure: Callable[[T], Awaitable[Found]], *, broken: Callable[[T], Found]
) -> list[Found]:
    """As `side_by_side`, for what keeps a time of its own."""
    tasks = [asyncio.ensure_future(measure(item)) for item in items]
    await asyncio.gather(*tasks, return_exceptions=True)
    return [_outcome(task, item, broken) for task, item in zip(tasks, items, strict=True)]


def _outcome(task: asyncio.Future[Found], item: T, broken: Callable[[T], Found]) -> Found:
    error = None if task.cancelled() else task.exception()
    if isinstance(error, BadInput) or (error and not isinstance(error, Exception)):
        raise error
    if error is None and not task.cancelled():
        return task.result()
    logger.error("A probe failed at %r", item, exc_info=error)
    return broken(item)
