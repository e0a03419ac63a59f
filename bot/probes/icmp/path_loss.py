"""Where the loss on a path starts, and which routers only limit their answers. Pure."""

from collections.abc import Sequence

from bot.probes.icmp.loss_start import HopCount, LossStart, limited_routers, loss_start
from bot.probes.icmp.path import Hop, Path
from bot.probes.icmp.path_facts import LossBegins, PathHop
from bot.probes.icmp.pooled import count_of


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
