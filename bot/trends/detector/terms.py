"""Words, versions and codes that nobody configured: how often customers use each, and which are used more than usual.

There may be any number of them. Those that are used most are remembered, and the rest is as good as new.
"""

import hashlib
from array import array
from collections import Counter, deque
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from bot.tickets.stream_model import ReadTicket
from bot.trends.detector.tail import unlikely
from bot.trends.model import SeriesKey

_KEPT, _MOST = 8_000, 10_500
_OF_TICKET = 60
"""Terms of one ticket that are counted."""
_RECENT_MIN = 1440
_FEW = 4
"""Customers below which no word is looked at."""
_NEW = 0.5
"""How many customers used a term that was never seen."""
_IN_COMMON, _MORE, _CLEAR, _TOLD = 0.5, 4.0, 3.0, 4
"""What half of some tickets say, four times as often as others, is what they have in common."""
_FIRST_OWN, _LEAST_OWN, _OWN_WEIGHT = 0.15, 0.02, 2000.0


Entry = tuple[int, int, int]
"""Minute, number of the ticket, customer."""


@dataclass(frozen=True, slots=True)
class Written:
    """A customer's ticket, by the terms in it."""

    minute: int
    ticket: int
    customer: int
    terms: "array[int]"


class _Window:
    """When customers used each term in the last minutes."""

    def __init__(self, length: int) -> None:
        self.length = length
        self.minutes: dict[int, tuple[int, ...]] = {}
        """Tuples, since most terms come once, and those of one ticket share theirs."""
        self._inside: deque[Written] = deque()

    def put(self, written: Written) -> list[int]:
        """Says which of the terms more than a few customers use."""
        minutes, once, often = self.minutes, (written.minute,), list[int]()
        self._inside.append(written)
        for term in written.terms:
            there = minutes.get(term)
            if there is None:
                minutes[term] = once
            else:
                minutes[term] = there + once
                if len(there) >= _FEW - 1:
                    often.append(term)
        return often

    def count(self, term: int) -> int:
        return len(self.minutes.get(term, ()))

    def advance(self, now: int) -> None:
        while self._inside and self._inside[0].minute <= now - self.length:
            self._take(self._inside.popleft())

    def leave(self, tickets: frozenset[int]) -> None:
        gone = [one for one in self._inside if one.ticket in tickets]
        for one in gone:
            self._inside.remove(one)
            self._take(one)

    def _take(self, written: Written) -> None:
        minutes, minute = self.minutes, written.minute
        for term in written.terms:
            there = minutes[term]
            if len(there) == 1:
                del minutes[term]
            else:
                at = there.index(minute)
                minutes[term] = there[:at] + there[at + 1 :]


