"""`secondline trends replay`: an export of tickets through reading and detector, a line of JSON for each alert.

It goes minute by minute as the stream would, and holds of each ticket what was read in it, never its text.
"""

import json
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, BinaryIO, TextIO

from bot.read_tickets import rows_of
from bot.reading.model import Reading, TicketText
from bot.reading.rows import ticket_text
from bot.tickets.answering import MERGED_TAG
from bot.tickets.model import PROBLEM_TAG
from bot.tickets.stream import StreamRow
from bot.tickets.stream_hash import StreamHash
from bot.tickets.stream_model import ReadTicket
from bot.trends.detector.detector import Detector
from bot.trends.model import Rise, SeriesKey, facts_of

_MINUTE = timedelta(minutes=1)
_LOOKS = timedelta(minutes=5)
"""Where nobody writes, what goes on is looked at so often."""
_SAME = timedelta(hours=3)
_LEFT = frozenset(("deleted", "spam", "merged"))
_LEFT_TAGS = frozenset((MERGED_TAG, PROBLEM_TAG))
_LARGEST = 2**63 - 1
_SEEN_BITS = 1 << 24
"""Terms whose use is remembered without their words; one of a few per cent shares its bit with another."""
_WORDS = 400_000
_COMMON = 30_000
"""Words whose hash is remembered: the first that were used three times are those that are used most."""
_MOST_WORDS = 5


