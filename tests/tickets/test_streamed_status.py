"""What the desk's stream tells of tickets that are on the list of an investigation."""

from bot.tickets.service import tickets_key
from bot.tickets.stream_model import StreamPart
from tests.fake_desk import FakeDesk, ticket
from tests.tickets.stream_rows import HASH, row
from tests.world import US_EAST, World


async def test_the_list_shows_a_new_status_before_its_next_search() -> None:
    """Other tickets, and those that are as they were, change nothing."""
    world = World()
    assert isinstance(world.desk, FakeDesk)
    world.desk.found = [ticket(2, world.clock()), ticket(1, world.clock())]
    await world.opened(US_EAST, symptom="")
    await world.desk_settled()
    shown = world.wanted(tickets_key(1))
    told = StreamPart(tuple(HASH.ticket(row(number, status="solved")) for number in (1, 77)))

    with world.database.transaction():
        world.rooms.stream.read.tell(told)
    with world.database.transaction():
        world.rooms.stream.read.tell(told)

    collected = world.tickets.of(1)
    assert collected
    assert {each.ticket_id: each.status for each in collected.tickets} == {1: "solved", 2: "open"}
    assert world.wanted(tickets_key(1)) == shown + 1
