"""What the numbers ask costs what the period has, not what the years before it had."""

from datetime import timedelta

from bot.app.pages import build_numbers
from bot.numbers.model import Asked
from tests.numbers.counted import Counted
from tests.numbers.full import CASES, DAYS, fill
from tests.stalls import STALL_S, Stalls
from tests.test_questions import asked, read_whole


async def test_no_whole_table_is_read() -> None:
    counted = Counted()
    fill(counted)
    with asked(counted.world.database) as statements:
        await counted.numbers()

    assert len(statements) >= 8
    assert read_whole(counted.world.database, statements) == []


async def test_a_year_of_ten_thousand_keeps_nobody_waiting() -> None:
    """Ten thousand investigations, opened one after the other: whoever comes meanwhile has a turn."""
    counted = Counted()
    fill(counted)
    database, now = counted.world.database, counted.world.clock()
    since = (now - timedelta(days=DAYS)).isoformat()
    with database.transaction():
        database.run(
            """WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n LIMIT 10000)
               INSERT INTO investigations (id, target, state, opened_by, opened_at, closed_at, channel)
               SELECT 1000 + n, target, 'resolved', 'UKIM', strftime('%Y-%m-%dT%H:%M:%f000+00:00', ?, n || ' minutes'),
                 strftime('%Y-%m-%dT%H:%M:%f000+00:00', ?, (n + 90) || ' minutes'), 'C1'
               FROM n JOIN investigations ON id = 1 + n % ?""",
            since,
            since,
            CASES,
        )
        database.run(
            """INSERT INTO ticket_links (investigation_id, ticket_id, state, subject, status, url, created_at, found_at)
               SELECT i.id, i.id * 100 + t.value, 'confirmed', '', 'open', '',
                 strftime('%Y-%m-%dT%H:%M:%f000+00:00', i.opened_at, (-t.value) || ' minutes'), ''
               FROM investigations i, json_each('[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]') t WHERE i.id > 1000"""
        )
    service = build_numbers(counted.world.rooms, now.tzinfo, worth=0)  # type: ignore[arg-type]
    with Stalls() as stalls:
        numbers = await service.numbers(Asked(weeks=52))

    assert numbers.opened == 10_000 + CASES and numbers.steps[0].minutes.cases > 10_000
    assert stalls.busiest_s <= STALL_S
