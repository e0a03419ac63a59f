"""One line about several readings. Pure."""

from collections.abc import Sequence

from bot.probes.model import Reading

_NAMED_AT_MOST = 3


def verdict_of(readings: Sequence[Reading], *, noun: str, well: str) -> str:
    """What fails, by name and reason; `well` where nothing does. `noun` is the plural ("URLs")."""
    bad = [reading for reading in readings if not reading.ok]
    if not bad:
        remarks = [f"{reading.name}: {reading.reason}" for reading in readings if reading.reason]
        return "; ".join([well, *remarks[:_NAMED_AT_MOST]])
    if len(readings) == 1:
        return f"{bad[0].name}: {bad[0].reason}"
    named = "; ".join(f"{reading.name}: {reading.reason}" for reading in bad[:_NAMED_AT_MOST])
    more = f"; and {len(bad) - _NAMED_AT_MOST} more" if len(bad) > _NAMED_AT_MOST else ""
    return f"{len(bad)} of {len(readings)} {noun} fail: {named}{more}"
