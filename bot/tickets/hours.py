"""How many tickets came in each of the last hours, and how many are usual in one. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.tickets.collection import Collected
from bot.tickets.rise import HOUR, usual_counts

HOURS = 24
USUAL_FROM_H = 3.0
"""Hours without a rise that it takes to say what is usual."""


@dataclass(frozen=True, slots=True)
class HourCount:
    """Tickets of one hour; where the desk told only how many came over a longer time, a share of these."""

    tickets: float
    exact: bool = True


@dataclass(frozen=True, slots=True)
class Hours:
    """The last hours, oldest first, the last one up to the search; None for those that were not asked for.

    `usual` is how few and how many an hour has by chance where nothing is wrong; None where too little is known.
    """

    counts: tuple[HourCount | None, ...]
    usual: tuple[int, int] | None

    @property
    def last(self) -> float:
        return self.counts[-1].tickets if self.counts[-1] else 0.0

    @property
    def most(self) -> float:
        return max(count.tickets for count in self.counts if count)


def hours_of(collected: Collected) -> Hours | None:
    """None before the first search."""
    counts, until, since = collected.counts, collected.watch.last_ok_at, collected.watch.since
    total = collected.total
    if counts is None or until is None or total is None:
        return None
    created = [ticket.created_at for ticket in collected.counted]
    by_age = [_between(created, until, age) for age in range(HOURS)]
    unlisted = max(total - len(created) - max(counts.last_hour - by_age[0], 0), 0)
    first = min([moment for moment in created if moment >= since], default=until)
    dark_h = max((first - since) / HOUR, 0.0)
    hours = [HourCount(counts.last_hour)]
    for age in range(1, HOURS):
        share = unlisted * _overlap_h(until, age, since, first) / dark_h if dark_h else 0.0
        hours.append(HourCount(by_age[age] + share, exact=not share))
    asked = [hours[age] if until - (age + 1) * HOUR >= since - HOUR / 60 else None for age in range(HOURS)]
    asked[0] = hours[0]
    return Hours(tuple(reversed(asked)), _usual(collected, created, unlisted))


def _between(created: Sequence[datetime], until: datetime, age: int) -> int:
    return sum(age <= (until - moment) / HOUR < age + 1 for moment in created)


def _overlap_h(until: datetime, age: int, since: datetime, first: datetime) -> float:
    """How much of an hour lies in the time of which only the sum is known."""
    return max((min(until - age * HOUR, first) - max(until - (age + 1) * HOUR, since)) / HOUR, 0.0)


def _usual(collected: Collected, created: Sequence[datetime], unlisted: int) -> tuple[int, int] | None:
    """By the hours before the rise, or before the last hour where there is none."""
    counts, since, rise = collected.counts, collected.watch.since, collected.rise_began_at
    if counts is None:
        return None
    before, hours = counts.before, counts.hours
    if rise and rise - since < hours * HOUR:
        before, hours = sum(since <= moment < rise for moment in created) + unlisted, (rise - since) / HOUR
    return usual_counts(before / hours) if hours >= USUAL_FROM_H else None
