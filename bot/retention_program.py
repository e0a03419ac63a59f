"""`secondline retention`: what is kept how long, and what would go, before it does."""

import argparse
import contextlib
import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from bot.app.database import open_database
from bot.app.retention import build_retention, retention_days
from bot.checked import CheckedPart
from bot.clock import Clock
from bot.columns import aligned
from bot.errors import SecondLineError
from bot.retention.model import KEYS, NOUNS, KeptKind, Standing
from bot.settings import Settings, load_part
from bot.slack.text import plural

CHECKED = (KeptKind.TICKETS, KeptKind.TEXTS, KeptKind.LOGS, KeptKind.MESSAGES)
TABLES = ("database", "tickets", "logs", "retention")


def say(_: argparse.Namespace, clock: Clock) -> int:
    """Prints the table."""
    settings = load_part(os.environ, *TABLES)
    print("\n".join(lines(_with_path(settings), clock)))
    return 0


def lines(settings: Settings, clock: Clock) -> list[str]:
    """The table, by the settings as they are now: what they shorten shows before the bot starts with them."""
    with contextlib.closing(open_database(settings)) as database:
        service, _ = build_retention(retention_days(settings), database, clock)
        return table(service.standing(), clock())


def retention_part(settings: Settings, clock: Clock) -> CheckedPart:
    """How long what people wrote and customers are kept, and what a shorter time takes soon."""
    try:
        with contextlib.closing(open_database(settings)) as database:
            service, _ = build_retention(retention_days(settings), database, clock)
            return checked(service.standing(), clock())
    except SecondLineError as error:
        return CheckedPart("Retention", False, error.sentence, needed=False)


def checked(standing: Sequence[Standing], now: datetime) -> CheckedPart:
    """The main kinds by their days; `secondline retention` has all."""
    days = {each.kind: each.time.days for each in standing}
    listed = [f"{kind} {plural(kept, 'day') if (kept := days[kind]) else 'for ever'}" for kind in CHECKED]
    soon = [
        f"{plural(each.then, *NOUNS[each.kind])} {'goes' if each.then == 1 else 'go'} in {_left_h(each, now)} h"
        for each in standing
        if each.time.wanted and each.then
    ]
    return CheckedPart("Retention", True, "; ".join([f"ok, {', '.join(listed)}", *soon]))


def _left_h(each: Standing, now: datetime) -> int:
    return max(0, round(((each.time.wanted_from or now) - now).total_seconds() / 3600))


def _with_path(settings: Settings) -> Settings:
    named = os.environ.get("SECONDLINE_DB", "").strip()
    if not named or Path(named) == Path(settings.database.path):
        return settings
    return settings.model_copy(update={"database": settings.database.model_copy(update={"path": named})})


def table(standing: Sequence[Standing], now: datetime) -> list[str]:
    """A row for each kind: its key, its days, what goes within the hour, and what a shorter time takes and when."""
    rows = [("What", "Setting", "Kept", "Goes now", "Goes later")]
    for each in standing:
        time = each.time
        kept = plural(time.days, "day") if time.days else "for ever"
        later = ""
        if time.wanted and time.wanted_from:
            later = f"{each.then} in {_left_h(each, now)} h (kept {plural(time.wanted, 'day')})"
        rows.append((NOUNS[each.kind][1], KEYS[each.kind], kept, str(each.now), later))
    return aligned(rows).splitlines()
