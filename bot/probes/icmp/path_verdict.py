"""What a path says: its verdict as data. Pure."""

from collections.abc import Sequence
from dataclasses import replace

from bot.probes.icmp.delay import rises
from bot.probes.icmp.flows import differing, seen_one_way
from bot.probes.icmp.loss import loses, numbers_of, of, own_drops
from bot.probes.icmp.loss_start import HopCount, LossStart, limited_routers, loss_start
from bot.probes.icmp.path import Hop, Path
from bot.probes.icmp.path_facts import DelayRise, LossBegins, PathEnd, PathFacts, PathHop, PathWays
from bot.probes.icmp.peers import worst_address
from bot.probes.icmp.pooled import count_of, pooled
from bot.probes.model import About, Before, Numbers, ProbeKind, Shape, Subject, Verdict

_WRONG = {
    PathEnd.REJECTED: "is not reached",
    PathEnd.LOOP: "is not reached",
    PathEnd.BEYOND: "is not found",
    PathEnd.SILENT: "does not answer ping",
    PathEnd.NOTHING: "does not answer ping",
}
# Packets of the first cycle and the one that found the target; and a target and one router, which have no equal ways.
_JUST_BEGUN, _ONE_WAY_HOPS = 2, 2
_LOSES, _STOPPED, _AWAY = "loses packets", "stopped answering", "was away"
_OTHER_WAY = "it may also start on another of several equal ways, which the hops do not show"

ONE_WAY = "only one of possibly several equal ways was looked at"


def place(path: Path, hop: Hop) -> PathHop:
    """A hop as the facts have it."""
    host = hop.hosts[0] if hop.hosts else ""
    return PathHop(hop.ttl, host, path.network(host), hop.tally.lost, hop.tally.sent)


def begins(path: Path, counts: Sequence[HopCount], start: LossStart | None) -> LossBegins | None:
    """Where loss starts by `counts` of the path's first hops, the last of them its end; None for nobody knows where."""
    if start is None or (start.first == counts[0].ttl and start.last == counts[-1].ttl and len(counts) > 1):
        return None
    hops = {hop.ttl: hop for hop in path.hops}
    inside = [hops[ttl] for ttl in range(start.first, start.last + 1)]
    telling = [count for count in counts if count.ttl not in (*start.limited, *start.silent) and count.sent]
    asked = [count.sent for count in telling if start.first - 1 <= count.ttl <= start.last]
    return LossBegins(
        first=place(path, hops[start.first]),
        last=place(path, hops[start.last]),
        before=start.before,
        after=start.after,
        clean_before=start.clean_before,
        packets=min(asked, default=0),
        silent=tuple(ttl for ttl in start.silent if start.first <= ttl <= start.last),
        hosts=tuple(dict.fromkeys(host for hop in inside for host in hop.hosts)),
    )


def begins_before(path: Path, end: int) -> LossBegins | None:
    """Loss that several hops up to hop `end` show, where the target itself tells nothing.

    A single one may as well limit its own answers.
    """
    answering = [hop for hop in path.hops if hop.hosts and hop.ttl <= end]
    if not answering:
        return None
    last = answering[-1].ttl
    counts = [count_of(hop) for hop in path.hops if hop.ttl <= last]
    start = begins(path, counts, loss_start(counts))
    return start if start and start.last.ttl < last else None


def limited(path: Path, counts: Sequence[HopCount], start: LossStart | None) -> tuple[PathHop, ...]:
    """Routers that answer clearly less than what gets through behind them, to the target and other hops."""
    answering = [hop for hop in counts[:-1] if hop.lost < hop.sent]
    ttls = start.limited if start else limited_routers(answering, counts[-1])
    return tuple(place(path, hop) for hop in path.hops if hop.ttl in ttls)


def _worst(subject: Subject, before: Before) -> Subject:
    """The subject narrowed to the address that the sweep before it shows as its worst."""
    sweep = before.get("ping")
    address = worst_address(sweep.readings) if sweep else ""
    return replace(subject, hosts=(), addresses=(address,)) if address else subject


MTR = ProbeKind(
    "mtr",
    columns=("Hop", "Host", "Lost", "Last", "Avg", "Best", "Worst", "StDev"),
    needs="no hosts or addresses",
    applies=lambda subject: bool(subject.hosts or subject.addresses),
    shape=Shape.HOPS,
    after="ping",
    narrowed=_worst,
    one_address=True,
)


