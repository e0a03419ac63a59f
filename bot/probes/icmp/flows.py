"""Packets to the end of a path beside those of the cycles: asked often, and over all of several equal paths."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bot.probes.icmp.echo import Echo
from bot.probes.icmp.loss import worse_than
from bot.probes.icmp.packets import IcmpKind
from bot.probes.icmp.path import FlowWay
from bot.probes.icmp.path_facts import PathWays

FLOWS = 8
"""Of two equal paths these find the other one in 255 of 256 runs, of four all three others in 7 of 10."""
FULL_TTL = 64
"""Enough for any path."""


@dataclass(slots=True)
class Flows:
    """Each packet takes the next of flows 1 to `FLOWS`; flow 0 is that of the cycles.

    An equal path may be longer, and any path may become so: where a router answers in the destination's place, a packet
    of the same flow with a full TTL is sent and counted instead, and the flow keeps that TTL. It is used as well while
    the destination's distance is unknown: it may answer on another path than that of flow 0.
    """

    echoes: list[Echo] = field(default_factory=list)
    sought: set[Echo] = field(default_factory=set)
    """Those that were sent while the distance was unknown."""
    _long: set[int] = field(default_factory=set)
    _slots: int = 0

    def following(self, reach: int) -> tuple[int, int]:
        """The flow and the TTL of the next packet to a destination at distance `reach`, 0 where that is unknown."""
        flow = 1 + self._slots % FLOWS
        self._slots += 1
        return flow, FULL_TTL if flow in self._long or not reach else reach

    def exceeded(self, echo: Echo) -> bool:
        """A router answered that the packet's time is over; says whether it would have had more with a full TTL."""
        self._long.add(echo.flow)
        return echo.ttl < FULL_TTL

    def to_end(self, reach: int) -> list[Echo]:
        """The packets that count for a destination which is now known to be at distance `reach`, or 0.

        Where it was found on the path of flow 0 those that sought it have done their work. Those with a larger TTL were
        sent while it was believed farther away, as the packet with this TTL was lost.
        """
        if not reach:
            return self.echoes
        return [echo for echo in self.echoes if echo not in self.sought and _arrives(echo, reach)]


def _arrives(echo: Echo, reach: int) -> bool:
    exceeded = echo.answer is not None and echo.answer.kind is IcmpKind.TTL_EXCEEDED
    return echo.ttl == FULL_TTL or (echo.ttl <= reach and not exceeded)


def by_flow(packets: Iterable[tuple[Echo, bool]]) -> tuple[FlowWay, ...]:
    """Packets and whether each was lost, as counts of each flow."""
    counts: dict[int, tuple[int, int]] = {}
    for echo, lost in packets:
        sent, missing = counts.get(echo.flow, (0, 0))
        counts[echo.flow] = sent + 1, missing + lost
    return tuple(FlowWay(flow, *counts[flow]) for flow in sorted(counts))


def differing(ways: Sequence[FlowWay]) -> PathWays | None:
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
    return PathWays(len(ranked), count, bad, others, shown=any(way.flow == 0 for way in ranked[:count]))


def seen_one_way(ways: Sequence[FlowWay]) -> bool:
    """Whether no flow but one was looked at, or nobody knows: others may fare better or worse."""
    return sum(way.sent > 0 for way in ways) < 2


def _apart(bad: tuple[int, int], others: tuple[int, int], count: int, *, flows: int) -> bool:
    return worse_than(*bad, *others, among=math.comb(flows, count) * (flows - 1))


def _pooled(ways: Sequence[FlowWay]) -> tuple[int, int]:
    return sum(way.lost for way in ways), sum(way.sent for way in ways)