class Terms:
    """Counts terms over weeks and in the last hours."""

    def __init__(self, *, lengths_min: Sequence[int]) -> None:
        self._lengths = sorted(lengths_min)
        self._longest = _Window(self._lengths[-1])
        self._weeks: dict[int, float] = {}
        """Customers by term; newer ones count for more."""
        self._floor = 0.0
        """What is not remembered was used by no more customers."""
        self._tickets: deque[Written] = deque()
        self._names: dict[int, SeriesKey] = {}
        self._numbers: dict[SeriesKey, int] = {}
        self._own = [_FIRST_OWN * _OWN_WEIGHT, _OWN_WEIGHT]
        self._new = self._whole = 0.0
        self._now = 0
        self.touched: set[int] = set()

    @property
    def own(self) -> float:
        """How much the use of a term differs by itself, as a dispersion."""
        return max(_LEAST_OWN, self._own[0] / self._own[1])

    @property
    def many(self) -> float:
        """How many terms could rise: those that are known, and those that may come."""
        return len(self._weeks) + self._new / _NEW

    def key(self, term: int) -> SeriesKey:
        return self._names.get(term) or SeriesKey(term=term)

    def put(self, ticket: ReadTicket, minute: int, weight: float) -> None:
        """One customer's ticket; the same customer's others of a day are not put."""
        found = array("q", self._of(ticket))
        written = Written(minute, ticket.id, ticket.customer, found)
        weeks, floor = self._weeks, self._floor
        self._whole += weight
        for term in found:
            before = weeks.get(term)
            if before is None:
                self._new += 1
                before = floor
            weeks[term] = before + weight
        if minute > self._now - self._longest.length:
            self.touched.update(self._longest.put(written))
        if minute > self._now - _RECENT_MIN:
            self._tickets.append(written)

    def advance(self, now: int) -> None:
        """Takes out of the windows what is too old; late tickets stay a little longer."""
        self._now = max(self._now, now)
        self._longest.advance(self._now)
        while self._tickets and self._tickets[0].minute <= now - _RECENT_MIN:
            self._tickets.popleft()

    def turn(self, weight: float) -> None:
        """Each hour: what was rare and is long past is forgotten."""
        self._new *= 1 - 1 / 168
        if len(self._weeks) > _MOST:
            self._forget(weight)

    def whole(self, weight: float) -> float:
        """Customers of the desk that are remembered."""
        return max(self._whole / weight, 1.0)

    def known(self, term: int, weight: float) -> float:
        """How many customers used it before those of now, as far as they are remembered; a new one half of one."""
        seen = self._weeks.get(term, self._floor) / weight
        return max(seen - self._longest.count(term), 0.0) + _NEW

    def recent(self, term: int) -> int:
        """Customers in the longest window."""
        return self._longest.count(term)

    def counts(self, term: int) -> list[int]:
        """Customers in each window before now, the shortest first."""
        minutes = self._longest.minutes.get(term, ())
        return [sum(minute > self._now - length for minute in minutes) for length in self._lengths]

    def written(self, term: int, since: int, until: int) -> list[Entry]:
        """Tickets with a term after one minute and up to another, the oldest first: minute, number, customer."""
        return sorted(
            (one.minute, one.ticket, one.customer)
            for one in self._tickets
            if since < one.minute <= until and term in one.terms
        )

    def shared(self, tickets: Collection[int], weight: float) -> list[SeriesKey]:
        """What most of these have in common and others don't: versions and codes first."""
        counted: Counter[int] = Counter()
        whole, customers = self.whole(weight), 0
        for one in self._tickets:
            if one.ticket in tickets:
                customers += 1
                counted.update(one.terms)
        found = []
        for term, count in counted.items():
            if count < max(_FEW - 1, _IN_COMMON * customers):
                continue
            usual = customers * min(self.known(term, weight) / whole, 1.0)
            if count > _MORE * usual and unlikely(count, usual, self.own) > _CLEAR:
                key = self.key(term)
                found.append((bool(key.term), -count, usual, key))
        return [key for _, _, _, key in sorted(found)[:_TOLD]]

    def hour(self, begin: int, end: int) -> Counter[int]:
        """Customers by term of an hour, for those that are known."""
        counted: Counter[int] = Counter()
        for one in self._tickets:
            if begin <= one.minute < end:
                counted.update(one.terms)
        return counted

    def frequent(self, least: float) -> Iterator[tuple[int, float]]:
        """Terms with at least so much of the weeks."""
        return ((term, seen) for term, seen in self._weeks.items() if seen >= least)

    def learn(self, hour: Sequence[tuple[float, float]]) -> None:
        """What terms had in an hour and what was expected of them."""
        own, off, share = self.own, 0.0, 0.0
        for count, mean in hour:
            off += min((count - mean) ** 2 - mean, 9 * (mean + own * mean * mean)) / (1 + mean)
            share += mean * mean / (1 + mean)
        fade = max(0.0, 1 - share / _OWN_WEIGHT)
        self._own = [self._own[0] * fade + off, self._own[1] * fade + share]

    def leave(self, tickets: frozenset[int]) -> None:
        """Takes tickets out of the windows."""
        self._longest.leave(tickets)
        self._tickets = deque(one for one in self._tickets if one.ticket not in tickets)

    def _of(self, ticket: ReadTicket) -> list[int]:
        found = dict.fromkeys(ticket.terms[:_OF_TICKET])
        for version in {*ticket.versions[:5], ticket.platform} - {""}:
            found[self._named(SeriesKey(version=version))] = None
        for code in ticket.codes[:5]:
            found[self._named(SeriesKey(code=code))] = None
        return list(found)

    def _named(self, key: SeriesKey) -> int:
        term = self._numbers.get(key)
        if term is None:
            term = self._numbers[key] = number_of(key)
            self._names[term] = key
        return term

    def _forget(self, weight: float) -> None:
        """Keeps those that are used most, and those that are used now."""
        weeks = self._weeks
        least = sorted(weeks.values(), reverse=True)[_KEPT]
        self._floor = max(self._floor, least)
        now = self._longest.minutes
        self._weeks = {term: seen for term, seen in weeks.items() if seen > least or term in now}
        self._names = {term: key for term, key in self._names.items() if term in self._weeks}
        self._numbers = {key: term for term, key in self._names.items()}


def number_of(key: SeriesKey) -> int:
    """Versions and codes are terms too; the same number at each start."""
    text = f"version\0{key.version}" if key.version else f"code\0{key.code}"
    return int.from_bytes(hashlib.blake2b(text.encode(errors="replace"), digest_size=8).digest(), "big") >> 1
