"""An escalation goes up its ladder."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.briefings.model import NextStepKind
from bot.escalations import cards
from bot.escalations.ladder_cards import called, end, plan
from bot.escalations.ladder_model import Ladder, LadderSettings, LadderStep, RunState, StepState, When
from bot.escalations.telling import Failure, FailureKind, TellingOutcome, WayKind
from bot.investigations.next_step import next_step, situation
from bot.people import NotInGroup
from tests.escalations.climbing import DAY, GROUP, HOURS, PHONE, TEN, Climb
from tests.slack_limits import broken_by_message


@pytest.fixture
async def climb() -> Climb:
    return await Climb().begun()


async def test_the_plan_is_there_from_the_start(climb: Climb) -> None:
    """Rows, written with the escalation: the group is the post itself."""
    assert climb.told() == ["group"]
    assert climb.plan() == [("ULENA", "10:24"), ("URAJ", "10:34"), ("PHONE_BRIDGE_URL", "10:44")]


async def test_people_of_the_plan_are_named_and_not_called(climb: Climb) -> None:
    """A mention in the post would call all of them at once."""
    ahead = plan(climb.run)

    assert ahead.startswith("DM @Lena <!date") and "DM @Raj <!date" in ahead and "<@" not in ahead


async def test_groups_and_channels_that_are_set_by_id_have_their_names() -> None:
    steps = (LadderStep(WayKind.GROUP, TEN, ("SOPS",)), LadderStep(WayKind.CHANNEL, TEN, ("C0MGMT",), mention="@SLTM"))
    climb = await Climb(Ladder("ids", (GROUP, *steps))).begun()

    assert [called(step.rung) for step in climb.run.planned] == ["@ops in the thread", "#0mgmt with @ltm"]
    assert climb.run.planned[1].rung.mention == "@SLTM"


async def test_each_step_is_told_when_it_is_due_and_once(climb: Climb) -> None:
    assert await climb.walk(timedelta(minutes=9)) == []
    assert await climb.walk(timedelta(minutes=1)) == ["ladder/2/ULENA"]
    assert await climb.walk() == []
    assert await climb.walk(TEN) == ["ladder/3/URAJ"]
    assert await climb.walk(TEN) == [] and [names for names, _ in climb.phone.told] == [("PHONE_BRIDGE_URL",)]
    assert climb.told() == ["group", "ULENA", "URAJ", "PHONE_BRIDGE_URL"]


async def test_acknowledging_stops_what_is_pending(climb: Climb) -> None:
    await climb.walk(TEN)
    await climb.world.escalations.acknowledge(1, by="ULENA")

    assert [await climb.walk(TEN) for _ in range(5)] == [[]] * 5
    assert climb.told() == ["group", "ULENA"] and climb.phone.told == []
    assert climb.run.state is RunState.ACKNOWLEDGED


async def test_what_was_queued_for_slack_is_not_sent_after_the_acknowledgement(climb: Climb) -> None:
    """grafana/oncall #4654: people were still called, because their messages were queued."""
    climb.world.clock.advance(TEN.total_seconds())
    await climb.world.rooms.walker.turn()
    assert climb.world.owed_keys("ladder/%") == ["ladder/2/ULENA"]
    await climb.world.escalations.acknowledge(1, by="URAJ")

    assert climb.deliver() == [] and climb.world.owed_keys("ladder/%") == []
    assert [step.state for step in climb.run.steps[1:]] == [StepState.STOPPED] * 3


async def test_a_message_under_way_to_slack_is_not_tried_again(climb: Climb) -> None:
    """Slack said "later" to it, and the acknowledgement came meanwhile."""
    climb.world.clock.advance(TEN.total_seconds())
    await climb.world.rooms.walker.turn()
    [message] = [each for each in climb.world.owed.due(climb.world.clock()) if each.key == "ladder/2/ULENA"]
    assert climb.world.owed.sending(message, "")
    await climb.world.escalations.acknowledge(1, by="URAJ")
    climb.world.owed.later(message, due_at=climb.world.clock(), reason="rate limited")

    assert climb.deliver() == []
    assert climb.run.steps[1].state is StepState.STOPPED


