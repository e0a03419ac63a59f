"""What answers do to a ladder: acknowledged, asked, taken back, handed back, and no answer at all."""

import asyncio
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from bot.errors import BadInput, NotAllowed, NotFound
from bot.escalations.ladder_cards import answer, still_on_it, waits
from bot.escalations.ladder_model import LadderSettings, LadderStep, RunState, StepState
from bot.escalations.service import StillWaiting, Withdrawn
from bot.investigations.cards import notice
from bot.investigations.model import EventKind, Move, State
from bot.people import NotInGroup
from bot.slack.text import clock_time
from tests.escalations.climbing import DAY, GROUP, HOURS, PHONE, TEN, Climb, others_run
from tests.fake_people import FakePeople

HOUR = timedelta(hours=1)


@pytest.fixture
async def climb() -> Climb:
    return await Climb().begun()


async def test_a_question_stops_the_ladder_until_it_is_answered(climb: Climb) -> None:
    """Then whoever asked has the wait of the next step, and the others are called after that."""
    await climb.walk(TEN)
    await climb.world.escalations.ask(1, "How many business customers?", by="ULENA")
    assert await climb.walk(timedelta(minutes=40)) == [] and climb.run.state is RunState.PAUSED

    climb.world.evidence.note(1, "About 12.", by="UKIM")
    assert climb.plan() == [("URAJ", "11:14"), ("PHONE_BRIDGE_URL", "11:24")]
    assert await climb.walk(TEN) == ["ladder/3/URAJ"]


async def test_whoever_asked_is_told_of_the_answer_once(climb: Climb) -> None:
    """They were asked in their direct messages, and read the thread only when something calls them."""
    await climb.walk(TEN)
    await climb.world.escalations.ask(1, "How many business customers?", by="ULENA")
    climb.world.evidence.note(1, "About 12.", by="UKIM")
    climb.world.evidence.note(1, "Another thing.", by="UKIM")
    await climb.world.escalations.acknowledge(1, by="ULENA")
    climb.world.evidence.note(1, "And another.", by="UKIM")

    rows = climb.world.database.rows("SELECT record_id FROM messages WHERE view = 'told' ORDER BY id")
    events = [event for row in rows if (event := climb.world.evidence.event(row["record_id"]))]
    texts = [shown.text for event in events if (shown := notice(event, climb.world.evidence.overview(1)))]
    assert [text for text in texts if "question" in text] == [
        ":speech_balloon: <@ULENA>, <@UKIM> answered your question about INV-1:\n>About 12."
    ]


async def test_those_who_were_told_read_that_somebody_asked(climb: Climb) -> None:
    """Until others are told; nobody who asked reads that nobody has answered."""
    world = climb.world
    await climb.walk(TEN)
    assert waits(world.escalations.posted(1)) == "nobody has answered yet"
    await world.escalations.ask(1, "How many business customers?", by="ULENA")
    asked = waits(world.escalations.posted(1))
    assert asked.startswith("<@ULENA> asked ") and "answered" not in asked
    world.evidence.note(1, "About 12.", by="UKIM")
    assert waits(world.escalations.posted(1)) == f"{asked}, answered in the thread"
    await climb.walk(TEN)
    assert waits(world.escalations.posted(1)) == "nobody has answered yet"


async def test_the_question_says_since_when_there_is_no_news(climb: Climb) -> None:
    """By what anybody did last, which the acknowledgement is only at first."""
    world = climb.world
    await world.escalations.acknowledge(1, by="ULENA")
    await climb.walk(TEN)
    world.evidence.note(1, "The provider is on it.", by="UKIM")
    noted = world.clock()
    await climb.walk(HOUR)
    await climb.walk()

    assert f"no news since {clock_time(noted)}." in str(still_on_it(world.escalations.posted(1)).blocks)


async def test_what_whoever_asked_says_themselves_is_no_answer(climb: Climb) -> None:
    await climb.world.escalations.ask(1, "How many?", by="ULENA")
    climb.world.evidence.note(1, "I have called them.", by="ULENA")

    assert climb.run.state is RunState.PAUSED


