"""What `/t2 status` says while a shorter time waits. Pure."""

from collections.abc import Sequence

from bot.retention.model import NOUNS, Standing
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
