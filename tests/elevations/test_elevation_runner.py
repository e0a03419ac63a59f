"""Tickets that nobody answered are moved once, to the right group; others are left alone."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.clock_steps import ClockSteps
from bot.elevations.model import ElevationState, due_at
from bot.tickets.answering import PublicComment
from bot.tickets.desk import DeskError, TicketChanged
from bot.tickets.waiting import ELEVATED_TAG, Wait
from bot.working_hours import WorkingHours
from tests.elevations.desk_day import SETTINGS, DeskDay, TickingClock
from tests.fake_desk import Killed, limited, lost, unreachable

OFFICE = WorkingHours(time(9), time(17), frozenset(range(5)), ZoneInfo("UTC"))
"""The first day is a Friday, and begins at 09:12."""


@pytest.fixture
def day() -> DeskDay:
    return DeskDay()


async def test_a_ticket_past_its_time_goes_to_the_team_of_its_target(day: DeskDay) -> None:
    """With one note that says why. What names nothing that is known goes to the usual team."""
    day.ticket(101)
    day.ticket(102, "The app crashes", minutes_ago=30)
    day.ticket(103, "Hello", text="nothing works")
    day.ticket(104, minutes_ago=5)
    await day.works(3)

    assert {ticket.id: ticket.group_id for ticket in day.desk.hidden} == {101: 2, 102: 3, 103: 2, 104: 1}
    assert day.notes(101) == [
        "No one has replied for 20 min, so Second Line moved this from Tier 1 to T2 Tech. It is about U.S. East."
    ]
    assert "to T2 CS. It is about The app." in day.notes(102)[0]
    assert "It names nothing that we know, so it went to the usual team." in day.notes(103)[0]


async def test_the_subject_says_more_than_the_text(day: DeskDay) -> None:
    """In which other names stand that are no trouble, or are the customer's device."""
    day.ticket(101, "US West is slow", text="My app on Windows. US East works fine.")
    day.ticket(102, "Help", text="US East works fine, but US West drops")
    await day.works()

    assert [day.store.get(number).target for number in (101, 102)] == ["us-west", "us-west"]  # type: ignore[union-attr]


async def test_it_is_moved_as_soon_as_its_time_is_over(day: DeskDay) -> None:
    day.ticket(101, minutes_ago=5)
    await day.works(9.9)
    assert day.moved() == []
    await day.works(2)
    assert day.moved() == [101]


async def test_whoever_has_a_reply_or_waits_for_something_else_stays(day: DeskDay) -> None:
    """A reply, the statuses that agents set, a note of just now, a colleague who took it just now, another group."""
    for number in range(101, 108):
        day.ticket(number)
    day.desk.writes(101, by_customer=False)
    for number, status in ((102, "pending"), (103, "hold"), (104, "solved")):
        day.desk.set(number, status=status)
    day.desk.set(105, assignee_id=7, updated_at=day.clock() - timedelta(minutes=4))
    day.desk.set(106, group_id=9)
    day.desk.set(107, tags=(ELEVATED_TAG,))
    await day.works(8)

    assert day.moved() == [106] and day.notes(106) == []
    await day.works(4)
    assert day.moved() == [105, 106]


async def test_who_asks_again_has_waited_as_long_as_before(day: DeskDay) -> None:
    day.ticket(101, minutes_ago=14)
    day.desk.writes(101)
    await day.works(2)
    assert day.moved() == [101]


async def test_a_customer_who_writes_after_a_reply_waits_anew(day: DeskDay) -> None:
    """A long conversation of which the last words are the customer's."""
    day.ticket(101, minutes_ago=200)
    day.desk.writes(101, by_customer=False)
    await day.works(1)
    day.desk.writes(101)
    await day.works(14)
    assert day.moved() == []
    await day.works(3)
    assert day.moved() == [101]


async def test_whoever_was_faster_keeps_the_ticket(day: DeskDay) -> None:
    """Zendesk says 409: nothing is tried again before it was left alone for as long as a customer may wait."""
    day.ticket(101)
    await day.works(0)
    day.desk.before.extend([None, TicketChanged("Zendesk", "somebody changed it (409)", retry=True)])
    day.restarts()
    day.ticket(102)
    await day.works(2)
    looked = [number for number in (101, 102) if day.state(number) is ElevationState.READ]

    assert len(looked) <= 1 and set(day.moved()) | set(looked) == {101, 102}
    await day.works(10)
    assert set(day.moved()) | set(looked) == {101, 102}
    await day.works(10)
    assert day.moved() == [101, 102]


