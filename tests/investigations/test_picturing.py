"""The pictures of an investigation: when the card gets a new one, and the strip of the timeline."""

import asyncio
from datetime import timedelta

import pytest

from bot.investigations.model import Event, EventKind
from bot.investigations.pictures import milestones, picture_of_timeline, rounded, spoken
from bot.investigations.picturing import EVERY
from bot.messages.model import MessageKind, ShownPicture
from bot.pictures.palette import BAD, WELL
from tests.eventually import eventually
from tests.fake_desk import ticket
from tests.hostile import NOW
from tests.probes.test_pictures import opened, pixels
from tests.world import World


def images(world: World) -> list[str]:
    return world.owed_keys("picture/%")


async def searched(world: World) -> None:
    """The tickets are in, and what follows from it is drawn."""
    await world.desk_settled()
    await world.rooms.pictures.turn()


def slack_has(world: World) -> None:
    """As if the outbox had uploaded what it owes."""
    for message in world.owed.due(world.clock()):
        if message.kind is MessageKind.IMAGE:
            world.owed.uploaded(message, f"F{message.id}")
            world.owed.has_picture(message)


async def world_with_tickets() -> World:
    world = World()
    assert world.desk
    world.desk.found = [
        ticket(number, world.clock() - timedelta(minutes=5 * number), "App: login fails") for number in range(1, 9)
    ]
    await world.opened()
    return world


async def test_the_first_search_draws_the_picture_of_the_card() -> None:
    world = await world_with_tickets()
    wanted = world.wanted("investigation/1")
    await searched(world)
    assert len(images(world)) == 1 and world.rooms.pictures.of_card(1) is None

    slack_has(world)
    shown = world.rooms.pictures.of_card(1)
    assert shown and shown.alt.startswith("Tickets an hour over the last 24 h: 8 in the last hour")
    assert world.wanted("investigation/1") > wanted


async def test_a_card_gets_a_new_picture_at_most_every_ten_minutes() -> None:
    world = await world_with_tickets()
    await searched(world)
    slack_has(world)
    first = world.rooms.pictures.of_card(1)

    world.clock.advance(200)
    assert world.desk
    world.desk.found.insert(0, ticket(99, world.clock(), "App: login fails"))
    await searched(world)
    assert images(world) == images(world)[:1] and world.rooms.pictures.of_card(1) == first

    world.clock.advance(EVERY.total_seconds())
    await searched(world)
    assert len(images(world)) == 2 and world.rooms.pictures.of_card(1) == first
    slack_has(world)
    assert len(images(world)) == 1 and world.rooms.pictures.of_card(1) != first


async def test_what_looks_the_same_is_not_uploaded_again() -> None:
    """Also after a restart."""
    world = await world_with_tickets()
    await searched(world)
    slack_has(world)
    again = World(database=world.database, clock=world.clock, desk=world.desk)
    world.clock.advance(EVERY.total_seconds())
    again.rooms.pictures.searched(1)
    await again.rooms.pictures.turn()
    assert len(images(again)) == 1


async def test_without_tickets_there_is_no_picture() -> None:
    world = World()
    await world.opened()
    await searched(world)
    assert images(world) == []


def event(kind: EventKind, minutes: float) -> Event:
    return Event(NOW + timedelta(minutes=minutes), kind, "UKIM")


STORY = [
    event(EventKind.OPENED, 0),
    event(EventKind.CLAIMED, 0.1),
    event(EventKind.ESCALATED, 2),
    event(EventKind.ACKNOWLEDGED, 6),
    event(EventKind.FIXED, 288),
    event(EventKind.TOLD, 295),
    event(EventKind.TOLD, 299),
    event(EventKind.RESOLVED, 300),
]


def test_the_strip_says_what_happened_when() -> None:
    picture = picture_of_timeline("INV-4", STORY, NOW + timedelta(days=3))
    assert picture and picture.alt == (
        "INV-4 took 5 h: opened, escalated after 2 min, acknowledged after 6 min, fix released after 4 h 48 min, "
        "customers told after 4 h 55 min, resolved after 5 h."
    )
    drawn = pixels(picture, BAD, WELL)
    assert drawn[BAD] > 800 and drawn[WELL] > 4000
    assert opened(picture).height < 600


def test_names_in_the_words_of_the_strip_keep_their_capitals() -> None:
    picture = picture_of_timeline("INV-4", [*STORY[:2], event(EventKind.HANDED_OFF, 9)], NOW + timedelta(minutes=185))
    assert picture and picture.alt.endswith("sent to Tier 3 after 9 min.")


def test_a_strip_of_what_goes_on_ends_now() -> None:
    picture = picture_of_timeline("INV-4", STORY[:3], NOW + timedelta(minutes=185))
    assert picture and picture.alt == "INV-4 took 3 h so far: opened, escalated after 2 min."


def test_an_end_counts_where_nothing_was_opened_again_after_it() -> None:
    again = [*STORY, event(EventKind.REOPENED, 400)]
    assert [one.kind for one in milestones(again)][-1] is EventKind.TOLD
    assert [one.kind for one in milestones([*again, event(EventKind.RESOLVED, 500)])][-1] is EventKind.RESOLVED


def test_an_opening_alone_is_no_strip() -> None:
    assert picture_of_timeline("INV-4", STORY[:2], NOW) is None and milestones([]) == []


@pytest.mark.parametrize(
    ("time", "words", "nearly"),
    [
        (timedelta(seconds=40), "40 s", "0 s"),
        (timedelta(minutes=6, seconds=20), "6 min", "6 min"),
        (timedelta(hours=4), "4 h", "4 h"),
        (timedelta(hours=4, minutes=55), "4 h 55 min", "4 h 50 min"),
        (timedelta(days=1), "1 day", "1 day"),
        (timedelta(days=3, hours=2, minutes=5), "3 days 2 h", "3 days 2 h"),
    ],
)
def test_times_are_said_as_people_say_them(time: timedelta, words: str, nearly: str) -> None:
    assert (spoken(time), spoken(rounded(time))) == (words, nearly)


async def asked(world: World) -> ShownPicture | None:
    """Somebody asks for the timeline, and Slack takes the picture as soon as it is owed."""
    asking = asyncio.create_task(world.rooms.pictures.strip(1))
    await eventually(lambda: asking.done() or images(world))
    slack_has(world)
    return await asking


async def test_the_strip_is_waited_for_and_kept_for_the_next_who_asks() -> None:
    world = World()
    investigation = await world.opened()
    await world.investigations.claim(investigation.id, by="UKIM")
    await world.investigations.resolve(investigation.id, root_cause="a router", workaround="none", by="UKIM")
    shown = await asked(world)
    assert shown and "resolved" in shown.alt

    assert await world.rooms.pictures.strip(1) == shown and len(images(world)) == 1
