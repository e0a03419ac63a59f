"""Rises against chance: seeded draws of customers who write independently of each other."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from bot.tickets.rise import CHANCE, Counts, at_least, began

NOW = datetime(2026, 11, 20, 9, 12, tzinfo=UTC)
WINDOW_H = 24
SINCE = NOW - timedelta(hours=WINDOW_H)


def drawn(chance: random.Random, mean: float) -> int:
    """How many come where `mean` come on average (Poisson), by leaps: of many only the time of the last is drawn."""
    leapt = 0
    while mean > 30:
        leap = int(mean * 7 / 8)
        took = chance.gammavariate(leap, 1)
        if took > mean:
            return leapt + sum(chance.random() * took < mean for _ in range(leap - 1))
        leapt, mean = leapt + leap, mean - took
    return leapt + _one_by_one(chance, mean)


def _one_by_one(chance: random.Random, mean: float) -> int:
    count, gone = 0, chance.expovariate(1)
    while gone < mean:
        count, gone = count + 1, gone + chance.expovariate(1)
    return count


def written(chance: random.Random, per_hour: float, begin: datetime) -> list[datetime]:
    """When customers write who come evenly from `begin` until now."""
    hours = (NOW - begin) / timedelta(hours=1)
    return [begin + timedelta(hours=hours * chance.random()) for _ in range(drawn(chance, per_hour * hours))]


@pytest.mark.parametrize("per_hour", [0.1, 0.2, 1, 3, 12, 60])
@pytest.mark.parametrize("hours", [5, 23, 167])
def test_steady_stream_is_no_rise(per_hour: float, hours: float) -> None:
    """At equal rates at most 1 in 100 looks like a rise or a fall."""
    chance, draws = random.Random(8), 3000
    rises = 0
    for _ in range(draws):
        counts = Counts(drawn(chance, per_hour), drawn(chance, per_hour * hours), hours)
        rises += counts.rises or counts.falls

    assert rises / draws <= 0.01


@pytest.mark.parametrize(
    ("last_hour", "before", "rises", "falls"),
    [
        (30, 5, True, False),
        (3, 0, True, False),
        (1, 0, False, False),
        (2, 23, False, False),
        (4, 23, False, False),
        (0, 23, False, False),
        (0, 276, False, True),
        (0, 0, False, False),
        (10**6, 10**6, True, False),
    ],
)
def test_last_hour_against_23_before(last_hour: int, before: int, rises: bool, falls: bool) -> None:
    """Thirty where one comes in five hours is told, two where one comes each hour is not."""
    counts = Counts(last_hour, before, 23)

    assert (counts.rises, counts.falls) == (rises, falls)


def test_nothing_is_compared_with_no_time() -> None:
    """A window of one hour has no hours before it."""
    counts = Counts(30, 0, 0)

    assert not counts.rises and not counts.falls
    assert counts.per_hour_before == 0


@pytest.mark.parametrize(("among", "share"), [(1, 0.5), (7, 0.04), (40, 0.3), (200, 0.9)])
def test_chances_add_up(among: int, share: float) -> None:
    """One hit more has the chance of exactly that many less, from certain to nearly none."""
    chances = [at_least(hits, among, share) for hits in range(among + 2)]
    mean = sum(chances[1:])

    assert chances == sorted(chances, reverse=True)
    assert (chances[0], chances[-1]) == (1, 0)
    assert mean == pytest.approx(among * share)


@pytest.mark.parametrize("background", [0, 1 / 6, 0.5, 1])
def test_rise_begins_with_its_first_ticket(background: float) -> None:
    """Thirty in half an hour over what comes all the time: always seen, nine of ten within minutes of the first."""
    chance, draws = random.Random(9), 200
    near = 0
    for _ in range(draws):
        rise = sorted(written(chance, 60, NOW - timedelta(minutes=30)))
        first = began([*written(chance, background, SINCE), *rise], since=SINCE, now=NOW)
        assert first
        near += abs(rise[0] - first) < timedelta(minutes=6)

    assert near / draws >= 0.9


def test_background_in_six_hours_is_no_part_of_the_rise() -> None:
    """One ticket in six hours before it belongs to no rise: Since would be a day too early."""
    background = [SINCE + timedelta(hours=hours) for hours in (1, 7, 13, 19)]
    rise = [NOW - timedelta(minutes=minutes) for minutes in (24, 20, 15, 9, 4, 1)]

    assert began([*rise, *background], since=SINCE, now=NOW) == rise[0]


@pytest.mark.parametrize("per_hour", [0.1, 0.5, 2, 8])
def test_steady_stream_begins_nowhere(per_hour: float) -> None:
    """Though each of its tickets could have been the first of a rise."""
    chance, draws = random.Random(10), 400
    beginnings = sum(began(written(chance, per_hour, SINCE), since=SINCE, now=NOW) is not None for _ in range(draws))

    assert beginnings / draws <= 2 * CHANCE


def test_rise_older_than_what_is_listed() -> None:
    """Of 300 tickets the newest 100 are known: a rise lasts as long as them at least; an even stream is none."""
    listed = [NOW - timedelta(seconds=12 * n) for n in range(100)]
    even = [NOW - timedelta(minutes=4.8 * n) for n in range(100)]

    assert began(listed, since=SINCE, now=NOW, earlier=200) == min(listed)
    assert began(even, since=SINCE, now=NOW, earlier=200) is None


def test_what_lies_outside_of_the_time_does_not_count() -> None:
    """An old ticket that somebody pasted begins no rise."""
    assert began([SINCE - timedelta(days=20)], since=SINCE, now=NOW) is None
    assert began([], since=NOW, now=NOW) is None
