"""What a briefing says of services: targets that are not well, and pages with something open for all of them."""

import pytest

from bot.briefings.lines import _trouble
from bot.briefings.model import ServiceTrouble
from bot.status.model import Incident, Level, SourceReading
from tests.fake_status import FakeSource, component, page
from tests.hostile import NOW
from tests.world import World

WIDE = Incident("i9", "Login problems", "investigating", Level.DEGRADED, NOW)


async def troubles(*incidents: Incident, level: Level = Level.OPERATIONAL) -> list[ServiceTrouble]:
    world = World(watched=(page(FakeSource(SourceReading((component("US East", level),), incidents))),))
    await world.status.turn()
    return list((await world.briefings.now("C1")).briefing.said.troubles)


async def test_what_is_open_for_a_whole_page_is_told_once() -> None:
    """By its own words, and since when."""
    (trouble,) = await troubles(WIDE)

    assert (trouble.name, trouble.line, trouble.since) == ("Status page", "“Login problems” (investigating)", NOW)


@pytest.mark.parametrize(
    ("level", "mark"),
    [
        (Level.UNKNOWN, ":white_circle:"),
        (Level.MAINTENANCE, ":large_yellow_circle:"),
        (Level.DEGRADED, ":large_yellow_circle:"),
        (Level.PARTIAL_OUTAGE, ":red_circle:"),
        (Level.MAJOR_OUTAGE, ":red_circle:"),
    ],
)
async def test_red_is_broken_now_and_grey_is_not_known(level: Level, mark: str) -> None:
    """As on cards and in `/t2 status`."""
    (trouble,) = await troubles(level=level)

    assert _trouble(trouble).startswith(f"{mark} *U.S. East*: ")
