"""Copies of stories on their way into a tracker that answers, fails, and loses answers."""

import pytest

from bot.exports.service import CopyThere, NoIssue
from bot.exports.tracker_copy import CopyState, FilledIn
from bot.field_limits import TooLong
from bot.investigations.card import card
from bot.people import NotTier2
from tests.eventually import eventually
from tests.fake_tracker import down, issue
from tests.world import US_EAST, World

NOTHING = FilledIn()


async def about_an_issue() -> World:
    """INV-1 is about app#31."""
    world = World()
    world.known.intake.applied("app", world.tracker.put(issue(31, "Calls stutter")), cursor="1")
    await world.opened(US_EAST, symptom="calls stutter")
    await world.knowledge.use(1, 1, by="UKIM")
    return world


async def worked_off(world: World) -> None:
    world.tasks.forever(world.rooms.copies.run, name="stories")
    await eventually(lambda: not world.rooms.copies._store.due(world.clock()))
    await world.tasks.drain(deadline_s=0)


def labels(world: World) -> list[str]:
    content = card(world.evidence.overview(1), world.rooms.above(1))
    return [each["text"]["text"] for each in content.blocks[-1]["elements"] if "text" in each]


async def test_it_is_a_comment_once_and_the_thread_and_the_timeline_say_so() -> None:
    world = await about_an_issue()
    await world.rooms.copies.send(1, 1, FilledIn(open_questions="Why no alert?"), by="UKIM")
    assert world.tracker.comments == {}, "the record first"
    await worked_off(world)

    ((key, text),) = world.tracker.comments.values()
    assert key == "app#31" and text.startswith("## INV-1: U.S. East: calls stutter") and "Why no alert?" in text
    shown = world.rooms.copies.get(1)
    assert (shown.copy.state, shown.copy.url) == (CopyState.SENT, "https://tracker.test/31#comment")
    assert world.owed_keys("story-copy/%") == ["story-copy/1"]
    assert world.evidence.overview(1).events[-1].text == "app#31 has the story of this"


async def test_the_same_goes_once_and_what_changed_goes_again() -> None:
    world = await about_an_issue()
    await world.rooms.copies.send(1, 1, NOTHING, by="UKIM")
    with pytest.raises(CopyThere, match="on its way"):
        await world.rooms.copies.send(1, 1, NOTHING, by="UJO")
    await worked_off(world)
    with pytest.raises(CopyThere, match="exactly this already"):
        await world.rooms.copies.send(1, 1, NOTHING, by="UJO")
    await world.investigations.resolve(1, root_cause="a transit provider", workaround="", by="UKIM")
    await world.rooms.copies.send(1, 1, NOTHING, by="UJO")
    await worked_off(world)

    assert len(world.tracker.comments) == 2


async def test_a_tracker_that_is_down_gets_it_later() -> None:
    world = await about_an_issue()
    world.tracker.failure = down()
    await world.rooms.copies.send(1, 1, NOTHING, by="UKIM")
    await worked_off(world)
    copy = world.rooms.copies.get(1).copy
    assert (copy.state, copy.failure) == (CopyState.WANTED, "timed out") and copy.next_at

    world.tracker.failure = None
    with world.database.transaction():
        world.rooms.copies.answered("app", False)
    await worked_off(world)
    assert world.rooms.copies.get(1).copy.state is CopyState.SENT


async def test_what_a_tracker_refuses_waits_for_a_person() -> None:
    world = await about_an_issue()
    world.tracker.failure = down("403", retry=False)
    await world.rooms.copies.send(1, 1, NOTHING, by="UKIM")
    await worked_off(world)
    assert world.rooms.copies.get(1).copy.state is CopyState.FAILED

    world.tracker.failure = None
    with pytest.raises(NotTier2):
        await world.rooms.copies.retry(1, by="UTOM")
    await world.rooms.copies.retry(1, by="UJO")
    await worked_off(world)
    assert world.rooms.copies.get(1).copy.state is CopyState.SENT and world.tracker.hurried == 1


async def test_an_answer_that_is_lost_makes_no_second_comment() -> None:
    """The stamp stays the same, however often it is tried."""
    world = await about_an_issue()
    await world.rooms.copies.send(1, 1, NOTHING, by="UKIM")
    stamp = world.rooms.copies.get(1).copy.stamp
    await worked_off(world)
    world.database.run("UPDATE tracker_copies SET state = 'wanted', next_at = asked_at")
    await worked_off(world)

    assert list(world.tracker.comments) == [stamp] and world.tracker.tries == 2


async def test_without_an_issue_there_is_nowhere_to_send_it() -> None:
    world = World()
    await world.opened(US_EAST)

    with pytest.raises(NoIssue):
        await world.rooms.copies.prepare(1, by="UKIM")
    with pytest.raises(NoIssue):
        await world.rooms.copies.send(1, 1, NOTHING, by="UKIM")


async def test_only_an_issue_that_it_is_about_gets_it() -> None:
    world = await about_an_issue()
    world.known.intake.applied("app", world.tracker.put(issue(32, "Refunds")), cursor="2")

    with pytest.raises(NoIssue):
        await world.rooms.copies.send(1, 2, NOTHING, by="UKIM")


async def test_tier_2_alone_sends_it_and_no_text_is_too_long() -> None:
    world = await about_an_issue()

    with pytest.raises(NotTier2):
        await world.rooms.copies.send(1, 1, NOTHING, by="UTOM")
    with pytest.raises(TooLong):
        await world.rooms.copies.send(1, 1, FilledIn("x" * 3_000), by="UKIM")


async def test_the_card_offers_it_where_it_makes_sense() -> None:
    """Once it has ended, as long as the issue has no story."""
    world = await about_an_issue()
    story = "Send Story to Tracker…"
    assert story not in labels(world)
    await world.investigations.resolve(1, root_cause="a transit provider", workaround="", by="UKIM")
    assert story in labels(world)
    await world.rooms.copies.send(1, 1, NOTHING, by="UKIM")
    assert story not in labels(world)
