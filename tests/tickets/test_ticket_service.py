"""Searching, confirming and tagging, with a desk that does not always answer."""

from datetime import timedelta

import pytest

from bot.investigations.evidence import TicketsKept
from bot.tickets.collection import Collected, LinkState
from bot.tickets.desk import DeskError
from bot.tickets.service import NoDesk
from tests.fake_desk import FakeDesk, ticket, unreachable
from tests.world import US_EAST, World

HOUR = timedelta(hours=1)


@pytest.fixture
async def world() -> World:
    world = World()
    desk = desk_of(world)
    now = world.clock()
    desk.found = [ticket(3, now - HOUR / 2), ticket(2, now - 3 * HOUR), ticket(1, now - 5 * HOUR)]
    await world.opened(US_EAST, symptom="")
    await world.desk_settled()
    return world


def desk_of(world: World) -> FakeDesk:
    assert world.desk
    return world.desk


def collected(world: World, number: int = 1) -> Collected:
    got = world.tickets.of(number)
    assert got
    return got


def numbers(world: World) -> list[int]:
    return [ticket.ticket_id for ticket in collected(world).tickets]


async def test_first_search_is_stored_and_shown(world: World) -> None:
    """Count, growth and the newest ones; none of them is new yet."""
    watch = collected(world).watch

    assert numbers(world) == [3, 2, 1]
    assert (watch.total, watch.last_hour, watch.last_ok_at) == (3, 1, world.clock())
    assert not any(ticket.new for ticket in collected(world).tickets)
    assert desk_of(world).queries[0].phrases == ("us east",)
    assert desk_of(world).queries[0].created_after == world.clock() - timedelta(hours=24)


async def test_search_is_repeated_and_new_tickets_are_marked(world: World) -> None:
    """After the refresh time, not before; the mark stays until others come, so that everybody can see it."""
    world.clock.advance(179)
    await world.desk_settled()
    assert len(desk_of(world).queries) == 1
    desk_of(world).found.insert(0, ticket(4, world.clock()))
    world.clock.advance(1)
    await world.desk_settled()
    assert [ticket.ticket_id for ticket in collected(world).tickets if ticket.new] == [4]
    world.clock.advance(180)
    await world.desk_settled()
    assert [ticket.ticket_id for ticket in collected(world).tickets if ticket.new] == [4]
    desk_of(world).found.insert(0, ticket(5, world.clock()))
    world.clock.advance(180)
    await world.desk_settled()

    assert [ticket.ticket_id for ticket in collected(world).tickets if ticket.new] == [5]


async def test_tickets_after_an_empty_search_are_new(world: World) -> None:
    """Nothing matched at first, then something does."""
    desk_of(world).found = []
    await world.opened(symptom="")
    await world.desk_settled()
    desk_of(world).found = [ticket(9, world.clock(), "App is slow")]
    world.clock.advance(180)
    await world.desk_settled()

    assert [ticket.new for ticket in collected(world, 2).tickets] == [True]


async def test_symptom_comes_first(world: World) -> None:
    """Tickets that hold its words are a search of their own."""
    desk_of(world).found = [
        ticket(8, world.clock(), "App login odd"),
        ticket(7, world.clock() - HOUR, "App: login loops"),
    ]
    await world.opened(symptom="the login loops")
    await world.desk_settled()

    assert [(ticket.ticket_id, ticket.says) for ticket in collected(world, 2).tickets] == [(7, True), (8, False)]


async def test_more_than_can_be_listed_are_counted(world: World) -> None:
    """A hundred tickets within the hour: the desk is asked how many there are."""
    desk = desk_of(world)
    desk.found = [ticket(n, world.clock()) for n in range(1000, 1300)]
    world.clock.advance(180)
    await world.desk_settled()
    watch = collected(world).watch

    assert (watch.total, watch.last_hour, len(numbers(world))) == (300, 300, 103)


async def test_tickets_are_counted_once_whoever_found_them(world: World) -> None:
    """The union of what the search finds and what people confirmed, without what they rejected."""
    desk_of(world).hidden = [ticket(9, world.clock()), ticket(3, world.clock())]
    await world.evidence.add_tickets(1, [9, 3], by="UKIM")
    world.clock.advance(180)
    await world.desk_settled()
    assert (collected(world).total, len(collected(world).added)) == (4, 1)
    desk_of(world).found.append(ticket(9, world.clock()))  # the index knows it now
    await world.evidence.decide(1, [1], LinkState.REJECTED, by="UKIM")
    world.clock.advance(180)
    await world.desk_settled()

    assert (collected(world).watch.total, collected(world).total, collected(world).added) == (4, 3, ())


async def test_confirmed_ticket_that_the_search_no_longer_finds_still_counts(world: World) -> None:
    """Its subject was changed in the desk."""
    desk = desk_of(world)
    await world.evidence.decide(1, [2], LinkState.CONFIRMED, by="UKIM")
    desk.hidden = [ticket for ticket in desk.found if ticket.id == 2]
    desk.found = [ticket for ticket in desk.found if ticket.id != 2]
    world.clock.advance(180)
    await world.desk_settled()

    assert (collected(world).watch.total, collected(world).total) == (2, 3)


