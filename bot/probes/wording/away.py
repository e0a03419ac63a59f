"""Words for times in which something that answers did not. Pure."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Protocol


class Away(Protocol):
    """A time without answers; `until` is None where it lasts."""

    @property
    def since(self) -> datetime: ...

    @property
    def until(self) -> datetime | None: ...


def away_words(times: Sequence[Away]) -> str:
    """ "was away for 2.0 s from 12:46:07 UTC", "stopped answering at 12:46:07 UTC"."""
    gaps = [((time.until - time.since).total_seconds(), time.since) for time in times if time.until]
    lasting = next((time.since for time in times if time.until is None), None)
    told = []
    if gaps:
        longest_s, since = max(gaps)
        often = f"{len(gaps)} times, the longest " if len(gaps) > 1 else ""
        told.append(f"was away {often}for {_seconds(longest_s)} from {_time(since)}")
    if lasting:
        told.append(f"stopped answering at {_time(lasting)}")
    return " and ".join(told)


def _time(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%H:%M:%S} UTC"


def _seconds(value: float) -> str:
    return f"{value:.1f} s" if value < 10 else f"{value:.0f} s"
