"""Tickets that the desk's stream tells of: in other words and languages than any phrase that is searched."""

from dataclasses import replace
from datetime import timedelta

from bot.reading.model import TicketText
from bot.tickets.collection import Collected
from bot.tickets.model import Ticket
from bot.tickets.stream import LeftRow, StreamRow
from bot.tickets.stream_hash import StreamHash
from bot.tickets.stream_store import StreamStore
from tests.fake_desk import FakeDesk, ticket
from tests.world import US_EAST, World

MINUTE = timedelta(minutes=1)


def desk_of(world: World) -> FakeDesk:
    assert world.desk
    return world.desk


def streams(world: World, *tickets: Ticket) -> StreamStore:
    """As if the stream had read them."""
    store, hashes = StreamStore(database=world.database), StreamHash(b"k" * 32)
    for each in tickets:
        reading = world.rooms.reader.read(TicketText(each.subject, each.text))
        row = StreamRow(each.id, each.created_at, each.updated_at, each.status, each.requester_id, None, reading)
        store.put([hashes.ticket(row)])
    return store


def written(world: World, number: int, subject: str, *, by: int | None = None) -> Ticket:
    return replace(ticket(number, world.clock() - number * MINUTE, subject), requester_id=by)


async def opened(world: World) -> Collected:
    await world.opened(US_EAST, symptom="drops")
    await world.desk_settled()
    return now(world)


def now(world: World) -> Collected:
    collected = world.tickets.of(1)
    assert collected
    return collected


async def test_they_are_listed_beside_what_the_search_finds_each_once() -> None:
    """What is about another target is not, nor what is only somebody's place."""
    world = World()
    found = written(world, 1, "US East drops")
    others = (
        written(world, 2, "useast14 bricht dauernd ab"),
        written(world, 3, "US West drops, US East works"),
        written(world, 4, "usa east cuts out"),
    )
    desk_of(world).found, desk_of(world).hidden = [found], list(others)
    streams(world, found, *others)
    collected = await opened(world)

    assert [(each.ticket_id, each.listed_as.value) for each in collected.listed] == [
        (1, "says"),
        (2, "same"),
        (4, "same"),
    ]
    assert (collected.total, collected.unread) == (3, 0)


async def test_one_that_the_search_finds_later_counts_once() -> None:
    """The index lags behind the stream."""
    world = World()
    late = written(world, 2, "useast14 drops")
    desk_of(world).hidden = [late]
    streams(world, late)
    assert (await opened(world)).total == 1
    desk_of(world).found, desk_of(world).hidden = [late], []
    world.clock.advance(180)
    await world.desk_settled()

    assert (now(world).total, [each.streamed for each in now(world).tickets]) == (1, [False])


async def test_what_left_the_stream_is_no_longer_counted() -> None:
    """Deleted, merged or spam."""
    world = World()
    gone = written(world, 2, "useast14 drops")
    desk_of(world).hidden = [gone]
    store = streams(world, gone)
    assert (await opened(world)).total == 1
    store.leave([LeftRow(2, world.clock())])
    world.clock.advance(180)
    await world.desk_settled()

    assert now(world).total == 0


async def test_a_rise_that_no_phrase_finds_is_a_rise_of_customers() -> None:
    """Whoever writes six tickets before the others is one, and no beginning of it."""
    world = World()
    tickets = [written(world, n, "useast14 drops", by=n) for n in range(2, 12)]
    angry = [written(world, n, "useast14 drops!", by=99) for n in range(20, 26)]
    desk_of(world).hidden = [*tickets, *angry]
    streams(world, *tickets, *angry)
    collected = await opened(world)

    assert (collected.total, collected.customers) == (16, 11)
    assert collected.counts and (collected.counts.last_hour, collected.counts.customers_last_hour) == (16, 11)
    assert collected.rise_began_at == tickets[-1].created_at
    assert world.tickets.customers(1).count == 11


async def test_without_a_stream_the_search_alone_is_listed() -> None:
    world = World()
    desk_of(world).found, desk_of(world).hidden = (
        [written(world, 1, "US East drops")],
        [written(world, 2, "useast14 drops")],
    )

    assert [each.ticket_id for each in (await opened(world)).tickets] == [1]