async def test_pasted_ticket_beyond_the_end_of_a_long_list_is_counted_once(world: World) -> None:
    """The desk's count has it already, though the list does not reach so far."""
    desk, old = desk_of(world), world.clock() - 20 * HOUR
    desk.found = [*(ticket(n, world.clock()) for n in range(1000, 1150)), ticket(50, old)]
    desk.hidden = [ticket(60, world.clock())]
    await world.evidence.add_tickets(1, [50, 60], by="UKIM")
    world.clock.advance(180)
    await world.desk_settled()

    assert (collected(world).watch.total, collected(world).total) == (151, 152)


async def test_desk_that_is_down_says_since_when_and_catches_up(world: World) -> None:
    """The first failure's time stays, everything known stays, and the next answer clears it."""
    desk_of(world).down = unreachable()
    world.clock.advance(180)
    since = world.clock()
    await world.desk_settled()
    world.clock.advance(15)
    await world.desk_settled()
    watch = collected(world).watch
    assert (watch.failing_since, watch.failure, watch.total) == (since, "it does not answer", 3)
    desk_of(world).down = None
    world.clock.advance(15)
    await world.desk_settled()

    assert (collected(world).watch.failing_since, collected(world).watch.failure) == (None, "")


async def test_wrong_login_is_not_hammered(world: World) -> None:
    """A 401 is tried again with the next refresh only."""
    desk = desk_of(world)
    desk.down = DeskError("Zendesk", "401, the token was refused", retry=False)
    world.clock.advance(180)
    await world.desk_settled()
    asked = len(desk.calls)
    world.clock.advance(179)
    await world.desk_settled()

    assert len(desk.calls) == asked


async def test_retry_after_is_obeyed(world: World) -> None:
    """A 429 waits as long as the desk says."""
    desk = desk_of(world)
    desk.failures.append(DeskError("Zendesk", "too many requests", retry=True, retry_after_s=77))
    world.clock.advance(180)
    await world.desk_settled()
    asked = len(desk.queries)
    world.clock.advance(76)
    await world.desk_settled()
    assert len(desk.queries) == asked
    world.clock.advance(1)
    await world.desk_settled()

    assert collected(world).watch.failing_since is None


async def test_confirming_tags_and_rejecting_takes_the_tag_away(world: World) -> None:
    """The tag names the investigation; rejected tickets are no longer listed."""
    await world.evidence.decide(1, [3], LinkState.CONFIRMED, by="UKIM")
    await world.desk_settled()
    assert desk_of(world).tags == {3: {"inv-1"}}
    await world.evidence.decide(1, [3], LinkState.REJECTED, by="UKIM")
    await world.desk_settled()

    assert desk_of(world).tags == {3: set()}
    assert (numbers(world), len(collected(world).rejected)) == ([2, 1], 1)


async def test_confirm_all_takes_what_waits_for_a_decision(world: World) -> None:
    """Rejected ones stay rejected."""
    await world.evidence.decide(1, [2], LinkState.REJECTED, by="UKIM")
    await world.evidence.confirm_all(1, shown_at=world.clock(), by="UKIM")
    await world.desk_settled()

    assert {number for number, tags in desk_of(world).tags.items() if tags} == {1, 3}


async def test_confirm_all_means_what_was_shown(world: World) -> None:
    """A search that stores more between the reading and the press adds nothing to what is confirmed."""
    shown_at = world.clock()
    desk_of(world).found.insert(0, ticket(4, shown_at))
    world.clock.advance(180)
    await world.desk_settled()

    assert sorted(await world.evidence.confirm_all(1, shown_at=shown_at, by="UKIM")) == [1, 2, 3]
    assert [ticket.ticket_id for ticket in collected(world).suggested] == [4]


async def test_tag_whose_answer_was_lost_is_taken_away_all_the_same(world: World) -> None:
    """Confirmed, tagged without an answer, rejected: whether the desk has the tag is unknown, so it is removed."""
    desk = desk_of(world)
    desk.lost_answers.append(unreachable())
    await world.evidence.decide(1, [3], LinkState.CONFIRMED, by="UKIM")
    await world.desk_settled()
    assert desk.tags == {3: {"inv-1"}}
    await world.evidence.decide(1, [3], LinkState.REJECTED, by="UKIM")
    await world.desk_settled()

    assert desk.tags == {3: set()}


async def test_status_knows_what_the_desk_does_not_do(world: World) -> None:
    """Since when, why, and how many tags are missing; nothing while it answers."""
    assert (world.tickets.failing(), world.tickets.untagged()) == (None, 0)
    desk_of(world).down = unreachable()
    await world.evidence.decide(1, [3], LinkState.CONFIRMED, by="UKIM")
    world.clock.advance(180)
    await world.desk_settled()

    assert (world.tickets.failing(), world.tickets.untagged()) == ((world.clock(), "it does not answer"), 1)


