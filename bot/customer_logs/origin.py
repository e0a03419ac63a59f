"""Whose masks they are: each investigation counts its own, so one number stands for two things in two. Pure."""

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.customer_logs.model import CustomerLog, Drop, LogReport
from bot.stored import Stored

_MASK = re.compile("‹([A-Za-z -]{2,20}) ([0-9]{1,6})›")
_REPORTS = Stored[tuple[LogReport, ...]](tuple[LogReport, ...])


def told_apart(drops: Sequence[Drop], into: int) -> list[Drop]:
    """The masks of what was merged into another investigation name the one that counted them: "address 1 of INV-3"."""
    return [drop if drop.investigation_id in (None, into) else _named(drop) for drop in drops]


def _named(drop: Drop) -> Drop:
    name = f"INV-{drop.investigation_id}"
    return replace(drop, logs=tuple(replace(log, reports=_with_name(log, name)) for log in drop.logs))


def _with_name(log: CustomerLog, name: str) -> tuple[LogReport, ...]:
    if not log.reports:
        return ()
    return _REPORTS.read(_MASK.sub(rf"‹\1 \2 of {name}›", _REPORTS.write(log.reports)))
