"""Tickets that a search finds, and that are not offered: another platform, another wish, another investigation's."""

from dataclasses import replace

import pytest

from bot.sandbox.zendesk.seed import Seed, SeedTicket
from bot.tickets.cards import card
from bot.tickets.collection import LinkState
from bot.tickets.model import Ticket
from bot.tickets.zendesk.desk import ZendeskDesk
from bot.tickets.zendesk.login import OAuthToken
from tests.fake_clock import FakeClock
from tests.fake_desk import ticket
from tests.sandbox.zendesk.desk_on_loopback import running
from tests.slack_limits import texts
from tests.world import APP, US_EAST, US_WEST, World


async def collected(*tickets: Ticket, symptom: str) -> World:
    """What INV-1 about the app collected."""
    world = World()
    assert world.desk
    world.desk.found = list(tickets)
    await world.opened(APP, symptom=symptom)
    await world.desk_settled()
    return world


def offered(world: World, number: int = 1) -> list[int]:
    collected = world.tickets.of(number)
    return sorted(ticket.ticket_id for ticket in collected.suggested) if collected else []


def small(world: World, number: int = 1) -> str:
    collected = world.tickets.of(number)
    assert collected
    return "\n".join(texts(list(card(collected, per_page=10).blocks)))


def about(*subjects: str) -> list[Ticket]:
    return [ticket(number, FakeClock()(), subject) for number, subject in enumerate(subjects, 1)]


async def test_a_ticket_of_another_platform_is_not_offered() -> None:
    """Whatever says so: subject, text, tag. What says nothing stays."""
    tickets = about("app crashes on Android", "app crashes", "app crashes", "app crashes on iPhone", "app crashes")
    tickets[1] = replace(tickets[1], text="Since the update. I have a Google Pixel with Android 14.")
    tickets[2] = replace(tickets[2], tags=("app_android",))
    world = await collected(*tickets, symptom="crashes on iOS")

    assert offered(world) == [4, 5]
    assert "Not listed: 3 about another platform" in small(world)
    assert "2 matching tickets" in small(world)


async def test_a_refund_is_not_offered_for_declined_cards() -> None:
    """Unless the customer says that the card was declined."""
    world = await collected(
        *about("card declined in the app", "refund please, app", "app: card declined twice, refund me", "app is odd"),
        symptom="cards are declined",
    )

    assert offered(world) == [1, 3]
    assert "1 about something else, 1 with little in common" in small(world)


async def test_a_refund_for_trouble_is_offered_for_that_trouble() -> None:
    """Customers who want their money back because nothing connects are customers of that; others are not."""
    world = await collected(*about("refund me, app is down", "app: invoice"), symptom="can't connect")

    assert offered(world) == [1]
    assert "1 about something else" in small(world)


async def test_another_target_or_a_mention_is_not_offered() -> None:
    """However often the search's words stand in it: there, in a comment, or where it works."""
    subjects = ("US West keeps dropping", "US East works, US West drops", "I am in the US East area. The app crashes")
    world = World()
    assert world.desk
    world.desk.found = [*about(*subjects, "US East drops", "help")]
    await world.opened(US_EAST, symptom="drops")
    await world.desk_settled()
    found = world.tickets.of(1)

    assert offered(world) == [4, 5]
    assert found and found.total == 2
    assert [ticket.listed_as for ticket in found.listed] == ["says", "area"]


async def test_little_in_common_is_left_out() -> None:
    """Of an app that has only a word of the search; whoever writes the words of the symptom is listed."""
    subjects = ("My widget is ugly", "widget: the app can't log in", "App: login fails")
    tickets = [replace(each, tags=("android",)) for each in about(*subjects)]
    world = await collected(*tickets, symptom="login fails")

    assert offered(world) == [2, 3]
    assert "1 with little in common" in small(world)


async def test_the_same_in_other_words_is_told_apart_from_the_same_area() -> None:
    """In any language; what is not told may be anything."""
    subjects = ("US East: la connexion coupe sans arrêt", "US East is slow", "US East drops", "US East")
    world = World()
    assert world.desk
    world.desk.found = [*about(*subjects)]
    await world.opened(US_EAST, symptom="drops")
    await world.desk_settled()
    found = world.tickets.of(1)

    assert found and [(ticket.ticket_id, ticket.listed_as.value) for ticket in found.listed] == [
        (3, "says"),
        (1, "same"),
        (4, "area"),
        (2, "area"),
    ]
    assert "1 about the same in other words" in small(world) and "2 of the same area" in small(world)
    assert found.listed[1].shared == ("target", "symptom")


