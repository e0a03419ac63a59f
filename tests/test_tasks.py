"""Work that the app owns: finished, watched, drained."""

import asyncio
import signal
import sys

import pytest

from bot.tasks import Tasks, unless
from tests.eventually import eventually


async def test_drain_lets_work_finish() -> None:
    """What was acknowledged is not thrown away."""
    tasks, gate, done = Tasks(), asyncio.Event(), []

    async def work() -> None:
        await gate.wait()
        done.append(1)

    tasks.start(work(), name="work")
    asyncio.get_running_loop().call_later(0.01, gate.set)
    await tasks.drain(deadline_s=5)

    assert done == [1]


async def test_drain_lets_work_finish_that_work_begins() -> None:
    """As a command does that was acknowledged and waits for its turn when the bot is told to end."""
    tasks, begun, gate, done = Tasks(), asyncio.Event(), asyncio.Event(), []

    async def later() -> None:
        asyncio.get_running_loop().call_later(0.01, gate.set)
        await gate.wait()
        done.append(1)

    async def first() -> None:
        await begun.wait()
        tasks.start(later(), name="later")

    tasks.start(first(), name="first")
    asyncio.get_running_loop().call_soon(begun.set)
    await tasks.drain(deadline_s=30)

    assert done == [1]


async def test_drain_cancels_what_takes_too_long() -> None:
    """Stopping has a deadline."""
    tasks = Tasks()
    tasks.start(_never(), name="work")
    async with asyncio.timeout(5):
        await tasks.drain(deadline_s=0.01)

    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_failure_is_logged_and_goes_no_further(caplog: pytest.LogCaptureFixture) -> None:
    """One broken task takes nothing with it."""
    tasks = Tasks()
    tasks.start(_broken(), name="send investigation/1")
    await tasks.idle()

    assert "send investigation/1 failed" in caplog.text
    assert "a mistake" in caplog.text


async def test_loop_that_fails_begins_again() -> None:
    """The outbox comes back after a mistake."""
    tasks, begun = Tasks(), []

    async def loop() -> None:
        begun.append(1)
        if len(begun) == 1:
            raise RuntimeError("a mistake")
        await _never()

    tasks.forever(loop, name="loop")
    await eventually(lambda: len(begun) == 2)
    await tasks.drain(deadline_s=0)


async def _never() -> None:
    await asyncio.Event().wait()


async def _broken() -> None:
    raise RuntimeError("a mistake")


async def test_stop_cuts_work_short() -> None:
    """A start that never comes to its end is over when the program is told to stop."""
    stop, begun, cut_short = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def start() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            cut_short.set()

    waiting = asyncio.create_task(unless(stop, start()))
    await asyncio.wait_for(begun.wait(), 5)
    stop.set()
    await asyncio.wait_for(waiting, 5)

    assert cut_short.is_set()


async def test_what_fails_before_the_stop_is_raised() -> None:
    """Nothing that goes wrong at the start is lost."""

    async def start() -> None:
        raise ValueError("wrong")

    with pytest.raises(ValueError, match="wrong"):
        await unless(asyncio.Event(), start())


ENDING = """
import asyncio, signal, sys
from bot.tasks import ended_by

async def run():
    stop = asyncio.Event()
    with ended_by((signal.SIGINT, signal.SIGTERM), stop.set):
        print("begun", flush=True)
        await stop.wait()

asyncio.run(run())
print("over", flush=True)
sys.stdin.readline()
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_a_second_signal_finds_the_program_ending(number: signal.Signals) -> None:
    """Impatience, or a supervisor that repeats itself: no traceback, and it is still a success."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", ENDING), stdin=pipe, stdout=pipe, stderr=asyncio.subprocess.STDOUT
    )
    assert process.stdin and process.stdout
    for words in (b"begun\n", b"over\n"):
        assert await process.stdout.readline() == words
        process.send_signal(number)
    process.stdin.write(b"\n")

    assert await process.stdout.read() == b""
    assert await process.wait() == 0
