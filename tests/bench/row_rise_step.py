"""What a minute of the detector costs, and what it holds: 50 targets, 16 symptoms, 5,000 terms, four weeks."""

import random
import time
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from bot.tickets.stream_model import ReadTicket
from bot.trends.detector.detector import Detector
from bot.trends.detector.model import DetectorSettings
from tests.bench.figures import Figure, median, percentile

TITLE = "rises: a minute of the detector, 50 targets × 16 symptoms × 5,000 terms"
TARGETS, SYMPTOMS, TERMS, A_DAY, DAYS = 50, 16, 5_000, 1_800, 28
STEP_MS, MEMORY_MB = 20.0, 8.0
MONDAY = datetime(2026, 6, 1, tzinfo=UTC)
HOW = (
    "CPU time of add and step, each minute of the day after four weeks of 1,800 tickets a day with 25 terms each by "
    "Zipf's law; in its busiest hour one target has 200 customers"
)
WITHIN = "by tracemalloc after the four weeks and that day"


async def measure() -> list[Figure]:
    spent = [1000 * value for value in _day(_learned())]
    tracemalloc.start()
    try:
        detector = _learned()
        for _ in _day(detector):
            pass
        held = tracemalloc.get_traced_memory()[0] / 1e6
    finally:
        tracemalloc.stop()
    worst = max(spent)
    shown = f"{worst:.1f} ms (p99 {percentile(spent, 0.99):.1f}, p50 {median(spent):.2f})"
    return [
        Figure(
            "longest step",
            shown,
            f"{STEP_MS:g} ms",
            worst <= STEP_MS,
            HOW,
        ),
        Figure("memory", f"{held:.1f} MB", f"{MEMORY_MB:g} MB", held <= MEMORY_MB, WITHIN),
    ]


def _learned() -> Detector:
    """A detector that has seen four weeks; each part of them is dropped when it was added."""
    detector = Detector(settings=DetectorSettings(targets=tuple(f"gw-{number}" for number in range(TARGETS))))
    for day in range(DAYS):
        detector.add(tickets(day, A_DAY))
        detector.step(MONDAY + timedelta(days=day + 1))
    return detector


def _day(detector: Detector) -> Iterator[float]:
    """Seconds of each minute of the day that follows."""
    coming = sorted([*tickets(DAYS, A_DAY), *_outage()], key=lambda ticket: ticket.created_at)
    at, now = 0, MONDAY + timedelta(days=DAYS)
    for _ in range(1440):
        now += timedelta(minutes=1)
        first = at
        while at < len(coming) and coming[at].created_at < now:
            at += 1
        began = time.thread_time()
        detector.add(coming[first:at])
        detector.step(now)
        yield time.thread_time() - began


def _outage() -> list[ReadTicket]:
    begin = MONDAY + timedelta(days=DAYS, hours=15)
    return [_ticket(10**7 + n, begin + timedelta(seconds=18 * n), random.Random(n), target=3) for n in range(200)]


def tickets(day: int, count: int) -> list[ReadTicket]:
    """Those of one day, each by a customer of its own."""
    chance = random.Random(day)
    seconds = sorted(chance.randrange(86_400) for _ in range(count))
    return [
        _ticket(day * count + n + 1, MONDAY + timedelta(days=day, seconds=second), chance)
        for n, second in enumerate(seconds)
    ]


def _ticket(number: int, at: datetime, chance: random.Random, target: int | None = None) -> ReadTicket:
    """The nth target, symptom and term come about n times more rarely than the first."""
    about = _zipf(TARGETS, chance) if target is None else target
    return ReadTicket(
        id=number,
        created_at=at,
        updated_at=at,
        status="open",
        customer=chance.getrandbits(62),
        affected=(f"gw-{about}",),
        symptom=f"symptom-{_zipf(SYMPTOMS, chance)}",
        platform=chance.choice(("ios", "android", "windows", "")),
        versions=(f"app 8.{_zipf(40, chance)}",) if chance.random() < 0.5 else (),
        # As big as they come from the database: hashes of 63 bits.
        terms=tuple((_zipf(TERMS, chance) + 1) * 0x1F123BB5159A55E5 % 2**63 for _ in range(25)),
    )


def _zipf(many: int, chance: random.Random) -> int:
    return min(int(many ** chance.random()) - 1, many - 1)
