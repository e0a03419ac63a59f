"""An investigation belongs to the team of its target, and can be moved whole to the other one."""

import asyncio

import pytest

from bot.errors import BadInput
from bot.escalations.model import EscalationDraft
from bot.field_limits import TooLong
from bot.investigations import move_cards
from bot.investigations.model import EventKind, card_key
from bot.investigations.moving import CannotMove, ThereAlready
from bot.people import NotTier2
from bot.tickets.collection import LinkState
from tests.fake_desk import ticket
from tests.world import US_EAST, World

DRAFT = EscalationDraft("logins fail", "09:00", "31 tickets", "", "a decision")


@pytest.fixture
async def there() -> World:
    """INV-1 about U.S. East, of T2 Tech, with its card in Slack; UKIM owns it and is of no other team."""
    world = World()
    world.people.also = {}
    assert world.desk
    world.desk.found = [ticket(7, world.clock())]
    await world.opened(US_EAST, by="UKIM")
    await world.desk_settled()
    await world.probed()
    world.sent(card_key(1), "1.1")
    return world


async def test_whoever_opens_the_other_teams_investigation_helps() -> None:
    """Nobody of that team has it yet; Tier 1 opens and helps nobody."""
    world = World()
    world.people.also = {}
    helped = await world.opened(US_EAST, by="UANA")
    owned = await world.opened(by="UANA")

    assert (helped.owner, helped.helpers) == (None, ("UANA",))
    assert (owned.owner, owned.helpers) == ("UANA", ())


async def test_somebody_of_both_teams_owns_what_they_open() -> None:
    world = World()
    world.people.also = {"UANA": ("tech",)}
    assert (await world.opened(US_EAST, by="UANA")).owner == "UANA"


async def test_all_of_it_goes_to_the_other_channel(there: World) -> None:
    """The record, the card, the cards in its thread, and what is said from now on; the old card leads there."""
    await there.escalations.escalate(1, DRAFT, by="UKIM")
    there.sent("escalation/1", "1.5")
    moved = await there.moves.move(1, "cs", note="Android only", by="UJO")
    await there.evidence.decide(1, [7], LinkState.CONFIRMED, by="UANA")
    channels = there.database.rows("SELECT key, channel FROM messages WHERE thread_key = ?", card_key(1))

    assert (moved.channel, moved.team) == ("CCS", "cs")
    assert {row["channel"] for row in channels} == {"CCS"}
    assert {"tickets/1", "escalation/1", "moved/1"} <= {row["key"] for row in channels}
    left = there.database.rows("SELECT key, view FROM messages WHERE sent_as <> '' AND view = ?", "investigation_moved")
    assert sorted(row["key"].split("/", 2)[2] for row in left) == ["escalation/1", "investigation/1"]
    assert there.owed.key_at("C1", "1.1") == card_key(1)
    event = there.evidence.overview(1).last(EventKind.MOVED)
    assert event and (event.text, event.actor) == ("to T2 CS: Android only", "UJO")


async def test_owner_stays_only_where_they_are_of_the_new_team(there: World) -> None:
    """Else they help, and no one has picked it up; the new thread says so once."""
    moved = await there.moves.move(1, "cs", note="", by="UJO")
    assert (moved.owner, moved.helpers) == (None, ("UKIM",))
    first = move_cards.moved_here(there.moves.get(1), there.evidence.overview(1), "T2 CS").text
    assert "<@UKIM>: <@UJO> moved INV-1 to T2 CS." in first
    assert first.endswith("<@UKIM> is a helper now. <!subteam^SCS>, no one has picked it up.")

    there.people.also = {"UANA": ("tech",)}
    await there.investigations.claim(1, by="UANA")
    back = await there.moves.move(1, "tech", note="", by="UANA")
    assert (back.owner, back.channel) == ("UANA", "CTECH")
    assert there.moves.get(2).called == ""


