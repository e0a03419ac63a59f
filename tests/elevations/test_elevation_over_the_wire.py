"""The loop against the sandbox's Zendesk, whose limits are those of the smallest account."""

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.sandbox.zendesk.seed import T2_TECH, TIER1_AGENT, Limits, Seed, SeedReply, SeedTicket
from bot.tickets.desk import DeskError
from bot.tickets.zendesk.desk import ZendeskDesk
from bot.tickets.zendesk.login import OAuthToken
from tests.elevations.desk_day import SETTINGS
from tests.sandbox.zendesk.desk_on_loopback import Running, running
from tests.world import World

COUNT, REPLIED = 60, 20
REPLY = SeedReply("Hello", 30, author_id=TIER1_AGENT.id)
SMALL = Limits(general=(200, 60), tickets_update=(20, 60))
SEED = Seed(
    limits=SMALL,
    tickets=(
        *(SeedTicket(f"US East, case {n}", "it drops", 40 + n, email=f"c{n}@example.com") for n in range(COUNT)),
        *(
            SeedTicket(f"US East, done {n}", "", 100 + n, email=f"d{n}@example.com", status="open", replies=(REPLY,))
            for n in range(REPLIED)
        ),
    ),
)


@pytest.fixture
def zendesk() -> Iterator[Running]:
    with running(SEED) as sandbox:
        yield sandbox


@pytest.fixture
async def world(zendesk: Running) -> AsyncIterator[World]:
    desk = ZendeskDesk(url=zendesk.url, credentials=OAuthToken(SEED.oauth_token), clock=zendesk.clock)
    settings = replace(SETTINGS, per_minute=10, per_hour=1_000)
    yield World(clock=zendesk.clock, elevations_by=settings, desk=desk)  # type: ignore[arg-type]
    await desk.close()


async def works(world: World, minutes: float) -> None:
    runner, clock, desk = world.elevation_runner, world.clock, world.desk
    assert desk
    end = clock() + timedelta(minutes=minutes)
    while True:
        try:
            while await runner.step(desk):
                pass
        except DeskError as error:
            runner._desk_failed(error)
        due = max(runner.due_at(), clock() + timedelta(milliseconds=500))
        if due > end:
            return
        clock.now = due


async def test_a_small_account_is_never_asked_too_often(zendesk: Running, world: World) -> None:
    """Sixty tickets at ten a minute, while twenty others are only read; half of the account's requests are left."""
    for _ in range(10):
        zendesk.sandbox.log.clear()
        await works(world, 1)
        statuses = Counter(entry["status"] for entry in zendesk.sandbox.log)
        assert set(statuses) <= {200} and sum(statuses.values()) <= 110, statuses
        assert sum(entry["method"] == "PUT" for entry in zendesk.sandbox.log) <= 11
    moved = [ticket for ticket in zendesk.sandbox.desk if ticket.group_id == T2_TECH.id]
    assert len(moved) == COUNT
    assert all(sum(not comment.public for comment in ticket.comments) == 1 for ticket in moved)


async def test_an_account_that_others_use_up(zendesk: Running, world: World) -> None:
    """Nothing but 429 for ten minutes: a few questions, and then all of it comes."""
    zendesk.control("fault", {"match": "/api/v2/", "status": 429, "retry_after": 60, "times": 10_000})
    await works(world, 10)
    assert len(zendesk.sandbox.log) <= 8
    zendesk.control("clear", {})
    await works(world, 25)
    assert sum(ticket.group_id == T2_TECH.id for ticket in zendesk.sandbox.desk) == COUNT
