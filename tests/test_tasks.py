"""Owned tasks: drained in time, whatever they do."""

import asyncio

from bot.tasks import Tasks, woken


async def test_drain_ends_a_loop_whose_event_is_set_as_it_is_cancelled() -> None:
    """A cancellation that meets a set event is not lost, as it is in asyncio.wait_for of Python 3.11."""
    tasks, wake = Tasks(), asyncio.Event()
    rounds = 0

    async def loop() -> None:
        nonlocal rounds
        while True:
            rounds += 1
            wake.clear()
            await woken(wake, within_s=30)

    tasks.forever(loop, name="loop")
    await asyncio.wait({asyncio.create_task(_turns(3))})
    wake.set()
    async with asyncio.timeout(2):
        await tasks.drain(deadline_s=0.1)

    assert rounds >= 1
    assert len(asyncio.all_tasks()) == 1


async def test_work_is_finished_before_the_deadline() -> None:
    """What was begun comes to its end while the program stops."""
    tasks, done = Tasks(), asyncio.Event()

    async def work() -> None:
        await _turns(5)
        done.set()

    tasks.start(work(), name="work")
    await tasks.drain(deadline_s=5)

    assert done.is_set()


async def test_failing_work_is_logged_and_nothing_else_ends() -> None:
    """An exception ends its own task only."""
    tasks, done = Tasks(), asyncio.Event()

    async def breaks() -> None:
        raise RuntimeError("a fault")

    async def work() -> None:
        await _turns(3)
        done.set()

    tasks.start(breaks(), name="breaks")
    tasks.start(work(), name="work")
    await tasks.idle()

    assert done.is_set()


async def _turns(count: int) -> None:
    """Let everything else run `count` times."""
    for _ in range(count):
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        asyncio.get_running_loop().call_soon(turn.set_result, None)
        await turn
