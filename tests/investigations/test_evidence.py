"""Notes, pinned messages and tickets on the timeline."""

import pytest

from bot.errors import BadInput, NotFound
from bot.investigations.evidence import TicketsKept
from bot.investigations.model import SourceMessage
from bot.people import NotTier2
from bot.tickets import cards as ticket_cards
from bot.tickets.collection import LinkState
from tests.fake_desk import ticket, unreachable
from tests.world import World

MESSAGE = SourceMessage("C1", "5.5", author="UTOM", text="it is the DNS", permalink="https://slack.test/p5")


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
    world.evidence.message_edited(SourceMessage("C1", "5.5", text="it was the DNS"))

    assert texts(world) == ["it was the DNS"]
    assert world.wanted("investigation/1") == before + 1


async def test_removal_hides_the_line_and_pinning_again_brings_it_back(world: World) -> None:
    """What was unpinned is no evidence; pinned again it stands there once."""
    world.evidence.add_message(1, MESSAGE, by="UKIM")
    world.evidence.message_removed(SourceMessage("C1", "5.5"))
    assert texts(world) == []
    world.evidence.add_message(1, MESSAGE, by="UKIM")

    assert texts(world) == ["it is the DNS"]


async def test_edits_of_other_messages_change_nothing(world: World) -> None:
    """Every edit in the channel comes by here; most are nobody's business."""
    before = world.wanted("investigation/1")
    world.evidence.message_edited(SourceMessage("C1", "6.6", text="x"))
    world.evidence.message_removed(SourceMessage("C2", "5.5"))

    assert (texts(world), world.wanted("investigation/1")) == ([], before)


async def test_only_tier_2_decides_about_tickets(world: World) -> None:
    """Tags in Zendesk are theirs."""
    with pytest.raises(NotTier2):
        await world.evidence.decide(1, [1], LinkState.CONFIRMED, by="UTOM")


async def test_named_tickets_are_added_and_unknown_ones_reported(world: World) -> None:
    """Links are read by number, since the search lags behind."""
    assert world.desk
    world.desk.hidden = [ticket(4711, world.clock())]
    named = await world.evidence.add_tickets(1, [4711, 9], by="UKIM")
    collected = world.tickets.of(1)

    assert (named.taken, named.missing, named.confirmed) == ((4711,), (9,), True)
    assert collected and [ticket.ticket_id for ticket in collected.confirmed] == [4711]
    assert texts(world) == ["confirmed #4711"]


async def test_tickets_that_others_name_are_suggestions(world: World) -> None:
    """Tier 2 decides: no tag, no count, and the list says who named them."""
    assert world.desk
    world.desk.hidden = [ticket(4711, world.clock())]
    named = await world.evidence.add_tickets(1, [4711, 9], by="UTOM")
    collected = world.tickets.of(1)
    await world.desk_settled()

    assert (named.taken, named.missing, named.confirmed) == ((4711,), (9,), False)
    assert collected and [(ticket.ticket_id, ticket.added_by) for ticket in collected.suggested] == [(4711, "UTOM")]
    assert texts(world) == ["suggested #4711"]
    assert world.desk.tags.get(4711, set()) == set()
    assert "named by <@UTOM>" in str(ticket_cards.card(collected, per_page=5).blocks)


async def test_what_was_ruled_out_is_not_suggested_again(world: World) -> None:
    """It is named with who ruled it out; Tier 2 can change their mind."""
    assert world.desk
    world.desk.hidden = [ticket(7, world.clock())]
    await world.evidence.add_tickets(1, [7], by="UKIM")
    await world.evidence.decide(1, [7], LinkState.REJECTED, by="UJO")
    by_tom = await world.evidence.add_tickets(1, [7], by="UTOM")
    by_kim = await world.evidence.add_tickets(1, [7], by="UKIM")

    assert (by_tom.taken, by_tom.ruled_out) == ((), {7: "UJO"})
    assert by_kim.taken == (7,)


async def test_confirm_all_takes_what_people_suggested_too(world: World) -> None:
    """What the card counts is what it confirms, also between two searches."""
    assert world.desk
    world.desk.hidden = [ticket(number, world.clock()) for number in (7, 8)]
    await world.desk_settled()
    world.clock.advance(10)
    await world.evidence.add_tickets(1, [7, 8], by="UTOM")
    collected = world.tickets.of(1)
    assert collected
    content = ticket_cards.card(collected, per_page=5)
    (every,) = [
        item
        for block in content.blocks
        for item in block.get("elements", [])
        if item.get("action_id") == "ticket_confirm_all"
    ]
    number, shown_at = ticket_cards.read_confirm_all_value(every["value"])

    assert every["text"]["text"] == "Confirm All 2" and every["confirm"]["title"]["text"] == "Confirm all 2?"
    assert await world.evidence.confirm_all(number, shown_at=shown_at, by="UKIM") == [7, 8]


