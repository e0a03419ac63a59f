"""What the bench measures on is a database as the bot itself writes it: its own stores read all of it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.database import Database
from bot.escalations.ladder_store import LadderStore
from bot.investigations.model import State
from bot.targets.model import Catalog, Target
from tests.bench.seed.cache import seed
from tests.bench.seed.investigations import Shape
from tests.fake_clock import FakeClock
from tests.fake_people import FakePeople
from tests.world import World

SMALL = Shape(
    investigations=120,
    open=6,
    escalated=3,
    tickets=2_400,
    issues=300,
    targets=tuple(f"gw-{number}" for number in range(12)),
    channels=("C1", "C2"),
    people=("UKIM", "UJO"),
    manager="ULENA",
)
TARGETS = Catalog(tuple(Target(key, key, "gateway", team="tech", addresses=("127.0.50.1",)) for key in SMALL.targets))
NOW = datetime(2026, 11, 20, 9, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    path: Path = tmp_path_factory.mktemp("seed") / "seeded.db"
    seed(path, SMALL, now=NOW)
    return World(database=Database(path), clock=FakeClock(), catalog=TARGETS, people=FakePeople())


def test_there_is_as_much_as_was_asked_for(world: World) -> None:
    """Live ones are each about a target of its own."""
    live = world.investigations.live()
    counted = {
        table: world.database.value(f"SELECT count(*) FROM {table}")
        for table in ("investigations", "known_issues", "ticket_links")
    }

    assert counted["investigations"] == 120
    assert counted["known_issues"] == 300
    assert counted["ticket_links"] >= 2_400
    assert [investigation.state for investigation in live].count(State.OPEN) == 6
    assert [investigation.state for investigation in live].count(State.ESCALATED) == 3
    assert len({investigation.target for investigation in live}) == 9


def test_everything_is_read_by_the_stores_that_would_have_written_it(world: World) -> None:
    """Each investigation with all that hangs on it, each known issue, each ladder."""
    ladders = LadderStore(database=world.database)
    overviews = [world.evidence.overview(number) for number in range(1, 121)]
    escalations = [world.escalations.latest(overview.investigation.id) for overview in overviews]
    runs = [ladders.of(escalation.id) for escalation in escalations if escalation]
    issues = [world.known.get(number) for number in range(1, 301)]

    assert all(overview.events and overview.batches and overview.collected for overview in overviews)
    assert all(run and run.steps for run in runs)
    assert [issue.id for issue in issues] == list(range(1, 301))


async def test_issues_and_lessons_are_found(world: World) -> None:
    """By the words that they have."""
    issue = world.known.get(7)
    found = world.known.search(" ".join(issue.issue.title.split()[:4]), limit=10)
    lesson = world.known.search("line card transit provider", limit=10)

    assert 7 in [match.issue.id for match in found.best if match.issue]
    assert any(match.learned for match in lesson.best)


async def test_the_day_of_those_who_work_with_it_can_be_told(world: World) -> None:
    """A briefing gathers from nearly all tables."""
    situation = await world.rooms.gatherer.situation("C1", now=NOW, day=NOW.date(), before=None)

    assert len(situation.investigations) == 9
    assert situation.issues


def test_what_is_written_in_bulk_hangs_together(world: World) -> None:
    """No row is of a record that there is not."""
    assert world.database.rows("PRAGMA foreign_key_check") == []
    assert world.database.value("PRAGMA integrity_check") == "ok"


def test_what_is_counted_for_many_issues_at_once_is_what_each_has(world: World) -> None:
    """Each ticket once, however many investigations have it."""
    linked = world.known.links.issues()
    counts = world.asks.counts(linked, NOW - timedelta(hours=1))
    affected = {number: world.asks.affected(number) for number in linked}

    assert len(linked) > 10
    assert {number: counted.tickets for number, counted in counts.items()} == {
        number: len(tickets) for number, tickets in affected.items()
    }
    assert sum(counted.more for counted in counts.values()) > 0


def test_what_hurts_now_is_found_without_looking_at_all_that_ever_did(world: World) -> None:
    """Issues of live investigations, and those with new confirmed tickets."""
    since = NOW - timedelta(hours=1)
    linked = world.known.links.issues()
    live = {investigation.id for investigation in world.investigations.live()}
    counts = world.asks.counts(linked, since)
    hot = {number for number, counted in counts.items() if counted.more or counted.investigations & live}
    found = world.rooms.gatherer.impacts(since)

    assert hot and hot <= found.keys()
    assert len(found) < len(linked)
