"""A hundred at once: acknowledged first, stored together, worked on in order."""

import asyncio
import sqlite3
from pathlib import Path

import pytest
from slack_bolt.response import BoltResponse

from bot.database import Database
from bot.migrations import migrations
from bot.slack.client import SlackClient
from bot.slack.deliveries import Deliveries, Delivery
from bot.slack.intake import Accepted, Intake
from tests.database import memory_database
from tests.fake_clock import FakeClock
from tests.slack import payloads
from tests.slack.test_listener import Line, client, unused_url
from tests.stalls import LONGEST_S, Stalls

__all__ = ["client", "unused_url"]  # fixtures of the listener's tests

MANY = 100


@pytest.fixture
async def line(client: SlackClient) -> Line:
    return Line().listen(client)


async def _together(line: Line, *texts: str) -> list[BoltResponse]:
    bodies = [payloads.command(text=text, trigger_id=f"t.{number}") for number, text in enumerate(texts)]
    return await asyncio.gather(*(line.deliver(body) for body in bodies))


async def _turn() -> None:
    """Let the event loop go on."""
    turned = asyncio.Event()
    asyncio.get_running_loop().call_soon(turned.set)
    await turned.wait()


async def test_what_arrives_together_is_committed_together(line: Line) -> None:
    """Before any of it is acknowledged, and each is done in the order in which it came."""
    texts = [str(number) for number in range(MANY)]
    begun: list[str] = []
    line.database.tables.conn.set_trace_callback(begun.append)
    responses = await _together(line, *texts)
    line.database.tables.conn.set_trace_callback(None)
    stored_at_the_acks = line.database.value("SELECT COUNT(*) FROM deliveries")
    await line.tasks.idle()

    assert {response.status for response in responses} == {200}
    assert begun.count("COMMIT") == 1
    assert stored_at_the_acks == MANY
    assert [request.text for request in line.seen] == texts
    assert line.database.value("SELECT COUNT(*) FROM deliveries WHERE done = 1") == MANY


async def test_acks_of_what_is_still_arriving_come_before_the_work(line: Line) -> None:
    """Frames reach the bot over many turns of the event loop; the first command begins when none waits for its ack."""
    seen_at_the_ack: list[int] = []

    async def acknowledged(number: int) -> None:
        await line.deliver(payloads.command(trigger_id=f"t.{number}"))
        seen_at_the_ack.append(len(line.seen))

    arriving: list[asyncio.Task[None]] = []
    for number in range(20):
        arriving.append(asyncio.create_task(acknowledged(number)))
        await _turn()
    await asyncio.gather(*arriving)
    await line.tasks.idle()

    assert seen_at_the_ack == [0] * 20
    assert len(line.seen) == 20


async def test_a_stream_without_end_does_not_keep_work_from_beginning(line: Line) -> None:
    """Acknowledgements go first for a moment only."""
    number = 0
    async with asyncio.timeout(30):
        while len(line.seen) < 3:
            number += 1
            await line.deliver(payloads.command(trigger_id=f"t.{number}"))
            await _turn()
    await line.tasks.idle()

    assert len(line.seen) == number


async def test_a_flood_that_is_acknowledged_begins_one_a_turn(line: Line) -> None:
    """Whoever comes after it waits for its turns: it was quiet before the first of them, and still is."""
    await _together(line, *map(str, range(MANY)))
    turns = 0
    while len(line.seen) < MANY:
        turns += 1
        await _turn()
    await line.tasks.idle()

    assert turns < 2 * MANY


async def test_the_same_twice_at_once_runs_once(line: Line) -> None:
    """Two deliveries of one event in the same turn: neither is stored when the other is looked for."""
    responses = await asyncio.gather(*(line.deliver(payloads.mention()) for _ in range(2)))
    await line.tasks.idle()

    assert [response.status for response in responses] == [200, 200]
    assert len(line.seen) == 1


async def test_one_that_is_too_large_for_the_disk_keeps_no_other_from_being_stored(line: Line) -> None:
    """All are acknowledged and worked on; those that fit survive a crash too."""
    line.database.value(f"PRAGMA max_page_count = {line.database.value('PRAGMA page_count') + 2}")
    texts = ["first", "x" * 50_000, "last"]
    responses = await _together(line, *texts)
    stored = line.database.value("SELECT COUNT(*) FROM deliveries")
    await line.tasks.idle()

    assert [response.status for response in responses] == [200] * 3
    assert stored == 2
    assert [request.text for request in line.seen] == texts


async def test_another_program_s_lock_is_waited_for_once(tmp_path: Path, client: SlackClient) -> None:
    """Not once for each of a hundred, in which time the event loop would stand still for two seconds."""
    database = Database(tmp_path / "a.db")
    migrations.apply(database.tables)
    other = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
    line = Line(database=database, commits=True).listen(client)
    other.execute("BEGIN IMMEDIATE")
    with Stalls() as stalls:
        responses = await _together(line, *map(str, range(MANY)))
        still_locked = other.in_transaction
    other.rollback()
    await line.tasks.idle()

    assert {response.status for response in responses} == {200}
    assert still_locked
    assert stalls.longest_s < LONGEST_S
    assert len(line.seen) == MANY
    assert database.value("SELECT COUNT(*) FROM deliveries WHERE done = 1") == MANY
    other.close()
    database.close()


async def test_work_begins_again_after_a_lull(line: Line) -> None:
    """Each burst is begun by a task of its own."""
    for burst in range(3):
        await line.deliver(payloads.command(trigger_id=f"t.{burst}"))
        await line.tasks.idle()

    assert len(line.seen) == 3


async def test_a_mistake_in_storing_leaves_nobody_without_an_ack(caplog: pytest.LogCaptureFixture) -> None:
    """The task that works on it tries again, and tells the person."""
    database = memory_database()
    intake = Intake(Deliveries(database=database, clock=FakeClock()))
    database.close()
    accepting = [intake.accept(Delivery(f"trigger:{number}", "command /t2", {})) for number in range(2)]

    assert await asyncio.gather(*accepting) == [Accepted.UNSTORED] * 2
    assert "closed database" in caplog.text
