"""Whether packets of some flows are lost and those of others are not: one of several equal ways is bad. Pure."""

import math
from collections.abc import Sequence

from bot.probes.icmp.loss import worse_than
from bot.probes.icmp.path import FlowWay
from bot.probes.icmp.path_facts import Ways


def differing(ways: Sequence[FlowWay]) -> Ways | None:
    """The flows that lose more than all others beyond chance; None where they are alike.

    Of every number of flows those that lose most are compared with the rest. As they were chosen for that, each
    difference counts only if it is beyond chance among all such choices (Bonferroni).
    """
    ranked = sorted((way for way in ways if way.sent), key=lambda way: -way.lost / way.sent)
    splits = [(_pooled(ranked[:count]), _pooled(ranked[count:]), count) for count in range(1, len(ranked))]
    clear = [split for split in splits if _apart(*split, flows=len(ranked))]
    if not clear:
        return None
    bad, others, count = max(clear, key=lambda split: split[0][0] / split[0][1] - split[1][0] / split[1][1])
    return Ways(len(ranked), count, bad, others, shown=any(way.flow == 0 for way in ranked[:count]))


def seen_one_way(ways: Sequence[FlowWay]) -> bool:
    """Whether no flow but one was looked at, or nobody knows: others may fare better or worse."""
    return sum(way.sent > 0 for way in ways) < 2


def _apart(bad: tuple[int, int], others: tuple[int, int], count: int, *, flows: int) -> bool:
    return worse_than(*bad, *others, among=math.comb(flows, count) * (flows - 1))


def _pooled(ways: Sequence[FlowWay]) -> tuple[int, int]:
    return sum(way.lost for way in ways), sum(way.sent for way in ways)
