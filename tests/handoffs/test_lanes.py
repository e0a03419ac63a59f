"""What a lane promises to customers, while triage, tickets and handoffs change."""

from dataclasses import replace
from typing import Any

from bot.handoffs.cards import card
from bot.handoffs.model import Lane
from bot.known_issues.model import Priority
from bot.replies.model import Round, RoundState
from bot.tickets.collection import LinkState
from tests.handoffs.test_handoffs_that_go_astray import DRAFT, again, desk_of, handed
from tests.world import US_WEST, World

TEXTS = {"planned": {"en": "{target} is planned"}, "noted": {"en": "{target} is noted"}}


async def read(world: World) -> None:
    """Whatever the desk is to be asked for now."""
    while await world.reply_runner.step(desk_of(world)):
        pass


async def decided(world: World, lane: Lane, *, reason: str = "so", number: int = 1, **more: Any) -> None:
    await world.triage.decide(number, more.get("priority", Priority.P2), lane, reason=reason, by="UKIM")


async def planned() -> World:
    """A handoff in the planning lane, whose customers 7 and 8 are to hear of it."""
    world = await handed(reply_texts=TEXTS)
    await decided(world, Lane.PLANNING)
    await read(world)
    return world


async def approve(world: World, number: int, *tickets: int) -> None:
    await world.replies.approve(number, ticket_ids=tickets, texts={}, then=world.replies.get(number).then, by="UKIM")
    for _ in range(20):
        await read(world)
        world.clock.advance(60)


def tickets(reply_round: Round) -> list[int]:
    return [reply.ticket_id for reply in reply_round.replies]


async def test_a_hotfix_comes_while_the_tickets_are_read() -> None:
    """Nobody is asked to tell customers of a plan then."""
    world = await handed(reply_texts=TEXTS)
    await decided(world, Lane.PLANNING)
    await decided(world, Lane.HOTFIX, reason="no, now")
    await read(world)

    assert world.replies.get(1).state is RoundState.PUT_OFF


async def test_a_hotfix_comes_while_the_desk_answers() -> None:
    """What the desk told is kept, and the round stays put off."""
    world = await handed(reply_texts=TEXTS)
    await decided(world, Lane.PLANNING)
    desk = desk_of(world)
    answers = desk.customers

    async def meanwhile(ticket_ids: Any) -> Any:
        await decided(world, Lane.HOTFIX, reason="no, now")
        return await answers(ticket_ids)

    desk.customers = meanwhile  # type: ignore[method-assign]
    await read(world)

    reply_round = world.replies.get(1)
    assert reply_round.state is RoundState.PUT_OFF and reply_round.texts


async def test_a_lane_that_comes_back_asks_again() -> None:
    """With the tickets of that time, in the round that nobody has approved."""
    world = await planned()
    await decided(world, Lane.HOTFIX)
    await world.evidence.add_tickets(1, [9], by="UKIM")
    await decided(world, Lane.PLANNING)
    await read(world)

    reply_round = world.replies.get(1)
    assert (reply_round.state, tickets(reply_round)) == (RoundState.READY, [7, 8, 9])


async def test_another_priority_asks_nobody_again() -> None:
    """Somebody said "not now" to this lane."""
    world = await planned()
    await world.replies.put_off(1, by="UKIM")
    await decided(world, Lane.PLANNING, priority=Priority.P3)
    await read(world)

    assert world.replies.get(1).state is RoundState.PUT_OFF


async def test_a_ticket_that_is_confirmed_later_joins_what_waits() -> None:
    """One card for all of them."""
    world = await planned()
    await world.evidence.add_tickets(1, [9], by="UKIM")
    assert world.replies.get(1).state is RoundState.READING
    await read(world)

    reply_round = world.replies.get(1)
    assert (reply_round.state, tickets(reply_round)) == (RoundState.READY, [7, 8, 9])


async def test_a_ticket_that_is_confirmed_after_the_approval_gets_a_round() -> None:
    """Without those who know already, and without those who were left out."""
    world = await planned()
    await approve(world, 1, 7)
    await world.evidence.add_tickets(1, [9], by="UKIM")
    await read(world)

    assert tickets(world.replies.get(2)) == [9]
    assert desk_of(world).public(7) == ["U.S. East is planned"]


async def test_a_second_handoff_puts_off_what_the_first_one_asked() -> None:
    """Only one of the two cards asks to be sent."""
    world = await planned()
    number = await again(world)
    await decided(world, Lane.FEATURE, number=number)
    await read(world)

    assert [world.replies.get(number).state for number in (1, 2)] == [RoundState.PUT_OFF, RoundState.READY]


async def test_a_second_handoff_tells_nobody_the_same_again() -> None:
    """Who was told "planned" for the first one is not asked about for the second."""
    world = await planned()
    await approve(world, 1, 7, 8)
    number = await again(world, replace(DRAFT, tickets=(7, 8, 9)))
    await world.evidence.add_tickets(1, [9], by="UKIM")
    await decided(world, Lane.PLANNING, number=number)
    await read(world)

    assert tickets(world.replies.get(2)) == [9]


async def test_all_customers_are_gone_when_they_are_read() -> None:
    """The round has ended, says so, and when."""
    world = await handed(reply_texts=TEXTS)
    desk = desk_of(world)
    desk.set(7, status="closed")
    desk.set(8, status="closed")
    await decided(world, Lane.PLANNING)
    await read(world)

    reply_round = world.replies.get(1)
    assert reply_round.state is RoundState.ENDED and reply_round.ended_at == world.clock()


async def test_a_rejected_ticket_is_not_told_of_the_plan() -> None:
    """It is about something else."""
    world = await planned()
    await world.evidence.decide(1, [8], LinkState.REJECTED, by="UKIM")

    assert tickets(world.replies.get(1)) == [7]


async def test_a_ticket_that_was_moved_is_not_told_of_the_plan_and_tier_3_is_not_believed_to_have_it() -> None:
    """The round asks without it; the message about the handoff says what Tier 3 was told and is no longer so."""
    world = await planned()
    await world.opened(US_WEST)
    await world.evidence.move_tickets(1, 2, [8], by="UKIM")
    (handoff,) = world.handoffs.current()

    assert tickets(world.replies.get(1)) == [7]
    overview = world.handoffs.overview(handoff.id)
    assert overview.gone == (8,) and "Tier 3 was told of #8, taken off since" in str(card(overview).blocks)
