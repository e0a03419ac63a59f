"""Where on a path loss begins: one change point over all hops that tell something, and the range it lies in. Pure.

`bot/probes/README.md` says how and why; the numbers below were set by the simulation in tests/bench/row_loss_start.py.
"""

import functools
import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from bot.probes.icmp.loss import log_ways, loses, noticed_from, worse_than

# The hops given up at a side hold no more of the chance than this. Misses come from the front: the first bad hop may be
# lucky and look clean, while a clean hop hardly loses a packet. Where a hop was sent few packets, or should lose few,
# more is luck, so less is given up.
_GIVEN_UP_BEFORE_LEAST, _GIVEN_UP_BEFORE_MOST = 0.07, 0.12
_GIVEN_UP_BEHIND_LEAST, _GIVEN_UP_BEHIND_MOST = 0.025, 0.045
_BEFORE_A_PACKET, _BEFORE_A_LOSS, _BEHIND_A_LOSS = 0.004, 0.05, 0.018
# The first hop weighs so much more there. No hop before it shares its side, so it would be given up too easily.
_FIRST_HOP = 3.0
# One place is named alone only where it has so much of the chance: more with each hop that tells, as the rate is then
# known so well that luck alone is in the way.
_ALONE, _ALONE_A_HOP, _ALONE_MOST = 0.92, 0.001, 0.945

# How often a router may limit its own answers, and how much of them it then leaves out at least. Less doesn't show in
# so many packets; in more it does, as the error of a share shrinks with the root of their number.
_LIMITED = 0.2
_LEAVES_OUT = 0.2
_LEAVES_OUT_PACKETS = 30

# Loss begins where it at least doubles. Rates before that stand evenly on a logarithmic scale, as nobody knows even the
# order of magnitude: from next to nothing, one in a hundred million, which most paths lose that are well.
_BEFORE_AT_MOST = 0.5
_RATES_BEFORE = tuple(0.5 / 2 ** (step / 2) for step in range(51, -1, -1))
# Rates behind stand around the target's own, in standard errors of its log odds.
_ERRORS_BEHIND = tuple(0.75 * step for step in range(-4, 5))


@dataclass(frozen=True, slots=True)
class HopCount:
    """Packets sent to one distance and lost. A silent hop has lost == sent; one never asked has sent == 0."""

    ttl: int
    sent: int
    lost: int


@dataclass(frozen=True, slots=True)
class LossStart:
    """Where loss to the target begins: at one hop from `first` to `last` (inclusive).

    `before` and `after` are what telling hops lost and were sent: surely before the range, and from its end on with the
    target. `clean_before` is true only where the hops before lost nothing and that is beyond chance. `limited` routers
    leave out some of their own answers, `silent` ones answered nothing; neither tells anything.
    """

    first: int
    last: int
    before: tuple[int, int]
    after: tuple[int, int]
    clean_before: bool
    limited: tuple[int, ...]
    silent: tuple[int, ...]


def loss_start(hops: Sequence[HopCount]) -> LossStart | None:
    """The range for `hops` in order of ttl, the target last; None where the target's loss may be chance."""
    if not hops or not loses(hops[-1].lost, hops[-1].sent):
        return None
    target = hops[-1]
    answering = [hop for hop in hops[:-1] if hop.lost < hop.sent]
    limited = limited_routers(answering, target)
    telling = [*(hop for hop in answering if hop.ttl not in limited), target]
    first, last = _range(telling, _chances(telling), nearest=hops[0].ttl)
    if all(hop.ttl < first for hop in telling[:-1]):
        first = _before_the_target(telling, nearest=hops[0].ttl)
    before = _pooled([hop for hop in telling if hop.ttl < first])
    after = _pooled([hop for hop in telling if hop.ttl >= last])
    return LossStart(
        first=first,
        last=last,
        before=before,
        after=after,
        clean_before=before[0] == 0 and worse_than(*after, *before),
        limited=limited,
        silent=tuple(hop.ttl for hop in hops[:-1] if 0 < hop.sent == hop.lost),
    )


def limited_routers(answering: Sequence[HopCount], target: HopCount) -> tuple[int, ...]:
    """Routers that lose clearly more than all that lies behind them: what passes through can't lose less than that."""
    limited: list[int] = []
    lost, sent = target.lost, target.sent
    for hop in reversed(answering):
        if worse_than(hop.lost, hop.sent, lost, sent, among=len(answering)):
            limited.append(hop.ttl)
        else:
            lost, sent = lost + hop.lost, sent + hop.sent
    return tuple(reversed(limited))


def _range(telling: Sequence[HopCount], chances: Sequence[float], *, nearest: int) -> tuple[int, int]:
    """The hops, from `nearest` on, that can't be given up; silent and limited ones belong to the telling one behind.

    Where that is one telling hop with too little proof, the likelier hop beside it belongs to the range as well.
    """
    before, behind = _given_up(telling)
    from_front = accumulate([_FIRST_HOP * chances[0], *chances[1:]])
    first = next(place for place, chance in enumerate(from_front) if chance > before)
    from_end = accumulate(reversed(chances))
    last = len(chances) - 1 - next(place for place, chance in enumerate(from_end) if chance > behind)
    begins = telling[first - 1].ttl + 1 if first else nearest
    alone = min(_ALONE_MOST, _ALONE + _ALONE_A_HOP * len(telling))
    if first < last or chances[first] >= alone or len(telling) == 1:
        return begins, telling[last].ttl
    if [*chances, 0.0][first + 1] > [0.0, *chances][first]:
        return begins, telling[first + 1].ttl
    return telling[first - 1].ttl, telling[first].ttl


