"""IPv4 and IPv6 of the same name, compared. Pure."""

import statistics
from collections.abc import Sequence

from bot.probes.icmp.loss import ms, of, worse_than
from bot.probes.model import Reading

# One family counts as slower from this factor and this much more: a tunnel is, another route need not be.
_SLOW_FACTOR = 1.5
_SLOW_MARGIN_MS = 20.0


def compared(readings: Sequence[Reading]) -> str:
    """A few words on how the families differ, or that they do not; "" where only one was measured.

    `readings` are those of a sweep, named by address.
    """
    four = [reading for reading in readings if ":" not in reading.name and reading.numbers.sent]
    six = [reading for reading in readings if ":" in reading.name and reading.numbers.sent]
    if not four or not six or not any(reading.numbers.received for reading in readings):
        return ""
    return _worse("IPv6", six, "IPv4", four) or _worse("IPv4", four, "IPv6", six) or "IPv4 and IPv6 are alike"


def _worse(name: str, own: Sequence[Reading], other_name: str, other: Sequence[Reading]) -> str:
    lost, sent, other_lost, other_sent = *_counts(own), *_counts(other)
    if lost == sent:
        return "" if other_lost == other_sent else f"{name} does not answer at all, {other_name} does"
    if other_lost == other_sent:
        return ""
    if worse_than(lost, sent, other_lost, other_sent):
        return f"{name} loses {of(lost, sent)}, {other_name} {of(other_lost, other_sent)}"
    slow, usual = _median_ms(own), _median_ms(other)
    if slow > max(usual * _SLOW_FACTOR, usual + _SLOW_MARGIN_MS):
        return f"{name} takes {ms(slow)} where {other_name} takes {ms(usual)}"
    return ""


def _counts(readings: Sequence[Reading]) -> tuple[int, int]:
    return sum(reading.numbers.lost for reading in readings), sum(reading.numbers.sent for reading in readings)


def _median_ms(readings: Sequence[Reading]) -> float:
    medians = [reading.numbers.median_ms for reading in readings if reading.numbers.median_ms is not None]
    return statistics.median(medians)