class Words:
    """What terms are in words; of those that were used twice nothing is kept: nothing rises by them."""

    def __init__(self, hashed: Callable[[str], int]) -> None:
        self._hashed = hashed
        self._once, self._twice = bytearray(_SEEN_BITS // 8), bytearray(_SEEN_BITS // 8)
        self._words: dict[int, str] = {}
        self._terms: dict[str, int] = {}

    def take(self, word: str) -> int:
        known = self._terms.get(word)
        if known:
            return known
        term = self._hashed(word)
        place, bit = (term % _SEEN_BITS) >> 3, 1 << (term & 7)
        if not self._once[place] & bit:
            self._once[place] |= bit
        elif not self._twice[place] & bit:
            self._twice[place] |= bit
        elif term not in self._words and len(self._words) < _WORDS:
            self._words[term] = word
            if len(self._terms) < _COMMON:
                self._terms[word] = term
        return term

    def said(self, key: SeriesKey) -> str:
        return key.version or key.code or self._words.get(key.term, "")


Said = tuple[str, tuple[str, ...], str, str, tuple[str, ...], tuple[str, ...]]
"""Status, targets, symptom, platform, versions, codes."""


class _Columns:
    """Tickets as they wait for their turn: each a place in some arrays, as there may be a hundred thousand."""

    def __init__(self) -> None:
        self.created_s, self.changed_s, self.customers = array("q"), array("q"), array("q")
        self._said, self._ends, self._terms = array("l"), array("q", [0]), array("q")
        self._sayings: list[Said] = []
        self._numbers: dict[Said, int] = {}

    def add(self, row: StreamRow, customer: int, terms: Iterable[int]) -> int:
        """Says the place."""
        reading = row.reading
        said: Said = (
            row.status,
            tuple(each.key for each in reading.affected),
            reading.symptom.key if reading.symptom else "",
            reading.platform.key if reading.platform else "",
            reading.versions,
            reading.codes,
        )
        number = self._numbers.setdefault(said, len(self._sayings))
        if number == len(self._sayings):
            self._sayings.append(said)
        self.created_s.append(int(row.created_at.timestamp()))
        self.changed_s.append(int(row.changed_at.timestamp()))
        self.customers.append(customer)
        self._said.append(number)
        self._terms.extend(terms)
        self._ends.append(len(self._terms))
        return len(self._said) - 1

    def said(self, place: int) -> Said:
        return self._sayings[self._said[place]]

    def terms(self, place: int) -> tuple[int, ...]:
        return tuple(self._terms[self._ends[place] : self._ends[place + 1]])


class Export:
    """The tickets of an export, by number: of two rows of one ticket the later change is true."""

    def __init__(self, *, read: Callable[[TicketText], Reading], meanings: Mapping[str, str]) -> None:
        self._read, self._meanings = read, meanings
        # Nothing of it is kept, so that its key may be known.
        self._hash = StreamHash(b"")
        self.words = Words(self._hash.term)
        self._columns = _Columns()
        self._places: dict[int, int] = {}

    def take(self, stream: BinaryIO, err: TextIO) -> bool:
        """Reads all lines; False where one could not be read, which `err` is told."""
        fine = True
        for line in rows_of(stream):
            problem = line.problem or self._row(line.row or {})
            if problem:
                fine = False
                print(f"line {line.number}: {problem}", file=err)
        return fine

    def ordered(self) -> Iterator[ReadTicket]:
        """By time, as they were created; those that left are not among them."""
        created = self._columns.created_s
        for number in sorted(sorted(self._places), key=lambda one: created[self._places[one]]):
            yield self.ticket(number)

    def ticket(self, number: int) -> ReadTicket:
        columns, place = self._columns, self._places[number]
        status, affected, symptom, platform, versions, codes = columns.said(place)
        return ReadTicket(
            id=number,
            created_at=datetime.fromtimestamp(columns.created_s[place], UTC),
            updated_at=datetime.fromtimestamp(columns.changed_s[place], UTC),
            status=status,
            customer=columns.customers[place],
            affected=affected,
            symptom=symptom,
            platform=platform,
            versions=versions,
            codes=codes,
            terms=columns.terms(place),
        )

    def _row(self, row: Mapping[str, Any]) -> str:
        """Takes one in, or says what is wrong with it."""
        number, created = _number(row.get("id")), _moment(row.get("created_at"))
        if number is None:
            return '"id" is no number of a ticket'
        if created is None:
            return '"created_at" is no time'
        changed = _moment(row.get("updated_at")) or created
        known = self._places.get(number)
        if known is not None and self._columns.changed_s[known] > changed.timestamp():
            return ""
        if _left(row):
            self._places.pop(number, None)
            return ""
        reading = self._read(ticket_text(row, self._meanings))
        status = row.get("status")
        read = StreamRow(
            id=number,
            created_at=created,
            changed_at=changed,
            status=status[:40] if isinstance(status, str) else "",
            requester_id=_number(row.get("requester_id")),
            assignee_id=None,
            reading=reading,
        )
        terms = map(self.words.take, reading.terms)
        self._places[number] = self._columns.add(read, self._hash.customer(read), terms)
        return ""


def replay(stream: BinaryIO, export: Export, detector: Detector, *, out: TextIO, err: TextIO) -> bool:
    """Prints an alert when it begins; False where a line could not be read."""
    fine = export.take(stream, err)
    for rise in alerts(export.ordered(), detector):
        print(json.dumps(line_of(rise, export), ensure_ascii=False), file=out, flush=True)
    return fine


def alerts(tickets: Iterable[ReadTicket], detector: Detector) -> Iterator[Rise]:
    """Each rise as it is when it begins. A ticket is known when its minute is over."""
    told = _Told()
    now: datetime | None = None
    for minute, written in _by_minute(tickets):
        while now and now + _LOOKS < minute and detector.rising:
            now += _LOOKS
            yield from told.new(detector.step(now))
        detector.add(written)
        now = minute
        yield from told.new(detector.step(now))


class _Told:
    """What was told already: a word of a target, and then the target itself, are one alert."""

    def __init__(self) -> None:
        self._keys: set[tuple[SeriesKey, datetime]] = set()
        self._of_target: dict[str, Rise] = {}

    def new(self, rises: Iterable[Rise]) -> Iterator[Rise]:
        for rise in rises:
            if (rise.series, rise.since) not in self._keys:
                self._keys.add((rise.series, rise.since))
                if not self._same(rise):
                    yield rise
                self._of_target[rise.series.target] = rise

    def _same(self, rise: Rise) -> bool:
        before = self._of_target.get(rise.series.target) if rise.series.target else None
        if not before or rise.at - before.at > _SAME:
            return False
        shared = len({*rise.ticket_ids} & {*before.ticket_ids})
        return 2 * shared >= min(len(rise.ticket_ids), len(before.ticket_ids))


def _by_minute(tickets: Iterable[ReadTicket]) -> Iterator[tuple[datetime, list[ReadTicket]]]:
    written: list[ReadTicket] = []
    over: datetime | None = None
    for ticket in tickets:
        ends = ticket.created_at.replace(second=0, microsecond=0) + _MINUTE
        if over and ends != over:
            yield over, written
            written = []
        over = ends
        written.append(ticket)
    if over:
        yield over, written


def line_of(rise: Rise, export: Export) -> dict[str, Any]:
    """What is printed of an alert; null where there is nothing to say."""
    keys = (rise.series, *rise.also)
    words = list(dict.fromkeys(filter(None, map(export.words.said, keys))))[:_MOST_WORDS]
    facts = facts_of(map(export.ticket, rise.ticket_ids))
    return {
        "at": rise.at.isoformat().replace("+00:00", "Z"),
        "target": next((key.target for key in keys if key.target), None),
        "symptom": rise.series.symptom or facts.symptom or next((key.symptom for key in keys if key.symptom), None),
        "words": words or None,
        "customers": rise.customers,
        "expected": round(rise.expected, 2),
        "score": round(rise.score, 2),
        "ticket_ids": list(rise.ticket_ids),
        "fleet": rise.fleet,
    }


def _left(row: Mapping[str, Any]) -> bool:
    """Whether it is no customer's complaint any more, or never was one."""
    tags, status = row.get("tags"), row.get("status")
    listed = tags if isinstance(tags, list) else []
    return (isinstance(status, str) and status in _LEFT) or any(
        isinstance(tag, str) and tag in _LEFT_TAGS for tag in listed
    )


def _number(value: object) -> int | None:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20:
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= _LARGEST else None


def _moment(value: object) -> datetime | None:
    """ISO 8601, in UTC where it doesn't say otherwise; nothing before 2000 or after 2100."""
    if not isinstance(value, str) or len(value) > 40:
        return None
    try:
        read = datetime.fromisoformat(value)
        moment = read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment if 2000 <= moment.year <= 2100 else None
