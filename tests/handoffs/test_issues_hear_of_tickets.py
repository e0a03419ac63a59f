"""Tickets that come and go after a handoff: the tracker's issue is told, once for all of some minutes."""

from dataclasses import replace

import pytest

from bot.handoffs import cards
from bot.handoffs.model import ErrandKind
from bot.handoffs.service import GATHERED
from bot.known_issues.model import IssueState
from bot.tickets.collection import LinkState
from tests.fake_tracker import down
from tests.handoffs.test_handoffs_that_go_astray import DRAFT, card_text, desk_of, done, handed, opened
from tests.world import US_WEST, World


def comments(world: World) -> list[str]:
    return [text for stamp, (_, text) in world.tracker.comments.items() if "tickets-" in stamp]


@pytest.fixture
async def world() -> World:
    """With Tier 3, which was told of the tickets 7 and 8; INV-2 is somewhere else."""
    made = await handed()
    await done(made)
    await made.opened(US_WEST)
    return made


async def later(world: World) -> None:
    world.clock.advance(GATHERED.total_seconds())
    await done(world)


async def test_a_ticket_that_was_moved_is_taken_off_in_the_issue_too(world: World) -> None:
    """With where it is now, and how many are left; the message about the handoff says so no more."""
    desk_of(world).put(9)
    await world.evidence.add_tickets(1, [9], by="UKIM")
    await world.evidence.move_tickets(1, 2, [8], by="UKIM")
    assert "Tier 3 was told of #8, taken off since" in card_text(world)
    await later(world)

    (text,) = comments(world)
    assert text.startswith("Support's INV-1 has 2 tickets about this now.\n\nNew:\n\n- [#9](")
    assert "Not about this after all:\n\n- [#8](" in text and text.endswith(", moved to INV-2")
    assert "told of #8" not in card_text(world)
    assert "Still linked to the problem ticket, and taken off: #8" in card_text(world)


async def test_what_changes_within_some_minutes_is_one_comment(world: World) -> None:
    """And what comes after it is another."""
    desk_of(world).put(9, 10, 11)
    for number in (9, 10):
        await world.evidence.add_tickets(1, [number], by="UKIM")
        world.clock.advance(60)
        await done(world)
    assert comments(world) == []
    await later(world)
    await world.evidence.add_tickets(1, [11], by="UKIM")
    await later(world)

    assert [text.count("- [#") for text in comments(world)] == [2, 1]


async def test_what_was_taken_back_meanwhile_is_told_to_nobody(world: World) -> None:
    """A ticket was rejected by mistake, and confirmed again."""
    await world.evidence.decide(1, [8], LinkState.REJECTED, by="UKIM")
    await world.evidence.decide(1, [8], LinkState.CONFIRMED, by="UKIM")
    await later(world)

    assert comments(world) == []
    assert not world.handoffs.overview(1).waiting


async def test_a_comment_whose_answer_was_lost_says_the_same_once(world: World) -> None:
    """What changed between the tries is told by the next one."""
    desk_of(world).put(9)
    await world.evidence.decide(1, [8], LinkState.REJECTED, by="UKIM")
    world.clock.advance(GATHERED.total_seconds())
    world.tracker.failure = down()
    await done(world)
    world.tracker.failure = None
    assert "telling the issue which tickets came and went has failed" in card_text(world)
    await world.evidence.add_tickets(1, [9], by="UKIM")
    await world.evidence.decide(1, [8], LinkState.CONFIRMED, by="UKIM")
    world.clock.advance(60)
    await done(world)
    await later(world)

    assert [("#8" in text, "#9" in text) for text in comments(world)] == [(True, False), (True, True)]
    assert world.handoffs.get(1).told == (7, 8, 9)


async def test_an_issue_that_is_closed_is_left_alone(world: World) -> None:
    """Who reads it is not at work on it any more."""
    (made,) = world.tracker.made.values()
    world.known.intake.applied("app", [replace(made, state=IssueState.DONE)], cursor="2")
    await world.evidence.decide(1, [8], LinkState.REJECTED, by="UKIM")
    await later(world)

    assert comments(world) == []


async def test_nothing_is_said_of_tickets_before_the_issue_is_there() -> None:
    """It is made first, with the tickets that the handoff named."""
    world = await opened()
    world.tracker.failure = down()
    await world.handoffs.hand_off(1, DRAFT, by="UKIM")
    await world.evidence.decide(1, [8], LinkState.REJECTED, by="UKIM")
    await later(world)
    assert [each.kind for each in world.handoffs.overview(1).waiting] == [ErrandKind.CREATE, ErrandKind.TICKETS]
    world.tracker.failure = None
    await later(world)

    assert len(comments(world)) == 1 and cards.card(world.handoffs.overview(1))
