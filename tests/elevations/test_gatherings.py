"""One message for several tickets: when it is a new one, who has taken which, what a dry run and old tickets say."""

from dataclasses import replace
from datetime import timedelta

from bot.elevations.model import ElevationState, Mode
from bot.tickets.collection import LinkState
from tests.elevations.desk_day import EAST, SETTINGS, DeskDay
from tests.elevations.test_elevation_runner import OFFICE
from tests.world import US_EAST

DRY = replace(SETTINGS, dry_run_days=7, report_hours=OFFICE)


async def two(day: DeskDay) -> None:
    day.ticket(101)
    day.ticket(102)
    await day.works(1)


async def test_new_ones_join_by_an_edit_for_an_hour() -> None:
    """After that people have read it, so the next is a new message, also where one came every few minutes."""
    day = DeskDay()
    await two(day)
    assert day.messages() == ["elevations/1"] and "*2 tickets elevated*, both about U.S. East" in day.said()
    for number in range(103, 111):
        await day.works(6.5)
        day.ticket(number)
    await day.works(1)
    assert day.messages() == ["elevations/1"] and "*10 tickets elevated*" in day.said()
    await day.works(8)
    day.ticket(120, "The app crashes", minutes_ago=20)
    day.ticket(121)
    await day.works(1.5)
    assert day.messages() == ["elevations/1", "elevations/2", "elevations/3"]
    second = next(day.said(number) for number in (2, 3) if "U.S. East" in day.said(number))
    assert "*1 ticket elevated*, about U.S. East" in second and "10 from earlier messages still wait." in second


async def test_once_all_are_taken_the_next_is_a_new_message() -> None:
    day = DeskDay()
    await two(day)
    day.desk.set(101, assignee_id=7)
    day.desk.set(102, status="solved")
    await day.works(1)
    assert "*2 elevated tickets*, all taken" in day.said() and "1 assigned, 1 solved." in day.said()
    assert "Investigate" not in day.said()
    day.ticket(103)
    await day.works(2)
    assert day.messages() == ["elevations/1", "elevations/2"]
    assert "earlier" not in day.said(2)


async def test_the_message_says_who_has_taken_what() -> None:
    """Nobody looks again at what is taken, and nobody at all after a week."""
    day = DeskDay()
    for number in range(101, 107):
        day.ticket(number)
    await day.works(1)
    day.desk.set(101, assignee_id=7)
    day.desk.set(102, status="pending")
    day.desk.set(103, status="closed")
    day.desk.set(104, group_id=1)
    day.desk.remove(105)
    await day.works(1)
    assert "1 assigned, 1 answered, 1 solved, 1 in another group, 1 deleted, 1 still waits." in day.said()
    assert "· assigned" in day.listed() and "#106" in day.listed()
    asked = day.desk.calls.count("tickets")
    await day.passes(hours=24 * 8)
    assert 100 < day.desk.calls.count("tickets") - asked < 800
    asked = day.desk.calls.count("tickets")
    await day.works(60)
    assert day.desk.calls.count("tickets") == asked


async def test_investigate_suggests_the_tickets_of_the_target() -> None:
    """They are taken by that; whoever is found not to belong to it waits again."""
    day = DeskDay()
    await two(day)
    day.ticket(103, "US West is slow")
    await day.works(1)
    opened = await day.service.investigate(1, "us-east", by="UKIM")
    assert opened.created and opened.investigation.target == "us-east" and opened.investigation.owner == "UKIM"
    collected = day.world.tickets.of(1)
    assert collected and {each.ticket_id for each in collected.suggested} == {101, 102} and not collected.confirmed
    assert "2 in INV-1, 1 still waits." in day.said()
    assert "about U.S. West" in day.said() and "about U.S. East" not in day.said()

    again = await day.service.investigate(1, "us-east", by="UJO")
    assert not again.created and again.investigation.id == 1
    await day.world.evidence.decide(1, [102], LinkState.REJECTED, by="UKIM")
    assert "1 in INV-1, 2 still wait." in day.said()
    await day.works(2)
    assert "1 in INV-1, 2 still wait." in day.said()
    day.desk.set(101, assignee_id=7)
    await day.works(2)
    assert "1 assigned, 2 still wait." in day.said()


