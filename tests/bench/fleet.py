"""A desk that never was: gateways with tickets by the minute, and outages of which everything is known.

The same seed makes the same tickets. What makes real desks hard is in it: zones of time, weekdays, growth, hours with a
mood, customers who write again and again, surges of everything, gaps in the stream. Nothing here knows how the detector
works.
"""

import math
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from bot.tickets.stream_model import ReadTicket

MONDAY = datetime(2026, 6, 1, tzinfo=UTC)
HOUR, DAY, WEEK = 60, 1440, 10080
"""In minutes, in which everything here is counted."""
SLICE = 5
"""Rates change every so many minutes."""
SYMPTOMS = ("connect", "slow", "drops", "dns", "login", "payment", "crash", "speed", "streaming", "leak")
SHARES = (30, 18, 12, 4, 8, 8, 6, 6, 6, 2)


@dataclass(frozen=True, slots=True)
class FleetSettings:
    """What kind of desk it is. The defaults are those of the issue."""

    targets: int = 50
    days: int = 60
    busiest_an_hour: float = 16.0
    quietest_an_hour: float = 0.3
    outages_a_week: float = 8.0
    factors: tuple[float, float] = (1.5, 30.0)
    larger: float = 0.6
    """Below 1 large factors are likelier than small ones; at 1 all are alike, by their logarithm."""
    lengths_h: tuple[float, float] = (1.0, 8.0)
    shapes: tuple[str, ...] = ("step", "decay", "ramp", "hill")
    mood: float = 0.2
    """How much an hour of the whole desk differs from its usual, as a share (the deviation of its logarithm)."""
    own_mood: float = 0.1
    """The same for one target alone."""
    growth_a_week: float = 0.01
    drift_a_week: float = 0.03
    """Of one target: some grow and some shrink."""
    angry_a_week: float = 20.0
    angry_tickets: tuple[int, int] = (5, 25)
    surges_a_week: float = 0.5
    gaps_a_week: float = 0.5
    gaps_said: bool = True
    """Whether the stream says that it was away; else the desk is only silent."""
    late: bool = True
    """Whether the tickets of a gap come at its end, with their own times; else they are lost."""
    even: bool = True
    """Whether rates fall evenly from the busiest to the quietest; else the second has half of the first, and so on."""
    night: float = 0.25
    """What the quietest hour of a place has of its busiest."""
    weekend: float = 0.7


@dataclass(frozen=True, slots=True)
class Outage:
    """Trouble of one target, in minutes since the beginning."""

    target: str
    start: int
    end: int
    factor: float
    shape: str
    symptom: str
    rate_an_hour: float
    """Of the target on average, without it."""
    first: int | None = None
    """When the first ticket was written that would not be without it; None where nobody wrote because of it."""


@dataclass(slots=True)
class Fleet:
    """What was simulated. Tickets are in the order in which the stream gives them."""

    settings: FleetSettings
    seed: int
    begins: datetime = MONDAY
    names: list[str] = field(default_factory=list)
    arrivals: list[tuple[int, ReadTicket]] = field(default_factory=list)
    """The minute in which the stream gives a ticket, and the ticket."""
    outages: list[Outage] = field(default_factory=list)
    surges: list[tuple[int, int, float]] = field(default_factory=list)
    gaps: list[tuple[int, int]] = field(default_factory=list)
    rate: Callable[[int, int], float] = lambda number, minute: 0.0
    """Of a target at a minute: the true one an hour, with all that is usual, without outages, surges and gaps."""

    def at(self, minute: int) -> datetime:
        return self.begins + timedelta(minutes=minute)

    @property
    def minutes(self) -> int:
        return self.settings.days * DAY

    def by_minute(self) -> Iterator[tuple[int, list[ReadTicket]]]:
        """Each minute, with what the stream gives in it."""
        coming = iter(self.arrivals)
        following = next(coming, None)
        for minute in range(self.minutes):
            given = []
            while following and following[0] <= minute:
                given.append(following[1])
                following = next(coming, None)
            yield minute, given


def simulate(settings: FleetSettings | None = None, *, seed: int) -> Fleet:
    """A whole desk."""
    return _Simulation(settings or FleetSettings(), seed).fleet


