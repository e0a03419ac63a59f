"""What the README asks the database, on one in which something has happened; and each view that there is."""

import re
from pathlib import Path

import pytest

from bot.known_issues.model import IssueState
from tests.fake_tracker import issue
from tests.world import US_EAST, US_WEST, World

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
QUESTIONS = re.findall(r"```sql\n(.*?)```", README, re.S)


@pytest.fixture
async def world() -> World:
    """One investigation, claimed after six minutes, with a ticket that somebody confirmed, and resolved."""
    world = World()
    assert world.desk
    world.desk.put(7, subject="us east: login fails")
    await world.opened(US_EAST, by="UTOM")
    await world.desk_settled()
    world.clock.advance(minutes=6)
    await world.investigations.claim(1, by="UKIM")
    world.tickets.link(1, await world.tickets.read([7]), by="UKIM")
    world.clock.advance(minutes=24)
    await world.investigations.resolve(1, by="UKIM", root_cause="transit", workaround="")
    return world


def test_the_readme_has_three_questions() -> None:
    assert len(QUESTIONS) == 3


@pytest.mark.parametrize("number", range(len(QUESTIONS)))
async def test_each_question_has_an_answer(world: World, number: int) -> None:
    rows = world.database.rows(QUESTIONS[number])
    expected = [
        [{"target": "us-east", "investigations": 1, "minutes_to_claimed": 6.0}],
        [{"investigation": "INV-1", "target": "us-east", "confirmed": 1, "decided": 1}],
        [],
    ]

    assert rows == expected[number]


async def test_every_view_is_told_of_and_can_be_read(world: World) -> None:
    views = world.database.column("SELECT name FROM sqlite_schema WHERE type = 'view' ORDER BY name")
    assert views == sorted(set(re.findall(r"`(\w+)`", README)) & set(views))
    (timing,) = world.database.rows("SELECT * FROM investigation_timings")

    assert len(views) == 4 and all(world.database.rows(f"SELECT * FROM {view}") is not None for view in views)
    assert (timing["minutes_to_claimed"], timing["minutes_to_resolved"], timing["minutes_to_escalated"]) == (
        6,
        30,
        None,
    )


async def test_claimed_is_when_anybody_first_had_it(world: World) -> None:
    """As on the page of numbers: that it was given away later makes nobody wait longer."""
    await world.opened(US_WEST, by="UKIM")
    world.clock.advance(minutes=5)
    await world.investigations.release(2, by="UKIM")
    world.clock.advance(minutes=40)
    await world.investigations.claim(2, by="UJO")
    timings = world.database.rows("SELECT investigation, minutes_to_claimed AS claimed FROM investigation_timings")

    assert timings == [{"investigation": "INV-1", "claimed": 6}, {"investigation": "INV-2", "claimed": 0}]


@pytest.mark.parametrize(("state", "counts"), [(IssueState.OPEN, 1), (IssueState.DONE, 2)])
async def test_one_bug_in_two_trackers_is_one_row(world: World, state: IssueState, counts: int) -> None:
    """Whichever of both an investigation was said to be; the one that tells support more counts, as everywhere."""
    github = issue(9, "Login spins on US East forever", state=state)
    jira = issue(31, "Login spins on US East, forever!", tracker="vpn", uid="j31", key="VPN-31")
    world.known.intake.applied("app", [github], cursor="1")
    world.known.intake.applied("vpn", [jira], cursor="1")
    await world.investigations.reopen(1, by="UKIM")
    await world.opened(US_WEST)
    await world.knowledge.use(1, 1, by="UKIM")
    for number in (1, 2):
        await world.knowledge.use(2, number, by="UKIM")

    assert world.database.rows("SELECT * FROM known_issues_by_customers") == [
        {"known_issue": f"KI-{counts}", "confirmed_tickets": 1, "investigations": 2}
    ]
    assert world.known.same(1)[0] == world.known.same(2)[0] == counts
