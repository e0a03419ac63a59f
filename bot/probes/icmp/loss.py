"""Counting lost packets and delays, and judging small samples. Pure."""

import functools
import math
import statistics
from dataclasses import dataclass
from functools import cached_property

from bot.probes.model import Numbers

# A healthy path may lose one packet in a hundred; fewer than 1 in 100 samples of it look worse than "bad".
_HEALTHY_LOSS = 0.01
_SIGNIFICANCE = 0.01
# For comparing two samples: how often chance alone may look like a difference.
_DIFFERENCE = 0.05


@functools.lru_cache(maxsize=4096)
def tail(lost: int, sent: int, rate: float) -> float:
    """The chance to lose at least `lost` of `sent` where each is lost with `rate`, between 0 and 1 (binomial).

    By logarithms, since the ways to choose among a thousand packets are too many for a float.
    """
    chance = sum(
        math.exp(log_ways(sent, k) + k * math.log(rate) + (sent - k) * math.log1p(-rate)) for k in range(lost, sent + 1)
    )
    return rounded(chance)


def loses(lost: int, sent: int) -> bool:
    """Whether so many lost packets are more than chance: 2 of 10 are, 1 of 10 is not, all of them always are."""
    return lost > 0 and lost >= noticed_from(sent)


@functools.lru_cache(maxsize=4096)
def noticed_from(sent: int) -> int:
    """How many lost packets of `sent` are more than chance."""
    at_least = 1.0
    for lost in range(sent):
        chance = lost * math.log(_HEALTHY_LOSS) + (sent - lost) * math.log1p(-_HEALTHY_LOSS)
        at_least -= math.exp(log_ways(sent, lost) + chance)
        if at_least < _SIGNIFICANCE:
            return lost + 1
    return sent


@functools.lru_cache(maxsize=4096)
def excess(lost: int, sent: int, other_lost: int, other_sent: int) -> float:
    """The chance that so many or more of all lost packets fall on this sample, were both alike (Fisher's test)."""
    all_lost, all_sent = lost + other_lost, sent + other_sent
    exactly = math.exp(log_ways(sent, lost) + log_ways(other_sent, other_lost) - log_ways(all_sent, all_lost))
    chance = exactly
    for count in range(lost, min(sent, all_lost)):
        exactly *= (sent - count) * (all_lost - count) / ((count + 1) * (other_sent - all_lost + count + 1))
        chance += exactly
    return rounded(chance)


def rounded(chance: float) -> float:
    """Rounds a chance to twelve digits, which sums of logarithms have right: a chance of exactly 1 in 20 stays one."""
    return min(1.0, float(f"{chance:.12g}"))


def log_ways(sent: int, lost: int) -> float:
    """The logarithm of the number of ways to choose `lost` of `sent`."""
    return math.lgamma(sent + 1) - math.lgamma(lost + 1) - math.lgamma(sent - lost + 1)


def worse_than(lost: int, sent: int, other_lost: int, other_sent: int, *, among: int = 1) -> bool:
    """Whether one sample loses clearly more than another; `among` says how many such samples are looked at."""
    more = lost * other_sent > other_lost * sent
    return more and excess(lost, sent, other_lost, other_sent) * among < _DIFFERENCE


def loses_among(lost: int, sent: int, among: int) -> bool:
    """`loses` where `among` addresses are looked at: of many healthy ones, some lose two of ten by chance."""
    return loses(lost, sent) and (lost == sent or tail(lost, sent, _HEALTHY_LOSS) * among < _DIFFERENCE)


def own_drops(drops: int) -> str:
    """What is said where this machine itself threw packets away; "" where it did not."""
    packets = "packet" if drops == 1 else "packets"
    return (
        f"this machine itself dropped {drops} arriving {packets}, so loss may be its own: run it again" if drops else ""
    )


def of(lost: int, sent: int) -> str:
    """The count as people read it: "4 of 10"."""
    return f"{lost} of {sent}"


def share(lost: int, sent: int) -> str:
    """The count with its percentage: "4 of 10 (40 %)"; of nothing there is none."""
    return f"{of(lost, sent)} ({percent(lost, sent, digits=1)})" if sent else of(lost, sent)


def percent(lost: int, sent: int, *, digits: int = 0) -> str:
    """A share of packets: "40 %"; what is not nothing is never "0 %", and what is not all never "100 %"."""
    exact, step = 100 * lost / sent if sent else 0.0, 10.0**-digits
    rounded = round(exact, digits)
    if lost and not rounded:
        return f"under {step:g} %"
    return f"over {100 - step:g} %" if lost < sent and rounded >= 100 else f"{rounded:g} %"


def ms(value: float) -> str:
    """A delay with as many digits as matter: "0.08 ms", "12.3 ms", "240 ms"."""
    return f"{value:.2f} ms" if value < 1 else f"{value:.1f} ms" if value < 100 else f"{value:.0f} ms"


@dataclass(frozen=True)
class Tally:
    """What came back of `sent` packets; `rtts_ms` in the order of sending. Each figure is computed once."""

    sent: int
    rtts_ms: tuple[float, ...]

    @property
    def received(self) -> int:
        return len(self.rtts_ms)

    @property
    def lost(self) -> int:
        return self.sent - self.received

    @property
    def loss_pct(self) -> float:
        return 100.0 * self.lost / self.sent if self.sent else 0.0

    @property
    def loses(self) -> bool:
        return loses(self.lost, self.sent)

    @property
    def last_ms(self) -> float:
        return self.rtts_ms[-1] if self.rtts_ms else 0.0

    @cached_property
    def best_ms(self) -> float:
        return min(self.rtts_ms, default=0.0)

    @cached_property
    def worst_ms(self) -> float:
        return max(self.rtts_ms, default=0.0)

    @cached_property
    def average_ms(self) -> float:
        return statistics.fmean(self.rtts_ms) if self.rtts_ms else 0.0

    @cached_property
    def median_ms(self) -> float:
        return statistics.median(self.rtts_ms) if self.rtts_ms else 0.0

    @cached_property
    def quartiles_ms(self) -> tuple[float, float]:
        """The first and the third; the second is the median. Of a single answer both are that one."""
        if len(self.rtts_ms) < 2:
            return self.median_ms, self.median_ms
        first, _, third = statistics.quantiles(self.rtts_ms, n=4, method="inclusive")
        return first, third

    @cached_property
    def deviation_ms(self) -> float:
        """The sample standard deviation, as mtr computes it; statistics.stdev's exact fractions cost 15 times more."""
        if len(self.rtts_ms) < 2:
            return 0.0
        mean = self.average_ms
        return math.sqrt(math.fsum((rtt - mean) ** 2 for rtt in self.rtts_ms) / (len(self.rtts_ms) - 1))


def numbers_of(tally: Tally) -> Numbers:
    """The figures of a tally as a result keeps them: without the single packets, in ms with three decimals."""
    if not tally.received:
        return Numbers(tally.sent, tally.lost)
    first_ms, third_ms = tally.quartiles_ms
    return Numbers(
        sent=tally.sent,
        lost=tally.lost,
        best_ms=round(tally.best_ms, 3),
        first_quartile_ms=round(first_ms, 3),
        median_ms=round(tally.median_ms, 3),
        third_quartile_ms=round(third_ms, 3),
        worst_ms=round(tally.worst_ms, 3),
        average_ms=round(tally.average_ms, 3),
        last_ms=round(tally.last_ms, 3),
        deviation_ms=round(tally.deviation_ms, 3),
    )
