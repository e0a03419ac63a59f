"""Learning what is usual, hour by hour, when an hour has been over for long enough."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.trends.detector.hours import HOUR, Hours
from bot.trends.detector.judge import POOLED, Judge
from bot.trends.detector.series import KEPT_H, Series, remembered_weight, slot_of
from bot.trends.detector.tail import unlikely
from bot.trends.detector.terms import Terms

SETTLES_H = 6
"""Late tickets are in an hour by then, and whether the stream was away is known."""
_SILENT = 10.0
"""Customers that should have written in a silence that is none of theirs."""
_LONG_H = 7 * 24
_SURE_H = 72
"""Hours after which an unusual one is told from a usual one."""
_TROUBLE = 4.0
"""What is less likely than 1 in 10,000, in an hour or in three, is trouble, and teaches nothing of what is usual."""
_LASTS_H = 24
"""What goes on for longer is how it is from then on."""
_OFTEN = 0.3
"""Customers an hour from which on a term says how much terms differ."""


_FEW = 4
"""Customers below which there is no trouble."""
Beside = tuple[int, int, float]
"""An hour's place among those that are kept, its hour of the day, and what the desk had in it."""


@dataclass(frozen=True, slots=True)
class FirstHour:
    """An hour of the first days, which were learned when nobody knew what is usual."""

    hour: int
    of_week: int
    desk: float
    number: int
    """How many were learned before it."""


class Learning:
    """Teaches the judge. Hours in which nothing was read teach nothing."""

    def __init__(self, *, hours: Hours, judge: Judge, desk: Series, terms: Terms) -> None:
        self._hours, self._judge, self._desk, self._terms = hours, judge, desk, terms
        self._gaps: list[tuple[int, int]] = []
        self._next: int | None = None
        self._first: list[FirstHour] = []

    def gap(self, since: int, until: int) -> None:
        self._gaps = [*self._gaps[-200:], (since, until)]

    def ended_gap(self, minute: int, window_min: int) -> bool:
        """Whether a gap ended within so many minutes before."""
        return any(minute - window_min < until and since < minute for since, until in self._gaps)

    def silent(self, since: int, until: int) -> bool:
        """Whether so long a silence of the whole desk is beyond chance."""
        first, last = since // HOUR, until // HOUR
        if last - first > _LONG_H:
            return True
        missed = 0.0
        for hour in range(first, last + 1):
            inside = min(until, (hour + 1) * HOUR) - max(since, hour * HOUR)
            missed += self._judge.desk_at(hour) * inside / HOUR
        return missed > _SILENT

    def begin(self, hour: int) -> None:
        self._next = hour

    def go(self, hour: int, every: Sequence[Series]) -> None:
        """Learns the one hour that has settled when another begins."""
        if self._next is None or hour - self._next <= SETTLES_H:
            return
        if not self._was_away(self._next, hour - 1):
            self._learn(self._next, every)
        self._next += 1

    def _was_away(self, hour: int, newest: int) -> bool:
        """Whether nothing was read: so it was said, or the whole desk is silent beyond chance."""
        if any(begin < (hour + 1) * HOUR and end > hour * HOUR for begin, end in self._gaps):
            return True
        if self._desk.hourly[hour % KEPT_H]:
            return False
        missed = 0.0
        for beside in range(hour - SETTLES_H, newest + 1):
            if not self._desk.hourly[beside % KEPT_H]:
                missed += self._judge.desk_at(beside)
            elif beside > hour:
                break
            else:
                missed = 0.0
        return missed > _SILENT

    def _learn(self, hour: int, every: Sequence[Series]) -> None:
        judge, at, of_week = self._judge, hour % KEPT_H, self._hours.of_week(hour)
        sure = judge.desk.learned_h > _SURE_H
        count = self._robust(hour, every) if sure else float(self._desk.hourly[at])
        desk = judge.shared(count, judge.desk_at(hour)) if sure else max(count, 0.1)
        slot, apart = slot_of(of_week), []
        around = self._around(hour, every) if sure else []
        for series in every:
            if series is self._desk:
                continue
            n = mean = float(series.hourly[at])
            if sure:
                mean = series.share(slot, judge.weight, POOLED) * desk
                if series.key.target:
                    apart.append((n, mean))
                n = self._usual_part(series, n, mean, around)
                if series.mix and not series.troubled_h:
                    series.mix.learn(hour * HOUR, (hour + 1) * HOUR, series.hourly[at], judge.weight)
            series.learn(slot, n, desk, mean, judge.weight)
            # Targets all at once, so that the order of their names changes nothing; the many others in turns.
            if not sure or hour % 24 == (0 if series.key.target else series.number % 24):
                series.stale = True
        judge.learn(apart)
        if sure:
            self._terms.learn(self._of_terms(hour, desk))
        judge.desk.learn(of_week, count)
        if not sure:
            self._first.append(FirstHour(hour, of_week, count, len(self._first)))
        judge.weight = remembered_weight(judge.desk.learned_h)
        if self._first and judge.desk.learned_h > _SURE_H:
            self._unlearn_troubles(every)
        judge.forget()

    def _around(self, hour: int, every: Iterable[Series]) -> list[Beside]:
        """The hours whose counts say whether this one was trouble, with what the desk had in each."""
        judge, found = self._judge, []
        for beside in range(hour - 2, hour + 3):
            shared = judge.shared(self._robust(beside, every), judge.desk_at(beside))
            found.append((beside % KEPT_H, slot_of(self._hours.of_week(beside)), shared))
        return found

    def _usual_part(self, series: Series, count: float, mean: float, around: Sequence[Beside]) -> float:
        """What an hour teaches: never what is beyond three deviations, and of trouble what was expected."""
        judge = self._judge
        if count <= mean:
            series.troubled_h = max(0, series.troubled_h - 1)
            return count
        if not self._is_trouble(series, around):
            series.troubled_h = max(0, series.troubled_h - 1)
        elif series.troubled_h < _LASTS_H:
            series.troubled_h += 1
            return mean
        return min(count, beyond(mean, judge.own))

    def _is_trouble(self, series: Series, around: Sequence[Beside]) -> bool:
        """Whether an hour is beyond chance, by itself or with those beside it."""
        judge = self._judge
        counts = [series.hourly[at] for at, _, _ in around]
        if sum(counts) < _FEW:
            return False
        means = [series.share(slot, judge.weight, POOLED) * desk for _, slot, desk in around]
        spread = judge.own + judge.desk.mood / 2
        middle = len(around) // 2
        for first, last in ((middle, middle), (0, 2), (1, 3), (2, 4)):
            count, mean = sum(counts[first : last + 1]), sum(means[first : last + 1])
            if count > mean + 2 * mean**0.5 and unlikely(count, mean, spread) > _TROUBLE:
                return True
        return False

    def _unlearn_troubles(self, every: Iterable[Series]) -> None:
        """What one of the first days had far too much of is taken back: they were learned as they came."""
        first, self._first = self._first, []
        of_desk = dict.fromkeys(first, 0.0)
        for series in every:
            if series is not self._desk:
                for hour, excess in troubles(series.hourly, first, self._judge.own):
                    series.unlearn(slot_of(hour.of_week), excess, 0.0, remembered_weight(hour.number))
                    of_desk[hour] += excess if series.key.target else 0.0
        for hour, excess in of_desk.items():
            if excess:
                self._judge.desk.unlearn(hour.of_week, excess, hour.number)
                for series in every:
                    series.unlearn(slot_of(hour.of_week), 0.0, excess, remembered_weight(hour.number))

    def _robust(self, hour: int, every: Iterable[Series]) -> float:
        """What the desk had, without what single targets had beyond chance."""
        judge, at = self._judge, hour % KEPT_H
        slot, usual = slot_of(self._hours.of_week(hour)), judge.desk_at(hour)
        count = float(self._desk.hourly[at])
        for series in every:
            if series.key.target:
                n, mean = series.hourly[at], series.share(slot, judge.weight, POOLED) * usual
                spread = judge.own + judge.desk.mood
                if n > (most := beyond(mean, spread)):
                    count -= n - (mean if n >= _FEW and unlikely(n, mean, spread) > _TROUBLE else most)
        return max(count, 0.0)

    def _of_terms(self, hour: int, desk: float) -> list[tuple[float, float]]:
        """What terms that are used all the time had in that hour, and what was expected."""
        judge = self._judge
        whole = self._terms.whole(judge.weight)
        counted = self._terms.hour(hour * HOUR, (hour + 1) * HOUR)
        least = _OFTEN / max(desk, 1e-3) * whole * judge.weight
        return [
            (float(counted[term]), seen / judge.weight / whole * desk) for term, seen in self._terms.frequent(least)
        ]


