"""The time in front of a line, in the formats that programs write. Pure.

A moment is what the log's own clock showed, in seconds, as if it were UTC; what zone that clock had is said beside it.
"""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import NamedTuple

LOOK_AT = 64
FRONTS_MAX = 10_000
_TWO_DIGITS = {text % number: number for number in range(100) for text in (b"%d", b"%02d")}
DAY_S = 86_400
MONTHS = {name: place for place, name in enumerate(b"jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}
_ZONES = {
    b"utc": 0,
    b"gmt": 0,
    b"z": 0,
    b"cet": 60,
    b"cest": 120,
    b"bst": 60,
    b"est": -300,
    b"edt": -240,
    b"cst": -360,
    b"cdt": -300,
    b"mst": -420,
    b"mdt": -360,
    b"pst": -480,
    b"pdt": -420,
    b"jst": 540,
    b"aest": 600,
    b"aedt": 660,
}
_FRONT = rb"(?:(?:Date|Datum|Fecha|Time|Logged|Timestamp|Date and Time):[ \t]{1,20})?[\[(<\"{ ]{0,3}"
_CLOCK = rb"(?P<h>\d{1,2}):(?P<m>\d\d):(?P<s>\d\d)(?:[.,:](?P<f>\d{1,9}))?"
_SYSLOG = rb"(?:<\d{1,3}>1? ?)?"


class Stamp(NamedTuple):
    """`length` is how much of the line it takes; `zone` are minutes east of UTC, None where the line doesn't say."""

    moment: float
    zone: int | None
    length: int
    form: str
    dated: bool = True


_ANY = bytes(range(256))
_SECONDS: dict[bytes, int] = {}
"""Of times of day that were read: at most one for each second of a day."""


class _Form(NamedTuple):
    name: str
    pattern: re.Pattern[bytes]
    day: Callable[[re.Match[bytes], "Clock"], int]
    """The midnight of its day; raises ValueError for a day that is none."""
    goes_on: bytes = _ANY
    """With these the stamp may go on behind the space that follows its time of day."""
    dated: bool = True


class Clock:
    """Reads the stamps of one log, line by line: most lines have the form of the line before."""

    def __init__(self, *, now: datetime, month_first: bool = False) -> None:
        """`now` says the year where a line has none; it is no earlier than what the log tells."""
        self._now = now
        self._month_first = month_first
        self._form: _Form | None = None
        self._days: dict[tuple[bytes, ...], int] = {}
        self._front, self._midnight = b"", -1
        """Of the line before: the day in front of its time of day, and its midnight."""
        self._fronts: dict[tuple[bytes, bool], int | None] = {}
        """Midnights by what stands before the time of day: the same in thousands of lines."""

    def read(self, line: bytes) -> Stamp | None:
        form = self._form
        if form and self._midnight >= 0 and line.startswith(self._front):
            at = len(self._front)
            clock = line[at : at + 8]
            seconds = _SECONDS.get(clock, -1)
            if seconds < 0:
                seconds = _second_of_day(clock)
            if seconds >= 0 and line[at + 8 : at + 9] == b" " and line[at + 9 : at + 10] not in form.goes_on:
                return Stamp(self._midnight + seconds, None, at + 8, form.name, form.dated)
        head = line[:LOOK_AT]
        if form and (hit := form.pattern.match(head)):
            return self._stamp(form, hit)
        if b":" not in head and not head.lstrip(b"[( ")[:10].isdigit():
            return None
        for form in _FORMS:
            if form is not self._form and (hit := form.pattern.match(head)):
                stamp = self._stamp(form, hit)
                if stamp:
                    self._form = form
                    return stamp
                self._midnight = -1
        return None

    def _stamp(self, form: _Form, hit: re.Match[bytes]) -> Stamp | None:
        if form.name == "epoch":
            return _epoch(hit)
        half = hit["half"] if "half" in form.pattern.groupindex else None
        day = self._day(form, hit, half=bool(half))
        hour, minute, second, fraction = hit.group("h", "m", "s", "f")
        hours = _TWO_DIGITS[hour]
        if half:
            hours = hours % 12 + (12 if half[:1] in b"pP" else 0)
        if day is None or hours > 23 or minute > b"59" or second > b"60":
            return None
        seconds = hours * 3600 + _TWO_DIGITS[minute] * 60 + _TWO_DIGITS[second]
        moment = day + seconds
        if not half:
            self._front, self._midnight = hit.string[: hit.start("h")], day
        exact = moment + float(b"0." + fraction) if fraction else float(moment)
        zone = _zone(hit["zone"]) if "zone" in form.pattern.groupindex else None
        return Stamp(exact, zone, hit.end(), form.name, form.dated)

    def _day(self, form: _Form, hit: re.Match[bytes], *, half: bool) -> int | None:
        """The midnight of the day before the time of day; None where that is no day."""
        front = hit.string[: hit.start("h")]
        if (front, half) not in self._fronts:
            if len(self._fronts) >= FRONTS_MAX:
                self._fronts.clear()
            try:
                self._fronts[front, half] = form.day(hit, self)
            except ValueError:
                self._fronts[front, half] = None
        return self._fronts[front, half]

    def midnight(self, year: bytes, month: bytes, day: bytes) -> int:
        """Of a day whose month is a number or a name; a year of two digits is of this century."""
        known = self._days.get((year, month, day))
        if known is not None:
            return known
        number = MONTHS.get(month[:3].lower()) or int(month)
        years = int(year) + (2000 if len(year) == 2 else 0)
        if not 1990 <= years <= self._now.year + 20:
            raise ValueError(years)
        found = _seconds(date(years, number, int(day)))
        self._days[year, month, day] = found
        return found

    def this_year(self, month: bytes, day: bytes) -> int:
        """A day without its year: the last one that there was."""
        for year in (self._now.year, self._now.year - 1, self._now.year - 2, self._now.year - 3):
            try:
                found = self.midnight(str(year).encode(), month, day)
            except ValueError:
                continue
            if found <= self._now.timestamp() + 2 * DAY_S:
                return found
        raise ValueError(day)

    def numbers(self, first: bytes, second: bytes, year: bytes, *, half: bool) -> int:
        """ "11/20/2026" and "20/11/2026": a number above 12 is the day; else other lines, or AM and PM, say."""
        month_first = int(second) > 12 or (int(first) <= 12 and (half or self._month_first))
        month, day = (first, second) if month_first else (second, first)
        return self.midnight(year, month, day)


def _second_of_day(clock: bytes) -> int:
    """Of "14:02:11"; -1 for anything else."""
    hours, minutes, seconds = (_TWO_DIGITS.get(clock[at : at + 2], 99) for at in (0, 3, 6))
    if len(clock) != 8 or clock[2::3] != b"::" or hours > 23 or minutes > 59 or seconds > 60:
        return -1
    found = _SECONDS[clock] = hours * 3600 + minutes * 60 + seconds
    return found


def month_first(lines: Sequence[bytes]) -> bool:
    """Whether dates such as "11/05/2026" begin with the month, as far as days above 12 tell."""
    for line in lines:
        hit = _NUMBERS.match(line[:LOOK_AT])
        if hit and int(hit["b"]) > 12 >= int(hit["a"]):
            return True
        if hit and int(hit["a"]) > 12:
            return False
    return False


def told_zone(line: bytes) -> int | None:
    """The zone that a log's head names: "Time zone: UTC+02:00"."""
    hit = _TOLD.search(line)
    return _zone(hit["zone"]) if hit else None


def _seconds(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())


def _epoch(hit: re.Match[bytes]) -> Stamp | None:
    digits = hit["epoch"]
    seconds = int(digits) / (1000 if len(digits) == 13 else 1)
    return Stamp(seconds + (float(b"0." + hit["f"]) if hit["f"] else 0.0), 0, hit.end(), "epoch")


def _zone(text: bytes | None) -> int | None:
    """Minutes of "+0200", "-05:30", "Z", "CEST"."""
    if not text:
        return None
    name = text.strip(b"() ").lower()
    if name in _ZONES:
        return _ZONES[name]
    name = name.removeprefix(b"utc").removeprefix(b"gmt").strip()
    digits = name[1:].replace(b":", b"")
    if name[:1] not in (b"+", b"-") or not digits.isdigit():
        return None
    hours, minutes = (int(digits[:-2]), int(digits[-2:])) if len(digits) > 2 else (int(digits), 0)
    return (hours * 60 + minutes) * (-1 if name[:1] == b"-" else 1) if hours <= 14 and minutes < 60 else None


_OFFSET = rb"(?: ?(?P<zone>Z\b|[+-]\d\d:?\d\d\b))?"
_NAMED = rb"(?: (?P<zone>[A-Z]{3,4}|[+-]\d{4})(?= ))?"
_NUMBERS = re.compile(
    rb"\A"
    + _FRONT
    + rb"(?P<a>\d{1,2})(?P<sep>[/.-])(?P<b>\d{1,2})(?P=sep)(?P<y>\d{4}|\d\d),?[ T]{1,2}"
    + _CLOCK
    + rb"(?: ?(?P<half>[AaPp]\.?[Mm]\.?)(?!\w))?(?: (?P<zone>[+-]\d{2}:?\d{2}|UTC|GMT)\b)?"
)
_TOLD = re.compile(
    rb"(?i)\b(?:time ?zone|timezone|utc offset|tz)\b[\"']?[:= ]{1,3}[\"']?[^\n]{0,40}?"
    rb"(?P<zone>(?:utc|gmt)? ?[+-]\d{1,2}(?::?\d\d)?|\b(?:utc|gmt)\b)"
)
_FORMS = (
    _Form(
        "iso",
        re.compile(
            rb"\A"
            + _SYSLOG
            + _FRONT
            + rb"(?P<y>\d{4})[-/.](?P<mo>\d\d)[-/.](?P<d>\d\d)(?:T|[ ,_]{1,2})"
            + _CLOCK
            + _OFFSET
        ),
        lambda hit, clock: clock.midnight(hit["y"], hit["mo"], hit["d"]),
        b"Z+-",
    ),
    _Form(
        "ctime",
        re.compile(
            rb"\A"
            + _FRONT
            + rb"[A-Z][a-z]{2},? (?P<mo>[A-Z][a-z]{2}) {1,2}(?P<d>\d{1,2}) "
            + _CLOCK
            + _NAMED
            + rb" (?P<y>\d{4})\b"
        ),
        lambda hit, clock: clock.midnight(hit["y"], hit["mo"], hit["d"]),
    ),
    _Form(
        "syslog",
        re.compile(rb"\A" + _SYSLOG + _FRONT + rb"(?P<mo>[A-Z][a-z]{2}) {1,2}(?P<d>\d{1,2}) " + _CLOCK),
        lambda hit, clock: clock.this_year(hit["mo"], hit["d"]),
        b"",
    ),
    _Form(
        "logcat",
        re.compile(rb"\A" + _FRONT + rb"(?P<mo>\d\d)-(?P<d>\d\d) " + _CLOCK),
        lambda hit, clock: clock.this_year(hit["mo"], hit["d"]),
        b"",
    ),
    _Form(
        "month",
        re.compile(
            rb"\A"
            + _FRONT
            + rb"(?P<mo>[A-Z][a-z]{2,8}) (?P<d>\d{1,2}), (?P<y>\d{4}),? "
            + _CLOCK
            + rb"(?: ?(?P<half>[AaPp]\.?[Mm]\.?)(?!\w))?"
        ),
        lambda hit, clock: clock.midnight(hit["y"], hit["mo"], hit["d"]),
    ),
    _Form(
        "named",
        re.compile(
            rb"\A"
            + _FRONT
            + rb"(?:[A-Z][a-z]{2}, )?(?P<d>\d{1,2})[-/ ](?P<mo>[A-Z][a-z]{2})[-/ ](?P<y>\d{4})[: ]"
            + _CLOCK
            + rb"(?: (?P<zone>[+-]\d{4}|[A-Z]{3,4})\b)?"
        ),
        lambda hit, clock: clock.midnight(hit["y"], hit["mo"], hit["d"]),
    ),
    _Form("numbers", _NUMBERS, lambda hit, clock: clock.numbers(hit["a"], hit["b"], hit["y"], half=bool(hit["half"]))),
    _Form(
        "time",
        re.compile(rb"\A" + _FRONT + _CLOCK + rb"(?: ?(?P<half>[AaPp][Mm])(?!\w))?"),
        lambda hit, clock: 0,
        b"AaPp",
        dated=False,
    ),
    _Form(
        "epoch",
        re.compile(rb"\A" + _FRONT + rb"(?P<epoch>1[0-9]{9}(?:\d{3})?)(?:\.(?P<f>\d{1,9}))?(?=[\s\]):,;|]|\Z)"),
        lambda hit, clock: 0,
    ),
)
"""The first that fits is taken."""
