"""Judging the addresses of a sweep: each by itself, against its peers, and IPv4 against IPv6. Pure."""

import statistics
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from bot.probes.icmp.loss import Tally, loses_among, ms, numbers_of, of, share, worse_than
from bot.probes.icmp.path_facts import Outage
from bot.probes.model import About, Numbers, ProbeKind, ProbeReading, Shape, Verdict
from bot.probes.wording.times import away_words

PING = ProbeKind(
    "ping",
    columns=("Address", "Lost", "Typical", "Worst"),
    needs="no hosts or addresses",
    applies=lambda subject: bool(subject.hosts or subject.addresses),
    shape=Shape.ADDRESSES,
    rules_out="ping of every address",
)
COLUMNS_IN_FULL = ("Address", "Lost", "Min", "Q1", "Median", "Q3", "Max")

# An address counts as slow against its peers from this factor and this much more than their median.
_SLOW_FACTOR = 3.0
_SLOW_MARGIN_MS = 30.0
_NAMED_AT_MOST = 5
# Loss is common to all from this many addresses that answer, and this share of them.
_COMMON_FROM, _COMMON_SHARE = 3, 0.75


def judged(
    address: str,
    tally: Tally,
    *,
    unsent: str = "",
    unreachable: str = "",
    refused: str = "",
    quiet: Sequence[Outage] = (),
) -> ProbeReading:
    """The reading of one address; `unsent` and `unreachable` are reasons of packets that failed so.

    One that itself `refused` the pings is there, though nothing more is known; `quiet` are gaps in its replies.
    """
    reason, cause = _trouble(tally, unsent, unreachable)
    if refused and cause == "silent":
        numbers, cells = Numbers(tally.sent, 0), (address, "refused", "-", "-")
        return ProbeReading(address, True, cells, f"refuses ping ({refused})", numbers, "refused", address, asked=False)
    if quiet and cause == "loss":
        reason, cause = f"{away_words(quiet)} ({reason})", "away"
    numbers = numbers_of(tally)
    times = (ms(numbers.median_ms or 0.0), ms(tally.worst_ms)) if tally.received else ("-", "-")
    cells = (address, of(tally.lost, tally.sent), *times)
    return ProbeReading(address, not reason, cells, reason, numbers, cause, address)


def in_full(reading: ProbeReading) -> tuple[str, ...]:
    """The cells of a reading under COLUMNS_IN_FULL, for a file that is as wide as it likes."""
    numbers = reading.numbers
    times = (
        numbers.best_ms,
        numbers.first_quartile_ms,
        numbers.median_ms,
        numbers.third_quartile_ms,
        numbers.worst_ms,
    )
    return (reading.name, share(numbers.lost, numbers.sent), *("-" if value is None else ms(value) for value in times))


def against_peers(readings: Sequence[ProbeReading]) -> tuple[ProbeReading, ...]:
    """Judges readings all together: what one of many loses may be chance, and some are far slower than others."""
    answering = [reading.numbers for reading in readings if reading.numbers.received]
    delays = sorted(numbers.median_ms or 0.0 for numbers in answering)
    totals = _counts(answering)
    cleared = (_cleared(reading, *totals, len(readings)) for reading in readings)
    return tuple(_slow(reading, delays) or reading for reading in cleared)


def sweep_verdict(
    label: str, readings: Sequence[ProbeReading], *, missing: Sequence[str] = (), own_drops: str = ""
) -> Verdict:
    """The bad addresses against their peers; `missing` are hosts without one, `own_drops` this machine's own losses."""
    refusing = [f"{reading.name} {reading.reason}" for reading in readings if not reading.asked]
    readings = [reading for reading in readings if reading.asked]
    if not readings and refusing:
        refusals = "; ".join(refusing[:_NAMED_AT_MOST])
        return PING.verdict(About(label), found=refusals, among=0, caveats=tuple(missing))
    bad = [reading for reading in readings if not reading.ok]
    single = readings[0] if len(readings) == 1 else None
    remarks = refusing[:_NAMED_AT_MOST] + ([] if single else _maybe_chance(readings, bad))
    remarks += [words for words in (compared(readings),) if words]
    alike = lose_alike(readings)
    return PING.verdict(
        about=About(single.name, single.address) if single else About(label),
        wrong="has trouble" if bad or missing else "",
        numbers=single.numbers if single else pooled(readings),
        faults=tuple(reading.fault for reading in bad),
        among=len(readings),
        remarks=tuple(remarks),
        caveats=tuple(words for words in (alike, *missing, own_drops) if words),
        may_be_chance=not bad and any(reading.numbers.lost for reading in readings),
    )


def lose_alike(readings: Sequence[ProbeReading]) -> str:
    """What is said where all that answer lose packets, and none of them more than the others do; else ""."""
    answering = [reading.numbers for reading in readings if reading.numbers.received]
    losing = [reading for reading in readings if not reading.ok and reading.numbers.received and reading.numbers.lost]
    if len(answering) < _COMMON_FROM or len(losing) < len(answering) * _COMMON_SHARE:
        return ""
    lost, sent = _counts(answering)
    for numbers in answering:
        others = (lost - numbers.lost, sent - numbers.sent)
        if worse_than(numbers.lost, numbers.sent, *others, among=len(answering)):
            return ""
    return (
        f"they lose alike, {of(lost, sent)} together: look at what they share, beginning with this machine's own line"
    )


