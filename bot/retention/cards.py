"""What is said of it: in `/t2 status` while a shorter time waits, and as a table of the program. Pure."""

from collections.abc import Sequence
from datetime import datetime

from bot.columns import aligned
from bot.retention.model import KEYS, NOUNS, Standing
from bot.slack.text import clock_time, plural


def status_lines(shortened: Sequence[Standing]) -> list[str]:
    """What goes, and from when on."""
    lines = []
    for each in shortened:
        assert each.time.wanted is not None and each.time.wanted_from is not None
        one, many = NOUNS[each.kind]
        was = f"{each.time.days} until then" if each.time.days else "for ever until then"
        go = "goes" if each.then == 1 else "go"
        lines.append(
            f":wastebasket: {plural(each.then, one, many)} {go} tomorrow at {clock_time(each.time.wanted_from)}: "
            f"kept {plural(each.time.wanted, 'day')}, {was}"
        )
    return lines


def table(standing: Sequence[Standing], now: datetime) -> list[str]:
    """A row for each kind: its key, its days, what goes within the hour, and what a shorter time takes and when."""
    rows = [("What", "Setting", "Kept", "Goes now", "Goes later")]
    for each in standing:
        time = each.time
        kept = plural(time.days, "day") if time.days else "for ever"
        later = ""
        if time.wanted and time.wanted_from:
            left_h = max(0, round((time.wanted_from - now).total_seconds() / 3600))
            later = f"{each.then} in {left_h} h (kept {plural(time.wanted, 'day')})"
        rows.append((NOUNS[each.kind][1], KEYS[each.kind], kept, str(each.now), later))
    return aligned(rows).splitlines()