async def test_a_question_that_nobody_answers_is_said_once_more(climb: Climb) -> None:
    await climb.world.escalations.ask(1, "How many?", by="ULENA")
    assert await climb.walk(HOUR) == ["ladder_question/1/1"]

    assert await climb.walk(HOUR) == []


async def test_a_question_keeps_whoever_was_queued_for_later(climb: Climb) -> None:
    """Their message was not sent, so it is not left out either."""
    climb.world.clock.advance(TEN.total_seconds())
    await climb.world.rooms.walker.turn()
    await climb.world.escalations.ask(1, "How many?", by="URAJ")
    assert climb.deliver() == []

    climb.world.evidence.note(1, "12", by="UKIM")
    assert await climb.walk(TEN) == ["ladder/2/ULENA"]


async def test_taking_it_back_stops_everything(climb: Climb) -> None:
    """By whoever escalated it, or the owner; then it can be escalated again."""
    with pytest.raises(NotAllowed):
        await climb.world.escalations.take_back(1, by="ULENA")
    await climb.world.escalations.take_back(1, by="UKIM")
    await climb.world.escalations.take_back(1, by="UKIM")

    assert await climb.walk(timedelta(days=2)) == []
    assert climb.run.state is RunState.STOPPED and climb.world.investigations.get(1).state == "open"
    assert not climb.world.evidence.overview(1).waits_for_management
    with pytest.raises(Withdrawn, match="taken back"):
        await climb.world.escalations.acknowledge(1, by="ULENA")
    draft = climb.world.escalations.get(1).draft
    assert (await climb.world.escalations.escalate(1, draft, by="UKIM")).id == 2


async def test_what_is_answered_can_not_be_taken_back(climb: Climb) -> None:
    await climb.world.escalations.acknowledge(1, by="ULENA")
    with pytest.raises(BadInput, match="nothing to take back"):
        await climb.world.escalations.take_back(1, by="UKIM")


@pytest.mark.parametrize("ends", ["resolve", "dismiss", "hand off"])
async def test_an_investigation_that_needs_nobody_stops_its_ladder(climb: Climb, ends: str) -> None:
    service = climb.world.investigations
    if ends == "resolve":
        await service.resolve(1, root_cause="a bad router", workaround="", by="UKIM")
    elif ends == "dismiss":
        await service.dismiss(1, reason="one customer", by="UKIM")
    else:
        service.gone_to(1, Move.HAND_OFF, EventKind.HANDED_OFF, by="UKIM", text="a bug")

    assert await climb.walk(timedelta(days=2)) == []
    assert climb.run.state is RunState.STOPPED
    assert {step.state for step in climb.run.steps[1:]} == {StepState.STOPPED}


async def test_nobody_is_asked_about_what_was_sent_to_tier_3(climb: Climb) -> None:
    """It waits for development now: every place says so, and whoever needs management still can ask again."""
    world = climb.world
    await climb.walk(TEN)
    world.investigations.gone_to(1, Move.HAND_OFF, EventKind.HANDED_OFF, by="UKIM", text="a bug")

    assert not world.evidence.overview(1).waits_for_management
    assert await world.escalations.waiting_for("ULENA") == [] and world.escalations.unacknowledged() == []
    assert answer(world.escalations.posted(1)) == ":white_check_mark: No answer needed: INV-1 was sent to Tier 3."
    assert not world.escalations.linked(2).needed
    with pytest.raises(BadInput, match="needs no answer any more"):
        await world.escalations.may_ask(1, by="ULENA")
    with pytest.raises(BadInput, match="waits for no answer"):
        await world.escalations.take_back(1, by="UKIM")

    draft = (await world.escalations.prepare(1, by="UKIM")).draft
    assert (await world.escalations.escalate(1, replace(draft, needed="Call Telia"), by="UKIM")).id == 2
    assert world.evidence.overview(1).waits_for_management and world.escalations.get(1).withdrawn_at
    assert answer(world.escalations.posted(1)).endswith("INV-1 was escalated again.")


