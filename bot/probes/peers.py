"""Judging the addresses of a sweep, each by itself and against its peers. Pure."""

import statistics
from bisect import bisect_left
from collections.abc import Sequence

from bot.probes.loss import Tally, loses_among, ms, of, share, worse_than
from bot.probes.model import Reading

COLUMNS = ("Address", "Lost", "Quartiles", "Max")
"""What a phone has room for; the median stands between the other two quartiles."""
COLUMNS_IN_FULL = ("Address", "Lost", "Min", "Q1", "Median", "Q3", "Max")

# An address counts as slow against its peers from this factor and this much more than their median.
_SLOW_FACTOR = 3.0
_SLOW_MARGIN_MS = 30.0
_NAMED_AT_MOST = 5
# Loss is common to all from this many addresses that answer, and this share of them.
_COMMON_FROM, _COMMON_SHARE = 3, 0.75


def judged(address: str, tally: Tally, *, unsent: str = "", unreachable: str = "") -> Reading:
    """The reading of one address; `unsent` and `unreachable` are reasons of packets that failed so."""
    reason = _trouble(tally, unsent, unreachable)
    first_ms, third_ms = tally.quartiles_ms
    shown = (_together(first_ms, tally.median_ms, third_ms), ms(tally.worst_ms)) if tally.received else ("-", "-")
    data = {
        "address": address,
        "sent": tally.sent,
        "received": tally.received,
        "lost": tally.lost,
        "loss_pct": round(tally.loss_pct, 1),
        "min_ms": round(tally.best_ms, 3),
        "q1_ms": round(first_ms, 3),
        "median_ms": round(tally.median_ms, 3),
        "q3_ms": round(third_ms, 3),
        "max_ms": round(tally.worst_ms, 3),
    }
    return Reading(address, not reason, (address, of(tally.lost, tally.sent), *shown), reason, data)


def in_full(reading: Reading) -> tuple[str, ...]:
    """The cells of a reading under COLUMNS_IN_FULL, for a file that is as wide as it likes."""
    data = reading.data
    times = [data[key] for key in ("min_ms", "q1_ms", "median_ms", "q3_ms", "max_ms")]
    shown = [ms(value) if data["received"] else "-" for value in times]
    return (reading.name, share(data["lost"], data["sent"]), *shown)


def against_peers(readings: Sequence[Reading]) -> tuple[Reading, ...]:
    """The same readings, judged again: what one of many loses may be chance, and some are far slower than others."""
    delays = sorted(reading.data["median_ms"] for reading in readings if reading.data["received"])
    alive = [reading.data for reading in readings if reading.data["received"]]
    totals = (sum(data["lost"] for data in alive), sum(data["sent"] for data in alive))
    cleared = (_cleared(reading, *totals, len(readings)) for reading in readings)
    return tuple(_slow(reading, delays) or reading for reading in cleared)


def sweep_verdict(readings: Sequence[Reading]) -> str:
    """One line: the bad addresses named against their peers, or that all are well."""
    bad = [reading for reading in readings if not reading.ok]
    if len(readings) == 1:
        return _single(readings[0])
    if not bad:
        return _all_well(readings)
    named = ", ".join(f"{reading.name} ({reading.reason})" for reading in bad[:_NAMED_AT_MOST])
    more = f" and {len(bad) - _NAMED_AT_MOST} more" if len(bad) > _NAMED_AT_MOST else ""
    alike = lose_alike(readings)
    return f"{len(bad)} of {len(readings)} addresses {_what(bad)}: {named}{more}" + (f"; {alike}" if alike else "")


def lose_alike(readings: Sequence[Reading]) -> str:
    """What is said where all that answer lose packets, and none of them more than the others do; else ""."""
    alive = [reading.data for reading in readings if reading.data["received"]]
    losing = [reading for reading in readings if not reading.ok and reading.data["received"] and reading.data["lost"]]
    if len(alive) < _COMMON_FROM or len(losing) < len(alive) * _COMMON_SHARE:
        return ""
    lost, sent = sum(data["lost"] for data in alive), sum(data["sent"] for data in alive)
    for data in alive:
        if worse_than(data["lost"], data["sent"], lost - data["lost"], sent - data["sent"], among=len(alive)):
            return ""
    return (
        f"they lose alike, {of(lost, sent)} together: look at what they share, beginning with this machine's own line"
    )


