"""Reads when a maintenance is, as people type it: "22:00-23:30", "tomorrow 10pm for 2 h", "now-23:30". Pure."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from bot.errors import BadInput
from bot.maintenance.model import PlannedTime
from bot.spoken_days import NAMED as DAY
from bot.spoken_days import WEEKDAYS, clock_read, day_named
from bot.status.cards import duration
from bot.zones import NAMED as ZONE
from bot.zones import first_moment, zone_spoken

EXAMPLE = "`/t2 maintenance us-east 22:00-23:30 new kernel`"
LOOK_BACK = timedelta(hours=12)
"""A time without a date that began so long ago, and is not over, is that one and not tomorrow's."""

LONG = timedelta(hours=12)
"""Who means a longer one says so: by its length, or by the day on which it ends."""

_CLOCK = r"\d{1,2}(?:[:.]\d\d)?[ ]?(?:am|pm)|\d{1,2}[:.]\d\d"
_LENGTH = r"\d{1,3}(?:[.,]\d)?[ ]?(?:minutes?|mins?|m|hours?|hrs?|h|days?|d)(?:[ ]?\d{1,2}[ ]?(?:minutes?|mins?|m))?"
_ZONE = rf"(?:{ZONE})(?![\w/+-]|\. )"
_TO = r"[ ]?(?:[-‐‑–—]|until|till|to)[ ]?"
_HALF_BEHIND = rf"\d{{1,2}}(?:[:.]\d\d)?(?={_TO}\d{{1,2}}(?:[:.]\d\d)?[ ]?(?:am|pm)\b)"
"""The "9" of "9-10pm"."""
_WHEN = re.compile(
    rf"""(?:^|(?<=[ ,]))(?:from[ ]|on[ ])?
    (?:
      (?:(?P<day>{DAY}),?[ ](?:at[ ]|from[ ])?)?
        (?:(?P<now>now)|(?P<begins>{_CLOCK}|{_HALF_BEHIND})(?:[ ]?(?P<first_zone>{_ZONE}))?)
        (?:{_TO}(?:(?P<last_day>{DAY}),?[ ](?:at[ ])?)?(?P<ends>{_CLOCK})|,?[ ]for[ ](?P<length>{_LENGTH}))
      | (?:for[ ](?P<only_length>{_LENGTH}))
      | (?:until[ ]|till[ ])(?:(?P<until_day>{DAY}),?[ ](?:at[ ])?)?(?P<until>{_CLOCK})
    )
    (?:[ ]?(?P<zone>{_ZONE}))?
    (?:,?[ ](?:on[ ])?(?P<day_behind>{DAY})(?=$|[ ,.;:]))?
    (?:[ ](?P<last_zone>{_ZONE}))?
    (?=$|[ ,.;:])""",
    re.IGNORECASE | re.VERBOSE,
)
_JUST_LENGTH = re.compile(_LENGTH, re.IGNORECASE)
_END = re.compile(
    rf"\A(?:to |until |till )?(?:(?P<day>{DAY}),? (?:at )?)?(?P<at>{_CLOCK})(?: ?(?P<zone>{_ZONE}))?"
    rf"(?:,? (?:on )?(?P<day_behind>{DAY}))?",
    re.IGNORECASE,
)
_SPACES = re.compile(r"\s+")
_LONGEST_TEXT = 600
_UNITS = {"m": 1, "h": 60, "d": 1440}
_AMOUNT = re.compile(r"(?<!\d)(\d{1,3}(?:[.,]\d)?)[ ]?([mhd])", re.IGNORECASE)


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
    theirs = _zone_of(match, zone)
    planned = _planned(match, now, theirs)
    if why := _doubt(match, planned, now, theirs):
        named = match["last_zone"] or match["zone"] or match["first_zone"]
        sure = " - ".join(f"{each.astimezone(theirs):%Y-%m-%d %H:%M}" for each in (planned.begins_at, planned.ends_at))
        raise DoubtfulTime(why, " ".join(filter(None, (before, sure, named, after))))
    return ReadPlan(before, planned, after)


def read_end(text: str, *, ends_at: datetime, now: datetime, zone: tzinfo) -> datetime:
    """A new end: `to 00:30`, `until 00:30`, `by 30 min`. Raises BadInput."""
    line = _SPACES.sub(" ", text[:_LONGEST_TEXT]).strip()
    if line.lower().startswith(("by ", "for ")) or _JUST_LENGTH.fullmatch(line):
        length = _length(line)
        if length:
            return ends_at + length
    match = _END.fullmatch(line)
    if not match:
        raise BadInput("Say until when: `/t2 maintenance extend M-3 to 23:45`, or `extend M-3 by 30 min`.")
    theirs = _zone(match["zone"], zone)
    if day := match["day"] or match["day_behind"]:
        return _on(day, match["at"], now, theirs)
    end = _next(clock_read(match["at"]), now, theirs)
    if end - max(ends_at, now) > LONG:
        raise BadInput(f"{match['at']} is {_day_and_time(end, theirs)}. If you mean that, say the day with it.")
    return end


