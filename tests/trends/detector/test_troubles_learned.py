"""A trouble is not what is usual: the next one is seen as if there had been none before, even by a young desk."""

from datetime import timedelta
from functools import cache

import pytest

from bot.tickets.stream_model import ReadTicket
from tests.trends.detector.test_detector import DAY, EAST, HOUR, MONDAY, Stream, begun, detector, stepped

SECOND = MONDAY + 10 * DAY + 12 * HOUR


def desk(*troubles: timedelta, seed: int) -> list[ReadTicket]:
    """Ten days, and hours in which one target has ten times as many customers."""
    stream = Stream(seed=seed)
    found = stream.usual(MONDAY, SECOND, an_hour=1.0)
    for since in troubles:
        found += stream.burst(MONDAY + since, 60, every=timedelta(minutes=5))
    return sorted(found, key=lambda each: each.created_at)


def usual_then(tickets: list[ReadTicket]) -> float:
    one = detector()
    one.add(tickets)
    one.step(SECOND)
    return sum(hour.expected for hour in one.usual(EAST, SECOND, SECOND + 3 * HOUR)) / 3


@cache
def always_usual(seed: int) -> float:
    """What is usual without any trouble: each number of days is compared with it."""
    return usual_then(desk(seed=seed))


def second(*troubles: timedelta, seed: int) -> list[int]:
    """Minutes after which each message about another trouble comes, which is smaller."""
    stream, one = Stream(seed=seed + 100), detector()
    stream.number = 10**6
    more = [
        *stream.usual(SECOND, SECOND + 2 * HOUR, an_hour=1.0),
        *stream.burst(SECOND, 15, every=timedelta(minutes=6)),
    ]
    one.add(desk(*troubles, seed=seed))
    rises = begun(stepped(one, more, SECOND, SECOND + 3 * HOUR))
    return [(rise.at - SECOND) // timedelta(minutes=1) for rise in rises if rise.series == EAST]


@cache
def first(seed: int) -> int:
    """Minutes after which the one message comes where there was no trouble before."""
    [after] = second(seed=seed)
    return after


@pytest.mark.parametrize("days", [0.5, 1.5, 2.5, 3.5, 6.5, 8.5, 9.5])
def test_a_trouble_does_not_change_what_is_usual(days: float) -> None:
    """At the same hours of a later day."""
    for seed in (1, 2, 3):
        without, after = always_usual(seed), usual_then(desk(timedelta(days=days), seed=seed))

        assert 0.8 * without < after < 1.25 * without


@pytest.mark.parametrize("days", [0.5, 2.5, 8.5, 9.5])
def test_a_second_trouble_is_said_as_soon_as_a_first_one(days: float) -> None:
    """Seven days after its first ticket a desk speaks."""
    for seed in (1, 2, 3, 4):
        [after] = second(timedelta(days=days), seed=seed)

        assert after <= first(seed) + 12


def test_what_goes_on_for_days_is_usual() -> None:
    stream = Stream(seed=5)
    tickets = stream.usual(MONDAY, SECOND, an_hour=1.0)
    tickets += stream.burst(MONDAY + 5 * DAY, 24 * 12 * 5, every=timedelta(minutes=5))

    assert usual_then(sorted(tickets, key=lambda each: each.created_at)) > 7
