"""How well something that speaks up finds the outages of a simulated fleet, and others that know less or more.

An alert about a target is true from the first ticket that an outage of it brings until an hour after its end. One that
isn't, but comes while everything surges or within three hours after that, is one of the surge. Each other alert is
false. Alerts of one target that follow each other within three hours are one.
"""

import bisect
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.trends.detector.detector import Detector
from bot.trends.detector.model import DetectorSettings
from bot.trends.detector.tail import unlikely
from bot.trends.model import Rise, SeriesKey
from tests.bench.fleet import DAY, HOUR, WEEK, Fleet, Outage

BEGINS = 14 * DAY
"""Outages and alerts from here on are counted: what was seen before is for learning."""
_AFTER, _SURGE_AFTER, _APART = 60, 180, 180
Alert = tuple[int, str]
"""The minute and the target."""
CLASSES = ((6.0, math.inf), (2.0, 6.0), (0.7, 2.0), (0.0, 0.7))
"""Of targets, by their tickets an hour."""


@dataclass(frozen=True, slots=True)
class Score:
    """What was found in how many weeks."""

    weeks: float
    outages: tuple[Outage, ...]
    found: tuple[tuple[Outage, int], ...]
    """Each with the minutes from the first ticket that it brought to the alert."""
    false: int
    of_surges: int

    @property
    def recall(self) -> float:
        return len(self.found) / max(len(self.outages), 1)

    @property
    def false_a_week(self) -> float:
        return self.false / self.weeks

    @property
    def soon(self) -> float:
        """The share of the found ones that were found within half an hour."""
        return sum(minutes <= 30 for _, minutes in self.found) / max(len(self.found), 1)

    def of_class(self, low: float, high: float) -> tuple[int, int]:
        """Found and all of the targets of some size."""
        return (
            sum(low <= outage.rate_an_hour < high for outage, _ in self.found),
            sum(low <= outage.rate_an_hour < high for outage in self.outages),
        )


def together(scores: Sequence[Score]) -> Score:
    return Score(
        sum(score.weeks for score in scores),
        tuple(outage for score in scores for outage in score.outages),
        tuple(found for score in scores for found in score.found),
        sum(score.false for score in scores),
        sum(score.of_surges for score in scores),
    )


class Truth:
    """A fleet's tickets by target and minute, and what is known of its outages."""

    def __init__(self, fleet: Fleet) -> None:
        self.fleet = fleet
        self.tickets: dict[str, list[int]] = {name: [] for name in fleet.names}
        self.customers: dict[str, list[int]] = {name: [] for name in fleet.names}
        """The first ticket of each customer of a target within a day."""
        self._outages: dict[str, list[Outage]] = {name: [] for name in fleet.names}
        for outage in fleet.outages:
            self._outages[outage.target].append(outage)
        last: dict[tuple[str, int], int] = {}
        for _, ticket in sorted(fleet.arrivals, key=lambda arrival: arrival[1].created_at):
            [name] = ticket.affected
            minute = int((ticket.created_at - fleet.begins).total_seconds()) // 60
            self.tickets[name].append(minute)
            if minute - last.get((name, ticket.customer), -DAY) >= DAY:
                self.customers[name].append(minute)
            last[name, ticket.customer] = minute

    def score(self, alerts: Iterable[Alert]) -> Score:
        fleet = self.fleet
        outages = tuple(outage for outage in fleet.outages if outage.start >= BEGINS)
        found: dict[int, tuple[Outage, int]] = {}
        false = of_surges = 0
        last: dict[str, int] = {}
        for minute, target in sorted(alerts):
            if minute < BEGINS:
                continue
            again = minute - last.get(target, -WEEK) < _APART
            last[target] = minute
            outage = next((one for one in self._outages[target] if _is_of(minute, one)), None)
            if outage:
                if outage.start >= BEGINS:
                    found.setdefault(id(outage), (outage, minute - (outage.first or outage.start)))
            elif not again:
                surges = any(start <= minute <= end + _SURGE_AFTER for start, end, _ in fleet.surges)
                of_surges, false = of_surges + surges, false + (not surges)
        return Score((fleet.minutes - BEGINS) / WEEK, outages, tuple(found.values()), false, of_surges)

    def best(self, scored: Sequence[tuple[float, Alert]], most_false_a_week: float = 1.0) -> Score:
        """With the threshold that suits these very weeks: nobody knows it beforehand."""
        low, high = 0.0, 60.0
        for _ in range(25):
            middle = (low + high) / 2
            score = self.score(alert for value, alert in scored if value >= middle)
            low, high = (low, middle) if score.false_a_week <= most_false_a_week else (middle, high)
        return self.score(alert for value, alert in scored if value >= high)