async def test_a_step_that_fails_goes_on_to_the_next_at_once(climb: Climb) -> None:
    climb.refusals["ULENA"] = "user_disabled"

    assert await climb.walk(TEN) == ["ladder/3/URAJ"]
    lena = climb.run.steps[1]
    assert (lena.state, lena.failure) == (StepState.FAILED, Failure(FailureKind.PERSON_GONE, "user_disabled"))
    assert climb.plan() == [("PHONE_BRIDGE_URL", "10:34")]


async def test_waits_are_kept_when_a_step_comes_late(climb: Climb) -> None:
    """grafana/oncall #934: waits were skipped when a new step came."""
    await climb.walk(timedelta(minutes=17))

    assert climb.told() == ["group", "ULENA"]
    assert climb.run.steps[1].late
    assert climb.plan() == [("URAJ", "10:41"), ("PHONE_BRIDGE_URL", "10:51")]


async def test_asleep_for_a_day_nobody_is_told_five_times_in_a_second(climb: Climb) -> None:
    await climb.walk(timedelta(days=1))
    assert climb.told() == ["group", "ULENA"]
    await climb.walk(TEN)
    await climb.walk(TEN)

    assert climb.told() == ["group", "ULENA", "URAJ", "PHONE_BRIDGE_URL"]
    assert [step.late for step in climb.run.steps] == [False, True, False, False]


async def test_somebody_away_is_asked_later_in_the_order() -> None:
    climb = Climb()
    climb = await climb.begun()
    climb.world.people.away["ULENA"] = "on vacation"
    assert await climb.walk(TEN) == ["ladder/3/URAJ"]

    assert climb.plan() == [("PHONE_BRIDGE_URL", "10:34"), ("ULENA", "10:44")]
    await climb.walk(TEN)
    assert await climb.walk(TEN) == ["ladder/2/ULENA"]


async def test_whom_the_ladder_reached_may_acknowledge_and_nobody_else(climb: Climb) -> None:
    climb.world.people.management = frozenset({"UBOSS"})
    with pytest.raises(NotInGroup):
        await climb.world.escalations.acknowledge(1, by="ULENA")
    await climb.walk(TEN)
    with pytest.raises(NotInGroup):
        await climb.world.escalations.acknowledge(1, by="URAJ")

    assert (await climb.world.escalations.acknowledge(1, by="ULENA")).acknowledged_by == "ULENA"


async def test_a_repeat_keeps_its_wait_and_ends() -> None:
    """Nothing is told more often than it is said, also where every step fails."""
    ladder = replace(DAY, steps=(GROUP, LadderStep(WayKind.DM, TEN, ("ULENA",)), PHONE), repeat_from=2, repeats=2)
    climb = await Climb(ladder).begun()
    climb.refusals["ULENA"] = "user_disabled"
    climb.phone.outcome = TellingOutcome(failure=Failure(FailureKind.UNREACHABLE))
    for minutes in range(60):
        await climb.walk(timedelta(minutes=1))
        assert len(climb.phone.told) <= 1 + minutes // 10

    assert len(climb.phone.told) == 3 and climb.run.state is RunState.ENDED
    assert climb.world.owed_keys("ladder_end/%") == ["ladder_end/1/3"]


def briefed(climb: Climb) -> NextStepKind:
    """What a briefing says that INV-1 needs next."""
    world = climb.world
    return world.rooms.gatherer.next_steps([world.investigations.get(1)])[1].step


