"""The detector as a whole: what rises, what doesn't, and what must not change anything."""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.tickets.stream_model import ReadTicket
from bot.trends.detector.detector import Detector
from bot.trends.detector.model import DetectorSettings
from bot.trends.model import Rise, SeriesKey

MONDAY = datetime(2026, 6, 1, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
EAST, WEST = SeriesKey(target="east"), SeriesKey(target="west")
TARGETS = ("east", "west", "north", "south")


def ticket(number: int, at: datetime, target: str = "east", **given: object) -> ReadTicket:
    values = {"customer": number, "affected": (target,) if target else (), **given}
    return ReadTicket(number, at, at, "new", **values)  # type: ignore[arg-type]


class Stream:
    """Tickets one after the other, with numbers and times as a desk gives them."""

    def __init__(self, *, seed: int = 1, targets: Sequence[str] = TARGETS) -> None:
        self._chance, self._targets = random.Random(seed), targets
        self.number = 0

    def usual(self, since: datetime, until: datetime, *, an_hour: float = 3.0) -> list[ReadTicket]:
        """So many of each target."""
        found: list[ReadTicket] = []
        at = since
        while True:
            at += timedelta(hours=self._chance.expovariate(an_hour * len(self._targets)))
            if at >= until:
                return found
            found.append(self.one(at, self._chance.choice(self._targets)))

    def burst(
        self, since: datetime, count: int, *, target: str = "east", every: timedelta = MINUTE
    ) -> list[ReadTicket]:
        return [self.one(since + every * step, target) for step in range(count)]

    def one(self, at: datetime, target: str = "east", **given: object) -> ReadTicket:
        self.number += 1
        return ticket(self.number, at, target, **given)


def detector(targets: Sequence[str] = TARGETS, **given: object) -> Detector:
    return Detector(settings=DetectorSettings(targets=tuple(targets), **given))  # type: ignore[arg-type]


def stepped(
    detector: Detector, tickets: Iterable[ReadTicket], since: datetime, until: datetime
) -> Iterator[tuple[datetime, list[Rise]]]:
    """Each minute with what comes in it, and what rises then."""
    by_minute: dict[datetime, list[ReadTicket]] = {}
    for each in tickets:
        over = each.created_at.replace(second=0, microsecond=0) + MINUTE
        by_minute.setdefault(over, []).append(each)
    at = since
    while at < until:
        at += MINUTE
        detector.add(by_minute.get(at, ()))
        yield at, detector.step(at)


def begun(minutes: Iterable[tuple[datetime, list[Rise]]]) -> list[Rise]:
    """Each rise as it was when it was first told."""
    found: dict[tuple[SeriesKey, datetime], Rise] = {}
    for _, rises in minutes:
        for rise in rises:
            found.setdefault((rise.series, rise.since), rise)
    return list(found.values())


def learned(stream: Stream, *, weeks: int = 2, an_hour: float = 3.0, **given: object) -> tuple[Detector, datetime]:
    """A detector that has seen usual weeks."""
    one = detector(TARGETS, **given)
    now = MONDAY + timedelta(weeks=weeks, hours=12)
    one.add(stream.usual(MONDAY, now, an_hour=an_hour))
    one.step(now)
    return one, now


def test_a_burst_of_one_target_is_one_rise() -> None:
    stream = Stream()
    one, now = learned(stream)

    burst = stream.burst(now, 20)
    rises = begun(stepped(one, burst, now, now + HOUR))

    [rise] = [rise for rise in rises if rise.series == EAST]
    assert len(rises) == 1
    assert rise.at - now < timedelta(minutes=15)
    assert rise.customers >= 6 > rise.expected
    assert rise.score > 3
    assert not rise.fleet
    assert set(rise.ticket_ids) >= {burst[0].id, burst[3].id}
    assert list(rise.ticket_ids) == sorted(rise.ticket_ids, reverse=True)


def test_a_rise_goes_on_and_ends() -> None:
    stream = Stream()
    one, now = learned(stream)
    tickets = stream.burst(now, 40) + stream.usual(now, now + 8 * HOUR)

    minutes = list(stepped(one, tickets, now, now + 8 * HOUR))

    told = [at for at, rises in minutes if any(rise.series == EAST for rise in rises)]
    assert len({rise.since for _, rises in minutes for rise in rises if rise.series == EAST}) == 1
    assert told[0] < now + 20 * MINUTE
    assert now + HOUR < told[-1] < now + 6 * HOUR
    assert len(told) == (told[-1] - told[0]) // MINUTE + 1


def test_usual_weeks_say_nothing() -> None:
    stream = Stream(seed=3)
    one, now = learned(stream)

    rises = begun(stepped(one, stream.usual(now, now + 3 * DAY), now, now + 3 * DAY))

    assert len(rises) <= 1


def test_one_angry_customer_is_one() -> None:
    stream = Stream()
    one, now = learned(stream)
    angry = [ticket(10**6 + step, now + step * timedelta(seconds=10), customer=7_000_000) for step in range(1000)]

    assert begun(stepped(one, angry, now, now + 4 * HOUR)) == []


def test_a_rise_of_everything_is_one_message() -> None:
    stream = Stream()
    one, now = learned(stream, an_hour=6.0)

    rises = begun(stepped(one, stream.usual(now, now + 2 * HOUR, an_hour=40.0), now, now + 2 * HOUR))

    assert [rise.fleet for rise in rises] == [True]


def test_it_learns_before_it_speaks() -> None:
    stream = Stream()
    one = detector()
    assert one.speaks_from() is None

    tickets = stream.usual(MONDAY, MONDAY + 2 * DAY)
    one.add([*tickets, *stream.burst(MONDAY + 2 * DAY, 50)])

    assert one.step(MONDAY + 2 * DAY + HOUR) == []
    assert one.speaks_from() == tickets[0].created_at.replace(second=0, microsecond=0) + 7 * DAY


def test_a_desk_without_tickets_says_nothing() -> None:
    one = detector()

    assert [one.step(MONDAY + step * HOUR) for step in range(400)] == [[]] * 400
    assert one.customers(EAST, MONDAY, MONDAY + 2 * HOUR) == [0, 0]


def test_usual_and_customers_are_told_by_the_hour() -> None:
    stream = Stream()
    one, now = learned(stream, weeks=4)

    hours = one.usual(EAST, now, now + 3 * HOUR)
    customers = one.customers(EAST, now - 7 * DAY, now)

    assert [hour.at for hour in hours] == [now, now + HOUR, now + 2 * HOUR]
    assert all(2 < hour.expected < 4.5 and hour.low <= 1 and 5 <= hour.high <= 10 for hour in hours)
    assert len(customers) == 168
    assert 2.5 < sum(customers) / 168 < 3.5
    assert one.usual(SeriesKey(target="nowhere"), now, now + HOUR)[0].expected == 0


@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, 1000), order=st.randoms(use_true_random=False))
def test_order_within_a_minute_changes_nothing(seed: int, order: random.Random) -> None:
    one, other = Stream(seed=seed), Stream(seed=seed)
    first, now = learned(one, weeks=1)
    second, _ = learned(other, weeks=1)
    tickets = one.usual(now, now + 3 * HOUR, an_hour=6) + one.burst(now + HOUR, 15, every=timedelta(seconds=7))
    shuffled = list(tickets)
    order.shuffle(shuffled)

    assert list(stepped(first, tickets, now, now + 3 * HOUR)) == list(stepped(second, shuffled, now, now + 3 * HOUR))


