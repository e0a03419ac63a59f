"""A maintenance from its plan to the check after it, without Slack."""

from datetime import timedelta

import pytest

from bot.errors import BadInput
from bot.maintenance.model import Phase
from bot.maintenance.sweep_model import Outcome, Since
from bot.people import NotTier2
from bot.probes.playbooks import read_playbook
from tests.maintenance.planning import later, planned
from tests.world import US_EAST, US_WEST, World

PING_ONLY = {"gateway": read_playbook(["ping"])}


def make_world() -> World:
    return World(playbooks=PING_ONLY)


async def test_it_begins_ends_and_everything_is_checked() -> None:
    world = make_world()
    world.probe_kinds["ping"].lost = {"U.S. West": 5}
    maintenance = await planned(world, "us-east", "us-west", begins=10)
    assert maintenance.phase is Phase.PLANNED and world.owed_keys("maintenance/%") == ["maintenance/1"]

    await later(world, 10)
    assert world.maintenance.get(1).phase is Phase.GOING
    status = world.status.of("us-east")
    assert status and status.expected and status.expected.name == "M-1"

    await later(world, 90)
    assert world.maintenance.get(1).phase is Phase.OVER and not world.status.of("us-east")
    await world.probed()
    sweep = world.sweeps.get(world.maintenance.get(1).sweep_id or 0)
    assert sweep.result
    rows = [(row.title, row.outcome, row.words) for row in sweep.result.rows]
    assert rows == [("U.S. West", Outcome.FAILING, "50 % loss to 10.1.2.3"), ("U.S. East", Outcome.FINE, "")]
    assert world.owed_keys("smoke/%") == ["smoke/1"] and world.place("smoke/1").channel == "C1"
    assert world.owed_keys("probes/%") == []


async def test_a_check_is_compared_with_the_run_before_the_maintenance() -> None:
    """Not with one in it, which may fail as expected."""
    world = make_world()
    ping = world.probe_kinds["ping"]
    ping.lost = {"U.S. West": 5}
    for target in (US_EAST, US_WEST):
        await planned(world, target.key, lasts=5)
    await later(world, 5)
    await world.probed()
    world.clock.advance(minutes=60)

    ping.lost = {"U.S. East": 10}
    await planned(world, "us-east", "us-west", lasts=30)
    await later(world, 30)
    await world.probed()
    result = world.sweeps.get(world.maintenance.get(3).sweep_id or 0).result
    assert result
    assert [(row.title, row.since) for row in result.rows] == [
        ("U.S. East", Since.NEW),
        ("U.S. West", Since.AGAIN_FINE),
    ]


async def test_it_is_made_longer_ended_early_and_called_off() -> None:
    world = make_world()
    await planned(world)
    longer = world.clock() + timedelta(hours=3)
    await world.maintenance.extend(1, longer, by="UJO")
    await later(world, 120)
    assert world.maintenance.get(1).phase is Phase.GOING

    await world.maintenance.end(1, by="UJO")
    ended = world.maintenance.get(1)
    assert ended.phase is Phase.OVER and [str(change.kind) for change in ended.changes] == ["longer", "ended"]
    with pytest.raises(BadInput, match="over, or was never planned"):
        await world.maintenance.end(1, by="UJO")

    await planned(world, begins=30)
    called_off = await world.maintenance.end(2, by="UKIM")
    assert called_off.phase is Phase.CANCELLED and called_off.sweep_id is None


async def test_only_tier_2_plans() -> None:
    world = make_world()
    with pytest.raises(NotTier2):
        await planned(world, by="UTOM")
    await planned(world)
    with pytest.raises(NotTier2):
        await world.maintenance.end(1, by="UTOM")
    with pytest.raises(NotTier2):
        await world.maintenance.extend(1, world.clock() + timedelta(hours=3), by="UTOM")


@pytest.mark.parametrize(
    ("begins", "lasts", "says"),
    [
        (0, -1, "ends before it begins"),
        (-90, 60, "has passed already"),
        (0, 8 * 1440, "hides too much"),
        (91 * 1440, 60, "Check the date"),
    ],
)
async def test_a_time_that_nobody_means_is_refused(begins: float, lasts: float, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        await planned(make_world(), begins=begins, lasts=lasts)


async def test_the_same_is_not_planned_twice() -> None:
    world = make_world()
    await planned(world, "us-east", "us-west")
    with pytest.raises(BadInput, match="M-1 covers that already"):
        await planned(world, "us-east", begins=30, lasts=30)
    await planned(world, "us-east", begins=120)


async def test_what_is_in_another_maintenance_is_checked_when_that_ends() -> None:
    world = make_world()
    await planned(world, "us-east", "us-west", lasts=30)
    await planned(world, "us-east", begins=20, lasts=60)
    await later(world, 20)
    await later(world, 10)
    first = world.maintenance.get(1)
    assert world.sweeps.get(first.sweep_id or 0).targets == ("us-west",)

    await later(world, 50)
    second = world.maintenance.get(2)
    assert world.sweeps.get(second.sweep_id or 0).targets == ("us-east",)


async def test_it_is_found_by_its_name_and_by_its_target() -> None:
    world = make_world()
    await planned(world, "us-east")
    await planned(world, "us-west", begins=10)
    found, rest = world.maintenance.named("m-2 to 23:30")
    assert (found.id, rest) == (2, "to 23:30")
    found, rest = world.maintenance.named("US East by 30 min")
    assert (found.id, rest) == (1, "by 30 min")
    with pytest.raises(BadInput, match=r"These are planned or going on: M-1, M-2"):
        world.maintenance.named("M-9")
    with pytest.raises(BadInput, match="The app is over, or was never planned"):
        world.maintenance.named("app")


async def test_what_ended_while_the_bot_was_away_is_checked_at_the_start() -> None:
    world = make_world()
    await planned(world, begins=10)
    await later(world, 600)
    assert world.maintenance.get(1).phase is Phase.OVER
    await world.probed()
    assert world.owed_keys("smoke/%") == ["smoke/1"]