def worst_address(readings: Sequence[ProbeReading]) -> str:
    """The address that deserves a closer look: most loss first, then most delay; "" for none."""
    if not readings:
        return ""
    return max(
        readings, key=lambda reading: (reading.numbers.loss_pct, not reading.ok, reading.numbers.median_ms or 0.0)
    ).name


def _trouble(tally: Tally, unsent: str, unreachable: str) -> tuple[str, str]:
    """What is wrong, in a short phrase and in one word; both empty where nothing is."""
    if not tally.sent:
        return unsent or "nothing was sent", "unsent"
    if not tally.received:
        return f"no answer, {unreachable}" if unreachable else f"no answer to {tally.sent}", "silent"
    if unsent:
        return unsent, "unsent"
    return (f"{of(tally.lost, tally.sent)} lost", "loss") if tally.loses else ("", "")


def _cleared(reading: ProbeReading, all_lost: int, all_sent: int, among: int) -> ProbeReading:
    """A reading with loss that may be chance, given how many were measured and what its living peers lose, is well."""
    lost, sent = reading.numbers.lost, reading.numbers.sent
    if reading.cause != "loss" or loses_among(lost, sent, among):
        return reading
    if worse_than(lost, sent, all_lost - lost, all_sent - sent, among=among):
        return reading
    return replace(reading, ok=True, reason="", cause="")


def _slow(reading: ProbeReading, delays: Sequence[float]) -> ProbeReading | None:
    """`delays` are the medians of all addresses that answer, this one among them, the smallest first."""
    own_ms = reading.numbers.median_ms
    if not reading.ok or own_ms is None or len(delays) < 3:
        return None
    usual_ms = _median_of_others(delays, own_ms)
    if own_ms < max(usual_ms * _SLOW_FACTOR, usual_ms + _SLOW_MARGIN_MS):
        return None
    return replace(reading, ok=False, reason=f"{ms(own_ms)} where its peers take {ms(usual_ms)}", cause="slow")


def _median_of_others(ordered: Sequence[float], own: float) -> float:
    place, count = bisect_left(ordered, own), len(ordered) - 1
    below, above = ((rank + 1 if rank >= place else rank) for rank in ((count - 1) // 2, count // 2))
    return (ordered[below] + ordered[above]) / 2


def pooled(readings: Sequence[ProbeReading]) -> Numbers:
    """All packets together, with the median of the medians."""
    medians = [reading.numbers.median_ms for reading in readings if reading.numbers.median_ms is not None]
    lost, sent = _counts([reading.numbers for reading in readings])
    return Numbers(sent, lost, median_ms=statistics.median(medians) if medians else None)


def _counts(all_numbers: Sequence[Numbers]) -> tuple[int, int]:
    return sum(numbers.lost for numbers in all_numbers), sum(numbers.sent for numbers in all_numbers)


def _maybe_chance(readings: Sequence[ProbeReading], bad: Sequence[ProbeReading]) -> list[str]:
    """Where no address is bad: single losses, by name."""
    lossy = [
        f"{reading.name} ({of(reading.numbers.lost, reading.numbers.sent)})"
        for reading in readings
        if reading.numbers.lost
    ]
    return [f"losses that may be chance: {', '.join(lossy[:_NAMED_AT_MOST])}"] if lossy and not bad else []


# One family counts as slower from this factor and this much more: a tunnel is, another route need not be.
_FAMILY_FACTOR = 1.5
_FAMILY_MARGIN_MS = 20.0


def compared(readings: Sequence[ProbeReading]) -> str:
    """A few words on how the families differ, or that they do not; "" where only one was measured.

    `readings` are those of a sweep, named by address.
    """
    four = [reading for reading in readings if ":" not in reading.name and reading.numbers.sent]
    six = [reading for reading in readings if ":" in reading.name and reading.numbers.sent]
    if not four or not six or not any(reading.numbers.received for reading in readings):
        return ""
    return (
        _family_worse("IPv6", six, "IPv4", four)
        or _family_worse("IPv4", four, "IPv6", six)
        or "IPv4 and IPv6 are alike"
    )


def _family_worse(name: str, own: Sequence[ProbeReading], other_name: str, other: Sequence[ProbeReading]) -> str:
    ours, theirs = pooled(own), pooled(other)
    if ours.median_ms is None:
        return f"{name} does not answer at all, {other_name} does" if theirs.received else ""
    if theirs.median_ms is None:
        return ""
    if worse_than(ours.lost, ours.sent, theirs.lost, theirs.sent):
        return f"{name} loses {of(ours.lost, ours.sent)}, {other_name} {of(theirs.lost, theirs.sent)}"
    slow, usual = ours.median_ms, theirs.median_ms
    if slow > max(usual * _FAMILY_FACTOR, usual + _FAMILY_MARGIN_MS):
        return f"{name} takes {ms(slow)} where {other_name} takes {ms(usual)}"
    return ""