async def test_acknowledged_escalation_stays_where_it_was(there: World) -> None:
    """Management is called once; an old post has nothing to press."""
    escalation = await there.escalations.escalate(1, DRAFT, by="UKIM")
    there.sent("escalation/1", "1.5")
    await there.escalations.acknowledge(escalation.id, by="ULENA")
    await there.moves.move(1, "cs", note="", by="UJO")

    assert there.owed.place_of("escalation/1") == ("C1", "1.5")


async def test_moved_twice_and_back(there: World) -> None:
    for number, team in enumerate(("cs", "tech", "cs"), 2):
        await there.moves.move(1, team, note="", by="UKIM")
        there.sent(card_key(1), f"{number}.1")

    assert len(there.owed.roots_of(card_key(1))) == 4
    assert there.investigations.get(1).channel == "CCS"
    assert there.moves.others(1)[0].title == "T2 Tech"


async def test_two_who_press_at_once_move_it_once(there: World) -> None:
    done = await asyncio.gather(
        *(there.moves.move(1, "cs", note="", by=user) for user in ("UKIM", "UJO")), return_exceptions=True
    )

    assert sum(isinstance(each, ThereAlready) for each in done) == 1
    assert there.owed_keys("moved/%") == ["moved/1"]


async def test_bot_that_can_not_post_there_changes_nothing(there: World) -> None:
    there.barred["CCS"] = "Invite me."
    with pytest.raises(CannotMove, match="INV-1 stays here: I can't write in the channel of T2 CS"):
        await there.moves.move(1, "cs", note="", by="UKIM")

    assert there.investigations.get(1).channel == "C1"
    assert there.owed.place_of(card_key(1)) == ("C1", "1.1")


async def test_who_may_move_what(there: World) -> None:
    with pytest.raises(NotTier2):
        await there.moves.move(1, "cs", note="", by="UTOM")
    with pytest.raises(TooLong):
        await there.moves.move(1, "cs", note="x" * 5000, by="UKIM")
    with pytest.raises(BadInput, match="no longer configured"):
        await there.moves.move(1, "web", note="", by="UKIM")
    with pytest.raises(ThereAlready):
        await there.moves.move(1, "tech", note="", by="UKIM")
    await there.investigations.dismiss(1, reason="x", by="UKIM")
    with pytest.raises(BadInput, match="Reopen"):
        await there.moves.move(1, "cs", note="", by="UKIM")


async def test_what_was_never_posted_is_posted_in_the_other_channel_only() -> None:
    world = World()
    await world.opened(US_EAST, by="UKIM")
    await world.moves.move(1, "cs", note="", by="UKIM")

    assert world.database.column("SELECT DISTINCT channel FROM messages") == ["CCS"]
    assert world.owed_keys("left/%") == []


async def test_escalation_that_no_channel_took_is_posted_in_the_new_one(there: World) -> None:
    """The ladder had given its message up, and went on; whoever is told next is given the new address."""
    escalation = await there.escalations.escalate(1, DRAFT, by="UKIM")
    message = next(each for each in there.owed.due(there.clock()) if each.key == "escalation/1")
    there.owed.refused(message, "the channel is archived", "is_archived")
    there.owed.withdraw("escalation/1")
    await there.moves.move(1, "cs", note="", by="UJO")
    there.sent(card_key(1), "2.1")

    assert "escalation/1" in [each.key for each in there.owed.due(there.clock())]
    assert there.escalations.posted(escalation.id).investigation.channel == "CCS"


async def test_what_was_left_on_its_way_settles_nothing(there: World) -> None:
    """The old channel refuses the post in the moment of the move: the new one is not given up for it."""
    await there.escalations.escalate(1, DRAFT, by="UKIM")
    message = next(each for each in there.owed.due(there.clock()) if each.key == "escalation/1")
    there.owed.sending(message, "")
    await there.moves.move(1, "cs", note="", by="UJO")
    there.owed.refused(message, "the channel is archived", "is_archived")
    there.sent(card_key(1), "2.1")

    assert "escalation/1" in [each.key for each in there.owed.due(there.clock())]
