"""Customers who have the same trouble with a target say more than as many with this and that; what rises everywhere
says nothing of one target."""

import random
from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.tickets.stream_model import ReadTicket
from bot.trends.detector.mix import Mix
from bot.trends.model import Rise, SeriesKey
from tests.trends.detector.test_detector import DAY, HOUR, MINUTE, MONDAY, Stream, begun, detector, stepped

TARGETS = tuple(f"gw-{number:02}" for number in range(20))
NOW = MONDAY + 14 * DAY + 12 * HOUR
SYMPTOMS = ("connect", "slow", "login", "payment", "leak")


def mixed(stream: Stream, since: datetime, until: datetime, *, an_hour: float = 0.5) -> list[ReadTicket]:
    """Usual tickets, with the first symptoms more often than the last."""
    chance = random.Random(since.isoformat())
    return [
        stream.one(each.created_at, each.affected[0], symptom=chance.choices(SYMPTOMS, (8, 6, 4, 2, 1))[0])
        for each in stream.usual(since, until, an_hour=an_hour)
    ]


def said(more: Iterable[ReadTicket], stream: Stream, *, until: datetime = NOW + 2 * HOUR) -> list[Rise]:
    one = detector(TARGETS)
    one.add(mixed(stream, MONDAY, NOW))
    return begun(stepped(one, [*more, *mixed(stream, NOW, until)], NOW, until))


def burst(stream: Stream, symptoms: Iterable[str], *, target: str = "gw-03") -> list[ReadTicket]:
    return [
        stream.one(NOW + 30 * MINUTE + 4 * step * MINUTE, target, symptom=symptom)
        for step, symptom in enumerate(symptoms)
    ]


def test_customers_with_one_symptom_are_noticed_sooner() -> None:
    sooner = 0
    for seed in range(1, 6):
        stream = Stream(seed=seed, targets=TARGETS)
        same = [rise for rise in said(burst(stream, ["leak"] * 9), stream) if rise.series.target == "gw-03"]
        stream = Stream(seed=seed, targets=TARGETS)
        apart = said(burst(stream, ["connect", "slow", "login"] * 3), stream)
        others = [rise for rise in apart if rise.series.target == "gw-03"]

        assert same
        assert same[0].customers > same[0].expected
        assert not others or same[0].at <= others[0].at
        sooner += not others or same[0].at < others[0].at
    assert sooner >= 4


def test_a_symptom_that_rises_everywhere_is_no_trouble_of_a_target() -> None:
    for seed in range(1, 4):
        stream, chance = Stream(seed=seed, targets=TARGETS), random.Random(seed)
        everywhere = [
            stream.one(NOW + timedelta(seconds=50 * step), chance.choice(TARGETS), symptom="payment")
            for step in range(100)
        ]

        rises = said(everywhere, stream)

        assert SeriesKey(symptom="payment") in {rise.series for rise in rises} or any(rise.fleet for rise in rises)
        assert not [rise for rise in rises if rise.series.target]


def test_what_a_target_usually_has_is_not_unusual() -> None:
    """Whatever the others have."""
    mix = Mix()
    for hour in range(200):
        mix.put(60 * hour, hour, "streaming")
        mix.learn(60 * hour, 60 * hour + 60, 1, 1.0)

    share, known = mix.share("streaming", 0.01, 1.0)
    rare, _ = mix.share("leak", 0.0, 1.0)

    assert share > 0.9
    assert known > 190
    assert 0 < rare < 0.01


def test_customers_in_each_window_are_counted_and_leave() -> None:
    mix = Mix()
    for minute in (10, 100, 150, 170, 175):
        mix.put(minute, minute, "connect")
    mix.put(176, 176, "slow")

    assert mix.counts(180, (30, 60, 180), 3) == {"connect": [2, 3, 5]}
    mix.leave(frozenset((170, 175)))
    assert mix.counts(180, (30, 60, 180), 1) == {"connect": [0, 1, 3], "slow": [1, 1, 1]}
