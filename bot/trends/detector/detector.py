"""The detector: tickets in, rises out. It has no clock; whoever steps it says what time it is."""

import bisect
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from bot.tickets.stream_model import ReadTicket
from bot.trends.detector.hours import HOUR, Hours, minute_of, moment_of
from bot.trends.detector.judge import POOLED, Judge, Judgement
from bot.trends.detector.model import DetectorSettings, UsualHour
from bot.trends.detector.rises import Going, Rises
from bot.trends.detector.series import KEPT_H, Series, remembered_weight, slot_of
from bot.trends.detector.tail import band
from bot.trends.detector.windows import Windows
from bot.trends.model import Rise, SeriesKey

_LEFT = frozenset(("deleted", "spam", "merged"))
_SETTLES_H = 4
"""An hour is learned when it has been over for so long: late tickets are in it by then."""
_SILENT = 10.0
"""Customers that should have written in a silence that is none of theirs."""
_DAY_MIN = 1440
_RECENT_MIN = 12 * HOUR
_MANY = 2000
DESK = SeriesKey()


class Detector:
    """Counts customers, learns what is usual, and says what is not."""

    def __init__(self, *, settings: DetectorSettings) -> None:
        self._settings = settings
        self._windows_min = tuple(round(HOUR * hours) for hours in settings.windows_h)
        self._hours = Hours(zone=settings.zone, holidays=settings.holidays)
        self._judge = Judge(hours=self._hours, windows_min=self._windows_min)
        self._windows = Windows(lengths_min=self._windows_min)
        self._rises = Rises()
        self._inbox: list[ReadTicket] = []
        self._series: dict[SeriesKey, Series] = {}
        self._every: list[Series] = []
        self._desk = self._of(DESK)
        self._targets = [self._of(SeriesKey(target=key)) for key in sorted(settings.targets)]
        self._known = set(settings.targets)
        self._ids: list[int] = []
        self._customers: tuple[dict[int, int], dict[int, int]] = ({}, {})
        self._turned = 0
        self._gaps: list[tuple[int, int]] = []
        self._first: int | None = None
        self._learned = 0
        """The hour up to which everything is learned."""
        self._touched: dict[int, Series] = {}

    # ---- what comes in -----------------------------------------------------------------------------------------------

    def add(self, tickets: Iterable[ReadTicket]) -> None:
        """Takes tickets in any order; they count from the next step on."""
        for ticket in tickets:
            self._inbox.append(ticket)
            if len(self._inbox) >= 2 * _MANY:
                # History: what is older is learned at once, so that it need not be kept.
                self._open(_MANY)

    def gap(self, since: datetime, until: datetime) -> None:
        """Nothing was read in that time: it is no drop, and what comes at its end is no rise."""
        if until > since:
            self._gaps.append((minute_of(since), minute_of(until)))
            self._gaps = self._gaps[-200:]

    def step(self, now: datetime) -> list[Rise]:
        """All that rises at this moment: what begins and what goes on."""
        minute = minute_of(now)
        if minute < self._windows.now:
            # A clock that went back: nothing new until it is where it was.
            minute = self._windows.now
        self._open(bisect.bisect_right(self._sorted(), minute, key=lambda ticket: minute_of(ticket.created_at)))
        self._go(minute)
        speaks = self.speaks_from()
        if speaks is None or minute < minute_of(speaks):
            self._touched.clear()
            return []
        self._judge_all(minute)
        return self._told(minute)

    def speaks_from(self) -> datetime | None:
        """From when on it says what rises; None where it has seen nothing yet."""
        if self._first is None:
            return None
        return moment_of(self._first) + timedelta(days=self._settings.learn_days)

    # ---- what it knows -----------------------------------------------------------------------------------------------

    def usual(self, series: SeriesKey, since: datetime, until: datetime) -> list[UsualHour]:
        """What is usual in each hour."""
        return [self._usual(series, hour) for hour in _hours(since, until)]

    def customers(self, series: SeriesKey, since: datetime, until: datetime) -> list[int]:
        """How many customers wrote in each hour, as far as it is remembered: 28 days."""
        there = self._series.get(series)
        newest = self._windows.now // HOUR
        return [
            there.hourly[hour % KEPT_H] if there and newest - KEPT_H < hour <= newest else 0
            for hour in _hours(since, until)
        ]

    def _usual(self, key: SeriesKey, hour: int) -> UsualHour:
        series = self._series.get(key)
        slot, desk = slot_of(self._hours.of_week(hour)), self._judge.desk_at(hour)
        if not series:
            return UsualHour(moment_of(hour * HOUR), 0.0, 0, 0)
        share = 1.0 if series is self._desk else series.share(slot, self._judge.weight, POOLED)
        expected = share * desk
        dispersion = self._judge.desk.mood + (0.0 if series is self._desk else self._judge.own)
        low, high = band(expected, dispersion)
        return UsualHour(moment_of(hour * HOUR), expected, low, high)

    # ---- counting ----------------------------------------------------------------------------------------------------

    def _sorted(self) -> list[ReadTicket]:
        self._inbox.sort(key=lambda ticket: (ticket.created_at, ticket.id))
        return self._inbox

    def _open(self, count: int) -> None:
        """Counts the oldest of those that came; what is of later than now waits."""
        opened, self._inbox = self._sorted()[:count], self._inbox[count:]
        for ticket in opened:
            self._count(ticket, minute_of(ticket.created_at))

    def _count(self, ticket: ReadTicket, minute: int) -> None:
        if ticket.status in _LEFT or not self._is_new(ticket.id):
            return
        if self._first is None:
            self._first, self._learned = minute, minute // HOUR
            self._windows.advance(minute, self._every)
        self._go(minute // HOUR * HOUR)
        for series in self._concerned(ticket):
            self._keep(series, minute, ticket)
            if self._wrote_before(ticket.customer, series, minute):
                continue
            if minute > self._windows.now - KEPT_H * HOUR:
                series.count(minute // HOUR)
            if self._windows.put(minute, series):
                self._touched[series.number] = series

    def _is_new(self, number: int) -> bool:
        ids = self._ids
        if not ids or number > ids[-1]:
            ids.append(number)
            return True
        at = bisect.bisect_left(ids, number)
        if ids[at] == number:
            return False
        ids.insert(at, number)
        return True

    def _concerned(self, ticket: ReadTicket) -> Iterator[Series]:
        yield self._desk
        for target in dict.fromkeys(ticket.affected):
            if target in self._known:
                yield self._of(SeriesKey(target=target))
        if ticket.symptom:
            yield self._of(SeriesKey(symptom=ticket.symptom))

    def _of(self, key: SeriesKey) -> Series:
        series = self._series.get(key)
        if series is None:
            series = self._series[key] = Series(key, len(self._every), len(self._windows_min))
            self._every.append(series)
        return series

    def _keep(self, series: Series, minute: int, ticket: ReadTicket) -> None:
        if minute > self._windows.now - _RECENT_MIN:
            bisect.insort(series.recent, (minute, ticket.id, ticket.customer))

    def _wrote_before(self, customer: int, series: Series, minute: int) -> bool:
        """Whether this customer was counted in this series within the last day."""
        key = hash((customer, series.number))
        newer, older = self._customers
        last = newer.get(key, older.get(key))
        newer[key] = minute
        return last is not None and abs(minute - last) < _DAY_MIN

    # ---- going on ----------------------------------------------------------------------------------------------------

    def _go(self, minute: int) -> None:
        if self._first is None:
            return
        while self._windows.now // HOUR < minute // HOUR:
            self._begin_hour(self._windows.now // HOUR + 1)
        if minute > self._windows.now:
            self._advance(minute)

    def _begin_hour(self, hour: int) -> None:
        self._advance(hour * HOUR)
        for series in self._every:
            series.hourly[hour % KEPT_H] = 0
        if (hour - self._learned) > _SETTLES_H:
            self._learn(self._learned)
            self._learned += 1
        if hour - self._turned >= 24:
            self._turned, self._customers = hour, ({}, self._customers[0])
        oldest = hour * HOUR - _RECENT_MIN
        for series in self._every:
            at = bisect.bisect_left(series.recent, (oldest, 0, 0))
            if at:
                del series.recent[:at]
        self._rises.forget(hour * HOUR)

    def _advance(self, minute: int) -> None:
        for series in self._windows.advance(minute, self._every):
            self._touched[series.number] = series

    def _learn(self, hour: int) -> None:
        if self._was_away(hour):
            return
        judge, at = self._judge, hour % KEPT_H
        of_week = self._hours.of_week(hour)
        slot = slot_of(of_week)
        sure = judge.desk.learned_h > 72
        usual = judge.desk_at(hour)
        count = float(self._desk.hourly[at])
        for series in self._targets if sure else ():
            n = float(series.hourly[at])
            mean = series.share(slot, judge.weight, POOLED) * usual
            most = mean + 3 * (mean + (judge.own + judge.desk.mood) * mean * mean) ** 0.5 + 1
            count -= max(0.0, n - most)
        spread = 1 / judge.desk.mood
        mood = (spread + count) / (spread + usual)
        desk = mood * usual if sure else max(count, 0.1)
        stale, apart = hour % 24, []
        for series in self._every[1:]:
            n = float(series.hourly[at])
            if sure:
                mean = series.share(slot, judge.weight, POOLED) * desk
                if series.key.target:
                    apart.append((n, mean))
                n = min(n, mean + 3 * (mean + judge.own * mean * mean) ** 0.5 + 1)
                series.learn(slot, n, desk, mean, judge.weight)
            else:
                series.learn(slot, n, desk, n, judge.weight)
            # Targets all at once, so that the order of their names changes nothing; the many others in turns.
            if not sure or stale == (0 if series.key.target else series.number % 24):
                series.stale = True
        judge.learn(apart)
        judge.desk.learn(of_week, count)
        judge.weight = remembered_weight(judge.desk.learned_h)
        judge.forget()

    def _was_away(self, hour: int) -> bool:
        """Whether nothing was read: so it was said, or the whole desk is silent beyond chance."""
        if any(begin < (hour + 1) * HOUR and end > hour * HOUR for begin, end in self._gaps):
            return True
        missed, newest = 0.0, self._windows.now // HOUR
        for beside in range(hour - _SETTLES_H, newest):
            if self._desk.hourly[beside % KEPT_H]:
                if beside >= hour:
                    break
                missed = 0.0
            else:
                missed += self._judge.desk_at(beside)
        return not self._desk.hourly[hour % KEPT_H] and missed > _SILENT

    # ---- judging -----------------------------------------------------------------------------------------------------

    def _judge_all(self, minute: int) -> None:
        touched, self._touched = self._touched, {}
        wanted = {**touched, **{number: going.series for number, going in self._rises.going.items()}}
        wanted.pop(self._desk.number, None)
        if not wanted:
            return
        self._judge.at(minute)
        self._judge.see(self._desk.counts, self._targets)
        most = self._settings.false_per_week / max(len(self._targets), 1) / 2
        for number in sorted(wanted):
            series = wanted[number]
            self._rises.take(series, self._judge.judged(series), now=minute, most_per_week=most)
        self._rises.take(self._desk, self._judge.fleet(), now=minute, most_per_week=0.02)

    def _told(self, minute: int) -> list[Rise]:
        return [self._rise(going, minute) for going in self._rises.going.values()]

    def _rise(self, going: Going, minute: int) -> Rise:
        judged: Judgement = going.judged
        series = going.series
        length = self._windows_min[judged.window]
        inside = [entry for entry in series.recent if minute - length < entry[0] <= minute]
        return Rise(
            series=series.key,
            at=moment_of(minute),
            since=moment_of(going.since),
            window_h=length / HOUR,
            customers=len({customer for _, _, customer in inside}),
            expected=judged.expected,
            score=judged.score,
            ticket_ids=tuple(ticket for _, ticket, _ in reversed(inside)),
            fleet=series is self._desk,
        )


def _hours(since: datetime, until: datetime) -> range:
    """The whole hours of a time, since 1970."""
    return range(minute_of(since) // HOUR, -(-minute_of(until) // HOUR))