async def test_at_its_end_the_card_says_to_call_somebody(climb: Climb) -> None:
    """The briefing as well, until somebody answers all the same; before that they say who was asked last."""
    world = climb.world
    for _ in range(3):
        await climb.walk(TEN)
        assert world.rooms.above(1).unanswered_since is None
    assert briefed(climb) is NextStepKind.MANAGEMENT
    await climb.walk(TEN)
    step = next_step(situation(world.evidence.overview(1), world.rooms.above(1)))
    assert step and step.words.startswith("call management yourself: nobody had answered by <!date")
    assert briefed(climb) is NextStepKind.CALL

    await world.escalations.acknowledge(1, by="ULENA")
    assert world.rooms.above(1).unanswered_since is None


async def test_hours_and_priorities_choose_the_ladder() -> None:
    night = Ladder("night", (PHONE,), when=When.OUTSIDE, priorities=frozenset({"P0"}))
    settings = LadderSettings(HOURS, ladders=(night, DAY))
    late = await Climb(settings=settings, at=DAY_END).begun(priority="P0")
    assert late.run.ladder == "night"
    assert (await Climb(settings=settings, at=DAY_END).begun(priority="P1")).run.ladder == "day"
    assert (await Climb(settings=settings).begun(priority="P0")).run.ladder == "day"


DAY_END = Climb().at.replace(hour=20)


async def test_who_is_waited_for_and_since_when(climb: Climb) -> None:
    """All of management first, then whoever was asked last; nobody once it is answered."""
    assert climb.world.rooms.above(1).waits_for == ""
    await climb.walk(TEN)
    above = climb.world.rooms.above(1)
    assert (above.waits_for, above.waits_for_since) == ("<@ULENA>", climb.world.clock())
    await climb.world.escalations.acknowledge(1, by="URAJ")
    assert climb.world.rooms.above(1).waits_for == ""


async def test_the_longest_ladder_still_has_its_buttons() -> None:
    """Names and reasons are text from outside."""
    hostile = "<!channel> *x* " * 9
    steps = [
        LadderStep(WayKind.MAIL, TEN, (f"{'a' * 200}{n}@example.com",) * 20, title=hostile[:60]) for n in range(20)
    ]
    climb = await Climb(Ladder("day", (GROUP, *steps), asks_outside_hours=True)).begun()
    climb.phone.outcome = TellingOutcome(failure=Failure(FailureKind.REFUSED, hostile * 20), sure=False)
    for _ in range(12):
        await climb.walk(TEN)
        shown = cards.post(climb.world.escalations.posted(1))
        assert broken_by_message(shown) == [] and "<!channel>" not in str(shown)


async def test_some_of_those_told_together_have_left() -> None:
    """The others are told, and the post says that not everybody was."""
    both = LadderStep(WayKind.DM, TEN, ("ULENA", "URAJ"), all_at_once=True)
    climb = await Climb(Ladder("day", (GROUP, both))).begun()
    climb.world.people.nobodies = frozenset({"ULENA"})
    assert await climb.walk(TEN) == ["ladder/2/URAJ"]

    assert climb.run.steps[1].state is StepState.TOLD
    assert climb.run.steps[1].failure == Failure(FailureKind.PERSON_GONE)


@pytest.mark.parametrize(
    ("people", "refused", "says"),
    [
        (("ULENA",), (), "Its only step was taken."),
        (("ULENA",), ("ULENA",), "Its only step reached nobody."),
        (("ULENA", "URAJ"), ("ULENA",), "All 2 steps were taken; 1 of them reached nobody."),
        (("ULENA", "URAJ"), ("ULENA", "URAJ"), "None of its 2 steps reached anybody."),
    ],
)
async def test_its_end_says_who_was_not_reached(people: tuple[str, ...], refused: tuple[str, ...], says: str) -> None:
    """Whoever reads it calls somebody else."""
    ladder = Ladder("day", (LadderStep(WayKind.DM, TEN, people),))
    climb = await Climb(ladder, refusals=dict.fromkeys(refused, "user_disabled")).begun()
    for _ in range(6):
        await climb.walk(TEN)

    assert climb.run.state is RunState.ENDED
    assert says in end(climb.world.escalations.posted(1)).text
