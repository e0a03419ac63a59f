"""When a channel's briefing comes: a time of day in a zone, on some days, not on holidays. Pure."""

import difflib
import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from bot.errors import BadInput
from bot.zones import first_moment, is_offset, known_zones, spoken_zones, zone_of_offset, zone_shown, zone_spoken

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WEEKDAYS, WEEKEND = DAYS[:5], DAYS[5:]
LATE = timedelta(hours=4)
"""After a restart a briefing is still worth sending for so long, and on its own day only."""
_AHEAD_DAYS = 800
_EXAMPLE = "`/t2 briefing at 09:00 Europe/Berlin weekdays`"
_SETS = {"daily": DAYS, "everyday": DAYS, "weekdays": WEEKDAYS, "workdays": WEEKDAYS, "weekends": WEEKEND}
_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_FILLERS = frozenset(("at", "on", "in", "every", "and", "&", "each", "day", "-"))
_BUT = frozenset(("except", "but", "not", "without"))
"""Days behind one of these have no briefing."""
_TIME = re.compile(r"(\d{1,2})(?:[:.](\d\d))?(am|pm)?")
_EACH_DAY = re.compile(r"\b(?:every|each) day\b")
_POINTED = re.compile(r"\b([ap])\.m\b\.?")
_CLOCK = re.compile(r"\d{1,2}(?:[:.]\d\d)?")
_ISO_DAY = re.compile(r"\d{4}-\d{1,2}-\d{1,2}")
_GAPS = re.compile(r"[\s,;]+")
_DASHES = re.compile("[–—]")
_SPACED = re.compile(r"\b(utc|gmt)\s*([+−–-])\s*(?=\d{1,2}(?!\d))")
_ISO = re.compile(r"(?<=\d:\d\d)(?=[+−]\d)")
"""Between the time and the offset of "09:00+02:00"."""


class NotASchedule(BadInput):
    """A word that is no time, zone, day or date; `nearest` is what it resembles, "" if nothing."""

    def __init__(self, what: str, nearest: str = "") -> None:
        meant = f" Did you mean {nearest}?" if nearest else ""
        super().__init__(f"{what}{meant} For example: {_EXAMPLE}, or `mon wed fri except 2026-12-25`.")
        self.nearest = nearest


@dataclass(frozen=True, slots=True)
class Schedule:
    """`days` are in the week's order; `holidays` are local dates, ascending, on which nothing comes."""

    at: time
    zone: str
    days: tuple[str, ...] = WEEKDAYS
    holidays: tuple[date, ...] = ()

    def but_on(self, holidays: Iterable[date]) -> "Schedule":
        """This schedule without these days."""
        return replace(self, holidays=tuple(sorted({*self.holidays, *holidays})))

    def moment_on(self, day: date) -> datetime | None:
        """When the briefing of a local day is due, in UTC; None where there is none that day."""
        if DAYS[day.weekday()] not in self.days or day in self.holidays:
            return None
        return first_moment(day, self.at, ZoneInfo(self.zone))

    def due_day(self, now: datetime) -> date | None:
        """The local day whose briefing is due now, or was up to LATE ago on this same day."""
        day = now.astimezone(ZoneInfo(self.zone)).date()
        moment = self.moment_on(day)
        return day if moment and moment <= now <= moment + LATE else None

    def next_after(self, now: datetime, *, done: Iterable[date] = ()) -> datetime | None:
        """The next moment later than `now`, on a day that is not `done`; None if none comes within two years."""
        skipped, first = frozenset(done), now.astimezone(ZoneInfo(self.zone)).date() - timedelta(days=1)
        days = (first + timedelta(days=n) for n in range(_AHEAD_DAYS))
        moments = (self.moment_on(day) for day in days if day not in skipped)
        return next((moment for moment in moments if moment and moment > now), None)


@dataclass(frozen=True, slots=True)
class PlannedBriefing:
    """A channel's briefing. `names` are all names of the channel, its id first; `holidays` are the whole team's.

    `set_by` and `set_at` are None where the configuration says it.
    """

    names: tuple[str, ...]
    schedule: Schedule
    next_at: datetime | None
    holidays: tuple[date, ...] = ()
    set_by: str | None = None
    set_at: datetime | None = None

    @property
    def channel(self) -> str:
        return self.names[0]

    def due(self, now: datetime) -> tuple[date, datetime] | None:
        """The local day whose briefing is due now, and since when.

        A time that had passed already when somebody set it is meant from the next day on.
        """
        schedule = self.schedule.but_on(self.holidays)
        day = schedule.due_day(now)
        due_at = schedule.moment_on(day) if day else None
        if day is None or due_at is None or (self.set_at and due_at <= self.set_at):
            return None
        return day, due_at


def render(schedule: Schedule) -> str:
    """The schedule as people type it; `parse` is the inverse."""
    named = next((name for name, days in _SETS.items() if days == schedule.days), " ".join(schedule.days))
    holidays = " ".join(day.isoformat() for day in schedule.holidays)
    return f"{schedule.at:%H:%M} {zone_shown(schedule.zone)} {named}" + (f" except {holidays}" if holidays else "")


