"""Spans of time as people say them: how long until an end, how long ago it was. Pure."""

from datetime import datetime, timedelta

_DAY = timedelta(days=1)


def days(count: float) -> str:
    """ "1 day", "12 days"; under a day in hours, under an hour in minutes. The sign is the caller's to tell."""
    span = abs(count)
    for per_day, unit in ((1, "day"), (24, "hour"), (24 * 60, "minute")):
        number = int(span * per_day)
        if number >= 1:
            return f"{number} {unit}" + ("" if number == 1 else "s")
    return "less than a minute"


def ends(at: datetime, now: datetime) -> str:
    """What the end of something is: "expires in 5 days", "expired on 2024-10-01 (3 days ago)"."""
    left = (at - now) / _DAY
    return f"expires in {days(left)}" if left > 0 else f"expired on {at:%Y-%m-%d} ({days(left)} ago)"