async def test_a_reply_between_reading_and_moving(day: DeskDay) -> None:
    day.ticket(101)
    await day.runner.step(day.desk)
    await day.runner.step(day.desk)
    await day.runner.step(day.desk)
    assert day.state(101) is ElevationState.WAITING
    day.desk.writes(101, by_customer=False)
    await day.works(30)
    assert (day.moved(), day.state(101)) == ([], ElevationState.QUIET)


async def test_what_tier_2_gives_back_stays(day: DeskDay) -> None:
    """Also where somebody takes the mark off."""
    day.ticket(101)
    await day.works()
    day.desk.set(101, group_id=1, updated_at=day.clock())
    await day.works(60)
    day.desk.set(101, tags=(), updated_at=day.clock())
    await day.works(60)

    assert day.moved() == [] and len(day.notes(101)) == 1


@pytest.mark.parametrize("fault", [lost(), unreachable(), limited(40), Killed()])
@pytest.mark.parametrize("when", ["before", "after"])
async def test_exactly_once_whatever_happens_to_the_move(day: DeskDay, when: str, fault: BaseException) -> None:
    day.ticket(101)
    while day.state(101) is not ElevationState.WAITING:
        await day.runner.step(day.desk)
    getattr(day.desk, when).append(fault)
    try:
        await day.works(5)
    except Killed:
        day.restarts()
        await day.works(5)

    assert day.moved() == [101] and len(day.notes(101)) == 1
    assert day.state(101) is ElevationState.ELEVATED and day.messages() == ["elevations/1"]
    assert "*1 ticket elevated*" in day.said()


async def test_a_desk_at_its_limit_is_left_alone(day: DeskDay) -> None:
    """As long as it says, and ever longer while it goes on."""
    day.ticket(101)
    day.desk.down = limited(50)
    await day.works(10)
    assert 1 < len(day.desk.calls) < 8
    status = day.service.status()
    assert status.failing_since and "429" in status.failure
    day.desk.down = None
    await day.works(11)
    assert day.moved() == [101] and day.service.status().failing_since is None


async def test_one_ticket_that_can_not_be_read_keeps_nobody_waiting(day: DeskDay) -> None:
    """One bad row is one bad row."""
    day.ticket(101)
    await day.runner.step(day.desk)
    await day.runner.step(day.desk)
    day.ticket(102)
    day.desk.before.append(DeskError("Zendesk", "unexpected answer without 'created_at'", retry=False))
    await day.works(2)
    assert 102 in day.moved()


async def test_so_many_a_minute_and_an_hour() -> None:
    """Who has waited longest goes first."""
    day = DeskDay(replace(SETTINGS, per_minute=6, per_hour=10))
    for number in range(101, 131):
        day.ticket(number, minutes_ago=20 + number - 100)
    await day.works(1)
    assert 3 <= len(day.moved()) <= 6 and 130 in day.moved()
    await day.works(8)
    assert day.moved() == list(range(121, 131))
    assert day.service.status().waiting == 20
    await day.works(56)
    assert len(day.moved()) == 20


async def test_those_who_are_answered_go_first() -> None:
    """While a round is sent the desk is written to four times slower."""
    day = DeskDay(replace(SETTINGS, per_minute=6))
    for number in range(101, 141):
        day.ticket(number)
    day.runner._others_write = lambda: True
    await day.works(4)
    assert 5 <= len(day.moved()) <= 7
    day.runner._others_write = lambda: False
    await day.works(4)
    assert 25 < len(day.moved()) <= 31


async def test_only_working_time_counts() -> None:
    """Written on Friday at 16:55, past its time on Monday at 09:10."""
    day = DeskDay(replace(SETTINGS, hours=OFFICE))
    day.clock.now = datetime(2026, 11, 20, 16, 54, tzinfo=UTC)
    day.ticket(101, minutes_ago=-1)
    await day.passes(hours=24 * 2.6)
    assert day.moved() == []
    day.clock.now = datetime(2026, 11, 23, 9, 9, tzinfo=UTC)
    await day.works(0.5)
    assert day.moved() == []
    await day.works(2)
    assert day.moved() == [101]


def test_due_in_working_time() -> None:
    friday = datetime(2026, 11, 20, 16, 55, tzinfo=UTC)
    assert due_at(Wait(friday), timedelta(minutes=15), OFFICE) == datetime(2026, 11, 23, 9, 10, tzinfo=UTC)
    assert due_at(Wait(friday), timedelta(hours=20), OFFICE) == datetime(2026, 11, 25, 12, 55, tzinfo=UTC)
    assert due_at(Wait(friday), timedelta(minutes=15), None) == friday + timedelta(minutes=15)
    touched = Wait(friday, friday + timedelta(minutes=9))
    assert due_at(touched, timedelta(minutes=15), None) == friday + timedelta(minutes=24)


