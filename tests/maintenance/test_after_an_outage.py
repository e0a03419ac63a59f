"""When it is said that something is mended the whole playbook says whether it is."""

from datetime import timedelta

from bot.maintenance.sweep_model import Outcome, Reason
from bot.probes.playbooks import read_playbook
from bot.status.model import SourceReading
from tests.fake_status import FakeSource, alert, alerts
from tests.maintenance.planning import later, planned
from tests.world import US_EAST, World

PING_ONLY = {"gateway": read_playbook(["ping"])}


async def resolved(world: World) -> None:
    await world.investigations.resolve(1, root_cause="a router", workaround="", by="UKIM")


async def test_after_resolve_its_thread_says_whether_it_is_fine() -> None:
    world = World(playbooks=PING_ONLY)
    await world.opened(US_EAST)
    await world.probed()
    world.probe_kinds["ping"].lost = {"U.S. East": 5}
    await resolved(world)
    await world.probed()

    sweep = world.sweeps.get(1)
    assert sweep.reason is Reason.OUTAGE and sweep.result
    assert [(row.outcome, row.words) for row in sweep.result.rows] == [(Outcome.FAILING, "50 % loss to 10.1.2.3")]
    assert world.place("smoke/1").thread_key == "investigation/1"
    assert world.kinds(1).count("probe") == 1  # what is measured after it is no evidence of it


async def test_what_is_in_a_maintenance_is_checked_when_that_ends() -> None:
    world = World(playbooks=PING_ONLY)
    await world.opened(US_EAST)
    await world.probed()
    await planned(world, lasts=60)
    await resolved(world)
    assert not world.database.rows("SELECT 1 FROM smoke_sweeps")


async def test_the_end_of_announced_trouble_is_checked_in_its_channel() -> None:
    """Once, when it does not come back."""
    source = FakeSource(SourceReading())
    world = World(watched=(alerts(source),), playbooks=PING_ONLY)
    source.reading = SourceReading(alerts=(alert("HighPacketLoss", world.clock() - timedelta(minutes=9)),))
    await later(world, 1)
    source.reading = SourceReading()
    for minutes in (1, 10, 10, 10):
        await later(world, minutes)
    await world.probed()
    assert world.owed_keys("smoke/%") == ["smoke/1"] and world.place("smoke/1").channel == "CTECH"


async def test_where_somebody_looks_into_it_their_resolve_checks_it() -> None:
    source = FakeSource(SourceReading())
    world = World(watched=(alerts(source),), playbooks=PING_ONLY)
    source.reading = SourceReading(alerts=(alert("HighPacketLoss", world.clock() - timedelta(minutes=9)),))
    await later(world, 1)
    await world.opened(US_EAST)
    source.reading = SourceReading()
    for minutes in (1, 20):
        await later(world, minutes)
    assert not world.database.rows("SELECT 1 FROM smoke_sweeps")