async def test_management_is_asked_although_a_vendor_is_too(climb: Climb) -> None:
    """The ladder goes on, every place says so, and it can be taken back."""
    world = climb.world
    await climb.walk(TEN)
    world.investigations.gone_to(1, Move.HAND_OFF, EventKind.VENDOR, by="UKIM", text="Telia")

    assert world.evidence.overview(1).waits_for_management and climb.plan()
    assert [one.id for one in await world.escalations.waiting_for("ULENA")] == [1]
    assert len(world.escalations.unacknowledged()) == 1 and world.escalations.linked(2).needed
    assert answer(world.escalations.posted(1)) == ""
    with pytest.raises(StillWaiting):
        await world.escalations.prepare(1, by="UKIM")

    await world.escalations.take_back(1, by="UKIM")
    assert world.investigations.get(1).state is State.HANDED_OFF and climb.run.state is RunState.STOPPED
    assert not world.evidence.overview(1).waits_for_management


async def test_what_was_acknowledged_and_sent_to_tier_3_is_handed_back_to_nobody(climb: Climb) -> None:
    """Development has it; no ladder begins again."""
    world = climb.world
    await world.escalations.acknowledge(1, by="ULENA")
    world.investigations.gone_to(1, Move.HAND_OFF, EventKind.HANDED_OFF, by="UKIM", text="a bug")
    await world.escalations.hand_back(1, by="ULENA")

    assert await climb.walk(timedelta(days=2)) == [] and climb.run.state is RunState.STOPPED
    assert world.escalations.get(1).acknowledged_by == "ULENA"


async def test_a_signed_link_acknowledges_in_the_name_of_its_way(climb: Climb) -> None:
    """Nobody knows who read the mail or picked up the phone."""
    await climb.walk(TEN)
    await climb.walk(TEN)
    await climb.walk(TEN)
    with pytest.raises(NotFound):
        await climb.world.escalations.acknowledge_by_link(99)
    escalation = await climb.world.escalations.acknowledge_by_link(4)

    assert (escalation.acknowledged_by, escalation.acknowledged_via) == ("", "phone bridge")
    assert climb.run.state is RunState.ACKNOWLEDGED
    assert (await climb.world.escalations.acknowledge_by_link(4)).acknowledged_at == escalation.acknowledged_at


async def test_a_link_of_a_step_that_was_not_told_is_none(climb: Climb) -> None:
    with pytest.raises(NotFound):
        await climb.world.escalations.acknowledge_by_link(4)


async def test_an_acknowledgement_expires_without_news(climb: Climb) -> None:
    """Whoever gave it is asked, alone; without an answer the ladder begins again, and whoever escalated hears of it."""
    await climb.world.escalations.acknowledge(1, by="ULENA")
    climb.deliver()
    [asked] = await climb.walk(HOUR)
    assert climb.world.place(asked).channel == "ULENA"

    taken = await climb.walk(TEN)
    assert climb.run.state is RunState.RUNNING and climb.run.round == 2
    assert "ladder/5/group" in taken and climb.plan()[0] == ("ULENA", "11:34")
    assert climb.world.escalations.get(1).acknowledged_at is None
    assert climb.world.kinds(1)[-1] == "lapsed" and climb.world.evidence.overview(1).waits_for_management


async def test_news_keep_an_acknowledgement(climb: Climb) -> None:
    await climb.world.escalations.acknowledge(1, by="ULENA")
    climb.world.clock.advance(hours=0.75)
    climb.world.evidence.note(1, "Harbor looks into it", by="UKIM")

    assert await climb.walk(timedelta(minutes=30)) == []
    assert len(await climb.walk(timedelta(minutes=30))) == 1


async def test_still_on_it(climb: Climb) -> None:
    await climb.world.escalations.acknowledge(1, by="ULENA")
    await climb.walk(HOUR)
    with pytest.raises(NotAllowed):
        await climb.world.escalations.still_on_it(1, by="URAJ")
    await climb.world.escalations.still_on_it(1, by="ULENA")

    assert await climb.walk(timedelta(minutes=59)) == []
    assert len(await climb.walk(timedelta(minutes=1))) == 1


