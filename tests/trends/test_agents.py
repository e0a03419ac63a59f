"""An agent whose own tickets belong to a trend is told once, where a team wants that."""

from dataclasses import replace

from bot.tickets.desk import DeskError
from bot.trends.model import TrendSettings
from tests.in_process import InProcessBot
from tests.trends.fakes import read_ticket, rise, streamed
from tests.trends.test_watch import turn, watching
from tests.world import World

IDS = range(101, 132)


def with_agents(*, told: bool = True) -> World:
    """Two agents have tickets of U.S. East; the desk knows the address of one of them."""
    world = replace(watching(), trends_by=TrendSettings(tell_agents=told))
    at = world.clock()
    streamed(world, [read_ticket(101, at, assignee_id=7), read_ticket(102, at, assignee_id=7)])
    streamed(world, [read_ticket(103, at, assignee_id=8)])
    streamed(world, [read_ticket(104, at, assignee_id=7, status="solved")])
    assert world.desk
    world.desk.emails = {7: "tom@acme.test"}
    return world


async def test_who_has_tickets_of_a_trend_is_told_once_with_theirs() -> None:
    world = with_agents()
    for _ in range(3):
        await turn(world, rise(world.clock()))
    bot = InProcessBot(world)
    await bot.send()
    [message] = bot.slack.messages("UTOM")

    assert "2 of your tickets belong to a rise: U.S. East" in str(message)
    assert "#102, #101" in str(message)
    assert world.owed_keys("trend-agent/%") == ["trend-agent/1"]


async def test_nobody_is_told_by_default() -> None:
    world = with_agents(told=False)
    await turn(world, rise(world.clock()))

    assert world.owed_keys("trend-agent/%") == []


async def test_where_the_desk_is_away_they_are_told_later() -> None:
    world = with_agents()
    assert world.desk
    world.desk.down = DeskError("Zendesk", "it does not answer", retry=True)
    await turn(world, rise(world.clock()))
    assert world.owed_keys("trend-agent/%") == []
    world.desk.down = None
    await turn(world, rise(world.clock()))

    assert world.owed_keys("trend-agent/%") == ["trend-agent/1"]
