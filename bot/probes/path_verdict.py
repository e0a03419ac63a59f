"""What a path says: its verdict as data. Pure; bot/probes/README.md tells the reasons."""

import math
from collections.abc import Sequence
from dataclasses import replace

from bot.probes.delay import rises
from bot.probes.icmp.loss_start import HopCount, LossStart, loss_start
from bot.probes.loss import excess, loses, numbers_of, own_drops, worse_than
from bot.probes.model import About, Numbers, Verdict
from bot.probes.path import Hop, Path, Way
from bot.probes.path_facts import DelayRise, LossBegins, Outage, PathEnd, PathFacts, PathHop, Rejects, Ways

ONE_WAY = "only one of possibly several equal paths was looked at"

# How often chance alone may look like a difference between flows.
_DIFFERENCE = 0.05
_JUST_BEGUN = 2


def read(path: Path, others: Sequence[Path] = (), *, kind: str = "mtr") -> Verdict:
    """Reads a path as an engineer would; what `others` found at the same routers in the same minutes counts too.

    Nothing is blamed where the target lost nothing, and no router for what it does not answer itself. Where the delay
    begins makes nothing bad: an ocean takes its 150 ms on the best of days.
    """
    about = About(path.destination, path.destination)
    own = own_drops(path.drops)
    caveats = (own,) if own else ()
    if path.unsent and not any(hop.hosts for hop in path.hops):
        why = f"Nothing could be sent to {path.destination}: {path.unsent}"
        return Verdict(kind, about, why, caveats=caveats, measured=False)
    facts = _facts(path, others)
    numbers = numbers_of(path.hops[-1].tally) if facts.reached else Numbers()
    if facts.reached and _one_way_only(path):
        caveats = (*caveats, ONE_WAY)
    wrong = _wrong(facts, numbers)
    chance = facts.reached and bool(numbers.lost) and not wrong
    return Verdict(kind, about, wrong, numbers=numbers, caveats=caveats, may_be_chance=chance, path=facts)


def pooled(path: Path, others: Sequence[Path]) -> tuple[list[HopCount], int]:
    """Packets to each hop, with those of `others` to the same router at the same distance; how many of these helped.

    A router counts as the same only where those before it are, as far as both paths know them: what is lost on the way
    to it is then lost on the same way. The destination's own packets, which no other path has, are counted alone.
    """
    counts: list[HopCount] = []
    helped: set[int] = set()
    alike = set(range(len(others)))
    for hop in path.hops:
        sent, lost = hop.tally.sent, hop.tally.lost
        for number in sorted(alike):
            same = _hop_at(others[number], hop.ttl)
            if same is None or (hop.hosts and same.hosts and not set(hop.hosts) & set(same.hosts)):
                alike.discard(number)
            elif hop is not path.hops[-1] and hop.hosts and same.hosts:
                sent, lost = sent + same.tally.sent, lost + same.tally.lost
                helped.add(number)
        counts.append(HopCount(hop.ttl, sent, lost))
    return counts, len(helped)


def _hop_at(path: Path, ttl: int) -> Hop | None:
    """A router of the path; its destination is none."""
    hops = path.hops[:-1] if path.reached else path.hops
    return hops[ttl - 1] if ttl <= len(hops) else None


def _facts(path: Path, others: Sequence[Path]) -> PathFacts:
    end, answering = _end(path), [hop for hop in path.hops if hop.hosts]
    counts, helped = pooled(path, others)
    facts = PathFacts(
        hops=path.hops[-1].ttl if path.hops else 0,
        cycles=path.cycles,
        end=end,
        at_most=end is PathEnd.REPLIES and not all(hop.tally.sent for hop in path.hops[-2:]),
        delays=_delays(path) if end is PathEnd.REPLIES else (),
        rejects=tuple(
            Rejects(_at(path, each.ttl, each.host), each.words, each.count, each.sent) for each in path.rejects
        ),
        loop=tuple(_named(path, hop) for hop in path.hops if hop.ttl in path.loop),
        outages=tuple(Outage(each.since, each.until, each.lost) for each in path.quiet),
        last_answering=_named(path, answering[-1]) if answering else None,
        pooled=helped,
    )
    return _where_it_loses(path, facts, counts) if facts.reached else facts


def _where_it_loses(path: Path, facts: PathFacts, counts: list[HopCount]) -> PathFacts:
    """The same facts with where loss begins, and what says nothing of it."""
    facts = replace(facts, otherwise=_otherwise(path), ways=_ways(path.ways))
    if facts.ways:
        lost, sent = facts.ways.lost if facts.ways.shown else facts.ways.others
        counts = [*counts[:-1], HopCount(counts[-1].ttl, sent, lost)]
    start = loss_start(counts)
    limited = start.limited if start else _limited(counts)
    facts = replace(facts, limited=tuple(_named(path, hop) for hop in path.hops if hop.ttl in limited))
    explained = facts.rejects and not facts.outages and not loses(*facts.otherwise)
    return facts if start is None or explained else replace(facts, begins=_begins(path, start, counts))


