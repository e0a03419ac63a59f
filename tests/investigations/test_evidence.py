"""Notes, pinned messages and tickets on the timeline."""

import pytest

from bot.errors import BadInput, NotFound
from bot.investigations.model import Source
from bot.people import NotTier2
from bot.tickets.collection import LinkState
from tests.fake_desk import ticket
from tests.world import World

MESSAGE = Source("C1", "5.5", author="UTOM", text="it is the DNS", permalink="https://slack.test/p5")


@pytest.fixture
async def world() -> World:
    world = World()
    await world.opened()
    return world


def texts(world: World) -> list[str]:
    return [event.text for event in world.evidence.overview(1).events[1:]]


@pytest.mark.parametrize("words", ["", " ", "\n\t"])
async def test_note_needs_words(world: World, words: str) -> None:
    """An empty note says nothing to anybody."""
    with pytest.raises(BadInput, match="needs words"):
        world.evidence.note(1, words, by="UKIM")

    assert texts(world) == []


async def test_note_on_an_unknown_investigation(world: World) -> None:
    """There is nothing to put it on."""
    with pytest.raises(NotFound):
        world.evidence.note(9, "x", by="UKIM")


async def test_message_is_added_once(world: World) -> None:
    """A pin and a :pushpin: on the same message are one line."""
    assert world.evidence.add_message(1, MESSAGE, by="UKIM")
    assert not world.evidence.add_message(1, MESSAGE, by="UJO")

    assert texts(world) == ["it is the DNS"]


async def test_edit_of_a_pinned_message_is_followed(world: World) -> None:
    """The timeline shows what the message says now, and the card is shown again."""
    world.evidence.add_message(1, MESSAGE, by="UKIM")
    before = world.wanted("investigation/1")
    world.evidence.message_edited(Source("C1", "5.5", text="it was the DNS"))

    assert texts(world) == ["it was the DNS"]
    assert world.wanted("investigation/1") == before + 1


async def test_removal_hides_the_line_and_pinning_again_brings_it_back(world: World) -> None:
    """What was unpinned is no evidence; pinned again it stands there once."""
    world.evidence.add_message(1, MESSAGE, by="UKIM")
    world.evidence.message_removed(Source("C1", "5.5"))
    assert texts(world) == []
    world.evidence.add_message(1, MESSAGE, by="UKIM")

    assert texts(world) == ["it is the DNS"]


async def test_edits_of_other_messages_change_nothing(world: World) -> None:
    """Every edit in the channel comes by here; most are nobody's business."""
    before = world.wanted("investigation/1")
    world.evidence.message_edited(Source("C1", "6.6", text="x"))
    world.evidence.message_removed(Source("C2", "5.5"))

    assert (texts(world), world.wanted("investigation/1")) == ([], before)


async def test_only_tier_2_decides_about_tickets(world: World) -> None:
    """Tags in Zendesk are theirs."""
    with pytest.raises(NotTier2):
        await world.evidence.decide(1, [1], LinkState.CONFIRMED, by="UTOM")


async def test_named_tickets_are_added_and_unknown_ones_reported(world: World) -> None:
    """Links are read by number, since the search lags behind."""
    assert world.desk
    world.desk.hidden = [ticket(4711, world.clock())]
    missing = await world.evidence.add_tickets(1, [4711, 9], by="UTOM")
    collected = world.tickets.of(1)

    assert missing == [9]
    assert collected and [each.ticket_id for each in collected.confirmed] == [4711]
    assert texts(world) == ["confirmed #4711"]


async def test_deciding_again_is_no_second_line(world: World) -> None:
    """Two people who press Confirm have confirmed once."""
    assert world.desk
    world.desk.hidden = [ticket(1, world.clock())]
    await world.evidence.add_tickets(1, [1], by="UKIM")
    assert await world.evidence.decide(1, [1, 2], LinkState.CONFIRMED, by="UJO") == []

    assert texts(world) == ["confirmed #1"]


async def test_many_tickets_are_one_short_line(world: World) -> None:
    """A hundred numbers are counted, not listed."""
    assert world.desk
    world.desk.hidden = [ticket(number, world.clock()) for number in range(1, 101)]
    await world.evidence.add_tickets(1, range(1, 101), by="UKIM")

    (line,) = texts(world)
    assert line.endswith("#20 and 80 more")
