"""From whose ticket a log is: said with it, or asked once; forgetting finds it by that."""

from dataclasses import replace

import pytest

from bot.customer_logs.whose import whose
from bot.forgetting.model import Scope
from bot.people import NotTier2
from tests.customer_logs.test_in_the_thread import BLOCKED, card, put
from tests.fake_desk import ticket
from tests.world import World


@pytest.mark.parametrize(
    ("names", "linked", "named", "listed", "found"),
    [
        (["client.log"], [], [], [4711], {}),
        (["client.log"], [4711], [], [], {"F0": 4711}),
        (["client.log"], [], [4711], [4711, 5], {"F0": 4711}),
        (["client.log"], [], [4711], [], {}),
        (["client.log"], [4711, 4712], [], [], {}),
        (["4711-client.log", "log_4712.txt"], [], [], [4711, 4712], {"F0": 4711, "F1": 4712}),
        (["4712.log", "client.log"], [4711], [], [4712], {"F0": 4712, "F1": 4711}),
        (["20261120.log"], [], [], [4711], {}),
    ],
)
def test_one_ticket_for_one_file(
    names: list[str], linked: list[int], named: list[int], listed: list[int], found: dict[str, int]
) -> None:
    """A link says it, a number only where it is on the list; of two nobody knows which."""
    files = {f"F{place}": name for place, name in enumerate(names)}
    assert whose(files, linked=linked, named=named, listed=listed) == found


async def dropped(world: World, *, first: int = 0) -> int:
    """Two logs in one message, the first from the ticket that is told."""
    files = [put(world, BLOCKED), put(world, BLOCKED)]
    told = {files[0]: first} if first else {}
    assert world.logs.dropped(1, files, by="UKIM", channel="C1", ts="9.1", thread_ts="1.1", tickets=told)
    while await world.log_reader.step():
        pass
    return int(world.database.value("SELECT max(id) FROM log_drops"))


@pytest.fixture
async def world() -> World:
    world = World()
    assert world.desk
    await world.opened()
    for number in (48213, 48214):
        world.desk.hidden.append(replace(ticket(number, world.clock(), "Login fails"), requester_id=number))
    return world


async def forgotten(world: World, number: int) -> None:
    service, runner = world.rooms.forgetting.service, world.rooms.forgetting.runner
    order = await service.ask(f"#{number}", by="ULENA")
    while await runner.step():
        pass
    await service.confirm(order.id, Scope.TICKET, by="ULENA")
    while await runner.step():
        pass


async def test_what_was_read_of_a_forgotten_ticket_goes_and_the_rest_stays(world: World) -> None:
    """No word of the customer is in it: only the ticket leads there."""
    number = await dropped(world, first=48213)
    assert "From #48213" in card(world, number) and "Link Ticket…" in card(world, number)
    await forgotten(world, 48213)

    assert [log.ticket_id for log in world.logs.drop(number).logs] == [None]
    assert "48213" not in card(world, number) and world.wanted(f"logs/{number}") > 1


async def test_it_is_asked_once(world: World) -> None:
    """Of all logs of the message of which nobody said it; then the button is gone, and forgetting takes all."""
    number = await dropped(world, first=48213)
    with pytest.raises(NotTier2):
        await world.logs.is_of(number, 48214, by="UTIER1")
    await world.logs.is_of(number, 48214, by="UKIM")

    assert world.logs.drop(number).tickets == (48213, 48214)
    assert "From #48213 and #48214" in card(world, number) and "Link Ticket…" not in card(world, number)
    for ticket_id in (48213, 48214):
        await forgotten(world, ticket_id)
    assert world.logs.drop(number).logs == () and "no longer kept" in card(world, number)


async def test_a_forgotten_ticket_is_not_linked_again(world: World) -> None:
    """A log that is dropped later is read, as one of nobody."""
    number = await dropped(world)
    await world.logs.is_of(number, 48213, by="UKIM")
    await forgotten(world, 48213)
    other = [put(world, BLOCKED)]
    assert world.logs.dropped(1, other, by="UKIM", channel="C1", ts="9.2", tickets={other[0]: 48213})

    assert world.logs.drop(number + 1).tickets == ()