def _end(path: Path) -> PathEnd:
    if path.reached:
        received = path.hops[-1].tally.received
        return PathEnd.REFUSES if path.refused and 2 * path.refusals >= received else PathEnd.REPLIES
    if path.loop:
        return PathEnd.LOOP
    if path.beyond:
        return PathEnd.BEYOND
    if path.rejects:
        return PathEnd.REJECTED
    return PathEnd.SILENT if any(hop.hosts for hop in path.hops) else PathEnd.NOTHING


_NOT_REACHED = {
    PathEnd.REJECTED: "is not reached",
    PathEnd.LOOP: "is not reached",
    PathEnd.BEYOND: "is not found",
    PathEnd.SILENT: "does not answer ping",
    PathEnd.NOTHING: "does not answer ping",
}


def _wrong(facts: PathFacts, numbers: Numbers) -> str:
    """What is wrong with the target, "" where nothing is beyond chance."""
    if not facts.reached:
        return _NOT_REACHED[facts.end]
    if any(outage.until is None for outage in facts.outages):
        return "stopped answering"
    if facts.outages:
        return "was away"
    return "loses packets" if facts.rejects or facts.ways or loses(numbers.lost, numbers.sent) else ""


def _otherwise(path: Path) -> tuple[int, int]:
    """Packets to the destination, (lost, sent), beside those of gaps and of rejects; these two often are the same."""
    tally = path.hops[-1].tally
    in_gaps = sum(quiet.lost for quiet in path.quiet)
    rejected = sum(each.count for each in path.rejects if each.sent <= tally.sent)
    told = min(tally.lost, max(in_gaps, rejected))
    return tally.lost - told, tally.sent - told


def _ways(ways: Sequence[Way]) -> Ways | None:
    """The flows that lose where others do not, beyond chance; None where all lose alike.

    Of all ways to split the flows into two the one with the largest difference is tested (Fisher's exact test), times
    the number of splits of that size (Bonferroni): it was chosen for its difference.
    """
    ordered = sorted((way for way in ways if way.sent), key=lambda way: -way.lost / way.sent)
    best: tuple[float, int] | None = None
    for count in range(1, len(ordered)):
        (lost, sent), (other_lost, other_sent) = _total(ordered[:count]), _total(ordered[count:])
        if lost:
            chance = excess(lost, sent, other_lost, other_sent) * math.comb(len(ordered), count)
            best = min(best, (chance, count)) if best else (chance, count)
    if best is None or best[0] >= _DIFFERENCE:
        return None
    losing, others = ordered[: best[1]], ordered[best[1] :]
    return Ways(len(ordered), best[1], _total(losing), _total(others), shown=any(way.flow == 0 for way in losing))


def _total(ways: Sequence[Way]) -> tuple[int, int]:
    return sum(way.lost for way in ways), sum(way.sent for way in ways)


def _one_way_only(path: Path) -> bool:
    """Whether packets of a single flow were all that was sent over a path that is long enough for several."""
    flows = sum(way.sent > 0 for way in path.ways)
    just_begun = 0 < sum(way.sent for way in path.ways) <= _JUST_BEGUN
    return len(path.hops) > 2 and flows < 2 and not just_begun


def _limited(counts: Sequence[HopCount]) -> tuple[int, ...]:
    """Routers that lose more than the destination does beyond chance, though all that it got passed them."""
    *hops, target = counts
    return tuple(
        hop.ttl
        for hop in hops
        if hop.lost < hop.sent
        and loses(hop.lost, hop.sent)
        and worse_than(hop.lost, hop.sent, target.lost, target.sent, among=len(hops))
    )


def _begins(path: Path, start: LossStart, counts: Sequence[HopCount]) -> LossBegins:
    asked = {count.ttl: count.sent for count in counts}
    inside = [hop for hop in path.hops if start.first <= hop.ttl <= start.last]
    return LossBegins(
        first=_named(path, inside[0]),
        last=_named(path, inside[-1]),
        before=start.before,
        after=start.after,
        clean_before=start.clean_before,
        packets=min(asked[hop.ttl] for hop in inside),
        silent=tuple(hop.ttl for hop in inside if hop.silent),
        hosts=tuple(host for hop in inside for host in hop.hosts),
    )


def _delays(path: Path) -> tuple[DelayRise, ...]:
    found = rises([hop.tally for hop in path.hops])
    return tuple(
        DelayRise(
            at=_named(path, path.hops[rise.place]),
            after_ms=rise.after_ms,
            before_ms=None if rise.before is None else rise.before_ms,
            unsure=tuple(hop.ttl for hop in path.hops[0 if rise.before is None else rise.before + 1 : rise.place]),
        )
        for rise in found
    )


def _at(path: Path, ttl: int, host: str) -> PathHop:
    return PathHop(ttl, host, path.network(host))


def _named(path: Path, hop: Hop) -> PathHop:
    host = hop.hosts[0] if hop.hosts else ""
    return PathHop(hop.ttl, host, path.network(host), hop.tally.lost, hop.tally.sent)
