"""Somebody watches that the ladders are walked: in the channel, and for a dead man's switch outside."""

import aiohttp
import pytest
from aiohttp import web

from bot.errors import OutsideError
from bot.escalations.heartbeat import Heartbeat
from bot.escalations.watchdog import Watchdog
from tests.escalations.climbing import TEN, Climb, others_run
from tests.eventually import eventually
from tests.fake_clock import FakeClock
from tests.loopback import served


class Watched(Climb):
    """With an even clock of its own."""

    async def watched(self) -> Watchdog:
        self.even = FakeClock()
        await self.begun()
        self.world.rooms.watchdog._even = self.even
        self.world.rooms.watchdog._turned()
        return self.world.rooms.watchdog

    def looks(self) -> None:
        """As it does four times a minute."""
        for _ in range(4):
            self.world.rooms.watchdog.look()
            self.even.advance(15)

    def passes(self, minutes: float, *, wall: bool = True) -> None:
        self.even.advance(minutes * 60)
        if wall:
            self.world.clock.advance(minutes * 60)


async def test_a_step_that_nobody_takes_is_said_in_the_channel_once() -> None:
    climb = Watched()
    await climb.watched()
    climb.passes(12)
    climb.looks()
    assert climb.world.owed_keys("overdue/%") == []
    climb.passes(2)
    climb.looks()
    climb.looks()

    assert climb.world.owed_keys("overdue/%") == ["overdue/2"]
    place = climb.world.place("overdue/2")
    assert (place.channel, place.thread_key) == ("C1", None)


async def test_a_wall_clock_that_stands_still_is_noticed() -> None:
    """By the clock that nobody sets: ten minutes and more have passed, whatever the machine says."""
    climb = Watched()
    await climb.watched()
    climb.looks()
    climb.passes(13, wall=False)
    climb.looks()

    assert climb.world.owed_keys("overdue/%") == ["overdue/2"]


async def test_a_message_that_does_not_get_to_slack_is_overdue_too() -> None:
    climb = Watched()
    await climb.watched()
    climb.passes(10)
    await climb.world.rooms.walker.turn()
    climb.passes(4)
    climb.looks()

    assert climb.world.owed_keys("overdue/%") == ["overdue/2"]


async def test_what_is_in_time_or_needs_nobody_is_not_said() -> None:
    climb = Watched()
    await climb.watched()
    for _ in range(3):
        climb.passes(10)
        climb.looks()
        await climb.walk()
    await climb.world.escalations.acknowledge(1, by="ULENA")
    climb.passes(30)
    climb.looks()

    assert climb.world.owed_keys("overdue/%") == []


async def test_a_late_step_that_is_taken_in_the_end_is_not_said_again() -> None:
    climb = Watched()
    await climb.watched()
    climb.passes(15)
    climb.looks()
    await climb.walk()
    climb.looks()
    await climb.walk(TEN)
    climb.looks()

    assert climb.world.owed_keys("overdue/%") == ["overdue/2"]


async def test_after_a_start_or_a_long_sleep_nothing_is_said_of_what_is_done_at_once() -> None:
    """All is overdue for a moment then, and a channel that is told to call people by hand does so."""
    climb = Watched()
    watchdog = await climb.watched()
    climb.passes(2 * 60)
    watchdog.look()
    await climb.walk()
    climb.looks()

    assert climb.world.owed_keys("overdue/%") == []
    assert climb.told()[:2] == ["group", "ULENA"]


async def test_the_heart_beats_while_the_walker_goes_round() -> None:
    climb = Watched()
    watchdog = await climb.watched()
    healthy = [watchdog.healthy]
    climb.passes(2.5)
    healthy.append(watchdog.healthy)
    await climb.world.rooms.walker.turn()

    assert [*healthy, watchdog.healthy] == [True, False, True]


async def test_the_heart_stops_where_a_step_is_overdue() -> None:
    climb = Watched()
    watchdog = await climb.watched()
    climb.passes(14)
    watchdog._turned()

    assert not watchdog.healthy


async def test_the_switch_is_called_by_get() -> None:
    asked: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        asked.append(f"{request.method} {request.path}")
        return web.Response(status=200 if len(asked) == 1 else 500)

    app = web.Application()
    app.router.add_route("*", "/beat", answer)
    async with served(app) as url, aiohttp.ClientSession() as session:
        heartbeat = Heartbeat(session=session, url=f"{url}/beat")
        await heartbeat()
        with pytest.raises(OutsideError, match="500"):
            await heartbeat()
    assert asked == ["GET /beat", "GET /beat"]


async def test_the_heart_beats_by_itself_and_only_while_it_is_well() -> None:
    beats: list[int] = []

    async def beat() -> None:
        beats.append(1)

    climb = Watched()
    watchdog = await climb.watched()
    watchdog._heartbeat = beat
    climb.passes(14)
    tasks = climb.world.tasks
    tasks.forever(watchdog.beat, name="heartbeat")
    await others_run()
    await tasks.drain(deadline_s=0)
    assert beats == []
    await climb.walk()
    tasks.forever(watchdog.beat, name="heartbeat")
    await eventually(lambda: beats)
    await tasks.drain(deadline_s=0)
