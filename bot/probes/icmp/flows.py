"""Packets to the end of a path beside those of the cycles: asked often, and over all of several equal paths."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.probes.icmp.echo import Echo
from bot.probes.path import Way

FLOWS = 8
"""Of two equal paths these find the other one in 255 of 256 runs, of four all three others in 7 of 10."""
FULL_TTL = 64
"""Enough for any path."""


@dataclass(slots=True)
class Flows:
    """Each packet takes the next of flows 1 to `FLOWS`; flow 0 is that of the cycles.

    An equal path may be longer: where a router answers in the destination's place the flow goes on with a full TTL, and
    that packet is not counted, as it was meant for no router. A full TTL is used as well while the destination's
    distance is unknown: it may answer on another path than that of flow 0.
    """

    echoes: list[Echo] = field(default_factory=list)
    _long: set[int] = field(default_factory=set)
    _expired: set[Echo] = field(default_factory=set)

    def following(self, reach: int) -> tuple[int, int]:
        """The flow and the TTL of the next packet to a destination at distance `reach`, 0 where that is unknown."""
        flow = 1 + len(self.echoes) % FLOWS
        return flow, FULL_TTL if flow in self._long or not reach else reach

    def exceeded(self, echo: Echo) -> None:
        """A router answered that the packet's time is over."""
        if echo.ttl < FULL_TTL:
            self._long.add(echo.flow)
            self._expired.add(echo)

    @property
    def counted(self) -> list[Echo]:
        return [echo for echo in self.echoes if echo not in self._expired]


def by_flow(packets: Iterable[tuple[Echo, bool]]) -> tuple[Way, ...]:
    """Packets and whether each was lost, as counts of each flow."""
    counts: dict[int, tuple[int, int]] = {}
    for echo, lost in packets:
        sent, missing = counts.get(echo.flow, (0, 0))
        counts[echo.flow] = sent + 1, missing + lost
    return tuple(Way(flow, *counts[flow]) for flow in sorted(counts))