async def test_change_of_mind_while_tagging_is_followed(world: World) -> None:
    """Confirmed and rejected before the desk heard of it: the tag is never set, or taken away."""
    await world.evidence.decide(1, [3], LinkState.CONFIRMED, by="UKIM")
    await world.evidence.decide(1, [3], LinkState.REJECTED, by="UJO")
    await world.desk_settled()

    assert not desk_of(world).tags.get(3)


async def test_tag_that_fails_is_shown_and_tried_again(world: World) -> None:
    """The card says why the tag is missing, until it is there."""
    desk_of(world).down = unreachable()
    await world.evidence.decide(1, [3], LinkState.CONFIRMED, by="UKIM")
    await world.desk_settled()
    assert [ticket.tag_failure for ticket in collected(world).confirmed] == ["it does not answer"]
    desk_of(world).down = None
    world.clock.advance(60)
    await world.desk_settled()

    assert [ticket.tag_failure for ticket in collected(world).confirmed] == [""]
    assert desk_of(world).tags == {3: {"inv-1"}}


async def test_ticket_may_be_on_two_investigations(world: World) -> None:
    """Each has its own decision and its own tag."""
    await world.opened(symptom="")
    await world.desk_settled()
    await world.evidence.decide(1, [3], LinkState.CONFIRMED, by="UKIM")
    await world.evidence.decide(2, [3], LinkState.CONFIRMED, by="UKIM")
    await world.evidence.decide(1, [3], LinkState.REJECTED, by="UKIM")
    await world.desk_settled()

    assert desk_of(world).tags == {3: {"inv-2"}}


async def test_confirmed_ticket_is_followed_though_no_search_finds_it(world: World) -> None:
    """Its status changes on the card."""
    desk = desk_of(world)
    desk.hidden = [ticket(50, world.clock())]
    await world.evidence.add_tickets(1, [50], by="UKIM")
    desk.hidden = [ticket(50, world.clock(), status="solved")]
    world.clock.advance(180)
    await world.desk_settled()

    assert {ticket.ticket_id: ticket.status for ticket in collected(world).confirmed} == {50: "solved"}


async def test_resolving_ends_the_search_and_reopening_resumes_it(world: World) -> None:
    """Nobody searches for what is over."""
    await world.investigations.resolve(1, root_cause="x", workaround="", by="UKIM")
    world.clock.advance(3600)
    await world.desk_settled()
    assert len(desk_of(world).queries) == 1
    await world.investigations.reopen(1, by="UKIM")
    await world.desk_settled()

    assert len(desk_of(world).queries) == 2


async def test_pages_are_kept_and_never_before_the_first(world: World) -> None:
    """A press on an old card may ask for anything."""
    world.tickets.turn_page(1, 2)
    assert collected(world).watch.page == 2
    world.tickets.turn_page(1, -5)

    assert collected(world).watch.page == 0


async def test_without_a_desk_nothing_is_collected() -> None:
    """Opening and closing work; adding tickets says what is missing."""
    world = World(desk=None)
    await world.opened()
    with pytest.raises(NoDesk, match="isn't set up"):
        await world.evidence.add_tickets(1, [1], by="UKIM")
    await world.investigations.resolve(1, root_cause="x", workaround="", by="UKIM")

    assert world.tickets.of(1) is None
    assert world.owed_keys("tickets/%") == []


async def test_card_shows_the_search_in_the_same_commit(world: World) -> None:
    """What was found and the cards that show it are one step."""
    before = world.wanted("tickets/1"), world.wanted("investigation/1")
    desk_of(world).found.insert(0, ticket(4, world.clock()))
    world.clock.advance(180)
    await world.desk_settled()

    assert (world.wanted("tickets/1"), world.wanted("investigation/1")) == (before[0] + 1, before[1] + 1)


async def test_tickets_named_while_the_desk_is_down_are_added_when_it_is_back(world: World) -> None:
    """The person is told that they are kept; nothing is asked twice of the person."""
    assert world.desk
    world.desk.hidden = [ticket(7, world.clock()), ticket(8, world.clock())]
    world.desk.down = DeskError("Zendesk", "unreachable", retry=True)
    with pytest.raises(TicketsKept, match="2 tickets are saved"):
        await world.evidence.add_tickets(1, [7, 8], by="UKIM")
    await world.desk_settled()
    world.desk.down = None
    world.clock.advance(60)
    await world.desk_settled()
    collected = world.tickets.of(1)
    assert collected

    assert {ticket.ticket_id for ticket in collected.confirmed} == {7, 8}
    assert "tickets" in world.kinds(1)
    assert world.tickets._store.kept(world.clock()) == []


async def test_tickets_that_were_answered_are_solved_here_too(world: World) -> None:
    """Nobody looks for the tickets of an investigation that has ended; its list shows it, and says it once."""
    await world.investigations.resolve(1, root_cause="a bad link", workaround="", by="UKIM")
    before = world.wanted("tickets/1")
    with world.database.transaction():
        world.tickets.solved([3, 2, 99])
    with world.database.transaction():
        world.tickets.solved([3, 2])

    assert {ticket.ticket_id: ticket.status for ticket in collected(world).tickets} == {
        1: "open",
        2: "solved",
        3: "solved",
    }
    assert world.wanted("tickets/1") == before + 1
