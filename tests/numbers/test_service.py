"""Numbers of what really happened: each step by the services that people use."""

from datetime import UTC, datetime, timedelta

import pytest
from pydantic import TypeAdapter

from bot.database import Database
from bot.investigations.correction_model import Wanted
from bot.migrations import migrations
from bot.numbers.model import Asked, Grouping, Step
from bot.numbers.overview import Numbers
from bot.numbers.sheets import SHEETS, sheet
from bot.targets.model import Target
from bot.tickets.collection import LinkState
from tests.numbers.counted import Counted
from tests.world import APP, US_EAST


async def test_every_step_counts_from_the_first_ticket() -> None:
    counted = Counted()
    world, number = counted.world, await counted.opened(by="UTOM", ticket=7)
    for minutes in range(1, 6):
        world.clock.advance(minutes=1)
        match minutes:
            case 1:
                await world.investigations.claim(number, by="UKIM")
            case 2:
                world.evidence.note(number, "only one provider", by="UKIM")
            case 5:
                await world.investigations.resolve(number, by="UKIM", root_cause="transit", workaround="")
    waits = await counted.cases()

    assert waits[Step.OPENED] == 10 and waits[Step.CLAIMED] == 11 and waits[Step.EVIDENCE] == 12
    assert waits[Step.RESOLVED] == 15 and waits[Step.ESCALATED] is waits[Step.ACKNOWLEDGED] is waits[Step.TOLD] is None


async def test_whoever_opens_it_and_owns_it_at_once_has_claimed_it_then() -> None:
    """Also where somebody else has it by now, or nobody."""
    counted = Counted()
    number = await counted.opened(by="UKIM", ticket=7)
    assert (await counted.cases())[Step.CLAIMED] == 10
    counted.world.clock.advance(minutes=5)
    await counted.world.investigations.release(number, by="UKIM")
    assert (await counted.cases())[Step.CLAIMED] == 10
    counted.world.clock.advance(minutes=5)
    await counted.world.investigations.claim(number, by="UJO")

    assert (await counted.cases())[Step.CLAIMED] == 10


async def test_what_came_before_the_first_ticket_nobody_waited_for() -> None:
    counted = Counted()
    await counted.opened(ticket=7, waited_min=-5)

    assert (await counted.cases())[Step.OPENED] == 0


async def test_what_was_no_trend_and_what_has_no_ticket_is_not_timed() -> None:
    counted = Counted()
    await counted.opened(US_EAST, ticket=7)
    await counted.opened(APP)
    number = await counted.opened(Target("us-west", "U.S. West", "gateway", search=("us west",)), ticket=8)
    await counted.world.investigations.dismiss(number, reason="one broken router", by="UKIM")
    numbers = await counted.numbers()

    assert (numbers.opened, numbers.dismissed, numbers.without_ticket) == (3, 1, 1)
    assert [row.minutes.cases for row in numbers.steps][:2] == [1, 1]
    assert numbers.steps[0].minutes.note == "1 case: too few for a median"


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        (Grouping.TEAM, [("T2 Tech", 2), ("T2 CS", 1)]),
        (Grouping.TARGET, [("U.S. East", 2), ("The app", 1)]),
        (Grouping.HOUR, [("09:00", 2), ("10:00", 1)]),
        (Grouping.WEEK, [("16 Nov", 2), ("23 Nov", 1)]),
    ],
)
async def test_cases_are_put_together_by(by: Grouping, expected: list[tuple[str, int]]) -> None:
    counted = Counted()
    number = await counted.opened(US_EAST, ticket=7)
    await counted.world.investigations.resolve(number, by="UKIM", root_cause="transit", workaround="")
    await counted.opened(APP, ticket=8)
    counted.world.clock.advance(days=7, hours=1)
    await counted.opened(US_EAST, ticket=9)
    numbers = await counted.numbers(by=by, step=Step.OPENED)

    assert [(row.words, row.sample.cases) for row in numbers.waits if row.sample.cases] == expected
    assert len(numbers.waits) == {Grouping.HOUR: 24, Grouping.WEEK: 12}.get(by, 2)


async def test_a_choice_leaves_the_others_out() -> None:
    counted = Counted()
    await counted.opened(US_EAST, ticket=7)
    await counted.opened(APP, ticket=8)

    assert (await counted.numbers(team="cs")).opened == 1
    assert (await counted.numbers(target="us-east")).opened == 1
    assert (await counted.numbers(target="us-east", team="cs")).opened == 0
    counted.world.clock.advance(days=5 * 7)
    assert (await counted.numbers(weeks=4)).opened == 0 and (await counted.numbers(weeks=12)).opened == 2