def worst_address(readings: Sequence[Reading]) -> str:
    """The address that deserves a closer look: most loss first, then most delay; "" for none."""
    if not readings:
        return ""
    return max(readings, key=lambda reading: (reading.data["loss_pct"], not reading.ok, reading.data["median_ms"])).name


def _together(first_ms: float, median_ms: float, third_ms: float) -> str:
    """The three quartiles in little room: "11/12/14 ms"; all with the digits that the median needs."""
    digits = 2 if median_ms < 1 else 1 if median_ms < 10 else 0
    return "/".join(f"{value:.{digits}f}" for value in (first_ms, median_ms, third_ms)) + " ms"


def _trouble(tally: Tally, unsent: str, unreachable: str) -> str:
    if not tally.sent:
        return unsent or "nothing was sent"
    if not tally.received:
        return f"no answer, {unreachable}" if unreachable else f"no answer to {tally.sent}"
    if unsent:
        return unsent
    return f"{of(tally.lost, tally.sent)} lost" if tally.loses else ""


def _cleared(reading: Reading, all_lost: int, all_sent: int, among: int) -> Reading:
    """A reading with loss that may be chance, given how many were measured and what its living peers lose, is well."""
    lost, sent, reason = (
        reading.data["lost"],
        reading.data["sent"],
        f"{of(reading.data['lost'], reading.data['sent'])} lost",
    )
    if reading.reason != reason or not lost or lost == sent or loses_among(lost, sent, among):
        return reading
    if worse_than(lost, sent, all_lost - lost, all_sent - sent, among=among):
        return reading
    return Reading(reading.name, True, reading.cells, "", reading.data)


def _slow(reading: Reading, delays: Sequence[float]) -> Reading | None:
    """`delays` are the medians of all addresses that answer, this one among them, the smallest first."""
    own = reading.data["median_ms"]
    if not reading.ok or len(delays) < 3:
        return None
    usual = _median_of_others(delays, own)
    if own < max(usual * _SLOW_FACTOR, usual + _SLOW_MARGIN_MS):
        return None
    reason = f"{ms(own)} where its peers take {ms(usual)}"
    return Reading(reading.name, False, reading.cells, reason, reading.data)


def _median_of_others(ordered: Sequence[float], own: float) -> float:
    place, count = bisect_left(ordered, own), len(ordered) - 1
    below, above = ((rank + 1 if rank >= place else rank) for rank in ((count - 1) // 2, count // 2))
    return (ordered[below] + ordered[above]) / 2


def _single(reading: Reading) -> str:
    sent, received = reading.data["sent"], reading.data["received"]
    if received == 0 or (not reading.ok and not reading.data["lost"]):
        return f"{reading.name}: {reading.reason}"
    if not reading.ok:
        return f"{reading.name} loses packets: {reading.reason}"
    return f"{reading.name} answers {of(received, sent)}, median {ms(reading.data['median_ms'])}"


def _all_well(readings: Sequence[Reading]) -> str:
    median = statistics.median(reading.data["median_ms"] for reading in readings)
    single = [f"{reading.name} ({reading.cells[1]})" for reading in readings if reading.data["lost"]]
    if not single:
        return f"All {len(readings)} addresses answer without loss, median {ms(median)}"
    shown = ", ".join(single[:_NAMED_AT_MOST])
    return f"All {len(readings)} addresses answer, median {ms(median)}; losses that may be chance: {shown}"


def _what(bad: Sequence[Reading]) -> str:
    one = len(bad) == 1
    if all(reading.data["sent"] and not reading.data["received"] for reading in bad):
        return "does not answer" if one else "do not answer"
    if all(reading.data["received"] and reading.data["lost"] for reading in bad):
        return "loses packets" if one else "lose packets"
    return "has trouble" if one else "have trouble"