def parse(text: str, *, zone: str) -> Schedule:
    """Read `at 09:00 Europe/Berlin weekdays`, its parts in any order.

    Without a zone it is `zone`, without days the weekdays. Raises NotASchedule.
    """
    times, zones, days, holidays = set[time](), set[str](), set[str](), set[date]()
    without, but = set[str](), False
    for word in _words(text):
        if word in _BUT:
            but = True
        elif (at := _time(word)) is not None:
            times.add(at)
        elif named := _days(word):
            (without if but else days).update(named)
        elif day := _date(word):
            holidays.add(day)
        else:
            zones.add(_zone(word))
    if len(times) != 1:
        raise NotASchedule("Say one time of day, such as 09:00." if times else "A time of day is missing.")
    if len(zones) > 1:
        raise NotASchedule(f"Say one time zone, not {' and '.join(map(zone_shown, sorted(zones)))}.")
    ordered = tuple(day for day in DAYS if day in (days or WEEKDAYS) and day not in without)
    if not ordered:
        raise NotASchedule("No day is left for it.")
    return Schedule(times.pop(), zones.pop() if zones else zone, ordered, tuple(sorted(holidays)))


def _words(text: str) -> Iterator[str]:
    """What says something, `New York` and `9 am` as one word each."""
    plain = _ISO.sub(" ", _SPACED.sub(r"\1\2", _POINTED.sub(r"\1m", _EACH_DAY.sub("daily", text.lower())).strip(" .!")))
    listed = deque(word for word in _GAPS.split(plain) if word)
    while listed:
        word = listed.popleft()
        if listed and (f"{word}_{listed[0]}" in _zones() or (listed[0] in ("am", "pm") and _CLOCK.fullmatch(word))):
            following = listed.popleft()
            word += following if _CLOCK.fullmatch(word) else f"_{following}"
        if word not in _FILLERS:
            yield word


def _time(word: str) -> time | None:
    match = _TIME.fullmatch(word)
    if not match:
        return None
    hour, minute, half = int(match[1]), int(match[2] or 0), match[3]
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "pm" else 0)
    elif half:
        hour = 24
    if hour > 23 or minute > 59:
        raise NotASchedule(f"{word!r} isn't a time of day. Write 00:00 to 23:59, or 9am.")
    return time(hour, minute)


def _days(word: str) -> tuple[str, ...]:
    """The days that a word means: "weekdays", "mon", "Tuesdays", "mon-fri"; () where it means none."""
    if word in _SETS or f"{word}s" in _SETS:
        return _SETS.get(word) or _SETS[f"{word}s"]
    if "/" in word and all(map(_day, word.split("/"))):
        return tuple(map(_day, word.split("/")))
    first, dash, last = _DASHES.sub("-", word).partition("-")
    if dash and _day(first) and _day(last):
        start, count = DAYS.index(_day(first)), (DAYS.index(_day(last)) - DAYS.index(_day(first))) % 7 + 1
        return tuple(DAYS[(start + n) % 7] for n in range(count))
    return (_day(word),) if _day(word) else ()


def _day(word: str) -> str:
    """ "mon", "tues", "wednesdays" as one of DAYS; "" for other words."""
    name = word.rstrip(".").removesuffix("s") if len(word) > 5 else word.rstrip(".")
    return next((full[:3] for full in _NAMES if len(name) >= 3 and full.startswith(name)), "")


def _date(word: str) -> date | None:
    if not _ISO_DAY.fullmatch(word):
        return None
    try:
        return date(*map(int, word.split("-")))
    except ValueError:
        raise NotASchedule(f"There is no {word}.") from None


def _zone(word: str) -> str:
    zones = _zones()
    if is_offset(word):
        if offset_zone := zone_of_offset(word):
            return offset_zone
        raise NotASchedule(f"There is no zone {word.upper()}. Name a city in it, such as Asia/Kolkata.")
    if zone := zones.get(word) or zone_spoken(word):
        return zone
    offered = [name for name, zone in zones.items() if zone in spoken_zones()]
    close = difflib.get_close_matches(word, [*_SETS, *_NAMES, *offered], n=1, cutoff=0.7)
    raise NotASchedule(
        f"I can't read {word[:40]!r} as a time, a zone, a day or a date.",
        zones.get(close[0], close[0]) if close else "",
    )


@cache
def _zones() -> dict[str, str]:
    """Lower-case names of zones, and of their places where only one zone has the place."""
    names = sorted(known_zones() - {"localtime", "Factory"})
    tails: dict[str, list[str]] = {}
    for name in sorted(spoken_zones()):
        tails.setdefault(name.rpartition("/")[2].lower(), []).append(name)
    places = {tail: zones[0] for tail, zones in tails.items() if len(zones) == 1}
    return places | {name.lower(): name for name in names}
