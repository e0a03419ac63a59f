"""Sentences about the way to a target. Pure."""

from collections.abc import Sequence

from bot.names import few_named, names_listed
from bot.probes.icmp.confidence import HIGH_PACKETS, Missing
from bot.probes.icmp.loss import loses, ms, of
from bot.probes.icmp.path_facts import Confidence, DelayRise, PathEnd, PathFacts, PathHop, PathWays, Rejects
from bot.probes.model import Verdict
from bot.probes.wording.times import away_words

_NAMED_AT_MOST = 3


def sentence(verdict: Verdict) -> str:
    """Says the whole of it: what is wrong, where it starts and what was ruled out, then what else the hops show."""
    facts = _facts(verdict)
    parts = _reached(verdict, facts) if facts.reached else _not_reached(verdict, facts)
    beside = (
        _limited_words(facts.limited),
        _unclear_words(facts.unclear),
        _pooled_words(facts.pooled),
        delay_words(verdict),
        *verdict.remarks,
    )
    return "; ".join(part for part in (*parts, *beside) if part)


def few_words(verdict: Verdict) -> str:
    """Says for a line among others what is wrong and where it starts."""
    facts = _facts(verdict)
    if not facts.reached:
        return "; ".join(_end(verdict, facts))
    if not verdict.wrong:
        return "; ".join(part for part in (_fine(verdict, facts), delay_words(verdict)) if part)
    starts = _starts(facts, named=False)
    trouble = "; ".join(_troubles(verdict, facts, lost="{name} loses {count}"))
    return "; ".join([f"{trouble}, starting {starts}" if starts else trouble, *_routes(facts)])


def delay_words(verdict: Verdict) -> str:
    """Where delay begins that stays to the end, before and after; "" where no hop adds much or that is unclear."""
    facts = _facts(verdict)
    rises = [_rise(rise, verdict, facts) for rise in facts.delays[:_NAMED_AT_MOST]]
    again = "".join(f"; it rises again at {words}" for words in rises[1:])
    return f"the delay begins at {rises[0]}{again}" if rises else ""


def confidence_words(verdict: Verdict, lacking: Missing) -> str:
    """How sure the place of the loss is, on what that stands, and what would make it surer; "" where none is told."""
    facts = _facts(verdict)
    if facts.confidence is None or facts.begins is None:
        return ""
    packets = facts.begins.packets
    clean = facts.confidence is not Confidence.LOW or not lacking.control
    stands_on = [f"{packets} packets to each hop", "clean control" if clean else "no clean control"]
    if facts.confidence is Confidence.HIGH and packets < HIGH_PACKETS:
        stands_on.append("another network agrees")
    confidence = f"confidence {facts.confidence} ({', '.join(stands_on)})"
    more = [f"{lacking.packets} packets to each hop"] if lacking.packets else []
    either = " or ".join([*more, *(["another network that agrees"] if lacking.another_network else [])])
    needed = ", and ".join([*(["a clean control"] if lacking.control else []), *([either] if either else [])])
    return f"{confidence}; {needed} would raise it" if needed else confidence


def place_words(hop: PathHop) -> str:
    """A hop in words: "hop 3 (198.51.100.9, Harbor core)"."""
    known = ", ".join(part for part in (hop.host, hop.network) if part)
    return f"hop {hop.ttl} ({known})" if known else f"hop {hop.ttl}"


def _facts(verdict: Verdict) -> PathFacts:
    return verdict.path or PathFacts(hops=0, cycles=0)


def _reached(verdict: Verdict, facts: PathFacts) -> list[str]:
    if facts.end is PathEnd.REFUSES:
        return [f"{verdict.about.name} refuses ping", _on_the_way(facts) or f"the path is fine over {_hops(facts)}"]
    if not verdict.wrong:
        return [_fine(verdict, facts), *_routes(facts)]
    troubles = _troubles(verdict, facts, lost="{count} packets to {name} {are} lost")
    return [*troubles, *_routes(facts), *_where(facts)]