async def test_handed_back_the_ladder_begins_again_at_once(climb: Climb) -> None:
    await climb.world.escalations.acknowledge(1, by="ULENA")
    await climb.walk(HOUR)
    await climb.world.escalations.hand_back(1, by="ULENA")

    assert "ladder/5/group" in await climb.walk()
    assert climb.world.kinds(1)[-1] == "handed_back"
    with pytest.raises(BadInput):
        await climb.world.escalations.still_on_it(1, by="ULENA")


async def test_an_older_acknowledgement_does_not_come_back(climb: Climb) -> None:
    """A later escalation of the same investigation is under way."""
    await climb.world.escalations.acknowledge(1, by="ULENA")
    draft = climb.world.escalations.get(1).draft
    await climb.world.escalations.escalate(1, draft, by="UKIM")
    await climb.world.escalations.hand_back(1, by="ULENA")

    assert climb.run.state is RunState.STOPPED
    assert climb.world.escalations.get(1).acknowledged_by == "ULENA"


async def test_without_ladders_nothing_expires_and_nothing_ends() -> None:
    """As it was before there were any."""
    climb = await Climb(settings=LadderSettings(HOURS)).begun()
    assert await climb.walk(timedelta(days=3)) == [] and climb.plan() == []
    await climb.world.escalations.acknowledge(1, by="ULENA")
    assert await climb.walk(timedelta(days=3)) == []


async def test_a_guest_who_was_reached_is_nobody(climb: Climb) -> None:
    climb.world.people.management = frozenset()
    await climb.walk(TEN)
    climb.world.people.nobodies = frozenset({"ULENA"})
    with pytest.raises(NotInGroup):
        await climb.world.escalations.acknowledge(1, by="ULENA")


@dataclass
class SlowPeople(FakePeople):
    """Answers after as many turns of the event loop as a test wants."""

    turns: Callable[[], int] = lambda: 0

    async def managers(self) -> frozenset[str]:
        for _ in range(self.turns()):
            await others_run()
        return await super().managers()

    async def named(self, people: Sequence[str]) -> frozenset[str]:
        for _ in range(self.turns()):
            await others_run()
        return await super().named(people)


def as_before(climb: Climb) -> None:
    """The same step is due again, and nobody has acknowledged."""
    database = climb.world.database
    due_at = climb.world.clock() + TEN
    database.run("UPDATE escalations SET acknowledged_at = NULL, acknowledged_by = NULL")
    database.run("UPDATE ladder_runs SET state = 'running', next_at = NULL")
    database.run(
        """UPDATE ladder_steps SET state = 'planned', next_at = ?, told_at = NULL, ended_at = NULL, reached = '[]',
           waiting = '[]' WHERE is_post = 0""",
        due_at,
    )
    database.run("DELETE FROM messages WHERE key LIKE 'ladder/%' OR key LIKE 'told/%'")
    database.run("DELETE FROM events WHERE kind = 'acknowledged'")
    climb.phone.told.clear()


@pytest.mark.parametrize("second", [DAY.steps[1], PHONE], ids=["in Slack", "outside"])
async def test_an_acknowledgement_and_a_due_step_never_both_win(second: LadderStep) -> None:
    """1,000 times in all: whichever comes first in the database, the other sees it."""
    climb, dice, won = await Climb(replace(DAY, steps=(GROUP, second))).begun(), random.Random(1), [0, 0]
    people = SlowPeople(turns=lambda: dice.randrange(4))
    for service in (climb.world.rooms.walker, climb.world.rooms.ladders, climb.world.escalations):
        service._records = replace(service._records, people=people)
    for _ in range(500):
        climb.world.clock.advance(TEN.total_seconds())
        acknowledging = asyncio.create_task(climb.world.escalations.acknowledge(1, by="URAJ"))
        await asyncio.gather(climb.world.rooms.walker.turn(), acknowledging)
        calls_then = len(climb.phone.told)
        await climb.world.tasks.idle()
        sent = [key for key in climb.deliver() if key.startswith("ladder/")]
        begun = len(climb.run.begun) - 1
        won[begun] += 1
        assert sent == [], "told in Slack after the acknowledgement"
        assert len(climb.phone.told) == calls_then <= begun, "called after it"
        assert not climb.run.planned and climb.run.state is RunState.ACKNOWLEDGED
        as_before(climb)
    assert min(won) > 50, "both come first now and then"