def read(path: Path, others: Sequence[Path] = (), *, kind: ProbeKind = MTR, remarks: Sequence[str] = ()) -> Verdict:
    """Reads a path as an engineer would; what `others` found at the same routers in the same minutes counts too.

    Packets to the target are judged, and hops only tell where they are lost: a router that answers less than it passes
    on limits its own answers. Where the delay begins makes nothing bad: an ocean takes its 150 ms on the best of days,
    and only people know which way a path should go. A target that does not answer is not down: it may ignore pings.
    """
    about = About(path.destination, path.destination)
    if path.unsent and not any(hop.tally.sent for hop in path.hops):
        return kind.verdict(about, f"Nothing could be sent to {path.destination}: {path.unsent}", measured=False)
    facts = _facts(path)
    wrong, doubts = _WRONG.get(facts.end, ""), _doubts(path)
    verdict = kind.verdict(about, wrong, remarks=tuple(remarks), caveats=doubts, path=facts)
    match facts.end:
        case PathEnd.REPLIES:
            return _replying(verdict, facts, path, others)
        case PathEnd.FAR | PathEnd.ELSEWHERE:
            return _answering_elsewhere(verdict, facts, path)
        case _:
            return _not_replying(verdict, facts, path)


def worth_more(verdict: Verdict) -> bool:
    """Whether more packets would say better where some were lost, or whether that was chance."""
    facts = verdict.path
    return facts is not None and facts.end is PathEnd.REPLIES and facts.lost_unexplained


def _facts(path: Path) -> PathFacts:
    """What is true of any path, whether its target answers or not."""
    end, answering = _end(path), [hop for hop in path.hops if hop.hosts]
    is_there = end in (PathEnd.REPLIES, PathEnd.REFUSES)
    return PathFacts(
        hops=len(path.hops),
        cycles=path.cycles,
        end=end,
        at_most=is_there and not all(hop.tally.sent for hop in path.hops[-2:]),
        delays=_delays(path) if is_there else (),
        rejects=tuple(replace(each, by=replace(each.by, network=path.network(each.by.host))) for each in path.rejects),
        loop=_loop(path),
        last_answering=place(path, answering[-1]) if answering else None,
    )


def _end(path: Path) -> PathEnd:
    if path.reached:
        answers = path.hops[-1].tally.received
        return PathEnd.REFUSES if path.refused and path.refusals >= answers else PathEnd.REPLIES
    if any(way.lost < way.sent for way in path.ways):
        return PathEnd.FAR if path.beyond else PathEnd.ELSEWHERE
    if path.loop:
        return PathEnd.LOOP
    if path.rejects:
        return PathEnd.REJECTED
    if path.beyond:
        return PathEnd.BEYOND
    return PathEnd.SILENT if any(hop.hosts for hop in path.hops) else PathEnd.NOTHING


def _replying(verdict: Verdict, facts: PathFacts, path: Path, others: Sequence[Path]) -> Verdict:
    """The target answers at least some of its packets."""
    tally, together, ways = path.hops[-1].tally, pooled(path, others), differing(path.ways)
    facts = replace(facts, outages=path.quiet, otherwise=_otherwise(path), ways=ways)
    wrong, one_way = _wrong(facts), [ONE_WAY] if _one_way_only(path) else []
    counts = _shown_way(together.hops, ways)
    loss = loss_start(counts)
    start = begins(path, counts, loss) if wrong and _is_on_shown_way(facts) else None
    facts = replace(facts, begins=start, limited=limited(path, counts, loss), pooled=together.others if start else 0)
    if not wrong:
        facts = replace(facts, unclear=_unclear(path, facts))
    doubts = [_OTHER_WAY] if start and _may_be_elsewhere(start, path, together.hops) else []
    return replace(
        verdict,
        wrong=wrong,
        numbers=numbers_of(tally),
        may_be_chance=tally.lost > 0 and not wrong,
        remarks=(*verdict.remarks, *_refused_in_part(path), *([] if wrong else one_way)),
        caveats=(*verdict.caveats, *doubts, *(one_way if wrong else [])),
        path=facts,
    )


def _one_way_only(path: Path) -> bool:
    """Whether others than the hops' own flow were left out, though the path is long enough for several ways.

    The first cycle has no others yet.
    """
    just_begun = 0 < sum(way.sent for way in path.ways) <= _JUST_BEGUN
    return len(path.hops) > _ONE_WAY_HOPS and seen_one_way(path.ways) and not just_begun