def _troubles(verdict: Verdict, facts: PathFacts, *, lost: str) -> list[str]:
    """What happened to the packets: times without answer, rejects, and what was lost beside them."""
    name, (other_lost, other_sent) = verdict.about.name, facts.otherwise
    troubles = [f"{name} {away_words(facts.outages)}"] if facts.outages else []
    troubles += [_rejecting(rejects, name) for rejects in facts.rejects[:_NAMED_AT_MOST]]
    if not troubles:
        count, are = of(verdict.numbers.lost, verdict.numbers.sent), "is" if verdict.numbers.lost == 1 else "are"
        troubles = [lost.format(count=count, name=name, are=are)]
    elif other_lost:
        chance = "" if loses(other_lost, other_sent) else ", which may be chance"
        troubles.append(
            f"of the other {other_sent} packets {other_lost} {'is' if other_lost == 1 else 'are'} lost{chance}"
        )
    return troubles


def _routes(facts: PathFacts) -> list[str]:
    """Ways that packets take and should not."""
    return [*([_rounds(facts)] if facts.loop else []), *([_ways_words(facts.ways)] if facts.ways else [])]


def _where(facts: PathFacts) -> list[str]:
    """Where the loss starts, what lies before it, and what was not looked at."""
    if facts.end is PathEnd.FAR:
        return [f"it is not found within {facts.hops} hops"]
    if facts.end is PathEnd.ELSEWHERE:
        up_to = f", whose way answers up to {place_words(facts.last_answering)}" if facts.last_answering else ""
        return [f"nothing of the hops' own flow arrives{up_to}"]
    if facts.hops == 1:
        return ["it is the first hop, so no router is between"]
    begins, starts = facts.begins, _starts(facts, named=True)
    if begins is None:
        rejected = bool(facts.rejects) and not facts.outages and not loses(*facts.otherwise)
        unknown = facts.lost_unexplained and not rejected and (facts.ways is None or facts.ways.shown)
        return ["too few packets to tell where the loss starts"] if unknown else []
    parts = [f"the loss starts {starts}"]
    if begins.silent:
        parts.append(f"{_numbers(begins.silent)} {'does' if len(begins.silent) == 1 else 'do'} not answer")
    if begins.clean_before:
        parts.append("the hops before are clean" if begins.first.ttl > 2 else "the hop before is clean")
    elif begins.before[0]:
        parts.append(
            f"{'the hops before lose' if begins.first.ttl > 2 else 'the hop before loses'} {of(*begins.before)}"
        )
    return [*parts, "the way back is not measured"]


def _starts(facts: PathFacts, *, named: bool) -> str:
    """Where the loss starts, as "at hop 5 (…) or hop 6" or "between hop 4 and hop 6"; "" where that is not known."""
    begins = facts.begins
    if begins is None or facts.hops == 1:
        return ""
    first, last, at_target = begins.first, begins.last, begins.last.ttl == facts.hops and facts.reached
    end = "the target itself" if at_target else place_words(last) if named else f"hop {last.ttl}"
    if first.ttl == last.ttl:
        return f"at {end if at_target else place_words(last)}"
    if first.ttl == 1:
        return f"at or before {end}"
    begin = place_words(first) if named else f"hop {first.ttl}"
    return f"at {begin} or {end}" if last.ttl == first.ttl + 1 else f"between {begin} and {end}"


def _on_the_way(facts: PathFacts) -> str:
    """Loss at hops before a target that itself tells nothing; "" where there is none."""
    starts = _starts(facts, named=True)
    return f"hops on the way lose packets, starting {starts}, or limit their answers" if starts else ""


def _not_reached(verdict: Verdict, facts: PathFacts) -> list[str]:
    return [*_end(verdict, facts), _on_the_way(facts)]


def _end(verdict: Verdict, facts: PathFacts) -> list[str]:
    """How the way ends where the target is not seen; that it does not answer pings does not make it down."""
    name, last = verdict.about.name, facts.last_answering
    match facts.end:
        case PathEnd.REJECTED:
            return [f"{name} is not reached: " + " and ".join(map(_stopping, facts.rejects[:_NAMED_AT_MOST]))]
        case PathEnd.LOOP:
            return [f"{name} is not reached: {_rounds(facts)}"]
        case PathEnd.BEYOND:
            return [f"{name} is not found within {facts.hops} hops"]
        case PathEnd.SILENT if last:
            return [
                f"{name} does not answer ping",
                f"the path answers up to {place_words(last)}, which may be a firewall",
            ]
        case _:
            return [f"{name} does not answer ping, and no hop on the way answers"]


