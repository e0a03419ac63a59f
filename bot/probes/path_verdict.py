"""What a path says: its verdict as data. Pure."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a path says: `ok` where the destination answers without losing packets, and one line for people."""

    ok: bool
    verdict: str


def read(path: Path) -> Finding:
    """Reads a path as an engineer would.

    Loss at a hop in the middle counts only where it goes on to the end; else it is that router's own limit
    on answering, not on forwarding. Where the delay begins is told the same way and makes nothing bad: an ocean takes
    its 150 ms on the best of days, and only people know which way a path should go.
    """
    finding = _read(path)
    own = own_drops(path.drops)
    return Finding(finding.ok, f"{finding.verdict}; {own}") if own else finding


def _read(path: Path) -> Finding:
    if path.unsent and not any(hop.hosts for hop in path.hops):
        return Finding(False, f"Nothing could be sent to {path.destination}: {path.unsent}")
    if not path.reached:
        return Finding(False, _not_reached(path))
    last = path.hops[-1]
    delay = f"; {found}" if (found := delay_words(path)) else ""
    if last.tally.loses:
        return Finding(False, _losing(path, last) + delay)
    return Finding(True, _clean(path, last) + delay + _middle_loss(path.hops[:-1], last))


def delay_words(path: Path) -> str:
    """Where delay begins that goes on to the end, before and after; "" where no hop adds much or that is unclear."""
    found = rises([hop.tally for hop in path.hops]) if path.reached else ()
    told = [_rise_words(path, rise) for rise in found]
    again = "".join(f"; it rises again at {words}" for words in told[1:_RISES_NAMED])
    return f"the delay begins at {told[0]}{again}" if told else ""


def _rise_words(path: Path, rise: Rise) -> str:
    hop, last = path.hops[rise.place], path.hops[-1]
    first = 0 if rise.before is None else rise.before + 1
    unknown = [each.ttl for each in path.hops[first : rise.place]]
    where = f"the target itself, {path.destination} (hop {hop.ttl})" if hop is last else path.place(hop)
    before = f"{ms(rise.before_ms)} before, " if rise.before is not None else ""
    after = f"{ms(rise.after_ms)} {'there' if hop is last else 'from there on'}"
    return f"{where}{_or_at(unknown)}: {before}{after}"


def loss_begins(hops: tuple[Hop, ...], cycles: int = 0) -> Hop:
    """The first hop from which loss goes on to the end; `hops` ends with a destination that loses packets.

    A hop that answers nothing, or clearly less than the destination, says nothing about forwarding; nor does one
    that was asked in few of the `cycles` and may have been lucky.
    """
    last = begins = hops[-1]
    for hop in reversed(hops[:-1]):
        if _own_limit(hop, last) or _too_few(hop, last, cycles):
            continue
        if not hop.tally.loses:
            break
        begins = hop
    return begins


def _own_limit(hop: Hop, last: Hop) -> bool:
    worse = worse_than(hop.tally.lost, hop.tally.sent, last.tally.lost, last.tally.sent)
    return hop.silent or (hop.tally.loses and worse)


def _too_few(hop: Hop, last: Hop, cycles: int) -> bool:
    """Whether a hop that other traces asked in turns has too few answers to be clean where the end loses packets."""
    better = worse_than(last.tally.lost, last.tally.sent, hop.tally.lost, hop.tally.sent)
    return hop.tally.sent < cycles and not hop.tally.loses and not better


def _losing(path: Path, last: Hop) -> str:
    """What stands before the first ": " is true by itself: it is all that a line among others shows."""
    lost = of(last.tally.lost, last.tally.sent)
    if len(path.hops) == 1:
        return f"{path.destination} loses packets: {lost} lost; it is the first hop, so no router is between"
    begins = loss_begins(path.hops, path.cycles)
    unknown, why = _unjudged_before(path, begins)
    perhaps = _or_at(unknown, why)
    clean = "; the hops before it are clean" if begins.ttl > path.hops[0].ttl and not unknown else ""
    if begins is last and why == _SELDOM:
        may = f"it may begin at {_hops(unknown)}, {why}"
        return f"{path.destination} (hop {last.ttl}) loses packets: {lost} lost; {may}"
    if begins is last:
        return f"Loss begins at the target itself, {path.destination} (hop {last.ttl}){perhaps}: {lost} lost{clean}"
    there = f"{of(begins.tally.lost, begins.tally.sent)} lost " + (f"at hop {begins.ttl}" if unknown else "there")
    return (
        f"Loss begins at {path.place(begins)}{perhaps}: {there}, and it goes on to the end, "
        f"{lost} lost at {path.destination}{clean}"
    )


def _unjudged_before(path: Path, begins: Hop) -> tuple[list[int], str]:
    """Hops just before `begins` that tell nothing, and why: the loss may begin there as well."""
    last = path.hops[-1]

    def tells_nothing(hop: Hop) -> bool:
        return _own_limit(hop, last) or _too_few(hop, last, path.cycles)

    before = reversed([hop for hop in path.hops if hop.ttl < begins.ttl])
    unknown = list(takewhile(tells_nothing, before))[::-1]
    seldom = any(hop.tally.sent < path.cycles for hop in unknown)
    return [hop.ttl for hop in unknown], _SELDOM if seldom else _DUMB


def _clean(path: Path, last: Hop) -> str:
    count = f"{len(path.hops)} hop" + ("s" if len(path.hops) > 1 else "")
    if not all(hop.tally.sent for hop in path.hops[-2:]):
        count = f"at most {count}"
    lost = of(last.tally.lost, last.tally.sent)
    chance = ", which may be chance" if last.tally.lost else ""
    text = f"No loss to {path.destination} over {count}: {lost} lost{chance}, average {ms(last.tally.average_ms)}"
    if last.tally.lost:
        text = f"{path.destination} answers over {count}: {lost} lost{chance}, average {ms(last.tally.average_ms)}"
    return text


def _middle_loss(middle: tuple[Hop, ...], last: Hop) -> str:
    """Loss before a target that is well: a router's own limit, unless the few packets can't tell."""
    limited = [hop for hop in middle if hop.tally.loses and not hop.silent]
    if not limited:
        return ""
    shown = ", ".join(f"hop {hop.ttl} ({of(hop.tally.lost, hop.tally.sent)} lost)" for hop in limited[:3])
    if last.tally.lost and not all(_own_limit(hop, last) for hop in limited):
        return f". Loss at {shown} may go on to the end: too few packets to tell, run it again"
    return f". Loss at {shown} does not go on to the end: that is the router limiting its own answers"


def _not_reached(path: Path) -> str:
    answering = [hop for hop in path.hops if hop.hosts]
    if not answering:
        return f"{path.destination} does not answer, and no hop on the way does"
    last = answering[-1]
    if path.unreachable:
        return f"{path.destination} is not reached: {path.place(last)} says {path.unreachable}"
    sent = max(hop.tally.sent for hop in path.hops)
    return (
        f"{path.destination} does not answer ({of(sent, sent)} lost); "
        f"the last hop that answers is {path.place(last).removeprefix('hop ')}"
    )


def _or_at(ttls: list[int], why: str = _DUMB) -> str:
    return f" or at {_hops(ttls)}, {why}" if ttls else ""


def _hops(ttls: list[int]) -> str:
    return f"hop {ttls[0]}" if len(ttls) == 1 else f"hops {ttls[0]} to {ttls[-1]}"
