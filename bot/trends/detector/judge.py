"""Judges counts: what is expected of a series now, and how often chance alone would bring as many."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from bot.trends.detector.desk import Desk
from bot.trends.detector.hours import HOUR, Hours
from bot.trends.detector.series import Series, slot_of
from bot.trends.detector.tail import log_mass, unlikely

_FIRST_OWN, _LEAST_OWN, _OWN_H = 0.03, 0.003, 3000.0
POOLED = 8.0
_LEAST, _LEAST_TERM = 3, 4
"""Customers below which nothing is a rise; a word needs one more."""
WEEK_H = 168
_ROUNDS = 8
_SURGE, _SURGE_PRIOR = 1.4, 100.0


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the clearest of the windows says."""

    window: int
    count: int
    expected: float
    per_week: float
    """So often a week chance alone would bring as many."""
    score: float


_Look = tuple[float, int, int, float, float]
"""How often a week, in which window, the count, its mean and its dispersion."""


@dataclass(frozen=True, slots=True)
class Mood:
    """What the whole desk has in a window."""

    count: float
    """Without what single targets have beyond chance."""
    own: float
    """How much targets differ by themselves now."""
    spread: float
    """How many customers the usual mood is worth."""


class Judge:
    """Knows the desk, and each window's mood: what all series share now."""

    def __init__(self, *, hours: Hours, windows_min: tuple[int, ...]) -> None:
        self.desk = Desk()
        self.windows_min = windows_min
        self._hours = hours
        self._own = [_FIRST_OWN * _OWN_H, _OWN_H]
        self._usual: dict[int, float] = {}
        self.weight = 1.0
        self._minute = -1
        self._spans: list[list[tuple[int, float]]] = []
        self._parts: list[list[tuple[int, float]]] = []
        self._desk_usual: list[float] = []
        self._counts: list[int] = []
        self._targets: list[Series] = []
        self._robust: list[Mood] = []
        self._all: list[Mood] = []

    @property
    def own(self) -> float:
        """The dispersion that one series has alone."""
        return max(_LEAST_OWN, self._own[0] / self._own[1])

    def desk_at(self, hour: int) -> float:
        """Customers of the whole desk in an hour since 1970."""
        usual = self._usual.get(hour)
        if usual is None:
            if len(self._usual) > 1000:
                self._usual.clear()
            usual = self._usual[hour] = self.desk.expected(self._hours.of_week(hour))
        return usual

    def forget(self) -> None:
        """What was expected is expected anew: the desk has learned."""
        self._usual.clear()
        self._minute = -1

    def at(self, minute: int) -> None:
        """Goes to a minute: what each window covers, and what the desk usually has in it."""
        if minute == self._minute:
            return
        self._minute = minute
        self._spans = [_spans(minute, length) for length in self.windows_min]
        self._parts = [
            [(slot_of(self._hours.of_week(hour)), part * self.desk_at(hour)) for hour, part in spans]
            for spans in self._spans
        ]
        self._desk_usual = [sum(usual for _, usual in parts) for parts in self._parts]

    def see(self, counts: list[int], targets: list[Series]) -> None:
        """Says what the desk has now."""
        self._counts, self._targets, self._robust = counts, targets, []
        # A word is judged by everything that is written: what is common rises with each large outage.
        self._all = [
            Mood(float(count), self._own_now(window, count, usual), self._spread(count, usual))
            for window, (count, usual) in enumerate(zip(counts, self._desk_usual, strict=True))
        ]

    def _own_now(self, window: int, count: int, usual: float) -> float:
        return self._moods()[window].own if self._factor(count, usual) > _SURGE else self.own

    def _moods(self) -> list[Mood]:
        """One target's outage is not the desk: what can't be chance isn't counted. Found when it is asked for."""
        if not self._robust:
            self._robust = [
                self._mood(window, self._counts[window], usual, self._targets)
                for window, usual in enumerate(self._desk_usual)
            ]
        return self._robust

    def _mood(self, window: int, count: int, usual: float, targets: list[Series]) -> Mood:
        high = [(n, self.expected(series, window)) for series in targets if (n := series.counts[window]) > 2]
        robust, own = float(count), self.own
        mood = self._factor(robust, usual)
        for _ in range(_ROUNDS):
            before, robust = mood, float(count)
            for n, expected in high:
                robust -= max(0.0, n - _most(mood * expected, own))
            mood = self._factor(robust, usual)
            if before - mood < 0.02 * before:
                break
        if mood > _SURGE:
            # Nothing surges everywhere alike.
            seen, weight = own * _SURGE_PRIOR, _SURGE_PRIOR
            for n, expected in high:
                mean = mood * expected
                seen += (min(n, _most(mean, own)) - mean) ** 2 - mean
                weight += mean * mean
            own = max(own, seen / weight)
        return Mood(robust, own, self._spread(robust, usual))

    def shared(self, count: float, usual: float) -> float:
        """What the desk had in an hour by its mood, and not by chance."""
        return self._factor(count, usual) * usual

    def _factor(self, count: float, usual: float) -> float:
        spread = self._spread(count, usual)
        return (spread + count) / (spread + usual)

    def _spread(self, count: float, usual: float) -> float:
        """How many customers the usual mood is worth; less where it can't be the usual one."""
        spread = 1 / self.desk.mood
        off = (count - usual) ** 2 / (usual + usual * usual / spread + 1)
        return spread * min(1.0, 6 / off) if off > 6 else spread

    def expected(self, series: Series, window: int) -> float:
        """Without the mood of now."""
        factor = series.factor(self.weight, POOLED)
        shares, total = series.shares, 0.0
        for slot, usual in self._parts[window]:
            total += usual * shares[slot]
        return total * factor

    def share_of(self, series: Series, window: int) -> float:
        """Which part of the desk a series usually is now."""
        return self.expected(series, window) / max(self._desk_usual[window], 1e-9)

    def judged(self, series: Series) -> Judgement | None:
        """The clearest window of a series; None where nothing is unusual at all."""
        best: _Look | None = None
        for window, count in enumerate(series.counts):
            if count < _LEAST:
                continue
            usual = self.expected(series, window)
            if count > 0.5 * usual + 1:
                mood = self._moods()[window] if series.key.target else self._all[window]
                own = mood.own + 1 / series.information[self._parts[window][-1][0]]
                best = self._clearer(best, window, count, self._now(window, usual, count, own, mood))
        return _judgement(best)

    def judged_term(self, counts: Sequence[int], share: float, own: float) -> Judgement | None:
        """The same of a term, which has a share of the desk and no day of its own."""
        best: _Look | None = None
        for window, count in enumerate(counts):
            if count >= _LEAST_TERM:
                now = self._now(window, share * self._desk_usual[window], count, own, self._all[window])
                best = self._clearer(best, window, count, now)
        return _judgement(best)

    def notable(self, share: float, own: float) -> float:
        """Below so many customers in the longest window a term with a share of the desk needs no closer look."""
        usual, seen = self._desk_usual[-1], self._all[-1]
        mean = share * usual * (seen.spread + seen.count) / (seen.spread + usual)
        return mean + 2 * math.sqrt(mean + own * mean * mean) + 1

    def _clearer(self, best: _Look | None, window: int, count: int, now: tuple[float, float]) -> _Look | None:
        mean, dispersion = now
        if count - 1 <= mean:
            return best
        hours = self.windows_min[window] / HOUR
        per_week = WEEK_H * mean / hours * math.exp(log_mass(count - 1, mean, dispersion))
        return best if best and per_week >= best[0] else (per_week, window, count, mean, dispersion)

    def fleet(self, explained: Sequence[float]) -> Judgement | None:
        """Whether the whole desk is unusual, beside what single things explain."""
        best: Judgement | None = None
        for window, usual in enumerate(self._desk_usual):
            if self._counts[window] <= usual + 2 * math.sqrt(usual + self.desk.mood * usual * usual):
                continue
            count = int(self._moods()[window].count - explained[window])
            if count < 2 * _LEAST or count - 1 <= usual:
                continue
            score = unlikely(count, usual, self.desk.mood)
            per_week = WEEK_H * HOUR / self.windows_min[window] * 10**-score
            if best is None or per_week < best.per_week:
                best = Judgement(window, count, usual, per_week, score)
        return best

    def _now(self, window: int, usual: float, count: int, own: float, seen: Mood) -> tuple[float, float]:
        """What is expected with the mood of the rest of the desk, and the dispersion of that."""
        whole = self._desk_usual[window]
        mood = (seen.spread + seen.count) / (seen.spread + whole)
        rest = max(seen.count - min(count, _most(mood * usual, seen.own)), 0.0)
        mood = (seen.spread + rest) / (seen.spread + max(whole - usual, 0.0))
        return usual * mood, own + 1 / (seen.spread + rest)

    def learn(self, hour: list[tuple[float, float]]) -> None:
        """What each series had in an hour and what was expected: how much each differs by itself."""
        own, off, share = self.own, 0.0, 0.0
        for count, mean in hour:
            off += min((count - mean) ** 2 - mean, 9 * (mean + own * mean * mean)) / (1 + mean)
            share += mean * mean / (1 + mean)
        fade = max(0.0, 1 - share / _OWN_H)
        self._own = [self._own[0] * fade + off, self._own[1] * fade + share]


def _judgement(look: _Look | None) -> Judgement | None:
    if look is None:
        return None
    per_week, window, count, mean, dispersion = look
    return Judgement(window, count, mean, per_week, unlikely(count, mean, dispersion))


def _most(mean: float, dispersion: float) -> float:
    """What chance may bring."""
    return mean + 2.5 * math.sqrt(mean + dispersion * mean * mean) + 0.5


def _spans(minute: int, length: int) -> list[tuple[int, float]]:
    """The hours that a window covers, each with the part of it, from the oldest to now."""
    spans = []
    begin, end = minute - length + 1, minute + 1
    for hour in range(begin // HOUR, (end - 1) // HOUR + 1):
        part = (min(end, (hour + 1) * HOUR) - max(begin, hour * HOUR)) / HOUR
        spans.append((hour, part))
    return spans