def poisson(chance: random.Random, mean: float) -> int:
    """A number of events."""
    count = 0
    while mean > 30:
        # The nth event of a process comes at a gamma time: halves large means exactly.
        half = int(mean * 0.875)
        at = chance.gammavariate(half, 1)
        if at > mean:
            return count + sum(chance.random() < mean / at for _ in range(half - 1))
        count, mean = count + half, mean - at
    limit, product = math.exp(-mean), chance.random()
    while product > limit:
        count, product = count + 1, product * chance.random()
    return count


class _Simulation:
    def __init__(self, settings: FleetSettings, seed: int) -> None:
        self.fleet = Fleet(settings, seed, rate=self._rate)
        self._settings, self._chance = settings, random.Random(seed)
        self._tickets: list[tuple[int, str, int, str]] = []
        self._customers = 0
        self._places()
        self._moods()
        self._troubles()
        self._usual()
        self._broken()
        self._angry()
        self._give()

    def _places(self) -> None:
        settings, chance = self._settings, self._chance
        last = max(settings.targets - 1, 1)
        falls = [
            number / last if settings.even else math.log(number + 1) / math.log(last + 1) for number in range(last + 1)
        ]
        ratio = settings.quietest_an_hour / settings.busiest_an_hour
        self._levels = [settings.busiest_an_hour * ratio**fall for fall in falls[: settings.targets]]
        self._shifts = [chance.choice((-8, -7, -6, -5, 0, 0, 1, 1, 1, 2, 3, 5.5, 8, 9, 10)) for _ in self._levels]
        self._nights = [min(0.9, settings.night * chance.uniform(0.7, 1.6)) for _ in self._levels]
        self._weekends = [settings.weekend * chance.uniform(0.8, 1.2) for _ in self._levels]
        self._drifts = [chance.gauss(settings.growth_a_week, settings.drift_a_week) for _ in self._levels]
        self.fleet.names = [f"gw-{number:02}" for number in range(settings.targets)]
        self._curves = [self._curve(number) for number in range(settings.targets)]

    def _curve(self, number: int) -> list[float]:
        """Each hour of the week of a place, its mean 1."""
        curve = []
        for hour in range(168):
            local = (hour + self._shifts[number]) % 168
            day = (
                self._nights[number] + (1 - self._nights[number]) * (1 - math.cos(math.tau * (local % 24 - 3) / 24)) / 2
            )
            curve.append(day * (self._weekends[number] if local >= 120 else 1.0))
        mean = sum(curve) / 168
        return [value / mean for value in curve]

    def _moods(self) -> None:
        """An hour's mood is half that of the hour before."""
        settings, chance = self._settings, self._chance
        mood, self._mood = 0.0, []
        for _ in range(settings.days * 24):
            mood = 0.5 * mood + math.sqrt(1 - 0.25) * chance.gauss(0, 1)
            self._mood.append(math.exp(settings.mood * mood - settings.mood**2 / 2))

    def _rate(self, number: int, minute: int) -> float:
        grown = max(0.2, 1 + self._drifts[number] * minute / WEEK)
        return float(self._levels[number] * self._curves[number][minute // HOUR % 168] * grown)

    def _troubles(self) -> None:
        settings, chance, fleet = self._settings, self._chance, self.fleet
        weeks = settings.days / 7
        for _ in range(poisson(chance, settings.surges_a_week * weeks)):
            start = chance.randrange(fleet.minutes)
            fleet.surges.append((start, start + int(HOUR * chance.uniform(1, 4)), chance.uniform(1.6, 5)))
        for _ in range(poisson(chance, settings.gaps_a_week * weeks)):
            start = chance.randrange(fleet.minutes)
            fleet.gaps.append((start, start + int(HOUR * chance.uniform(0.5, 6))))
        free = [0] * settings.targets
        starts = sorted(chance.randrange(fleet.minutes) for _ in range(round(settings.outages_a_week * weeks)))
        for start in starts:
            number = chance.randrange(settings.targets)
            if start < free[number]:
                continue
            low, high = settings.factors
            shortest, longest = settings.lengths_h
            length = int(HOUR * shortest * (longest / shortest) ** chance.random())
            factor = low * (high / low) ** (chance.random() ** settings.larger)
            free[number] = start + length + DAY
            fleet.outages.append(
                Outage(
                    fleet.names[number],
                    start,
                    start + length,
                    factor,
                    chance.choice(settings.shapes),
                    chance.choices(SYMPTOMS, SHARES)[0],
                    self._levels[number],
                )
            )

    def _usual(self) -> None:
        """Hour by hour, in slices where a surge is."""
        settings, chance = self._settings, self._chance
        shape = 1 / settings.own_mood**2 if settings.own_mood else 0.0
        surging = {at // SLICE: factor for start, end, factor in self.fleet.surges for at in range(start, end, SLICE)}
        for number in range(settings.targets):
            # A surge is not the same everywhere.
            feels = math.exp(chance.gauss(0, 0.15))
            for hour in range(settings.days * 24):
                own = chance.gammavariate(shape, 1 / shape) if shape else 1.0
                rate = self._rate(number, hour * HOUR) * self._mood[hour] * own
                for _ in range(poisson(chance, rate)):
                    self._ticket(hour * HOUR + chance.randrange(HOUR), number)
                for at in range(hour * HOUR, (hour + 1) * HOUR, SLICE):
                    if at // SLICE in surging:
                        more = rate * SLICE / HOUR * max(0.0, surging[at // SLICE] * feels - 1)
                        for _ in range(poisson(chance, more)):
                            self._ticket(at + chance.randrange(SLICE), number)

    def _broken(self) -> None:
        chance = self._chance
        for place, outage in enumerate(self.fleet.outages):
            number = self.fleet.names.index(outage.target)
            written = []
            for at in range(outage.start, outage.end, SLICE):
                share = (at - outage.start) / (outage.end - outage.start)
                rate = self._rate(number, at) * self._mood[min(at // HOUR, len(self._mood) - 1)]
                more = rate * SLICE / HOUR * (outage.factor - 1) * _shaped(outage.shape, share)
                for _ in range(poisson(chance, more)):
                    symptom = outage.symptom if chance.random() < 0.8 else ""
                    written.append(at + chance.randrange(SLICE))
                    self._ticket(written[-1], number, symptom)
            self.fleet.outages[place] = replace(outage, first=min(written, default=None))

    def _angry(self) -> None:
        """One who writes again and again, mostly at once, some over a day."""
        settings, chance = self._settings, self._chance
        for _ in range(poisson(chance, settings.angry_a_week * settings.days / 7)):
            number = chance.choices(range(settings.targets), self._levels)[0]
            at, span = chance.randrange(self.fleet.minutes), chance.choice((30, 60, 120, 600))
            self._customers += 1
            symptom = chance.choices(SYMPTOMS, SHARES)[0]
            for _ in range(chance.randint(*settings.angry_tickets)):
                self._tickets.append((at + chance.randrange(span), self.fleet.names[number], self._customers, symptom))

    def _ticket(self, at: int, number: int, symptom: str = "") -> None:
        self._customers += 1
        symptom = symptom or self._chance.choices(SYMPTOMS, SHARES)[0]
        self._tickets.append((at, self.fleet.names[number], self._customers, symptom))

    def _give(self) -> None:
        """As the stream does: two minutes late, and after a gap all at once, or never."""
        given = []
        for number, (at, target, customer, symptom) in enumerate(sorted(self._tickets), 1):
            gap = next((gap for gap in self.fleet.gaps if gap[0] <= at < gap[1]), None)
            if at >= self.fleet.minutes or (gap and not self._settings.late):
                continue
            created = self.fleet.at(at)
            ticket = ReadTicket(number, created, created, "new", customer, affected=(target,), symptom=symptom)
            given.append(((gap[1] if gap else at) + 1, ticket))
        self.fleet.arrivals = sorted(given, key=lambda arrival: (arrival[0], arrival[1].id))


def _shaped(shape: str, share: float) -> float:
    """How much of an outage is felt when a share of its time has gone."""
    if shape == "decay":
        return math.exp(-2.5 * share)
    if shape == "ramp":
        return min(1.0, 2 * share + 0.1)
    if shape == "hill":
        return math.sin(math.pi * min(1.0, share * 0.95 + 0.05))
    return 1.0


def share(part: Sequence[object], whole: Sequence[object]) -> float:
    return len(part) / len(whole) if whole else math.nan
