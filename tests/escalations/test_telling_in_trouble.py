"""What goes wrong while a ladder tells somebody outside: nobody is called twice for it, and nobody else waits."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import pytest

from bot.escalations.ladder_model import Ladder, LadderStep, RunState, StepState
from bot.escalations.telling import Failure, FailureKind, Telling, TellingOutcome, WayKind
from bot.people import NotInGroup
from tests.escalations.climbing import DRAFT, GROUP, MONDAY, PHONE, TEN, Climb
from tests.eventually import eventually
from tests.fake_ways import FakeWay
from tests.world import APP

MAIL = LadderStep(WayKind.MAIL, TEN, ("lena@harbor.example",))
OUTSIDE = Ladder("outside", (GROUP, PHONE, MAIL))


class BrokenWay(FakeWay):
    """A mistake of ours, after it has told them."""

    async def tell(self, recipients: Sequence[str], telling: Telling) -> TellingOutcome:
        await super().tell(recipients, telling)
        raise LookupError("a mistake of ours")


async def test_a_mistake_of_ours_is_a_failed_step_and_not_a_call_without_end() -> None:
    """The next one is told at once."""
    climb = await Climb(ladder=OUTSIDE, phone=BrokenWay()).begun()
    await climb.walk(TEN)

    assert len(climb.phone.told) == 2, "the phone, and then the mail, once each"
    steps = climb.run.steps[1:]
    assert [step.state for step in steps] == [StepState.FAILED] * 2
    assert {step.failure for step in steps} == {Failure(FailureKind.UNKNOWN)} and not any(step.sure for step in steps)


async def test_who_was_called_is_not_called_again_because_that_could_not_be_saved() -> None:
    """As on a full disk: what came of it is kept until it can be."""
    climb = await Climb(ladder=OUTSIDE).begun()
    database = climb.world.database
    database.run(
        """CREATE TRIGGER full BEFORE UPDATE OF reached ON ladder_steps WHEN NEW.reached <> '[]'
           BEGIN SELECT RAISE(ABORT, 'disk full'); END"""
    )
    world = climb.world
    world.clock.advance(TEN.total_seconds())
    for _ in range(20):
        await world.rooms.walker.turn()
        await world.tasks.idle()
    assert len(climb.phone.told) == 1
    assert climb.run.steps[1].state is StepState.TELLING

    database.run("DROP TRIGGER full")
    await climb.walk()
    assert len(climb.phone.told) == 1
    assert (climb.run.steps[1].state, climb.run.steps[1].reached) == (StepState.TOLD, PHONE.recipients)


@pytest.mark.parametrize("by_link", [True, False])
async def test_an_acknowledgement_between_the_taking_and_the_telling_of_a_step(by_link: bool) -> None:
    """Nobody is called after it: what was only begun is not told."""
    climb = await Climb(ladder=OUTSIDE).begun()
    world = climb.world
    world.clock.advance(TEN.total_seconds())
    await world.rooms.walker.turn()
    assert [step.state for step in climb.run.steps[1:2]] == [StepState.TELLING] and climb.phone.told == []
    if by_link:
        await world.escalations.acknowledge_by_link(2)
    else:
        await world.escalations.acknowledge(1, by="ULENA")
    await world.tasks.idle()

    assert climb.phone.told == []
    assert climb.run.steps[1].state is StepState.STOPPED
    assert climb.run.state is RunState.ACKNOWLEDGED


async def test_a_question_between_the_taking_and_the_telling_of_a_step() -> None:
    """It is told when the question is answered."""
    climb = await Climb(ladder=OUTSIDE).begun()
    world = climb.world
    world.clock.advance(TEN.total_seconds())
    await world.rooms.walker.turn()
    await world.escalations.ask(1, "How many?", by="ULENA")
    await world.tasks.idle()
    assert climb.phone.told == []

    world.evidence.note(1, "Thirty", by="UKIM")
    await climb.walk(TEN)
    assert len(climb.phone.told) == 1


async def test_a_ladder_that_cannot_be_read_keeps_no_other_waiting() -> None:
    """Whatever stands in its row."""
    climb = await Climb(ladder=OUTSIDE).begun()
    world = climb.world
    world.database.run("UPDATE ladder_steps SET rung = '{}' WHERE run_id = 1 AND place = 2")
    await world.opened(APP)
    world.sent("investigation/2", "2.0")
    await world.escalations.escalate(2, DRAFT, by="UKIM")
    climb.deliver()
    world.clock.advance(TEN.total_seconds())
    for _ in range(3):
        await world.rooms.walker.turn()
        await world.tasks.idle()

    assert len(climb.phone.told) == 1


async def test_a_step_that_waits_for_the_morning_moves_the_rest_of_the_plan() -> None:
    """A plan that is shown is a plan that holds (grafana oncall #574)."""
    in_hours = LadderStep(WayKind.DM, TEN, ("ULENA",), in_hours=True)
    evening = MONDAY.replace(hour=17, minute=45)
    climb = await Climb(ladder=Ladder("day", (GROUP, in_hours, PHONE)), at=evening).begun()
    assert climb.plan() == [("ULENA", "17:55"), ("PHONE_BRIDGE_URL", "18:05")]
    before = climb.world.wanted("escalation/1")
    await climb.walk(timedelta(hours=2))

    assert climb.plan() == [("ULENA", "09:00"), ("PHONE_BRIDGE_URL", "09:10")]
    assert climb.world.wanted("escalation/1") > before, "and the post says so"


async def test_whoever_presses_in_a_channel_that_was_told_may_acknowledge() -> None:
    """The settings name the channel, Slack says its id."""
    step = LadderStep(WayKind.CHANNEL, TEN, ("#management",), mention="@here")
    climb = await Climb(ladder=Ladder("day", (GROUP, step))).begun()
    world = climb.world
    world.clock.advance(TEN.total_seconds())
    await world.rooms.walker.turn()
    [message] = [each for each in climb.owed() if each.key.startswith("ladder/")]
    world.owed.sent(message, ts="9.0", channel="CMANAGEMENT")
    with pytest.raises(NotInGroup):
        await world.escalations.acknowledge(1, by="UJO", channel="COTHER")
    await world.escalations.acknowledge(1, by="UJO", channel="CMANAGEMENT")

    assert climb.run.state is RunState.ACKNOWLEDGED


class SlowWay(FakeWay):
    """Takes its time before it calls anybody, as a program that has to start does, or a webhook that was refused."""

    def __init__(self) -> None:
        super().__init__()
        self.begun = 0
        self.start = asyncio.Event()

    async def tell(self, recipients: Sequence[str], telling: Telling) -> TellingOutcome:
        self.begun += 1
        await self.start.wait()
        return await super().tell(recipients, telling)


@pytest.mark.parametrize("what", ["acknowledged", "taken back", "resolved"])
async def test_what_is_about_to_be_told_is_stopped(what: str) -> None:
    """Nobody's phone rings because the program that calls it took a second to start."""
    phone = SlowWay()
    climb = await Climb(ladder=OUTSIDE, phone=phone).begun()
    world = climb.world
    world.clock.advance(TEN.total_seconds())
    await world.rooms.walker.turn()
    await eventually(lambda: phone.begun)
    if what == "acknowledged":
        await world.escalations.acknowledge(1, by="ULENA")
    elif what == "taken back":
        await world.escalations.take_back(1, by="UKIM")
    else:
        await world.investigations.resolve(1, root_cause="a cable", workaround="", by="UKIM")
    phone.start.set()
    await world.tasks.idle()
    await world.rooms.walker.turn()
    await world.tasks.idle()

    assert (phone.begun, phone.told) == (1, [])
    assert (climb.run.steps[1].state, climb.run.steps[1].sure) == (StepState.STOPPED, False)


async def test_a_stop_of_the_bot_is_no_stop_of_the_ladder() -> None:
    """What was being told is told again by the next one."""
    phone = SlowWay()
    climb = await Climb(ladder=OUTSIDE, phone=phone).begun()
    world = climb.world
    world.clock.advance(TEN.total_seconds())
    await world.rooms.walker.turn()
    await eventually(lambda: phone.begun)
    await world.tasks.drain(deadline_s=0)
    assert [step.state for step in climb.run.steps[1:2]] == [StepState.TELLING]

    phone.start.set()
    await climb.walk()
    assert len(phone.told) == 1