async def test_what_is_confirmed_elsewhere_is_taken() -> None:
    """Whoever pastes its link into an investigation has taken it too."""
    day = DeskDay()
    await two(day)
    await day.world.opened(US_EAST)
    await day.world.evidence.add_tickets(1, [101], by="UKIM")
    assert "1 in INV-1, 1 still waits." in day.said()


async def test_tickets_of_a_trend_that_was_none_wait_again() -> None:
    day = DeskDay()
    await two(day)
    await day.service.investigate(1, "us-east", by="UKIM")
    await day.works(1)
    assert "all taken" in day.said()
    await day.world.investigations.dismiss(1, reason="two customers with broken routers", by="UKIM")
    await day.works(1)
    assert "*2 tickets elevated*" in day.said() and "Investigate" in day.said()


async def test_a_dry_run_changes_nothing_and_says_so_once_a_day() -> None:
    """Each ticket is told of once; then it becomes serious, and what has waited for days by then is only named."""
    day = DeskDay(DRY)
    day.ticket(101)
    day.ticket(102)
    day.ticket(103, "The app crashes")
    day.ticket(104, minutes_ago=60 * 24 * 5)
    await day.works(2)
    await day.passes(hours=5)
    assert len(day.messages()) == 2
    assert "*Dry run: 2 tickets would be elevated*, both about U.S. East" in day.said(1) + day.said(2)
    assert "1 older ticket would stay with Tier 1." in day.said(1) + day.said(2)
    assert day.service.status().mode is Mode.DRY

    day.ticket(105)
    await day.passes(hours=24 * 2.5)
    assert len(day.messages()) == 2, "the weekend"
    await day.passes(hours=24)
    assert len(day.messages()) == 3 and "*Dry run: 1 ticket would be elevated*" in day.said(3)
    assert day.moved() == [] and not day.desk.comments and "elevate" not in day.desk.calls

    day.ticket(106, minutes_ago=-60 * 24 * 2.9)
    await day.passes(hours=24 * 5)
    assert day.moved() == [106]
    assert [day.state(number) for number in (101, 103, 104, 105)] == [ElevationState.OLD] * 4
    assert "older tickets stay with Tier 1" in "".join(day.said(number) for number in range(4, 1 + len(day.messages())))


async def test_a_dry_run_for_ever() -> None:
    day = DeskDay(replace(DRY, dry_run=True, dry_run_days=0))
    await two(day)
    await day.passes(hours=24 * 9)
    assert day.moved() == [] and day.service.status().ends_at is None
    assert len(day.messages()) == 1 and "The dry run ends" not in day.said()


async def test_off_for_days_and_on_again_is_a_beginning() -> None:
    """Nobody wants what piled up meanwhile all at once."""
    day = DeskDay()
    await two(day)
    for number in range(201, 204):
        day.ticket(number, minutes_ago=-30)
    day.clock.advance(days=3)
    day.restarts()
    day.ticket(210)
    await day.works(5)
    assert day.moved() == [101, 102, 210]
    assert "*3 older tickets stay" in "".join(map(day.said, (1, 2, 3)))


async def test_a_restart_is_none() -> None:
    day = DeskDay()
    await two(day)
    day.ticket(103, minutes_ago=0)
    day.clock.advance(hours=3)
    day.restarts()
    await day.works(5)
    assert day.moved() == [101, 102, 103]


async def test_hostile_subjects() -> None:
    """100 kB of marks that would ping, format, or turn the line around."""
    day = DeskDay()
    day.ticket(101, f"{EAST} <!channel> *bold* ```code``` \u202e<@UKIM> " + "x&<>" * 25_000)
    day.ticket(102, "\x00" * 1_000 + " " * 100_000, text="US East " * 20_000)
    await day.works(2)
    assert day.moved() == [101, 102]
    said, listed = day.said(), day.listed()
    assert "<!channel>" not in listed and "<@UKIM>" not in listed and "\u202e" not in listed
    assert len(said) < 600 and len(listed) < 1_000


async def test_old_rows_are_let_go_of() -> None:
    """What was elevated is kept for ever: it is what makes it happen once."""
    day = DeskDay()
    await two(day)
    day.ticket(103)
    day.desk.writes(103, by_customer=False)
    await day.works(2)
    day.desk.remove(103)
    day.clock.advance(days=40)
    assert day.store.empty(day.clock() - timedelta(days=30)) == 1
    assert [day.state(number) for number in (101, 102, 103)] == [ElevationState.ELEVATED] * 2 + [None]
