"""The weeks before the morning."""

from collections import Counter
from datetime import datetime, timedelta

import pytest

from bot.sandbox.zendesk.desk import SCRUBBED
from bot.sandbox.zendesk.history import ANGRY, DAY_MIN, WENT_WRONG, Wrong
from bot.sandbox.zendesk.seed import Seed, SeedTicket
from bot.sandbox.zendesk.seeds import RISE_TICKETS, morning
from bot.sandbox.zendesk.server import ZendeskSandbox
from tests.fake_clock import FakeClock

NOW = FakeClock()()


@pytest.fixture(scope="module")
def seed() -> Seed:
    return morning(now=NOW)


def _written(ticket: SeedTicket) -> datetime:
    return NOW - timedelta(minutes=ticket.minutes_ago)


def test_the_same_number_and_moment_give_the_same_weeks(seed: Seed) -> None:
    assert morning(now=NOW) == seed
    assert morning(8, now=NOW) != seed
    assert morning(now=NOW + timedelta(hours=1)) != seed


def test_it_ends_with_the_rise(seed: Seed) -> None:
    """The rise is the one of the morning without weeks before it."""
    assert [one.subject for one in seed.tickets[-RISE_TICKETS:]] == [one.subject for one in morning().tickets[-31:]]
    assert max(one.minutes_ago for one in seed.tickets) > 34 * DAY_MIN


def test_hours_and_weekdays_differ(seed: Seed) -> None:
    """By day several times as many as at night, on Mondays more than on Sundays."""
    hours = Counter(_written(one).hour for one in seed.tickets[:-RISE_TICKETS])
    days = Counter(_written(one).weekday() for one in seed.tickets[:-RISE_TICKETS])

    assert sum(hours[hour] for hour in range(12, 18)) > 3 * sum(hours[hour] for hour in range(6))
    assert days[0] > 1.2 * days[6]


def test_some_write_again_and_again(seed: Seed) -> None:
    writers = Counter(one.email for one in seed.tickets)

    assert sum(count >= 4 for count in writers.values()) > 40
    assert len(writers) > len(seed.tickets) / 2


def test_one_customer_wrote_twelve_times_in_an_hour(seed: Seed) -> None:
    about = [one for one in seed.tickets if one.subject in ("hello??", "EU Central STILL slow")]
    theirs = [
        one for one in seed.tickets if one.email == about[0].email and one.minutes_ago < about[0].minutes_ago + 60
    ]

    assert len({one.email for one in about}) == 1 and len(theirs) >= ANGRY.count


def test_it_has_rows_that_do_not_count(seed: Seed) -> None:
    """Merged, deleted, spam, without a subject; and rows that the system touched long afterwards."""
    desk = ZendeskSandbox(clock=FakeClock(NOW), seed=seed).desk
    rows = list(desk.exported())

    assert sum("closed_by_merge" in one.tags for one in rows) > 30
    assert sum(one.status == "deleted" for one in rows) > 30
    assert sum(one.subject == SCRUBBED for one in rows) > 2
    assert sum(not one.subject for one in rows) == 2
    assert sum(one.generated_at > one.updated_at for one in rows) > 200
    assert max(len(one.description) for one in rows) > 90_000
    assert not any(one.status == "deleted" for one in desk)


def test_in_several_languages(seed: Seed) -> None:
    assert {one.locale for one in seed.tickets} == {"en-US", "de", "es", "fr"}
    assert not any("{" in one.subject + one.description for one in seed.tickets)


@pytest.mark.parametrize("wrong", WENT_WRONG, ids=lambda wrong: wrong.about or "everything")
def test_what_went_wrong_stands_out(seed: Seed, wrong: Wrong) -> None:
    """Its hours have about twice as many tickets as the same hours of other days, or more."""
    began = (NOW - timedelta(days=wrong.days_ago)).replace(hour=wrong.hour, minute=10, second=0)
    ended = began + timedelta(minutes=wrong.minutes)
    moments = [_written(one) for one in seed.tickets]

    def count(days: int) -> int:
        return sum(began <= moment + timedelta(days=days) <= ended for moment in moments)

    others = sorted(count(days) for days in range(-5, 6) if days)
    assert count(0) > 1.8 * others[len(others) // 2]


def test_numbers_follow_time(seed: Seed) -> None:
    """The tickets of the last days have the numbers that they have without the weeks."""
    desk = ZendeskSandbox(clock=FakeClock(NOW), seed=seed).desk
    tickets = sorted(desk.exported(), key=lambda one: one.id)
    first = next(one for one in tickets if one.created_at > NOW - timedelta(days=4))

    assert [one.created_at for one in tickets] == sorted(one.created_at for one in tickets)
    assert first.id == Seed().first_ticket_id
