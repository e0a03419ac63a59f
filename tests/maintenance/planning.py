"""A maintenance in a world of tests."""

from datetime import timedelta

from bot.maintenance.model import Maintenance, PlannedTime
from tests.world import World


async def planned(
    world: World, *targets: str, begins: float = 0, lasts: float = 90, why: str = "new kernel", by: str = "UKIM"
) -> Maintenance:
    """Begins and lasts in minutes."""
    start = world.clock() + timedelta(minutes=begins)
    time = PlannedTime(start, start + timedelta(minutes=lasts))
    return await world.maintenance.plan(targets or ("us-east",), time, why=why, by=by, channel="C1")


async def later(world: World, minutes: float) -> None:
    world.clock.advance(minutes=minutes)
    await world.maintenance.turn()
    await world.status.turn()
