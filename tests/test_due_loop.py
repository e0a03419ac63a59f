"""The loop of what is due: when the next turn comes, and how long a failing system is left alone."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import pytest

from bot.clock import system_clock
from bot.due_loop import backoff_s, work_off
from tests.eventually import eventually

LONG = timedelta(hours=1)


class Turns:
    """Counts its turns; each says that something is due `after` the turn, where that is not None."""

    def __init__(self, after: timedelta | None) -> None:
        self.after = after
        self.count = 0
        self.wake = asyncio.Event()
        self.in_turn: Callable[[], None] = lambda: None

    async def turn(self) -> datetime | None:
        self.count += 1
        self.in_turn()
        return None if self.after is None else system_clock() + self.after


@asynccontextmanager
async def looping(after: timedelta | None, *, idle_s: float = 3600.0) -> AsyncIterator[Turns]:
    turns = Turns(after)
    task = asyncio.create_task(work_off(turns.turn, wake=turns.wake, clock=system_clock, idle_s=idle_s))
    await eventually(lambda: turns.count)
    yield turns
    task.cancel()


async def test_the_next_turn_comes_when_something_is_due() -> None:
    async with looping(timedelta(milliseconds=20)) as turns:
        await eventually(lambda: turns.count > 2)


async def test_what_is_overdue_leaves_others_a_moment() -> None:
    """However long the clock says that it is due, others have the loop between two turns."""
    async with looping(-LONG) as turns:
        begun = asyncio.get_running_loop().time()
        await eventually(lambda: turns.count > 5)
        assert asyncio.get_running_loop().time() - begun >= 4 * 0.005


@pytest.mark.parametrize("after", [LONG, None])
async def test_a_wake_brings_the_next_turn_at_once(after: timedelta | None) -> None:
    async with looping(after) as turns:
        turns.wake.set()
        await eventually(lambda: turns.count == 2)


async def test_a_wake_during_a_turn_is_not_lost() -> None:
    async with looping(LONG) as turns:
        turns.in_turn = lambda: turns.wake.set() if turns.count == 2 else None
        turns.wake.set()
        await eventually(lambda: turns.count == 3)


@pytest.mark.parametrize("after", [LONG, None])
async def test_it_looks_by_itself_where_nobody_wakes_it(after: timedelta | None) -> None:
    async with looping(after, idle_s=0.02) as turns:
        await eventually(lambda: turns.count > 2)


def test_a_system_that_fails_is_left_alone_ever_longer() -> None:
    """Up to a limit, however often; never shorter than it asks for."""
    waits = [backoff_s(failures, first_s=15, longest_s=100, asked_s=None) for failures in (1, 2, 3, 4, 5, 5000)]

    assert waits == [15, 30, 60, 100, 100, 100]
    assert backoff_s(1, first_s=15, longest_s=100, asked_s=40) == 40
    assert backoff_s(3, first_s=15, longest_s=100, asked_s=40) == 60
    assert backoff_s(9, first_s=15, longest_s=100, asked_s=3600) == 3600
