"""What several paths over the same routers know together. Pure."""

from collections.abc import Sequence
from typing import NamedTuple

from bot.probes.icmp.loss_start import HopCount
from bot.probes.loss import worse_than
from bot.probes.path import Hop, Path


class Pooled(NamedTuple):
    """The counts of a path's hops, with those of `others` (how many paths) for the same routers."""

    hops: list[HopCount]
    others: int


def pooled(path: Path, others: Sequence[Path]) -> Pooled:
    """The hops of `path` with what `others` counted there too: at the same TTL the same router, behind the same ones.

    The last hop, the target, is its own. Rejected packets are left out: who rejected them is known. From the first
    hop on where the path's own count differs from that of the others beyond chance they do not share their way (equal
    links between the same routers may be chosen by destination), and nothing is added.
    """
    own = [count_of(hop) for hop in path.hops]
    shared = {id(other): _shared(path, other) for other in others}
    added = _added(own, [counts for counts in shared.values() if counts])
    used = sum(any(count.ttl in added for count in counts) for counts in shared.values())
    return Pooled([_plus(count, added.get(count.ttl)) for count in own], used)


def count_of(hop: Hop) -> HopCount:
    """What was sent to a hop and not rejected before it, and lost."""
    return HopCount(hop.ttl, hop.tally.sent - hop.rejected, hop.tally.lost - hop.rejected)


def _added(own: Sequence[HopCount], shared: Sequence[Sequence[HopCount]]) -> dict[int, HopCount]:
    """What all others together add, by TTL, as far as it agrees with the path's own counts."""
    together: dict[int, HopCount] = {}
    for counts in shared:
        for count in counts:
            together[count.ttl] = _plus(count, together.get(count.ttl))
    for count in own:
        other = together.get(count.ttl)
        if other and _differ(count, other, among=len(together)):
            return {ttl: kept for ttl, kept in together.items() if ttl < count.ttl}
    return together


def _shared(path: Path, other: Path) -> list[HopCount]:
    """The other's counts at routers that both paths have at the same place, up to the first place where they differ."""
    found: list[HopCount] = []
    unknown: list[HopCount] = []
    for own, theirs in zip(path.hops[:-1], other.hops, strict=False):
        if own.hosts and theirs.hosts and not set(own.hosts) & set(theirs.hosts):
            break
        if theirs is other.hops[-1]:
            break
        if not own.tally.sent and theirs.hosts:
            # Who stands between two routers that both have is the same too.
            unknown.append(count_of(theirs))
        if own.hosts and theirs.hosts:
            found += [*unknown, count_of(theirs)]
            unknown = []
    return found


def _plus(count: HopCount, other: HopCount | None) -> HopCount:
    return HopCount(count.ttl, count.sent + other.sent, count.lost + other.lost) if other else count


def _differ(one: HopCount, other: HopCount, *, among: int) -> bool:
    return worse_than(one.lost, one.sent, other.lost, other.sent, among=2 * among) or worse_than(
        other.lost, other.sent, one.lost, one.sent, among=2 * among
    )
