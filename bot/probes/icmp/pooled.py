"""What several paths over the same routers know together. Pure."""

from collections.abc import Sequence
from typing import NamedTuple

from bot.probes.icmp.loss import worse_than
from bot.probes.icmp.loss_start import HopCount
from bot.probes.icmp.path import Hop, Path


class Pooled(NamedTuple):
    """The counts of a path's hops, with those of `others` (how many paths) for the same routers."""

    hops: list[HopCount]
    others: int


def pooled(path: Path, others: Sequence[Path]) -> Pooled:
    """Adds to the hops of `path` what `others` counted there: at the same TTL the same router, behind the same ones.

    The target is its own. Rejected packets are left out: who rejected them is known. A hop that was asked and did not
    answer counts too where no path is known to turn off, else the answered ones alone would count. From the first hop
    on at which the path fares otherwise than the others do beyond chance, they do not share their way (equal links
    between the same routers may be chosen by destination), and nothing is added.
    """
    counts = [count_of(hop) for hop in path.hops]
    alike, used = list(range(len(others))), set[int]()
    for place, hop in enumerate(path.hops[:-1]):
        beside = _at_the_same_router(hop, {number: _router_at(others[number], hop.ttl) for number in alike})
        together = _sum(hop.ttl, [count_of(other) for other in beside.values()])
        if not beside or _differ(counts[place], together, among=len(counts) - 1):
            break
        alike = list(beside)
        used |= {number for number, other in beside.items() if other.tally.sent}
        counts[place] = _sum(hop.ttl, [counts[place], together])
    return Pooled(counts, len(used))


def count_of(hop: Hop) -> HopCount:
    """What was sent to a hop and not rejected before it, and lost."""
    return HopCount(hop.ttl, hop.tally.sent - hop.rejected, hop.tally.lost - hop.rejected)


def _at_the_same_router(hop: Hop, others: dict[int, Hop | None]) -> dict[int, Hop]:
    """Those of the others' hops that are the router of `hop`; all of them have the same routers before."""
    known = [set(other.hosts) for other in others.values() if other and other.hosts]
    router = set(hop.hosts) or (set.intersection(*known) if known else set())
    turns_off = any(not hosts & router for hosts in known)
    return {
        number: other
        for number, other in others.items()
        if other and (set(other.hosts) & router if other.hosts else not turns_off)
    }


def _router_at(path: Path, ttl: int) -> Hop | None:
    """A hop before the target; where that is not reached, it may be any that does not answer behind the last one."""
    answering = [hop.ttl for hop in path.hops if hop.hosts]
    last = path.hops[-1].ttl - 1 if path.reached else max(answering, default=0)
    return path.hops[ttl - 1] if ttl <= last else None


def _sum(ttl: int, counts: Sequence[HopCount]) -> HopCount:
    return HopCount(ttl, sum(count.sent for count in counts), sum(count.lost for count in counts))


def _differ(one: HopCount, other: HopCount, *, among: int) -> bool:
    return worse_than(one.lost, one.sent, other.lost, other.sent, among=2 * among) or worse_than(
        other.lost, other.sent, one.lost, one.sent, among=2 * among
    )
