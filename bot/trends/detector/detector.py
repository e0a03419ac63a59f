"""The detector: tickets in, rises out. It has no clock; whoever steps it says what time it is."""

import bisect
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from bot.tickets.stream_model import ReadTicket
from bot.trends.detector.hours import HOUR, Hours, minute_of, moment_of
from bot.trends.detector.judge import POOLED, Judge
from bot.trends.detector.learning import Learning
from bot.trends.detector.model import OF_FLEET, OF_SYMPTOMS, OF_TARGETS, OF_TERMS, DetectorSettings, UsualHour
from bot.trends.detector.rises import WHOLE, Going, Rises
from bot.trends.detector.seen import Seen
from bot.trends.detector.series import KEPT_H, Series, slot_of
from bot.trends.detector.tail import band, unlikely
from bot.trends.detector.terms import Entry, Terms, number_of
from bot.trends.detector.windows import Windows
from bot.trends.model import Rise, SeriesKey

_LEFT = frozenset(("deleted", "spam", "merged"))
_RECENT_MIN = 1440
_MANY = 2000
_SILENCE_MIN = 20
_SYMPTOMS = 40
_IN_SURGE = 0.2
"""While everything rises that is the news: what one target has beside it must be so much clearer."""
_FOLLOWED_MIN = 10
"""What only goes along with something else is looked at every so many minutes."""