async def test_what_waits_for_days_already_is_named_and_stays(day: DeskDay) -> None:
    """Once, in the channel of its team; a conversation that goes on after a reply counts as new."""
    for number in range(101, 110):
        day.ticket(number, minutes_ago=60 * 24 * 3)
    day.ticket(110, "The app crashes", minutes_ago=60 * 24 * 2)
    day.ticket(111)
    day.ticket(112, minutes_ago=60 * 24 * 3)
    day.desk.said[112] = [PublicComment(1, True, day.clock() - timedelta(hours=1))]
    day.desk.set(112, updated_at=day.clock() - timedelta(hours=1))
    await day.works(30)

    assert day.moved() == [111]
    said = [day.said(number) for number in (1, 2, 3)]
    assert sum("*10 older tickets stay with Tier 1*, all about U.S. East" in each for each in said) == 1
    assert sum("*1 older ticket stays with Tier 1*, about The app" in each for each in said) == 1
    assert len(day.messages()) == 3
    day.desk.writes(101, by_customer=False)
    await day.works(3)
    day.desk.writes(101)
    await day.works(20)
    assert day.moved() == [101, 111] and "#102" in day.listed(1) + day.listed(2) + day.listed(3)


async def test_a_group_that_is_not_there(day: DeskDay) -> None:
    """Nothing of it is moved, the others are; when it is there all of it comes."""
    day.desk.known_groups.pop()
    day.ticket(101)
    day.ticket(102, "The app crashes")
    await day.works(30)
    assert day.moved() == [101] and day.service.status().problems == ("T2 CS",)
    day.desk.known_groups.append(replace(day.desk.known_groups[0], id=3, name="t2  cs"))
    await day.works(25)
    assert day.moved() == [101, 102] and day.service.status().problems == ()


async def test_no_group_of_tier_1_at_all(day: DeskDay) -> None:
    day.desk.known_groups.clear()
    day.ticket(101)
    await day.works(60)
    assert day.moved() == [] and set(day.desk.calls) == {"groups"} and len(day.desk.calls) < 9


async def test_moves_that_are_refused(day: DeskDay) -> None:
    """Where all are, the bot may not do it: it hardly asks, loses none, and goes on soon after somebody mends that."""
    for number in range(101, 121):
        day.ticket(number)
        day.desk.refused[number] = "not allowed (403): check the role and scopes of the bot's Zendesk user"
    await day.works(180)
    assert day.moved() == [] and day.desk.calls.count("elevate") < 40
    assert day.service.status().refused > 3
    day.desk.refused.clear()
    await day.works(61)
    assert day.moved() == list(range(101, 121))
    assert all(len(day.notes(number)) == 1 for number in range(101, 121))


async def test_one_move_that_is_refused(day: DeskDay) -> None:
    day.ticket(101)
    day.ticket(102)
    day.desk.refused[101] = "refused (422): Ticket field is needed"
    await day.passes(hours=8)
    assert day.moved() == [102] and day.desk.calls.count("elevate") <= 10
    assert day.service.status().refused == 1


async def test_nothing_is_asked_where_it_is_off() -> None:
    day = DeskDay(replace(SETTINGS, from_groups=()))
    assert await day.runner.turn() is None
    assert day.desk.calls == []


@pytest.mark.parametrize("jump", [timedelta(hours=-1), timedelta(hours=5), timedelta(days=-40)])
async def test_a_clock_that_is_set(day: DeskDay, jump: timedelta) -> None:
    """What waits for a moment moves with it; nothing is moved twice, and nobody waits an hour longer."""
    day.ticket(101)
    await day.works(3)
    even = TickingClock()
    even.now = day.clock.now
    steps = ClockSteps(database=day.world.database, clock=day.clock, even=even)
    day.clock.now += jump
    steps.look()
    day.ticket(102)
    await day.works(3)
    assert day.moved() == [101, 102] and len(day.notes(101)) == len(day.notes(102)) == 1


async def test_ten_thousand_candidates(day: DeskDay) -> None:
    """Few requests a minute, the newest are seen at once, and all of them after a while."""
    for number in range(10_000):
        day.ticket(1_000 + number, minutes_ago=60 * 24 * 30 + number)
    day.ticket(101)
    await day.works(1.5)
    assert day.moved() == [101]
    assert len(day.desk.calls) < 20
    await day.works(30)
    assert day.store.count((ElevationState.OLD,)) == 10_000
    assert day.desk.calls.count("wait") <= 2 and len(day.desk.calls) < 140
    assert "*10000 older tickets stay" in day.said(2)
