"""Steps of ladders, elevated tickets, known issues and readers of briefings, as they stand in the database."""

import csv
import io
from datetime import timedelta

import pytest

from bot.database import Row
from bot.numbers.counts import IssueNumbers, StepCount
from bot.numbers.model import Asked, Grouping
from bot.numbers.sheets import SHEETS, sheet
from tests.numbers.counted import Counted
from tests.world import US_EAST, US_WEST


def escalated(counted: Counted, investigation: int, *, steps: int, acknowledged: bool = True) -> None:
    """Told step by step each minute, and acknowledged half a minute after the last."""
    database, now = counted.world.database, counted.world.clock()
    row: Row = dict.fromkeys(("wrong", "since", "affected", "tried", "needed", "tickets", "runs", "mention"), "")
    row |= {"investigation_id": investigation, "escalated_by": "UKIM", "escalated_at": now}
    at = now + timedelta(minutes=steps - 0.5) if acknowledged else None
    number = database.insert("escalations", row | {"acknowledged_at": at})
    run = {"escalation_id": number, "ladder": "default", "rungs": "[]", "state": "running", "started_at": now}
    run_id = database.insert("ladder_runs", run)
    for place in range(steps + 2 if acknowledged else steps):
        told_at = now + timedelta(minutes=place)
        database.insert(
            "ladder_steps", {"run_id": run_id, "round": 1, "place": place, "rung": "{}", "told_at": told_at}
        )


async def test_steps_count_until_somebody_acknowledged() -> None:
    counted = Counted()
    numbers = [await counted.opened(target) for target in (US_EAST, US_WEST)]
    escalated(counted, numbers[0], steps=1)
    escalated(counted, numbers[1], steps=3)
    escalated(counted, numbers[0], steps=2, acknowledged=False)
    made = (await counted.numbers()).escalated

    assert made.counts == (StepCount(1, 1), StepCount(3, 1))
    assert (made.escalations, made.waiting, made.withdrawn) == (3, 1, 0)
    assert (await counted.numbers(target="us-west")).escalated.counts == (StepCount(3, 1),)


@pytest.mark.parametrize("by", list(Grouping))
async def test_elevated_tickets_are_counted_by_group(by: Grouping) -> None:
    counted = Counted()
    now = counted.world.clock()
    for ticket in range(1, 901):
        row: Row = {"ticket_id": ticket, "state": "elevated", "subject": "s", "url": "", "updated_at": now}
        row |= {"seen_at": now, "next_at": now, "target": "us-east", "team": "tech", "elevated_at": now}
        counted.world.database.insert("elevations", row | {"taken": "assigned" if ticket % 3 else ""})
    made = (await counted.numbers(by=by)).elevated

    assert (made.tickets, made.taken) == (900, 600)
    assert [(group.tickets, group.taken) for group in made.groups if group.tickets] == [(900, 600)]
    assert (await counted.numbers(by=by, team="cs")).elevated.tickets == 0


async def test_each_customer_of_a_known_issue_counts_once() -> None:
    counted = Counted()
    database, now = counted.world.database, counted.world.clock()
    for number in (1, 2):
        row: Row = {"id": number, "tracker": "app", "uid": f"{number}", "key": f"APP-{number}", "url": "", "known": 1}
        row |= {"state": "open", "marked": 0, "updated_at": now, "first_seen_at": now, "checked_at": now}
        database.insert("known_issues", row | {"issue": f'{{"title": "=Issue {number}"}}', "reading": "{}"})
    tickets = {US_EAST: (1, 2, 3), US_WEST: (4, 5)}
    for target, ids in tickets.items():
        number = await counted.opened(target)
        for ticket in ids:
            link: Row = {
                "investigation_id": number,
                "ticket_id": ticket,
                "state": "confirmed",
                "subject": "",
                "url": "",
            }
            link |= {"status": "open", "created_at": now, "found_at": now, "requester_id": 9 if ticket < 3 else ticket}
            database.insert("ticket_links", link)
        said: Row = {"investigation_id": number, "verdict": "it_is", "by": "UKIM", "at": now}
        database.insert("known_links", said | {"issue_id": 1})
        database.insert("known_links", said | {"issue_id": 2, "verdict": "it_is_not"})
    numbers = await counted.numbers()

    assert numbers.issues == (IssueNumbers(1, "=Issue 1", customers=4, tickets=5, investigations=2),)
    assert (await counted.numbers(target="us-west")).issues[0].customers == 2
    period, groups = await counted.service.chosen(Asked())
    assert "KI-1,'=Issue 1,4,5,2" in sheet(SHEETS["issues"](numbers, period.cases, groups)).decode()


FORMULAS = {
    "=1+1": "'=1+1",
    "-5 % packets": "'-5 % packets",
    "@SUM(A1)": "'@SUM(A1)",
    "\u202e=1+1": "'=1+1",
    "\t=1+1": "'=1+1",
    "a\n=1+1": "a =1+1",
    "\uff1d1+1": "'\uff1d1+1",
    "slow;=1+1": "slow;'=1+1",
    'slow;"=1+1"': 'slow;\'"=1+1"',
    'say "no", 5 = five; a-b': 'say "no", 5 = five; a-b',
}
"""What somebody calls an issue, and the cell that it becomes."""


@pytest.mark.parametrize("title", FORMULAS)
def test_no_cell_is_run_by_the_spreadsheet_that_opens_it(title: str) -> None:
    """Also where it separates cells by semicolons, as it does in half of Europe."""
    text = sheet([("KI-1", title)]).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))

    assert rows == [["KI-1", FORMULAS[title]]]
    for cell in (
        cell for separator in ",;" for row in csv.reader(io.StringIO(text), delimiter=separator) for cell in row
    ):
        assert cell.strip(' "')[:1] not in ("=", "+", "-", "@", "\uff1d"), cell


async def test_a_briefing_is_read_by_who_said_so() -> None:
    counted = Counted()
    database, now = counted.world.database, counted.world.clock()
    for day, readers in enumerate((5, 3, 4, 0)):
        at = now - timedelta(days=day)
        row: Row = {"channel": "C1", "day": at.date().isoformat(), "due_at": at, "said_at": at, "said": "{}"}
        briefing = database.insert("briefings", row)
        for reader in range(readers):
            database.insert("briefing_readers", {"briefing_id": briefing, "user": f"U{reader}", "read_at": at})
    read = (await counted.numbers()).read

    assert (read.briefings, read.readers.median) == (4, 3.5)
    assert read.groups[-1].sample.cases == 4 and read.groups[-1].words == "16 Nov"


async def test_what_was_opened_again_is_counted() -> None:
    counted = Counted()
    for target in (US_EAST, US_WEST):
        number = await counted.opened(target)
        await counted.world.investigations.resolve(number, by="UKIM", root_cause="transit", workaround="")
    await counted.world.investigations.reopen(number, by="UKIM")
    made = (await counted.numbers()).reopened

    assert (made.reopened, made.ended) == (1, 2)