@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, 1000), again=st.randoms(use_true_random=False))
def test_a_restated_row_counts_once(seed: int, again: random.Random) -> None:
    one, other = Stream(seed=seed), Stream(seed=seed)
    first, now = learned(one, weeks=1)
    second, _ = learned(other, weeks=1)
    tickets = one.usual(now, now + 3 * HOUR, an_hour=6) + one.burst(now + HOUR, 15)
    restated = [*tickets, *again.choices(tickets, k=60)]

    assert list(stepped(first, tickets, now, now + 3 * HOUR)) == list(stepped(second, restated, now, now + 3 * HOUR))


def test_names_change_nothing() -> None:
    renamed = dict(zip(TARGETS, ("zulu", "alpha", "mike", "bravo"), strict=True))
    told = []
    for names in ({name: name for name in TARGETS}, renamed):
        stream = Stream(seed=5)
        one = detector(tuple(names.values()))
        now = MONDAY + timedelta(days=9)
        tickets = stream.usual(MONDAY, now) + stream.burst(now, 20)
        one.add(
            [ticket(each.id, each.created_at, names[each.affected[0]]) for each in tickets if each.created_at < now]
        )
        one.step(now)
        rest = [ticket(each.id, each.created_at, names[each.affected[0]]) for each in tickets if each.created_at >= now]
        told.append(
            [
                (rise.series.target, rise.at, rise.customers, round(rise.score, 6))
                for rise in begun(stepped(one, rest, now, now + HOUR))
            ]
        )

    assert [(renamed[name], *rest) for name, *rest in told[0]] == told[1] != []


def test_the_end_of_a_gap_is_no_rise() -> None:
    """Six hours of tickets come at once, with their own times."""
    stream = Stream()
    one, now = learned(stream)
    gap = 6 * HOUR
    for minute in range(0, 360, 10):
        assert one.step(now + minute * MINUTE) == []

    one.gap(now, now + gap)
    one.add(stream.usual(now, now + gap))
    rest = stream.usual(now + gap, now + gap + 6 * HOUR)

    assert begun(stepped(one, rest, now + gap, now + gap + 6 * HOUR)) == []


def test_a_gap_whose_tickets_are_lost_is_no_drop() -> None:
    """What is usual stays as it was."""
    stream = Stream()
    one, now = learned(stream)
    before = one.usual(EAST, now, now + 24 * HOUR)

    one.step(now + 20 * HOUR)
    one.gap(now, now + 20 * HOUR)
    one.add(stream.usual(now + 20 * HOUR, now + 30 * HOUR))
    one.step(now + 30 * HOUR)

    after = one.usual(EAST, now, now + 24 * HOUR)
    assert all(abs(new.expected - old.expected) < 0.3 * old.expected for new, old in zip(after, before, strict=True))


