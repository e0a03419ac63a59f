"""Judges counts: what is expected of a series now, and how often chance alone would bring as many."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from bot.trends.detector.desk import Desk
from bot.trends.detector.hours import HOUR, Hours
from bot.trends.detector.mix import Mix
from bot.trends.detector.series import Series, slot_of
from bot.trends.detector.tail import log_mass, unlikely

_FIRST_OWN, _LEAST_OWN, _OWN_H = 0.03, 0.003, 3000.0
POOLED = 8.0
_LEAST, _LEAST_TERM = 3, 4
"""Customers below which nothing is a rise; a word needs one more."""
WEEK_H = 168
_ROUNDS = 8
_SURGE, _SURGE_PRIOR = 1.4, 100.0
_BY_COUNT, _BY_SYMPTOM = 0.6, 0.4
"""Which part of what a target may say falsely is spent on all its customers, and on those of one symptom."""
_OWN_MIX = 0.05
"""How much a symptom's share of a target differs by itself."""


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
        self.desk_at = lru_cache(maxsize=1000)(self._desk_at)
        """Customers of the whole desk in an hour since 1970."""
        self.weight = 1.0
        self._minute = -1
        self._spans: list[list[tuple[int, float]]] = []
        self._parts: list[list[tuple[int, float]]] = []
        self._desk_usual: list[float] = []
        self._counts: list[int] = []
        self._targets: list[Series] = []
        self._symptoms: Mapping[str, Series] = {}
        self._robust: list[Mood] = []
        self._all: list[Mood] = []

    @property
    def own(self) -> float:
        """The dispersion that one series has alone."""
        return max(_LEAST_OWN, self._own[0] / self._own[1])

    def _desk_at(self, hour: int) -> float:
        return self.desk.expected(self._hours.of_week(hour))

    def forget(self) -> None:
        """What was expected is expected anew: the desk has learned."""
        self.desk_at.cache_clear()
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

    def see(self, counts: list[int], targets: list[Series], symptoms: Mapping[str, Series]) -> None:
        """Says what the desk has now."""
        self._counts, self._targets, self._symptoms, self._robust = counts, targets, symptoms, []
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

    @property
    def surges(self) -> bool:
        """Whether everything rises, or did within the longest window."""
        return any(
            self._factor(mood.count, usual) > _SURGE
            for mood, usual in zip(self._moods(), self._desk_usual, strict=True)
        )

    def judged(self, series: Series) -> Judgement | None:
        """The clearest window of a series; None where nothing is unusual at all."""
        if series.counts[-1] < _LEAST:
            return None
        if series.mix:
            return self._judged_target(series, series.mix)
        best: _Look | None = None
        for window, count in enumerate(series.counts):
            usual = self.expected(series, window)
            if count >= _LEAST and count > 0.5 * usual + 1:
                own = self._all[window].own + 1 / series.information[self._parts[window][-1][0]]
                best = self._clearer(best, window, count, self._now(window, usual, count, own, self._all[window]))
        return _judgement(best)

    def _judged_target(self, series: Series, mix: Mix) -> Judgement | None:
        """By all its customers, and by those of each symptom: who has trouble with a target has the same trouble."""
        usuals = [self.expected(series, window) for window in range(len(self.windows_min))]
        if all(count < _LEAST or count <= 0.5 * usual + 1 for count, usual in zip(series.counts, usuals, strict=True)):
            return None
        expected = self._expected_now(series, usuals)
        best: Judgement | None = None
        for window, count in enumerate(series.counts):
            if count >= _LEAST and count > 0.5 * usuals[window] + 1:
                mean, dispersion = expected[window]
                judged = _judgement(self._clearer(None, window, count, (mean, dispersion)))
                if judged:
                    best = _clearest(best, replace(judged, per_week=judged.per_week / _BY_COUNT))
        for symptom, counts in mix.counts(self._minute, self.windows_min, _LEAST).items():
            for window, count in enumerate(counts):
                if count >= _LEAST and symptom in self._symptoms:
                    judged = self._judged_symptom(series, mix, symptom, window, count, expected[window])
                    best = _clearest(best, judged)
        return best

    def _judged_symptom(
        self, series: Series, mix: Mix, symptom: str, window: int, count: int, expected: tuple[float, float]
    ) -> Judgement | None:
        whole, dispersion = expected
        everywhere, desk = self._symptoms[symptom], self._desk_usual[window]
        share, known = mix.share(symptom, self.expected(everywhere, window) / max(desk, 1e-9), self.weight)
        mean = whole * share
        # What others write about as well is no trouble of one target.
        others, part = max(everywhere.counts[window] - count, 0), min(self.share_of(series, window), 0.9)
        if others * part / (1 - part) > mean:
            mean, known = others * part / (1 - part), others
        spread = dispersion + _OWN_MIX + 1 / known
        look = self._clearer(None, window, count, (mean, spread))
        if look is None:
            return None
        per_week = look[0] * max(len(self._symptoms), 1) / _BY_SYMPTOM
        return Judgement(window, series.counts[window], whole, per_week, unlikely(count, mean, spread))

    def _expected_now(self, series: Series, usuals: Sequence[float]) -> list[tuple[float, float]]:
        """For each window what is expected with the mood of the rest of the desk, and the dispersion of that.

        What a window has beyond the next shorter one has a mood of its own: a surge's beginning is not spread over
        hours in which others usually write.
        """
        moods, counts, desk = self._moods(), series.counts, self._desk_usual
        longest = self._now(-1, usuals[-1], counts[-1], 0.0, moods[-1])[0] / max(usuals[-1], 1e-9)
        found, mean, variance = [], 0.0, 0.0
        before = (0.0, 0, 0.0, 0.0)
        for window, mood in enumerate(moods):
            usual, count = usuals[window] - before[0], counts[window] - before[1]
            seen, whole = max(mood.count - before[2], 0.0), max(desk[window] - before[3], 1e-9)
            before = (usuals[window], counts[window], mood.count, desk[window])
            factor = (mood.spread * longest + seen) / (mood.spread + whole)
            rest = max(seen - min(count, _most(factor * usual, mood.own)), 0.0)
            factor = (mood.spread * longest + rest) / (mood.spread + max(whole - usual, 0.0))
            mean += usual * factor
            variance += (usual * factor) ** 2 / (mood.spread + rest)
            own = mood.own + 1 / series.information[self._parts[window][-1][0]]
            found.append((mean, own + variance / max(mean, 1e-9) ** 2))
        return found

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


def _clearest(one: Judgement | None, other: Judgement | None) -> Judgement | None:
    """The one that chance brings more rarely, with the higher score of both."""
    if one is None or other is None:
        return one or other
    first, second = sorted((one, other), key=lambda judged: judged.per_week)
    return replace(first, score=max(first.score, second.score))


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