@pytest.mark.parametrize(("by", "state"), [("UKIM", "confirmed"), ("UTOM", "suggested")])
async def test_naming_is_taken_back(world: World, by: str, state: str) -> None:
    """Tickets that were not there go, others are what they were; a second press finds nothing to do."""
    assert world.desk
    world.desk.found = [ticket(1, world.clock(), "App: login fails")]
    world.desk.hidden = [ticket(7, world.clock())]
    world.clock.advance(200)
    await world.desk_settled()
    named = await world.evidence.add_tickets(1, [1, 7], by=by)
    first = await world.evidence.undo_tickets(named.receipt, by=by)
    second = await world.evidence.undo_tickets(named.receipt, by=by)
    collected = world.tickets.of(1)

    assert sorted(first[0]) == sorted(named.taken) and second[0] == []
    assert collected and [(ticket.ticket_id, ticket.state) for ticket in collected.tickets] == [
        (1, LinkState.SUGGESTED)
    ]
    assert texts(world)[-1].startswith("took back #")


async def test_what_was_tagged_is_ruled_out_by_undoing(world: World) -> None:
    """The tag has to go from the desk, so the ticket stays known."""
    assert world.desk
    world.desk.hidden = [ticket(7, world.clock())]
    named = await world.evidence.add_tickets(1, [7], by="UKIM")
    await world.desk_settled()
    assert world.desk.tags[7] == {"inv-1"}
    await world.evidence.undo_tickets(named.receipt, by="UKIM")
    await world.desk_settled()

    assert world.desk.tags[7] == set()


async def test_undoing_leaves_what_others_decided(world: World) -> None:
    """Kim confirmed what Tom suggested; and only Tier 2 undoes for somebody else."""
    assert world.desk
    world.desk.hidden = [ticket(number, world.clock()) for number in (7, 8)]
    named = await world.evidence.add_tickets(1, [7, 8], by="UTOM")
    await world.evidence.decide(1, [7], LinkState.CONFIRMED, by="UKIM")
    with pytest.raises(NotTier2):
        await world.evidence.undo_tickets(named.receipt, by="URAJ")
    back, kept = await world.evidence.undo_tickets(named.receipt, by="UTOM")

    assert (back, kept) == ([8], [7])


async def test_tickets_are_removed(world: World) -> None:
    """By Tier 2, and by whoever suggested them as long as nobody decided; it can be undone."""
    assert world.desk
    world.desk.hidden = [ticket(number, world.clock()) for number in (7, 8, 9)]
    await world.evidence.add_tickets(1, [7], by="UKIM")
    await world.evidence.add_tickets(1, [8, 9], by="UTOM")
    with pytest.raises(NotTier2):
        await world.evidence.remove_tickets(1, [7, 8], by="UTOM")
    await world.evidence.remove_tickets(1, [8], by="UTOM")
    named = await world.evidence.remove_tickets(1, [7, 8, 55], by="UKIM")
    after = world.tickets.of(1)
    await world.evidence.undo_tickets(named.receipt, by="UKIM")
    undone = world.tickets.of(1)

    assert (named.taken, named.same, named.missing) == ((7,), (8,), (55,))
    assert after and [ticket.ticket_id for ticket in after.tickets] == [9]
    assert undone and [ticket.ticket_id for ticket in undone.confirmed] == [7]


async def test_suggestions_kept_while_the_desk_is_down_stay_suggestions(world: World) -> None:
    """Also where the person would be of Tier 2 by then; what is not there is on the record."""
    assert world.desk
    world.desk.hidden = [ticket(7, world.clock())]
    world.desk.down = unreachable()
    with pytest.raises(TicketsKept):
        await world.evidence.add_tickets(1, [7, 8], by="UTOM")
    world.desk.down = None
    world.clock.advance(60)
    await world.desk_settled()
    collected = world.tickets.of(1)

    assert collected and [ticket.ticket_id for ticket in collected.suggested] == [7]
    assert texts(world)[-2:] == ["suggested #7", "not in Zendesk, so left out: #8"]


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