def _unclear(path: Path, facts: PathFacts) -> tuple[PathHop, ...]:
    limited_ttls = {hop.ttl for hop in facts.limited}
    losing = [hop for hop in path.hops[:-1] if hop.tally.loses and not hop.silent]
    return tuple(place(path, hop) for hop in losing if hop.ttl not in limited_ttls)


def _otherwise(path: Path) -> tuple[int, int]:
    """What was lost and sent beside times without replies and rejected packets."""
    target = path.hops[-1]
    apart = target.rejected + sum(gap.lost - gap.rejected for gap in path.quiet)
    return target.tally.lost - apart, target.tally.sent - apart


def _wrong(facts: PathFacts) -> str:
    if facts.ways or loses(*facts.otherwise):
        return _LOSES
    if facts.outages:
        return _STOPPED if any(outage.until is None for outage in facts.outages) else _AWAY
    return _LOSES if facts.rejects else ""


def _shown_way(counts: list[HopCount], ways: PathWays | None) -> list[HopCount]:
    """The counts with the target's as it is seen on the way of the hops, where other ways fare better."""
    if not ways or not ways.shown:
        return counts
    return [*counts[:-1], HopCount(counts[-1].ttl, ways.lost[1], ways.lost[0])]


def _is_on_shown_way(facts: PathFacts) -> bool:
    """Whether the hops can tell where the loss is: it is on their way, and nobody said who rejects the packets."""
    return facts.lost_unexplained and (facts.ways is None or facts.ways.shown)


def _may_be_elsewhere(start: LossBegins, path: Path, counts: Sequence[HopCount]) -> bool:
    """Whether the target alone seems to lose, and the packets of the hops' own flow do not prove that."""
    own = next((way for way in path.ways if way.flow == 0), None)
    if start.last.ttl != counts[-1].ttl or own is None or seen_one_way(path.ways):
        return False
    hop_counts = [*counts[:-1], HopCount(counts[-1].ttl, own.sent, own.lost)]
    return begins(path, hop_counts, loss_start(hop_counts)) is None


def _answering_elsewhere(verdict: Verdict, facts: PathFacts, path: Path) -> Verdict:
    """The target answers packets of other flows, or with more time, than those of the hops."""
    lost, sent = sum(way.lost for way in path.ways), sum(way.sent for way in path.ways)
    wrong = _LOSES if loses(lost, sent) else ""
    facts = replace(facts, ways=differing(path.ways), otherwise=(lost, sent))
    chance = lost > 0 and not wrong
    return replace(verdict, wrong=wrong, numbers=Numbers(sent, lost), may_be_chance=chance, path=facts)


def _not_replying(verdict: Verdict, facts: PathFacts, path: Path) -> Verdict:
    """The target refuses, or nothing of it was seen; what the hops before it lose is told all the same."""
    refuses = facts.end is PathEnd.REFUSES
    start = begins_before(path, facts.hops - 1 if refuses else facts.hops)
    sent = max((hop.tally.sent for hop in path.hops), default=0)
    numbers = numbers_of(path.hops[-1].tally) if refuses else Numbers(sent, sent)
    return replace(verdict, numbers=numbers, path=replace(facts, begins=start))


def _doubts(path: Path) -> tuple[str, ...]:
    """What makes any verdict on this path less certain: packets that this machine itself lost or could not send."""
    unsent = f"some packets could not be sent: {path.unsent}" if path.unsent else ""
    return tuple(part for part in (unsent, own_drops(path.drops)) if part)


def _refused_in_part(path: Path) -> list[str]:
    if not path.refusals:
        return []
    return [f"it refuses {of(path.refusals, path.hops[-1].tally.sent)} pings: {path.refused}"]


def _delays(path: Path) -> tuple[DelayRise, ...]:
    risen = rises([hop.tally for hop in path.hops])
    return tuple(
        DelayRise(
            at=place(path, path.hops[rise.place]),
            after_ms=rise.after_ms,
            before_ms=None if rise.before is None else rise.before_ms,
            unsure=tuple(hop.ttl for hop in path.hops[0 if rise.before is None else rise.before + 1 : rise.place]),
        )
        for rise in risen
    )


def _loop(path: Path) -> tuple[PathHop, ...]:
    """One round of the hops that repeat: as far as the first of them answers again."""
    hops = [hop for hop in path.hops if hop.ttl in path.loop]
    again = [number for number, hop in enumerate(hops) if number and hop.hosts and hop.name == hops[0].name]
    return tuple(place(path, hop) for hop in hops[: again[0] if again else len(hops)])