def test_a_clock_that_jumps_says_nothing_by_itself() -> None:
    stream = Stream()
    one, now = learned(stream)

    assert one.step(now + 40 * DAY) == []
    assert one.step(now) == []
    assert one.step(now + 80 * DAY) == []


def test_a_week_with_a_change_of_the_clock_is_a_week() -> None:
    zone = ZoneInfo("Europe/Berlin")
    one = detector(zone=zone, holidays=frozenset((date(2026, 10, 31),)))
    start = datetime(2026, 10, 12, tzinfo=UTC)
    stream = Stream()
    end = start + timedelta(weeks=3)

    one.add(stream.usual(start, start + timedelta(weeks=2)))
    rises = begun(stepped(one, stream.usual(start + timedelta(weeks=2), end), start + timedelta(weeks=2), end))

    assert len(rises) <= 1
    assert len(one.usual(EAST, start, end)) == 21 * 24


def test_what_left_is_not_counted() -> None:
    stream = Stream()
    one, now = learned(stream)
    burst = stream.burst(now, 20)
    assert begun(stepped(one, burst[:4], now, now + 5 * MINUTE)) == []

    one.leave([each.id for each in burst[:4]])

    assert begun(stepped(one, burst[16:], now + 15 * MINUTE, now + 40 * MINUTE)) == []
    assert one.step(now + 5 * HOUR) == []


def with_terms(tickets: Iterable[ReadTicket], chance: random.Random) -> list[ReadTicket]:
    """Each with a platform, a symptom and ten words by Zipf's law."""
    return [
        replace(
            each,
            terms=tuple(1 + int(2000 ** chance.random()) for _ in range(10)),
            platform=chance.choice(("ios", "android", "windows")),
            versions=(chance.choice(("ios 26.1", "android 15", "windows 11")),),
            symptom=chance.choice(("connect", "slow", "drops")),
        )
        for each in tickets
    ]


def test_a_version_that_nobody_configured_is_noticed() -> None:
    stream, chance = Stream(targets=("east", "west", "north", "south")), random.Random(4)
    one, now = detector(), MONDAY + timedelta(days=15, hours=12)
    one.add(with_terms(stream.usual(MONDAY, now, an_hour=4), chance))
    one.step(now)
    new = [
        replace(
            stream.one(now + step * 3 * MINUTE, chance.choice(TARGETS)),
            versions=("ios 26.2",),
            platform="ios",
            symptom="crash",
            terms=(71, 987654321),
        )
        for step in range(12)
    ]

    rises = begun(
        stepped(one, [*new, *with_terms(stream.usual(now, now + 2 * HOUR, an_hour=4), chance)], now, now + 90 * MINUTE)
    )

    assert len(rises) == 1
    assert SeriesKey(version="ios 26.2") in (rises[0].series, *rises[0].also)
    assert not rises[0].series.target


def test_a_word_whose_customers_are_those_of_one_target_is_no_second_message() -> None:
    stream, chance = Stream(), random.Random(4)
    one, now = detector(), MONDAY + timedelta(days=15, hours=12)
    one.add(with_terms(stream.usual(MONDAY, now, an_hour=4), chance))
    one.step(now)
    burst = [replace(each, symptom="login", terms=(987654321, 987654322)) for each in stream.burst(now, 25)]

    minutes = list(stepped(one, burst, now, now + HOUR))

    assert all(len(rises) <= 1 for _, rises in minutes)
    last = minutes[-1][1][0]
    assert last.series.target == "east"
    assert SeriesKey(term=987654321) in (last.series, *last.also)


def test_weeks_of_words_say_little() -> None:
    """2,000 words and their versions have a tenth of what may be false."""
    stream, chance = Stream(seed=8), random.Random(8)
    one, now = detector(), MONDAY + timedelta(days=15)
    one.add(with_terms(stream.usual(MONDAY, now, an_hour=4), chance))
    tickets = with_terms(stream.usual(now, now + 4 * DAY, an_hour=4), chance)

    rises = begun(stepped(one, tickets, now, now + 4 * DAY))

    assert [rise for rise in rises if rise.series.term or rise.series.version] == []


def test_words_of_a_target_are_told_as_words() -> None:
    """The picture of a word that rises about one target is that of the word."""
    stream, chance = Stream(), random.Random(4)
    one, now = detector(), MONDAY + timedelta(days=8)
    one.add(with_terms(stream.usual(MONDAY, now, an_hour=4), chance))
    one.step(now)

    both = SeriesKey(target="east", version="ios 26.1")
    alone = SeriesKey(version="ios 26.1")

    assert one.customers(both, now - DAY, now) == one.customers(alone, now - DAY, now)
    assert 60 < sum(one.customers(alone, now - DAY, now)) < 200
    assert one.usual(both, now, now + HOUR) == one.usual(alone, now, now + HOUR)
    assert 2 < one.usual(alone, now, now + HOUR)[0].expected < 9