def _is_of(minute: int, outage: Outage) -> bool:
    return outage.first is not None and outage.first <= minute <= outage.end + _AFTER


def detected(fleet: Fleet, *, terms: bool = False) -> Iterator[tuple[int, Rise]]:
    """What the detector says of a fleet, each rise when it begins, with the minute at which it is said."""
    detector = Detector(settings=DetectorSettings(targets=tuple(fleet.names)))
    said: set[tuple[SeriesKey, object]] = set()
    gaps = {until + 1: (since, until) for since, until in fleet.gaps} if fleet.settings.gaps_said else {}
    for minute, coming in fleet.by_minute():
        if minute in gaps:
            since, until = gaps[minute]
            detector.gap(fleet.at(since), fleet.at(until))
        if coming:
            detector.add(coming)
        elif minute % 10:
            continue
        for rise in detector.step(fleet.at(minute + 1)):
            if (rise.series, rise.since) not in said:
                said.add((rise.series, rise.since))
                yield minute + 1, rise


def oracle(truth: Truth) -> list[tuple[float, Alert]]:
    """Knows the true rate of each target at each hour, and how moody the desk is; looks at the last hour."""
    mood = truth.fleet.settings.mood**2 + truth.fleet.settings.own_mood**2
    return _each(truth, truth.customers, lambda count, expected: unlikely(count, expected, mood))


def ticket_counter(truth: Truth) -> list[tuple[float, Alert]]:
    """As the oracle, but each ticket counts."""
    mood = truth.fleet.settings.mood**2 + truth.fleet.settings.own_mood**2
    return _each(truth, truth.tickets, lambda count, expected: unlikely(count, expected, mood))


def _each(
    truth: Truth, written: dict[str, list[int]], judge: Callable[[int, float], float]
) -> list[tuple[float, Alert]]:
    fleet, found = truth.fleet, []
    for number, name in enumerate(fleet.names):
        minutes = written[name]
        for at, minute in enumerate(minutes):
            count = at + 1 - bisect.bisect_right(minutes, minute - HOUR)
            if minute < BEGINS or count < 3:
                continue
            inside = minute % HOUR + 1
            expected = (
                fleet.rate(number, minute) * inside + fleet.rate(number, max(minute - HOUR, 0)) * (HOUR - inside)
            ) / HOUR
            found.append((judge(count, expected), (minute, name)))
    return found


def z_scores(truth: Truth) -> list[tuple[float, Alert]]:
    """Mean and deviation of the same hour of each week before; no shrinking, no sharing."""
    found = []
    for name in truth.fleet.names:
        minutes = truth.customers[name]
        hours = [0] * (truth.fleet.minutes // HOUR + 1)
        for minute in minutes:
            hours[minute // HOUR] += 1
        for at, minute in enumerate(minutes):
            count = at + 1 - bisect.bisect_right(minutes, minute - HOUR)
            if minute < BEGINS or count < 3:
                continue
            hour = minute // HOUR
            before = [hours[past] for past in range(hour - 168, -1, -168)][:4]
            mean = sum(before) / len(before)
            spread = sum((value - mean) ** 2 for value in before) / max(len(before) - 1, 1)
            found.append(((count - mean) / math.sqrt(max(spread, mean, 0.25)), (minute, name)))
    return found