class Detector:
    """Counts customers, learns what is usual, and says what is not."""

    def __init__(self, *, settings: DetectorSettings) -> None:
        self._settings = settings
        self._windows_min = tuple(sorted(round(HOUR * hours) for hours in settings.windows_h))
        self._hours = Hours(zone=settings.zone, holidays=settings.holidays)
        self._judge = Judge(hours=self._hours, windows_min=self._windows_min)
        self._windows = Windows(lengths_min=self._windows_min)
        self._rises = Rises(look=self._tickets, about=self._about, windows_min=self._windows_min)
        self._inbox: list[ReadTicket] = []
        self._series: dict[SeriesKey, Series] = {}
        self._every: list[Series] = []
        self._of_symptoms: dict[str, Series] = {}
        self._desk = self._of(WHOLE)
        self._targets = [self._of(SeriesKey(target=key)) for key in sorted(settings.targets)]
        self._terms = Terms(lengths_min=self._windows_min)
        self._learning = Learning(hours=self._hours, judge=self._judge, desk=self._desk, terms=self._terms)
        self._seen = Seen()
        self._first: int | None = None
        self._heard = 0
        self._touched: dict[int, Series] = {}

    # ---- what comes in -----------------------------------------------------------------------------------------------

    def add(self, tickets: Iterable[ReadTicket]) -> None:
        """Takes tickets in any order; they count from the next step on."""
        for ticket in tickets:
            self._inbox.append(ticket)
            if len(self._inbox) >= 2 * _MANY:
                # History: what is older is learned at once, so that it need not be kept.
                self._open(_MANY)

    def leave(self, ticket_ids: Collection[int]) -> None:
        """Tickets that are no longer counted: deleted, merged, spam. What was learned of those of before stays."""
        gone = frozenset(ticket_ids)
        self._inbox = [ticket for ticket in self._inbox if ticket.id not in gone]
        self._terms.leave(gone)
        for series in self._every:
            if series.mix:
                series.mix.leave(gone)
            for entry in [entry for entry in series.recent if entry[1] in gone]:
                series.recent.remove(entry)
                if all(customer != entry[2] for _, _, customer in series.recent):
                    self._windows.take(entry[0], series)

    def gap(self, since: datetime, until: datetime) -> None:
        """Nothing was read in that time: it is no drop, and what comes at its end is no rise."""
        if until > since:
            self._learning.gap(minute_of(since), minute_of(until))

    def step(self, now: datetime) -> list[Rise]:
        """All that rises at this moment: what begins and what goes on."""
        # With a clock that went back nothing is new until it is where it was.
        minute = max(minute_of(now), self._windows.now)
        self._open(bisect.bisect_right(self._sorted(), minute, key=lambda ticket: minute_of(ticket.created_at)))
        self._go(minute)
        speaks = self.speaks_from()
        if speaks is None or minute < minute_of(speaks):
            self._touched.clear()
            self._terms.touched.clear()
            return []
        self._judge_all(minute)
        return [self._rise(going, minute) for going in self._rises.events()]

    def speaks_from(self) -> datetime | None:
        """From when on it says what rises; None where it has seen nothing yet."""
        if self._first is None:
            return None
        return moment_of(self._first) + timedelta(days=self._settings.learn_days)

    @property
    def rising(self) -> bool:
        """Whether anything rises, so that it may end."""
        return bool(self._rises.going)

    # ---- what it knows -----------------------------------------------------------------------------------------------

    def usual(self, series: SeriesKey, since: datetime, until: datetime) -> list[UsualHour]:
        """What is usual in each hour."""
        series = _judged_by(series)
        return [self._usual(series, hour) for hour in _hours(since, until)]

    def customers(self, series: SeriesKey, since: datetime, until: datetime) -> list[int]:
        """How many customers wrote in each hour: 28 days are remembered, of words, versions and codes one."""
        series = _judged_by(series)
        there, hours = self._series.get(series), _hours(since, until)
        newest = self._windows.now // HOUR
        if there:
            return [there.hourly[hour % KEPT_H] if newest - KEPT_H < hour <= newest else 0 for hour in hours]
        counted = Counter(minute // HOUR for minute, _, _ in self._all(series, hours.start * HOUR - 1))
        return [counted[hour] for hour in hours]

    def _usual(self, key: SeriesKey, hour: int) -> UsualHour:
        slot, desk = slot_of(self._hours.of_week(hour)), self._judge.desk_at(hour)
        weight, dispersion = self._judge.weight, self._judge.desk.mood
        series = self._series.get(key)
        if series is self._desk:
            share = 1.0
        elif series:
            share, dispersion = series.share(slot, weight, POOLED), dispersion + self._judge.own
        elif key.term or key.version or key.code:
            term = key.term or number_of(key)
            share, dispersion = self._terms.known(term, weight) / self._terms.whole(weight), self._terms.own
        else:
            share = 0.0
        low, high = band(share * desk, dispersion)
        return UsualHour(moment_of(hour * HOUR), share * desk, low, high)

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
        if ticket.status in _LEFT or self._seen.ticket(ticket.id):
            return
        if self._first is None:
            self._first = self._heard = minute
            self._learning.begin(minute // HOUR)
            self._windows.now = minute
        self._go(minute // HOUR * HOUR)
        self._hear(minute)
        for series in self._concerned(ticket):
            if minute > self._windows.now - _RECENT_MIN:
                bisect.insort(series.recent, (minute, ticket.id, ticket.customer))
            if self._seen.customer(ticket.customer, series.number, minute):
                continue
            if minute > self._windows.now - KEPT_H * HOUR:
                series.count(minute // HOUR)
            if series.mix and ticket.symptom:
                series.mix.put(minute, ticket.id, ticket.symptom)
            if self._windows.put(minute, series):
                self._touched[series.number] = series
            if series is self._desk:
                self._terms.put(ticket, minute, self._judge.weight)

    def _hear(self, minute: int) -> None:
        """After a silence that nobody's desk has, the stream was away although nobody said so."""
        if minute - self._heard > _SILENCE_MIN and self._learning.silent(self._heard + 1, minute):
            self._learning.gap(self._heard + 1, minute)
        self._heard = max(self._heard, minute)

    def _concerned(self, ticket: ReadTicket) -> Iterator[Series]:
        yield self._desk
        for target in dict.fromkeys(ticket.affected):
            series = self._series.get(SeriesKey(target=target))
            if series:
                yield series
        if ticket.symptom:
            key = SeriesKey(symptom=ticket.symptom)
            if key in self._series or len(self._of_symptoms) < _SYMPTOMS:
                yield self._of(key)

    def _of(self, key: SeriesKey) -> Series:
        series = self._series.get(key)
        if series is None:
            series = self._series[key] = Series(key, len(self._every), len(self._windows_min))
            self._every.append(series)
            if key.symptom:
                self._of_symptoms[key.symptom] = series
        return series

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
        oldest = (hour * HOUR - _RECENT_MIN, 0, 0)
        for series in self._every:
            series.hourly[hour % KEPT_H] = 0
            del series.recent[: bisect.bisect_left(series.recent, oldest)]
            if series.mix:
                series.mix.forget(hour * HOUR)
        self._learning.go(hour, self._every)
        self._seen.turn(hour)
        self._terms.turn(self._judge.weight)
        self._rises.forget(hour * HOUR)

    def _advance(self, minute: int) -> None:
        for series in self._windows.advance(minute):
            self._touched[series.number] = series
        self._terms.advance(minute)

    # ---- judging -----------------------------------------------------------------------------------------------------

    def _judge_all(self, minute: int) -> None:
        touched, self._touched = {series.key for series in self._touched.values()}, {}
        terms, self._terms.touched = self._terms.touched, set()
        going = {
            going.key
            for going in self._rises.going.values()
            if going.leader is None or minute % _FOLLOWED_MIN == 0 or minute - going.high >= HOUR
        }
        wanted = touched | going
        if not wanted:
            return
        judge, false = self._judge, self._settings.false_per_week
        judge.at(minute)
        judge.see(self._desk.counts, self._targets, self._of_symptoms)
        of_target = false * OF_TARGETS / max(len(self._settings.targets), 1) * (_IN_SURGE if judge.surges else 1)
        of_symptom = false * OF_SYMPTOMS / max(len(self._of_symptoms), 1)
        for key in sorted(key for key in wanted if key in self._series and key != WHOLE):
            most = of_target if key.target else of_symptom
            self._rises.take(key, judge.judged(self._series[key]), now=minute, most_per_week=most)
        self._judge_terms(minute, terms | {_term_of(key) for key in going if key not in self._series})
        fleet = None if self._learning.ended_gap(minute, max(self._windows_min)) else judge.fleet(self._explained())
        self._rises.take(WHOLE, fleet, now=minute, most_per_week=false * OF_FLEET)

    def _judge_terms(self, minute: int, touched: set[int]) -> None:
        judge, terms = self._judge, self._terms
        weight, own = judge.weight, terms.own
        whole = terms.whole(weight)
        most = self._settings.false_per_week * OF_TERMS / max(terms.many, 1000.0)
        for term in sorted(touched):
            key, known = terms.key(term), terms.known(term, weight)
            share = known / whole
            if key not in self._rises.going and terms.recent(term) < judge.notable(share, own):
                continue
            judged = judge.judged_term(terms.counts(term), share, own + 1 / known)
            self._rises.take(key, judged, now=minute, most_per_week=most)

    def _explained(self) -> list[float]:
        """Customers in each window that rises of single things explain, so that they are none of the whole desk."""
        explained = [0.0] * len(self._windows_min)
        for going in self._rises.going.values():
            if going.leader is None and going.key != WHOLE and not going.key.target:
                usual = going.judged.expected / self._windows_min[going.judged.window]
                for window, length in enumerate(self._windows_min):
                    count = len({customer for _, _, customer in self._tickets(going.key, window)})
                    explained[window] += max(0.0, count - usual * length)
        return explained

    # ---- telling -----------------------------------------------------------------------------------------------------

    def _all(self, key: SeriesKey, since: int) -> list[Entry]:
        series = self._series.get(key)
        if series:
            return series.recent[bisect.bisect_left(series.recent, (since + 1, 0, 0)) :]
        return self._terms.written(_term_of(key), since, self._windows.now) if _term_of(key) else []

    def _tickets(self, key: SeriesKey, window: int) -> list[Entry]:
        now = self._windows.now
        return [entry for entry in self._all(key, now - self._windows_min[window]) if entry[0] <= now]

    def _about(self, tickets: list[Entry], window: int, least: float) -> str:
        """The target that most of these are about, where it is not one that most tickets are about anyway."""
        ids = {ticket for _, ticket, _ in tickets}
        whole, best, found = len({customer for _, _, customer in tickets}), 0, ""
        for series in self._targets:
            shared = len({entry[2] for entry in self._tickets(series.key, window) if entry[1] in ids})
            if shared > best and shared >= max(least, 3):
                usual = whole * self._judge.share_of(series, window)
                if unlikely(shared, usual, self._judge.own + self._judge.desk.mood) > 2:
                    best, found = shared, series.key.target
        return found

    def _rise(self, going: Going, minute: int) -> Rise:
        judged = going.judged
        inside = self._tickets(going.key, judged.window)
        if minute - going.shared_at >= _FOLLOWED_MIN:
            ids = {ticket for _, ticket, _ in inside}
            going.shared, going.shared_at = tuple(self._terms.shared(ids, self._judge.weight)), minute
        return Rise(
            series=going.named,
            at=moment_of(minute),
            since=moment_of(going.since),
            window_h=self._windows_min[judged.window] / HOUR,
            customers=len({customer for _, _, customer in inside}),
            expected=judged.expected,
            score=judged.score,
            ticket_ids=tuple(ticket for _, ticket, _ in reversed(inside)),
            fleet=going.key == WHOLE,
            also=tuple(key for key in dict.fromkeys((*going.followers, *going.shared)) if key != going.key),
        )


def _judged_by(key: SeriesKey) -> SeriesKey:
    """What is counted of a key: of a word of one target it is the word."""
    others = replace(key, target="")
    return others if key.target and others != WHOLE else key


def _term_of(key: SeriesKey) -> int:
    return key.term or (number_of(key) if key.version or key.code else 0)


def _hours(since: datetime, until: datetime) -> range:
    """The whole hours of a time, since 1970."""
    return range(minute_of(since) // HOUR, -(-minute_of(until) // HOUR))