def _stopping(rejects: Rejects) -> str:
    some = f" ({of(rejects.lost, rejects.sent)})" if rejects.lost < rejects.sent else ""
    what = "rejects the packets, filtered by a firewall" if rejects.filtered else f"says {rejects.words}"
    return f"{place_words(rejects.by)} {what}{some}"


def _rejecting(rejects: Rejects, name: str) -> str:
    why = "filtered by a firewall" if rejects.filtered else f"it says {rejects.words}"
    return f"{place_words(rejects.by)} rejects {of(rejects.lost, rejects.sent)} packets to {name}: {why}"


def _rounds(facts: PathFacts) -> str:
    return f"packets go in a circle between {names_listed(map(place_words, facts.loop))}"


def _ways_words(ways: PathWays) -> str:
    others = of(*ways.others) if ways.others[0] else "none"
    does = "loses" if ways.losing == 1 else "lose"
    counts = f"{ways.losing} of {ways.flows} flows {does} packets ({of(*ways.lost)}), the others {others}"
    bad = "one of several equal ways is bad"
    return f"{counts}: {bad}" if ways.shown else f"{counts}: {bad}, and the hops show another"


def _limited_words(limited: Sequence[PathHop]) -> str:
    """Routers that answer less than they pass on."""
    if not limited:
        return ""
    listed = few_named([f"{hop.ttl} ({of(hop.lost, hop.sent)} lost)" for hop in limited], _NAMED_AT_MOST)
    if len(limited) == 1:
        return f"hop {listed} limits its own answers, packets pass it"
    return f"hops {listed} limit their own answers, packets pass them"


def _unclear_words(unclear: Sequence[PathHop]) -> str:
    """Routers that lose while the target loses next to nothing, in too few packets to tell why."""
    if not unclear:
        return ""
    named = ", ".join(f"hop {hop.ttl} loses {of(hop.lost, hop.sent)}" for hop in unclear[:_NAMED_AT_MOST])
    return f"{named}: too few packets to tell whether that is its own limit"


def _pooled_words(others: int) -> str:
    if not others:
        return ""
    return f"counted with {others} other {'MTR' if others == 1 else 'MTRs'} over the same routers"


def _fine(verdict: Verdict, facts: PathFacts) -> str:
    numbers, name, hops = verdict.numbers, verdict.about.name, _hops(facts)
    lost, average = of(numbers.lost, numbers.sent), f"average {ms(numbers.average_ms or 0.0)}"
    if facts.end in (PathEnd.FAR, PathEnd.ELSEWHERE):
        chance = ", which may be chance" if verdict.may_be_chance else ""
        return "; ".join([f"{name} answers: {lost} lost{chance}", *_where(facts)])
    if verdict.may_be_chance:
        return f"{name} answers over {hops}: {lost} lost, which may be chance, {average}"
    return f"No loss to {name} over {hops}: {lost} lost, {average}"


def _hops(facts: PathFacts) -> str:
    count = f"{facts.hops} hop" + ("s" if facts.hops > 1 else "")
    return f"at most {count}" if facts.at_most else count


def _rise(rise: DelayRise, verdict: Verdict, facts: PathFacts) -> str:
    at_target = rise.at.ttl == facts.hops
    where = f"the target itself, {verdict.about.name} (hop {rise.at.ttl})" if at_target else place_words(rise.at)
    unsure = f" or at {_numbers(rise.unsure)}, which can't be judged" if rise.unsure else ""
    before = f"{ms(rise.before_ms)} before, " if rise.before_ms is not None else ""
    return f"{where}{unsure}: {before}{ms(rise.after_ms)} {'there' if at_target else 'behind it'}"


def _numbers(ttls: Sequence[int]) -> str:
    """ "hop 5", "hops 5 to 7", "hops 5, 8"."""
    if len(ttls) == 1:
        return f"hop {ttls[0]}"
    together = ttls[-1] - ttls[0] == len(ttls) - 1
    return f"hops {ttls[0]} to {ttls[-1]}" if together else f"hops {', '.join(map(str, ttls))}"