def _given_up(telling: Sequence[HopCount]) -> tuple[float, float]:
    """How much of the chance the hops given up before and behind the range may hold."""
    *routers, target = telling
    packets = sum(hop.sent for hop in routers) / max(1, len(routers))
    losses = packets * target.lost / target.sent
    before = min(_GIVEN_UP_BEFORE_MOST, _BEFORE_A_PACKET * packets, _BEFORE_A_LOSS * losses)
    behind = min(_GIVEN_UP_BEHIND_MOST, _BEHIND_A_LOSS * losses)
    return max(_GIVEN_UP_BEFORE_LEAST, before), max(_GIVEN_UP_BEHIND_LEAST, behind)


def _before_the_target(telling: Sequence[HopCount], *, nearest: int) -> int:
    """Where a range begins of whose hops only the target tells: all before must lose nothing much, and clearly less."""
    target = telling[-1]
    for place in range(len(telling) - 1, 0, -1):
        before = _pooled(telling[:place])
        if not loses(*before) and worse_than(target.lost, target.sent, *before):
            return telling[place - 1].ttl + 1
    return nearest


def _chances(telling: Sequence[HopCount]) -> list[float]:
    """How probable each telling hop is as the first one that loses as the target, the last of them, does.

    Bayes' rule for one change point in binomial counts: each place is as good as the others at first, and both rates
    are averaged over. A silent hop changes nothing, wherever it stands.
    """
    *routers, target = telling
    rates = _rates_behind(target)
    behind = [_weights_behind(target, rates)]
    for hop in reversed(routers):
        behind.append(_times(behind[-1], _likelihoods(hop.lost, hop.sent, rates)))
    before = [[1.0] * len(_RATES_BEFORE)]
    for hop in routers:
        before.append(_times(before[-1], _likelihoods_before(hop.lost, hop.sent)))
    allowed = [bisect_right(_RATES_BEFORE, rate * _BEFORE_AT_MOST) or 1 for rate in rates]
    chances = []
    for weights_before, weights_behind in zip(before, reversed(behind), strict=True):
        sums = list(accumulate(weights_before))
        averages = [sums[count - 1] / count for count in allowed]
        chances.append(sum(_times(weights_behind, averages)))
    total = sum(chances)
    return [chance / total for chance in chances]


def _times(weights: Sequence[float], likelihoods: Sequence[float]) -> list[float]:
    return [weight * likelihood for weight, likelihood in zip(weights, likelihoods, strict=True)]


def _rates_behind(target: HopCount) -> tuple[float, ...]:
    """Rates that the target's count leaves open."""
    rate = (target.lost + 0.5) / (target.sent + 1)
    odds, error = math.log(rate / (1 - rate)), 1 / math.sqrt((target.sent + 1) * rate * (1 - rate))
    return tuple(1 / (1 + math.exp(-odds - errors * error)) for errors in _ERRORS_BEHIND)


def _weights_behind(target: HopCount, rates: Sequence[float]) -> list[float]:
    """How probable the target's count is at each rate, given that it is one at which loss is noticed at all.

    Without that, slight loss that is noticed only because it happened to be high would make the hops look too clean.
    """
    received = target.sent - target.lost
    logs = [target.lost * math.log(rate) + received * math.log1p(-rate) for rate in rates]
    highest = max(logs)
    return [
        math.exp(log - highest) / _chance_to_notice(target.sent, rate) for log, rate in zip(logs, rates, strict=True)
    ]


@functools.lru_cache(maxsize=4096)
def _likelihoods_before(lost: int, sent: int) -> list[float]:
    return _likelihoods(lost, sent, _RATES_BEFORE)


def _likelihoods(lost: int, sent: int, rates: Sequence[float]) -> list[float]:
    """How probable a router's count is at each rate of the path.

    It either answers all that reaches it (binomial), or leaves out some answers, more than is slight: then any count
    from there on is as good as another. So a hop that loses too much says little, and one that loses too little much.
    """
    received, packets, ways = sent - lost, sent + 1, log_ways(sent, lost)
    answers = 1 - _LEAVES_OUT * min(1.0, math.sqrt(_LEAVES_OUT_PACKETS / sent))
    likelihoods = []
    for rate in rates:
        full = math.exp(ways + lost * math.log(rate) + received * math.log1p(-rate))
        answered = (1 - rate) * answers
        # The share of an even spread of rates from 1 - answered to 1 that this count leaves, in the normal
        # approximation: P(Binomial(sent + 1, 1 - answered) <= lost).
        errors = (packets * answered - received - 0.5) / math.sqrt(2 * packets * answered * (1 - answered))
        own = math.erfc(-errors) / (2 * packets * answered)
        likelihoods.append((1 - _LIMITED) * full + _LIMITED * own)
    return likelihoods


def _pooled(hops: Sequence[HopCount]) -> tuple[int, int]:
    return sum(hop.lost for hop in hops), sum(hop.sent for hop in hops)


def _chance_to_notice(sent: int, rate: float) -> float:
    """How often loss at this rate is more than chance in so many packets."""
    odds, exactly = rate / (1 - rate), math.exp(sent * math.log1p(-rate))
    fewer = 0.0
    for lost in range(noticed_from(sent)):
        fewer += exactly
        exactly *= odds * (sent - lost) / (lost + 1)
    return max(1 - fewer, 1e-9)
