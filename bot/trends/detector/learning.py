"""Learning what is usual, hour by hour, when an hour has been over for long enough."""

from collections.abc import Iterable, Sequence

from bot.trends.detector.hours import HOUR, Hours
from bot.trends.detector.judge import POOLED, Judge
from bot.trends.detector.series import KEPT_H, Series, remembered_weight, slot_of
from bot.trends.detector.terms import Terms

SETTLES_H = 6
"""Late tickets are in an hour by then, and whether the stream was away is known."""
_SILENT = 10.0
"""Customers that should have written in a silence that is none of theirs."""
_LONG_H = 7 * 24
_SURE_H = 72
"""Hours after which an unusual one is told from a usual one."""
_OFTEN = 0.3
"""Customers an hour from which on a term says how much terms differ."""


class Learning:
    """Teaches the judge. Hours in which nothing was read teach nothing."""

    def __init__(self, *, hours: Hours, judge: Judge, desk: Series, terms: Terms) -> None:
        self._hours, self._judge, self._desk, self._terms = hours, judge, desk, terms
        self._gaps: list[tuple[int, int]] = []
        self._next: int | None = None

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
        for series in every:
            if series is self._desk:
                continue
            n = mean = float(series.hourly[at])
            if sure:
                mean = series.share(slot, judge.weight, POOLED) * desk
                if series.key.target:
                    apart.append((n, mean))
                n = min(n, beyond(mean, judge.own))
            series.learn(slot, n, desk, mean, judge.weight)
            # Targets all at once, so that the order of their names changes nothing; the many others in turns.
            if not sure or hour % 24 == (0 if series.key.target else series.number % 24):
                series.stale = True
        judge.learn(apart)
        if sure:
            self._terms.learn(self._of_terms(hour, desk))
        judge.desk.learn(of_week, count)
        judge.weight = remembered_weight(judge.desk.learned_h)
        judge.forget()

    def _robust(self, hour: int, every: Iterable[Series]) -> float:
        """What the desk had, without what single targets had beyond chance."""
        judge, at = self._judge, hour % KEPT_H
        slot, usual = slot_of(self._hours.of_week(hour)), judge.desk_at(hour)
        count = float(self._desk.hourly[at])
        for series in every:
            if series.key.target:
                mean = series.share(slot, judge.weight, POOLED) * usual
                count -= max(0.0, series.hourly[at] - beyond(mean, judge.own + judge.desk.mood))
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
