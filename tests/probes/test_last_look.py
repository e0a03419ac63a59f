"""What was found of a target when it was last measured."""

import pytest

from bot.database import Taken
from bot.messages.model import Place
from bot.probes.conclusion import Light
from bot.probes.manual import Trial
from tests.test_questions import asked
from tests.world import US_EAST, US_WEST, World


async def measured(world: World, kind: str = "ping", target: str = "us-east") -> None:
    world.probes.request(kind, target, place=Place("C1"), by="UKIM")
    await world.probed()


def lost(world: World, count: int, kind: str = "ping", title: str = US_EAST.title) -> None:
    world.probe_kinds[kind].lost[title] = count


async def test_nothing_measured_is_nothing() -> None:
    assert World().probes.last_look("us-east") is None


async def test_the_last_of_each_kind_counts() -> None:
    world = World()
    lost(world, 5)
    await measured(world)
    bad = world.probes.last_look("us-east")
    assert bad and bad.light is Light.BROKEN and "about half" in bad.words.lower()

    await measured(world, "mtr")
    still = world.probes.last_look("us-east")
    assert still and still.words == bad.words, "a trace that is fine does not mend a ping"

    lost(world, 0)
    await measured(world)
    mended = world.probes.last_look("us-east")
    assert mended and mended.light is Light.FINE


async def test_what_is_an_hour_older_is_not_told_with_it() -> None:
    world = World()
    lost(world, 5)
    await measured(world)
    world.clock.advance(minutes=61)
    await measured(world, "mtr")
    look = world.probes.last_look("us-east")

    assert look and look.light is Light.FINE and look.at == world.clock()


async def test_other_targets_say_nothing_about_it() -> None:
    """A control is only compared with."""
    world = World()
    lost(world, 10, title=US_WEST.title)
    await measured(world, target="us-west")

    assert world.probes.last_look("us-east") is None


async def test_what_could_not_be_measured_is_no_news() -> None:
    world = World()
    await measured(world)
    before = world.probes.last_look("us-east")
    world.clock.advance(minutes=5)
    world.probe_kinds["ping"].trouble = RuntimeError("no permission")
    await measured(world)

    assert world.probes.last_look("us-east") == before


async def test_a_trial_by_hand_counts_though_the_batch_had_ended() -> None:
    world = World()
    await measured(world)
    fine = world.probes.last_look("us-east")
    trial = Trial("UKIM", world.clock(), "Pixel 9", "16", "", reproduced=True)
    with world.database.transaction():
        world.probes.tried(1, trial)
    tried = world.probes.last_look("us-east")

    assert fine and fine.light is Light.FINE and tried and tried.light is Light.BROKEN


async def test_it_is_read_again_only_where_something_was_written_of_its_probes() -> None:
    world = World()
    await measured(world)
    world.probes.last_look("us-east")
    await measured(world, target="us-west")
    with asked(world.database) as statements:
        world.probes.last_look("us-east")
    assert not statements

    lost(world, 5)
    await measured(world)
    look = world.probes.last_look("us-east")
    assert look and look.light is Light.BROKEN


async def test_what_is_taken_back_is_not_kept() -> None:
    world = World()
    await measured(world)
    trial = Trial("UKIM", world.clock(), "Pixel 9", "16", "", reproduced=True)
    with pytest.raises(Taken), world.database.transaction():
        world.probes.tried(1, trial)
        tried = world.probes.last_look("us-east")
        assert tried and tried.light is Light.BROKEN
        raise Taken("no")
    fine = world.probes.last_look("us-east")
    assert fine and fine.light is Light.FINE
