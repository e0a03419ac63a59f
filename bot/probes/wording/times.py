"""Words for times: when something did not answer, how long until an end, how long ago it was. Pure."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from bot.probes.icmp.path_facts import Outage


def away_words(times: Sequence[Outage]) -> str:
    """ "was away for 2.0 s from 12:46:07 UTC", "stopped answering at 12:46:07 UTC"."""
    gaps = [((time.until - time.since).total_seconds(), time.since) for time in times if time.until]
    lasting = next((time.since for time in times if time.until is None), None)
    parts = []
    if gaps:
        longest_s, since = max(gaps)
        often = f"{len(gaps)} times, the longest " if len(gaps) > 1 else ""
        parts.append(f"was away {often}for {_seconds(longest_s)} from {_time(since)}")
    if lasting:
        parts.append(f"stopped answering at {_time(lasting)}")
    return " and ".join(parts)


def _time(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%H:%M:%S} UTC"


def _seconds(value: float) -> str:
    return f"{value:.1f} s" if value < 10 else f"{value:.0f} s"


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