async def test_works_elsewhere_is_no_platform_of_the_trouble() -> None:
    world = await collected(
        *about("app crashes on my iPhone, works on Android", "app crashes on Android, fine on iOS"),
        symptom="crashes on iOS",
    )

    assert offered(world) == [1]


async def test_whoever_names_a_ticket_sees_it() -> None:
    """A person decides, whatever the words say."""
    tickets = about("app crashes on Android")
    world = await collected(*tickets, symptom="crashes on iOS")
    assert offered(world) == []
    await world.evidence.add_tickets(1, [1], by="UKIM")
    found = world.tickets.of(1)

    assert found and [ticket.ticket_id for ticket in found.confirmed] == [1] and found.total == 1


async def test_what_belongs_to_another_open_investigation_is_not_offered_as_new() -> None:
    """From its confirmation on, until that one is closed or the ticket taken off it."""
    world = await collected(*about("US East and the app crashes", "US East fails"), symptom="")
    await world.opened(US_EAST, symptom="")
    await world.desk_settled()
    assert (offered(world), offered(world, 2)) == ([1], [1, 2])
    before = world.wanted("tickets/2")
    await world.evidence.decide(1, [1], LinkState.CONFIRMED, by="UKIM")

    assert offered(world, 2) == [2] and world.wanted("tickets/2") > before
    assert "\nin INV-1\n" in small(world, 2) and "1 matching ticket*" in small(world, 2)
    await world.evidence.decide(1, [1], LinkState.REJECTED, by="UKIM")
    assert offered(world, 2) == [1, 2]
    await world.evidence.decide(1, [1], LinkState.CONFIRMED, by="UKIM")
    await world.investigations.resolve(1, root_cause="x", workaround="", by="UKIM")
    assert offered(world, 2) == [1, 2]


async def test_confirm_all_leaves_it_there() -> None:
    """Who confirms what they see confirms no more."""
    world = await collected(*about("US East and app fail", "US East fails"), symptom="")
    await world.evidence.decide(1, [1], LinkState.CONFIRMED, by="UKIM")
    await world.opened(US_EAST, symptom="")
    await world.desk_settled()

    assert await world.evidence.confirm_all(2, shown_at=world.clock(), by="UKIM") == [2]


@pytest.mark.parametrize(("tag", "expected"), [("inv-1", [2]), ("INV-1", [2]), ("inv-9", [1, 2]), ("inv-2", [1, 2])])
async def test_the_tag_in_the_desk_says_it_too(tag: str, expected: list[int]) -> None:
    """Whoever set it; only of an investigation that is open, and not of this one itself."""
    first, second = about("US East is slow", "US East is slow")
    world = World()
    assert world.desk
    world.desk.found = [replace(first, tags=(tag,)), second]
    await world.opened(US_WEST, symptom="")
    await world.opened(US_EAST, symptom="")
    await world.desk_settled()

    assert offered(world, 2) == expected


async def test_over_the_wire() -> None:
    """The customer's own words come with the ticket, and its tags."""
    seed = Seed(
        tickets=(
            SeedTicket("The app crashes", "It closes on my Samsung Galaxy S23, Android 14", 10),
            SeedTicket("The app crashes", "On my iPhone 15 it closes at once", 11),
            SeedTicket("The app crashes", "It closes at once", 12),
        )
    )
    with running(seed) as zendesk:
        desk = ZendeskDesk(url=zendesk.url, credentials=OAuthToken(seed.oauth_token), clock=zendesk.clock)
        zendesk.clock.advance(minutes=2)
        world = World(desk=desk, clock=zendesk.clock)  # type: ignore[arg-type]
        await world.opened(APP, symptom="crashes on iOS")
        await world.desk_settled()
        collected = world.tickets.of(1)
        await desk.close()

    assert collected and collected.watch.failing_since is None
    assert len(collected.suggested) == 2 and [ticket.unfit for ticket in collected.left_out] == ["platform"]
