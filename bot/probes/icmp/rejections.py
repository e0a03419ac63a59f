"""Routers that answer packets with an "unreachable" instead of passing them on: who, where, how many."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.probes.icmp.echo import Echo
from bot.probes.icmp.path_facts import PathHop, Rejects


@dataclass(slots=True)
class Rejections:
    """The rejected packets, by the address that rejected them."""

    _by: dict[str, list[Echo]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self._by)

    def add(self, source: str, echo: Echo) -> None:
        self._by.setdefault(source, []).append(echo)

    def places(self, routers: Sequence[str]) -> dict[str, int]:
        """The distance of each; `routers` are who answers from distance 1 on that a packet's time is over."""
        first = {router: ttl for ttl, router in reversed([*enumerate(routers, 1)]) if router}
        return {source: _place(echoes, first.get(source, 0), routers) for source, echoes in self._by.items()}

    def counted(
        self, places: Mapping[str, int], to_end: frozenset[Echo], everything: Sequence[Echo]
    ) -> tuple[Rejects, ...]:
        """Returns who rejected packets, the one that rejected most first.

        What counts is the packets to the destination, `to_end`: of those that were lost so many were rejected. Where
        it rejected none of these, or the destination is unknown, all packets count that had to pass it.
        """
        rejecting = []
        for source, echoes in self._by.items():
            count, sent = len(to_end.intersection(echoes)), len(to_end)
            if not count:
                lowest = min(echo.ttl for echo in echoes)
                count, sent = len(echoes), sum(echo.ttl >= lowest for echo in everything)
            words, filtered = _said(echoes)
            rejecting.append(Rejects(PathHop(places[source], source), words, count, sent, filtered))
        return tuple(sorted(rejecting, key=lambda rejects: -rejects.lost))


def _said(echoes: Sequence[Echo]) -> tuple[str, bool]:
    """What it says most often, and whether that is what firewalls say."""
    said = Counter((echo.answer.words, echo.answer.filtered) for echo in echoes if echo.answer)
    return said.most_common(1)[0][0] if said else ("", False)


def _place(echoes: Sequence[Echo], heard_at: int, routers: Sequence[str]) -> int:
    """Where the router stands that rejected packets of these TTLs: not farther than the lowest of them.

    Most look at the TTL before they filter, so a packet that ends at the router itself has its time exceeded, and the
    lowest rejected TTL is the next one. A router without a route rejects that packet too; it stands there if the one
    before it is another one and nobody else answers in its place.
    """
    known = [echo.ttl for echo in echoes if echo.ttl <= len(routers)]
    last = max((ttl for ttl, router in enumerate(routers, 1) if router), default=0)
    lowest = min(known, default=min(last + 1, len(routers)))
    if heard_at:
        return min(heard_at, lowest)
    has_neighbour = lowest == 1 or bool(routers[lowest - 2])
    return lowest if has_neighbour and not routers[lowest - 1] else max(1, lowest - 1)
