"""Reads when a maintenance is, as people type it: "22:00-23:30", "tomorrow 10pm for 2 h", "now-23:30". Pure."""

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from bot.errors import BadInput
from bot.maintenance.model import PlannedTime
from bot.status.cards import duration
from bot.zones import first_moment, is_offset, spoken_zones, zone_of_offset

EXAMPLE = "`/t2 maintenance us-east 22:00-23:30 new kernel`"
LOOK_BACK = timedelta(hours=12)
"""A time without a date that began so long ago, and is not over, is that one and not tomorrow's."""

LONG = timedelta(hours=12)
"""Who means a longer one says so: by its length, or by the day on which it ends."""

_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_DAYS = "mon|tue|wed|thu|fri|sat|sun"
_CLOCK = r"\d{1,2}(?::\d\d)?[ ]?(?:am|pm)|\d{1,2}:\d\d"
_DATE = (
    rf"today|tonight|tomorrow|(?:{_DAYS})[a-z]{{0,6}}|\d{{4}}-\d\d-\d\d"
    rf"|\d{{1,2}}\.?[ ]?(?:{_MONTHS})[a-z]{{0,6}}|(?:{_MONTHS})[a-z]{{0,6}}[ ]\d{{1,2}}"
)
_LENGTH = r"\d{1,3}(?:\.\d)?[ ]?(?:minutes?|mins?|m|hours?|hrs?|h|days?|d)(?:[ ]?\d{1,2}[ ]?(?:minutes?|mins?|m))?"
_ZONE = r"utc|gmt|(?:utc|gmt)[+−–-]\d{1,2}|[a-z]{3,20}/[a-z_/]{3,30}"
_TO = r"[ ]?(?:-|–|—|until|till|to)[ ]?"
_WHEN = re.compile(
    rf"""(?:^|(?<=[ ,]))(?:from[ ]|on[ ])?
    (?:
      (?:(?P<day>{_DATE}),?[ ](?:at[ ]|from[ ])?)?
        (?:(?P<now>now)|(?P<begins>{_CLOCK}))
        (?:{_TO}(?:(?P<last_day>{_DATE}),?[ ](?:at[ ])?)?(?P<ends>{_CLOCK})|,?[ ]for[ ](?P<length>{_LENGTH}))
      | (?:for[ ](?P<only_length>{_LENGTH}))
      | (?:until[ ]|till[ ])(?:(?P<until_day>{_DATE}),?[ ](?:at[ ])?)?(?P<until>{_CLOCK})
    )
    (?:[ ](?P<zone>{_ZONE}))?
    (?=$|[ ,.;:])""",
    re.IGNORECASE | re.VERBOSE,
)
_JUST_LENGTH = re.compile(_LENGTH, re.IGNORECASE)
_END = re.compile(
    rf"(?:to |until |till )?(?:(?P<day>{_DATE}),? (?:at )?)?(?P<at>{_CLOCK})(?: (?P<zone>{_ZONE}))?", re.IGNORECASE
)
_DIGITS = re.compile(r"\d+")
_SPACES = re.compile(r"\s+")
_LONGEST_TEXT = 600
_UNITS = {"m": 1, "h": 60, "d": 1440}
_AMOUNT = re.compile(r"(?<!\d)(\d{1,3}(?:\.\d)?)[ ]?([mhd])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ReadPlan:
    """What stands before the time, the time, and what stands behind it."""

    whom: str
    time: PlannedTime
    why: str


class DoubtfulTime(BadInput):
    """A time that was read by a rule that the person may not have meant; `meant` is what says it without a doubt."""

    def __init__(self, why: str, meant: str) -> None:
        super().__init__(f"{why}. If you mean that, type `/t2 maintenance {meant}`.")
        self.meant = meant


def read_plan(text: str, *, now: datetime, zone: tzinfo) -> ReadPlan:
    """`us-east 22:00-23:30 new kernel`; a clock without a zone is read in `zone`. Raises BadInput, DoubtfulTime."""
    line = _SPACES.sub(" ", text[:_LONGEST_TEXT]).strip()
    match = _WHEN.search(line)
    if not match:
        raise BadInput(f"Say from when until when: {EXAMPLE}. Or `now-23:30`, `for 90 min`, `tomorrow 22:00-02:00`.")
    before, after = line[: match.start()].strip(" ,"), line[match.end() :].strip(" ,;:")
    theirs = _zone(match["zone"], zone)
    planned = _planned(match, now, theirs)
    if why := _doubt(match, planned, now, theirs):
        sure = " - ".join(f"{each.astimezone(theirs):%Y-%m-%d %H:%M}" for each in (planned.begins_at, planned.ends_at))
        raise DoubtfulTime(why, " ".join(filter(None, (before, sure, match["zone"], after))))
    return ReadPlan(before, planned, after)


def read_end(text: str, *, ends_at: datetime, now: datetime, zone: tzinfo) -> datetime:
    """A new end: `to 00:30`, `until 00:30`, `by 30 min`. Raises BadInput."""
    line = _SPACES.sub(" ", text[:_LONGEST_TEXT]).strip().lower()
    if line.startswith(("by ", "for ")) or _JUST_LENGTH.fullmatch(line):
        length = _length(line.removeprefix("by ").removeprefix("for "))
        if length:
            return ends_at + length
    match = _END.fullmatch(line)
    if not match:
        raise BadInput("Say until when: `/t2 maintenance extend M-3 to 23:45`, or `extend M-3 by 30 min`.")
    theirs = _zone(match["zone"], zone)
    if match["day"]:
        return _moment(_date(match["day"], now, theirs), _clock(match["at"]), theirs)
    end = _next(_clock(match["at"]), now, theirs)
    if end - max(ends_at, now) > LONG:
        raise BadInput(f"{match['at']} is {_day_and_time(end, theirs)}. If you mean that, say the day with it.")
    return end


def _doubt(match: re.Match[str], planned: PlannedTime, now: datetime, zone: tzinfo) -> str:
    """Why a clock alone may be misread: a slip makes most of a day of it, or tomorrow; "" where nothing is doubtful."""
    begins, ends = (_day_and_time(each, zone) for each in (planned.begins_at, planned.ends_at))
    by_clock = not (match["length"] or match["only_length"] or match["last_day"] or match["until_day"])
    if by_clock and planned.ends_at - planned.begins_at > LONG:
        return f"That is {duration(planned.ends_at - planned.begins_at)}, from {begins} until {ends}"
    day_before = planned.ends_at - timedelta(days=1)
    tomorrow = planned.begins_at.astimezone(zone).date() > now.astimezone(zone).date()
    if match["begins"] and not match["day"] and tomorrow and now - LOOK_BACK < day_before <= now:
        return f"{match['begins']} has passed today: the next is {begins}, until {ends}"
    return ""


def _day_and_time(moment: datetime, zone: tzinfo) -> str:
    return f"{moment.astimezone(zone):%A %H:%M}"


def _planned(match: re.Match[str], now: datetime, zone: tzinfo) -> PlannedTime:
    if match["only_length"]:
        return PlannedTime(now, now + _length(match["only_length"]))
    if match["until"]:
        if match["until_day"]:
            day = _date(match["until_day"], now, zone)
            return PlannedTime(now, _moment(day, _clock(match["until"]), zone))
        return PlannedTime(now, _next(_clock(match["until"]), now, zone))
    if match["now"]:
        return PlannedTime(now, _ending(match, now, now, zone))
    if match["day"]:
        begins = _moment(_date(match["day"], now, zone), _clock(match["begins"]), zone)
        return PlannedTime(begins, _ending(match, begins, now, zone))
    return _without_date(match, now, zone)


def _without_date(match: re.Match[str], now: datetime, zone: tzinfo) -> PlannedTime:
    """The one that goes on now, else the next one."""
    today = now.astimezone(zone).date()
    for days in (-1, 0, 1, 2):
        begins = _moment(today + timedelta(days=days), _clock(match["begins"]), zone)
        ends = _ending(match, begins, now, zone)
        if ends > now and begins > now - LOOK_BACK:
            return PlannedTime(begins, ends)
    return PlannedTime(begins, ends)


def _ending(match: re.Match[str], begins: datetime, now: datetime, zone: tzinfo) -> datetime:
    if match["length"]:
        return begins + _length(match["length"])
    if match["last_day"]:
        return _moment(_date(match["last_day"], now, zone), _clock(match["ends"]), zone)
    return _next(_clock(match["ends"]), begins, zone)


def _next(at: time, after: datetime, zone: tzinfo) -> datetime:
    """The first time that clocks show this after a moment: over midnight where it is earlier in the day."""
    day = after.astimezone(zone).date()
    moment = _moment(day, at, zone)
    return moment if moment > after else _moment(day + timedelta(days=1), at, zone)


def _moment(day: date, at: time, zone: tzinfo) -> datetime:
    """A time that clocks jump over is the moment after the jump."""
    return first_moment(day, at, zone) or datetime.combine(day, at, tzinfo=zone).astimezone(UTC)


def _clock(text: str) -> time:
    """ "22:00", "10pm", "10:30 pm". Raises BadInput."""
    words = text.lower().replace(" ", "")
    half, digits = words[-2:] if words[-1] == "m" else "", words.rstrip("apm")
    hour, _, minute = digits.partition(":")
    number = int(hour)
    if half:
        if not 1 <= number <= 12:
            raise BadInput(f"{text} is no time of day.")
        number = number % 12 + (12 if half == "pm" else 0)
    if number == 24 and not int(minute or 0):
        number = 0
    if number > 23 or int(minute or 0) > 59:
        raise BadInput(f"{text} is no time of day.")
    return time(number, int(minute or 0))


def _date(text: str, now: datetime, zone: tzinfo) -> date:
    words, today = text.lower(), now.astimezone(zone).date()
    if words in ("today", "tonight"):
        return today
    if words == "tomorrow":
        return today + timedelta(days=1)
    if words[:4].isdigit():
        return _real(int(words[:4]), int(words[5:7]), int(words[8:]), text)
    digits = _DIGITS.search(words)
    if not digits:
        ahead = (_DAYS.split("|").index(words[:3]) - today.weekday()) % 7
        return today + timedelta(days=ahead)
    month = next(number for number, name in enumerate(_MONTHS.split("|"), 1) if name in words)
    day = _real(today.year, month, int(digits[0]), text)
    return day if day >= today - timedelta(days=7) else _real(today.year + 1, month, int(digits[0]), text)


def _real(year: int, month: int, day: int, text: str) -> date:
    if not 1 <= month <= 12 or not 1 <= day <= calendar.monthrange(max(year, 1), month)[1]:
        raise BadInput(f"{text} is no day of the calendar.")
    return date(year, month, day)


def _length(text: str) -> timedelta:
    minutes = sum(float(amount) * _UNITS[unit.lower()] for amount, unit in _AMOUNT.findall(text))
    return timedelta(minutes=minutes)


def _zone(text: str | None, usual: tzinfo) -> tzinfo:
    """Raises BadInput for a name that is no zone."""
    if not text:
        return usual
    if text.lower() in ("utc", "gmt"):
        return UTC
    known = {name.lower(): name for name in spoken_zones()}
    name = zone_of_offset(text) if is_offset(text) else known.get(text.lower(), "")
    if not name:
        raise BadInput(f"I don't know the zone {text}. For example: `22:00-23:30 Europe/Berlin`.")
    return ZoneInfo(name)
