"""What `/t2 status` says while every ticket is read."""

from collections import deque
from datetime import timedelta

from commands import t2
from tests.commands.test_mention import Thread
from tests.fake_clock import FakeClock
from tests.fake_desk import unreachable
from tests.slack_limits import texts
from tests.tickets.fake_stream import FakeStream
from tests.tickets.stream_rows import BEGAN, row
from tests.world import World


async def said(thread: Thread) -> str:
    answer = await t2.status(thread.services)
    return "\n".join(texts(answer.blocks))  # type: ignore[union-attr]


async def turn(world: World, *, minutes: float = 0.0) -> None:
    world.clock.advance(minutes=minutes)
    await world.rooms.stream.turn()


async def test_it_tells_how_far_the_history_is_and_nothing_where_all_is_well() -> None:
    clock = FakeClock(BEGAN)
    stream = FakeStream(clock, page_rows=10)
    stream.tells(*(row(number, minute=-28 * 1440 + 1440 * number) for number in range(1, 28)))
    world = World(clock=clock, stream=stream)
    thread = Thread(world)

    assert "Reading the last 28 days of tickets: 0 of 28 days" in await said(thread)
    await turn(world)
    begun = await said(thread)
    await turn(world, minutes=1)
    half = await said(thread)
    await turn(world, minutes=1)
    done = await said(thread)

    assert "Reading the last 28 days of tickets: 10 of 28 days\n" in f"{begun}\n"
    assert "Reading the last 28 days of tickets: 20 of 28 days, less than a minute left" in half
    assert "tickets" not in done


async def test_it_tells_since_when_zendesk_is_away_and_up_to_when_tickets_are_read() -> None:
    """Not at once: a pause that Zendesk wants is no news."""
    clock = FakeClock(BEGAN)
    stream = FakeStream(clock)
    world = World(clock=clock, stream=stream)
    thread = Thread(world)
    await turn(world)
    stream.failures = deque(unreachable() for _ in range(3))
    await turn(world, minutes=1)
    soon = await said(thread)
    await turn(world, minutes=30)
    later = await said(thread)
    stream.failures.clear()
    stream.tells(*(row(number, minute=number / 100) for number in range(1, 1500)))
    await turn(world, minutes=10)
    back = await said(thread)

    assert "tickets" not in soon
    assert "No new tickets read since" in later and "it does not answer" in later
    assert "Catching up with new tickets" in back
    assert world.rooms.stream.state().complete_until == BEGAN - timedelta(minutes=1)
