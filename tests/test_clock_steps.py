"""A clock that is set back moves what waits, and nothing else."""

from datetime import datetime, timedelta

import pytest

from bot.clock import steady
from bot.clock_steps import ClockSteps
from bot.database import Database
from tests.database import memory_database
from tests.fake_clock import FakeClock


def _due_in_s(database: Database, now: datetime) -> float:
    text = database.value("SELECT next_at FROM ticket_pastes")
    return (datetime.fromisoformat(text) - now).total_seconds()


def _paste(database: Database, next_at: datetime) -> None:
    """A ticket that will be looked at then; of no investigation, which nobody asks about here."""
    database.run("PRAGMA foreign_keys=OFF")
    database.insert("ticket_pastes", {"investigation_id": 1, "ticket_id": 1, "by": "UKIM", "next_at": next_at})


@pytest.mark.parametrize(("step_s", "due_in_s"), [(-3600, 30), (-86400, 30), (3600, 30 - 3600), (-0.5, 30.5), (0, 30)])
def test_what_waits_is_due_when_it_would_have_been(step_s: float, due_in_s: float) -> None:
    """Back by an hour or a day: after the same thirty seconds; on: sooner."""
    wall, even, database = FakeClock(), FakeClock(), memory_database()
    steps = ClockSteps(database=database, clock=wall, even=steady(wall, lambda: even().timestamp()))
    _paste(database, wall() + timedelta(seconds=30))
    for _ in range(3):
        steps.look()
    wall.advance(step_s)
    for _ in range(3):
        steps.look()

    assert _due_in_s(database, wall()) == pytest.approx(due_in_s)


def test_time_that_passes_moves_nothing() -> None:
    """However long the bot runs, and however long the machine slept."""
    wall, even, database = FakeClock(), FakeClock(), memory_database()
    steps = ClockSteps(database=database, clock=wall, even=steady(wall, lambda: even().timestamp()))
    _paste(database, wall() + timedelta(hours=5))
    for _ in range(100):
        wall.advance(60)
        even.advance(60)
        steps.look()
    wall.advance(hours=2)
    steps.look()

    assert _due_in_s(database, wall()) == pytest.approx(5 * 3600 - 6000 - 7200)


def test_every_room_that_waits_is_moved() -> None:
    """Tickets, replies, handoffs, questions, silences: whatever has a `next_at`."""
    wall = FakeClock()
    steps = ClockSteps(database=memory_database(), clock=wall, even=wall)
    tables = {table for table, _ in steps._waiting()}

    assert {"ticket_watches", "ticket_links", "ticket_pastes", "reply_rounds", "replies", "known_asks"} <= tables