def _doubt(match: re.Match[str], planned: PlannedTime, now: datetime, zone: tzinfo) -> str:
    """Why a clock alone may be misread: a slip makes most of a day of it, or tomorrow; "" where nothing is doubtful."""
    begins, ends = (_day_and_time(each, zone) for each in (planned.begins_at, planned.ends_at))
    by_clock = not (match["length"] or match["only_length"] or match["last_day"] or match["until_day"])
    by_clock = by_clock and not ((match["day"] or match["now"] or match["until"]) and match["day_behind"])
    if by_clock and planned.ends_at - planned.begins_at > LONG:
        return f"That is {duration(planned.ends_at - planned.begins_at)}, from {begins} until {ends}"
    day_before = planned.ends_at - timedelta(days=1)
    tomorrow = planned.begins_at.astimezone(zone).date() > now.astimezone(zone).date()
    if (
        match["begins"]
        and not (match["day"] or match["day_behind"])
        and tomorrow
        and now - LOOK_BACK < day_before <= now
    ):
        return f"{match['begins']} has passed today: the next is {begins}, until {ends}"
    return ""


def _day_and_time(moment: datetime, zone: tzinfo) -> str:
    return f"{moment.astimezone(zone):%A %H:%M}"


def _planned(match: re.Match[str], now: datetime, zone: tzinfo) -> PlannedTime:
    if match["only_length"]:
        if match["day_behind"]:
            raise BadInput(f"Say from when on {match['day_behind']}: `{match['day_behind']} 22:00-23:30`.")
        return PlannedTime(now, now + _length(match["only_length"]))
    if match["until"]:
        if day := match["until_day"] or match["day_behind"]:
            return PlannedTime(now, _on(day, match["until"], now, zone))
        return PlannedTime(now, _next(clock_read(match["until"]), now, zone))
    if match["now"]:
        return PlannedTime(now, _ending(match, now, now, zone))
    if day := match["day"] or match["day_behind"]:
        begins = _on(day, _begin(match), now, zone)
        planned = PlannedTime(begins, _ending(match, begins, now, zone))
        return _again(planned, day.lower(), now, zone)
    return _without_date(match, now, zone)


def _again(planned: PlannedTime, day: str, now: datetime, zone: tzinfo) -> PlannedTime:
    """Tonight at one is after midnight, and a Saturday that is over the next one."""
    begins = planned.begins_at.astimezone(zone)
    later = 1 if day == "tonight" and begins.hour < LONG // timedelta(hours=1) else 7 if day[:3] in WEEKDAYS else 0
    if not later or planned.ends_at > now:
        return planned
    begins_at = _moment(begins.date() + timedelta(days=later), begins.time(), zone)
    return PlannedTime(begins_at, begins_at + (planned.ends_at - planned.begins_at))


def _on(day: str, at: str, now: datetime, zone: tzinfo) -> datetime:
    """24:00 of a day is its end."""
    named = day_named(day, now.astimezone(zone).date())
    return _moment(named + timedelta(days=at.startswith("24")), clock_read(at), zone)


def _begin(match: re.Match[str]) -> str:
    """When it begins; the "9" of "9-10pm" is of the same half of the day, that of "11-1pm" of the other."""
    begins, ends = match["begins"], match["ends"] or ""
    half = ends.lower()[-2:]
    if half not in ("am", "pm") or begins.lower().endswith("m") or int(begins.replace(".", ":").partition(":")[0]) > 12:
        return begins
    same = begins + half
    return same if clock_read(same) < clock_read(ends) else begins + ("am" if half == "pm" else "pm")


def _without_date(match: re.Match[str], now: datetime, zone: tzinfo) -> PlannedTime:
    """The one that goes on now, else the next one."""
    today = now.astimezone(zone).date()
    for days in (-1, 0, 1, 2):
        begins = _moment(today + timedelta(days=days), clock_read(_begin(match)), zone)
        ends = _ending(match, begins, now, zone)
        if ends > now and begins > now - LOOK_BACK:
            return PlannedTime(begins, ends)
    return PlannedTime(begins, ends)


def _ending(match: re.Match[str], begins: datetime, now: datetime, zone: tzinfo) -> datetime:
    if match["length"]:
        return begins + _length(match["length"])
    last_day = match["last_day"] or ((match["day"] or match["now"]) and match["day_behind"])
    if last_day:
        return _on(last_day, match["ends"], now, zone)
    return _next(clock_read(match["ends"]), begins, zone)


def _next(at: time, after: datetime, zone: tzinfo) -> datetime:
    """The first time that clocks show this after a moment: over midnight where it is earlier in the day."""
    day = after.astimezone(zone).date()
    moment = _moment(day, at, zone)
    return moment if moment > after else _moment(day + timedelta(days=1), at, zone)


def _moment(day: date, at: time, zone: tzinfo) -> datetime:
    """A time that clocks jump over is the moment after the jump."""
    return first_moment(day, at, zone) or datetime.combine(day, at, tzinfo=zone).astimezone(UTC)


def _length(text: str) -> timedelta:
    minutes = sum(float(amount.replace(",", ".")) * _UNITS[unit.lower()] for amount, unit in _AMOUNT.findall(text))
    return timedelta(minutes=minutes)


def _zone_of(match: re.Match[str], usual: tzinfo) -> tzinfo:
    """The zone that stands behind the beginning or the end; both are one. Raises BadInput."""
    named = {_zone(text, usual) for text in match.group("first_zone", "zone", "last_zone") if text}
    if len(named) > 1:
        raise BadInput("Say both times in one zone: `22:00-23:30 Europe/Berlin`.")
    return named.pop() if named else usual


def _zone(text: str | None, usual: tzinfo) -> tzinfo:
    """Raises BadInput for a name that is no zone."""
    if not text:
        return usual
    name = zone_spoken(text)
    if not name:
        raise BadInput(f"I don't know the zone {text}. Name a city in it: `22:00-23:30 Asia/Kolkata`.")
    return ZoneInfo(name)