async def test_more_cases_than_one_statement_has_are_all_counted() -> None:
    """Many at the same moment too."""
    counted = Counted()
    await counted.opened(US_EAST, ticket=7)
    counted.world.database.run(
        """WITH RECURSIVE n (n) AS (SELECT 100 UNION ALL SELECT n + 1 FROM n LIMIT 900)
           INSERT INTO investigations (id, target, state, opened_by, opened_at, channel)
           SELECT n, 'x', 'resolved', 'UKIM', opened_at, 'C1' FROM n, investigations WHERE id = 1"""
    )

    assert (await counted.numbers()).opened == 901


async def test_what_is_corrected_on_the_timeline_moves_what_came_first() -> None:
    """A note is added with the time of before, corrected, and withdrawn."""
    counted = Counted()
    world, number = counted.world, await counted.opened(APP, by="UTOM", ticket=7)
    world.database.run("DELETE FROM events WHERE kind = 'tickets'")
    world.clock.advance(minutes=20)
    world.evidence.note(number, "only one provider", by="UKIM", at=world.clock() - timedelta(minutes=5))
    event = world.database.value("SELECT max(id) FROM events WHERE kind = 'note'")
    assert (await counted.cases())[Step.EVIDENCE] == 25
    corrections = world.rooms.corrections
    await corrections.correct(event, Wanted(at=world.clock() - timedelta(minutes=15)), by="UKIM")
    assert (await counted.cases())[Step.EVIDENCE] == 15
    await corrections.withdraw(event, "wrong customer", by="UKIM")

    assert (await counted.cases())[Step.EVIDENCE] is None


async def test_tickets_that_are_taken_back_count_no_longer() -> None:
    counted = Counted()
    world, number = counted.world, await counted.opened(ticket=7, waited_min=30)
    assert world.desk
    world.desk.put(8, subject="us east")
    world.tickets.link(number, await world.tickets.read([8]), by="UKIM")
    assert (await counted.numbers()).steps[0].minutes.cases == 1
    (case,) = (await counted.service.chosen(Asked()))[0].cases
    assert (case.tickets, case.waited(Step.OPENED)) == (2, 30)
    await world.evidence.decide(number, [7], LinkState.REJECTED, by="UKIM")
    (case,) = (await counted.service.chosen(Asked()))[0].cases

    assert (case.tickets, case.waited(Step.OPENED)) == (1, 0)


def test_what_was_there_before_is_counted_like_what_comes() -> None:
    """An older database: openers who had it at once, one who lost it, one who claimed it."""
    database = Database(":memory:")
    migrations.apply(database.tables, stop_before="moments_of_investigations")
    for number, owner in ((1, "UKIM"), (2, None), (3, "UJO")):
        row = {"id": number, "target": "x", "state": "resolved", "owner": owner, "opened_by": "UKIM", "channel": "C1"}
        database.insert("investigations", row | {"opened_at": f"2026-11-20T09:0{number}:00.000000+00:00"})
    for number, minute, kind in (
        (2, 5, "released"),
        (3, 6, "claimed"),
        (3, 7, "note"),
        (3, 8, "probe"),
        (3, 9, "said"),
    ):
        at = f"2026-11-20T09:0{minute}:00.000000+00:00"
        database.insert("events", {"investigation_id": number, "at": at, "actor": "UKIM", "kind": kind})
    row = {"investigation_id": 3, "subject": "", "status": "open", "url": "", "found_at": ""}
    for ticket, state in ((7, "confirmed"), (8, "suggested")):
        created = f"2026-11-20T08:0{ticket}:00+00:00"
        database.insert("ticket_links", row | {"ticket_id": ticket, "state": state, "created_at": created})
    migrations.apply(database.tables)
    nine = int(datetime(2026, 11, 20, 9, tzinfo=UTC).timestamp())
    columns = "owned_s, evidence_s, told_s, first_ticket_s, tickets"
    rows = database.rows(f"SELECT {columns} FROM investigation_moments ORDER BY investigation_id")
    minutes = [[None if s is None else (s - nine) // 60 for s in list(row.values())[:-1]] for row in rows]

    assert minutes == [[1, None, None, None], [2, None, None, None], [6, 7, 9, -53]]
    assert [row["tickets"] for row in rows] == [0, 0, 1]


async def test_nobody_is_named_in_what_is_counted() -> None:
    """Not even by their id, in any table: numbers are of teams and targets."""
    counted = Counted()
    number = await counted.opened(US_EAST, by="UKIM", ticket=7)
    await counted.world.investigations.resolve(number, by="UKIM", root_cause="transit", workaround="")
    numbers, (period, groups) = await counted.numbers(), await counted.service.chosen(Asked())
    texts = [sheet(made(numbers, period.cases, groups)).decode() for made in SHEETS.values()]
    texts.append(TypeAdapter(Numbers).dump_json(numbers).decode())

    people = ("UKIM", "UJO", "UTOM", "ULENA", "kim", "jo@", "tom@", "lena")
    assert "INV-1" in texts[0] and not [name for name in people for text in texts if name in text]