def beyond(mean: float, dispersion: float) -> float:
    """Three deviations above: what is more is not usual, whatever it is."""
    return float(mean + 3 * (mean + dispersion * mean * mean) ** 0.5 + 1)


def troubles(hourly: Sequence[int], first: Sequence[FirstHour], dispersion: float) -> Iterator[tuple[FirstHour, float]]:
    """Hours of one series that had far more than the same hours of the other days, and how much.

    It is compared with the rest of the desk, so that it need not be small.
    """
    days = sorted({_day(hour, first) for hour in first})
    for day in days:
        counted, rest = [0.0] * 24, [0.0] * 24
        for hour in first:
            if _day(hour, first) != day:
                count = hourly[hour.hour % KEPT_H]
                for beside in (-1, 0, 1):
                    counted[(hour.hour + beside) % 24] += count
                    rest[(hour.hour + beside) % 24] += max(hour.desk - count, 0.0)
        level = (sum(counted) + 0.3) / (sum(rest) + 300.0)
        for hour in first:
            count, of_day = hourly[hour.hour % KEPT_H], hour.hour % 24
            if _day(hour, first) == day and count >= _FEW:
                usual = level * max(hour.desk - count, 1.0)
                mean = usual * (counted[of_day] + POOLED) / (level * rest[of_day] + POOLED)
                if count > mean and unlikely(count, mean, dispersion + 1 / POOLED) > _TROUBLE:
                    yield hour, count - mean


def _day(hour: FirstHour, first: Sequence[FirstHour]) -> int:
    return (hour.hour - first[0].hour) // 24
