"""An escalation that is acknowledged by the link of a step, without Slack."""

from datetime import timedelta

import pytest

from bot.errors import NotFound
from bot.escalations.ladder_model import RunState, StepState
from bot.escalations.service import Withdrawn
from tests.escalations.climbing import TEN, Climb

PHONE_STEP = 4


@pytest.fixture
async def climb() -> Climb:
    """Up to the phone bridge, which nobody has picked up."""
    climb = await Climb().begun()
    for _ in range(3):
        await climb.walk(TEN)
    return climb


async def test_it_names_the_step_and_stops_the_ladder(climb: Climb) -> None:
    """Nobody knows who followed it; everybody knows what it stood in."""
    shown = climb.world.escalations.linked(PHONE_STEP)
    assert (shown.name, shown.request, shown.via, shown.needed) == ("INV-1", "Call Harbor", "phone bridge", True)
    assert shown.title == "U.S. East: packet loss" and not shown.acknowledged_at

    answered = await climb.world.escalations.acknowledge_by_link(PHONE_STEP)

    assert (answered.acknowledged_by or "", answered.acknowledged_via) == ("", "phone bridge")
    assert climb.run.state is RunState.ACKNOWLEDGED
    assert climb.world.escalations.linked(PHONE_STEP).acknowledged_at
    await climb.walk(timedelta(minutes=30))
    assert len(climb.phone.told) == 1


async def test_the_second_press_changes_nothing(climb: Climb) -> None:
    first = await climb.world.escalations.acknowledge_by_link(PHONE_STEP)
    climb.world.clock.advance(60)
    assert await climb.world.escalations.acknowledge_by_link(PHONE_STEP) == first


async def test_whoever_was_first_in_slack_stays(climb: Climb) -> None:
    await climb.world.escalations.acknowledge(1, by="ULENA")
    assert (await climb.world.escalations.acknowledge_by_link(PHONE_STEP)).acknowledged_by == "ULENA"


async def test_a_step_that_told_nobody_yet_has_no_link(climb: Climb) -> None:
    """Nor one that does not exist: its page is that of a broken link."""
    early = await Climb().begun()
    assert early.run.steps[-1].state is StepState.PLANNED
    for world, step in ((early.world, PHONE_STEP), (climb.world, 99), (climb.world, 2**32 - 1)):
        with pytest.raises(NotFound):
            world.escalations.linked(step)
        with pytest.raises(NotFound):
            await world.escalations.acknowledge_by_link(step)


async def test_what_was_taken_back_needs_no_answer(climb: Climb) -> None:
    await climb.world.escalations.take_back(1, by="UKIM")

    assert not climb.world.escalations.linked(PHONE_STEP).needed
    with pytest.raises(Withdrawn):
        await climb.world.escalations.acknowledge_by_link(PHONE_STEP)


async def test_what_is_resolved_needs_no_answer(climb: Climb) -> None:
    await climb.world.investigations.claim(1, by="UKIM")
    await climb.world.investigations.resolve(1, root_cause="a cable", workaround="", by="UKIM")

    assert not climb.world.escalations.linked(PHONE_STEP).needed
