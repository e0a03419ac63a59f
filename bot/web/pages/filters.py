"""How data becomes words in templates. Times are elements that a script writes anew in the reader's own zone."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, tzinfo
from functools import partial
from typing import Any

from markupsafe import Markup


def filters(zone: tzinfo) -> Mapping[str, Callable[..., Any]]:
    """`clock` ("09:14"), `day` ("Mon 30 Nov"), `moment` (both), `lasting` ("for 12 min"), `ago` ("12 min ago"), and
    `old` ("12 min old"), each of an aware time; `counted` is "1 ticket" or "3 tickets".

    A page without scripts doesn't know how long ago that is, and names the moment in place of the last three.
    """
    return {
        "clock": partial(_time, zone, "clock", "%H:%M"),
        "day": partial(_time, zone, "day", "%a %-d %b"),
        "moment": partial(_time, zone, "moment", "%a %-d %b, %H:%M"),
        "lasting": partial(_time, zone, "lasting", "since %a %-d %b, %H:%M"),
        "ago": partial(_time, zone, "ago", "%a %-d %b, %H:%M"),
        "old": partial(_time, zone, "old", "since %a %-d %b, %H:%M"),
        "counted": counted,
    }


def counted(count: int, noun: str, plural: str = "") -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {plural or f'{noun}s'}"


def _time(zone: tzinfo, kind: str, pattern: str, moment: datetime | None) -> str | Markup:
    if moment is None:
        return ""
    there = moment.astimezone(zone)
    text, exact = there.strftime(pattern), moment.astimezone(UTC).isoformat(timespec="seconds")
    return Markup('<time datetime="{}" data-as="{}" title="{}">{}</time>').format(
        exact, kind, there.strftime("%a %-d %b %Y, %H:%M %Z"), text
    )
