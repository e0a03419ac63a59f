"""The event loop never stands still for long, and what says so can tell."""

import asyncio
import select
import socket
import time

import pytest

from tests.fuzzing import FuzzedBot
from tests.stalls import BEAT_S, STALL_S, Stalls, Steps

INPUTS = 500
"""`make bench stalls` takes 20,000."""


async def turned(stalls: Stalls) -> None:
    """Some turns of the loop, so that a beat comes before and after."""
    beat = asyncio.Event()
    asyncio.get_running_loop().call_later(0.02, beat.set)
    await beat.wait()


async def test_computing_is_a_stall_of_both_kinds() -> None:
    with Stalls() as stalls:
        await turned(stalls)
        compute(0.2)
        await turned(stalls)

    assert stalls.busiest_s >= 0.04, "on a machine up to five times slower than the reference"
    assert stalls.longest_s >= 0.2 - 2 * BEAT_S, "the beat that was due meanwhile is taken off"


async def test_waiting_for_something_outside_is_a_stall_by_the_clock() -> None:
    """Such as for a lock: nothing is computed, and nothing else runs."""
    silent, _other = socket.socketpair()
    with silent, _other, Stalls() as stalls:
        await turned(stalls)
        select.select([silent], [], [], 0.05)
        await turned(stalls)

    assert stalls.longest_s >= 0.04
    assert stalls.busiest_s < stalls.longest_s


async def test_an_idle_loop_has_no_stall() -> None:
    with Stalls() as stalls:
        for _ in range(3):
            await turned(stalls)

    assert stalls.busiest_s < 0.02


def compute(seconds: float) -> None:
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass


def test_the_longest_step_counts() -> None:
    steps = Steps(how_slow=lambda: 1.0)
    compute(0.001)
    assert steps.ended()
    compute(0.03)
    assert steps.ended()
    compute(0.002)
    assert not steps.ended()

    assert 0.03 <= steps.longest_s < 0.06


def test_a_slow_machine_is_no_long_step() -> None:
    """Four times slower at everything: a quarter of it is the code's."""
    steps = Steps(how_slow=lambda: 4.0)
    compute(0.08)
    steps.ended()

    assert 0.02 <= steps.longest_s < 0.04


@pytest.mark.parametrize("seed", [1, 2])
async def test_no_input_stops_the_loop(seed: int) -> None:
    """The whole bot, given what people, trackers and a help desk may send; no input meets a mistake of ours either."""
    bot = FuzzedBot(seed=seed)
    stalls = await bot.run(INPUTS)

    assert stalls.busiest_s <= STALL_S, f"{stalls.busiest_s * 1000:.0f} ms: {stalls.busiest_during}"
    assert bot.refused == 0
