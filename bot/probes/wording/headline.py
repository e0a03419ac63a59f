"""What is wrong, in the few words of a headline. Pure.

A verdict has several forms, the fullest first: whoever has little room takes the first that fits.
"""

from collections.abc import Sequence

from bot.probes.icmp.path_facts import LossBegins, PathEnd, PathFacts
from bot.probes.model import Fault, Numbers, Shape, Verdict
from bot.probes.wording.parts import noun_of
from bot.probes.wording.times import days

WORDS_MAX = 12
_NAME_MAX = 40
"""Characters of a name, such as a URL; it counts as the words that it has."""
_COUNTED_TO = 100
"""Of more packets the share says more than the count."""
_SHARES = (
    (1 / 4, "about a quarter of {whose}"),
    (1 / 3, "about a third of {whose}"),
    (1 / 2, "about half {whose}"),
    (2 / 3, "about two thirds of {whose}"),
    (3 / 4, "about three quarters of {whose}"),
)
_NEAR = 0.045
_ALMOST = 0.95
_FEW = 4
"""Packets of which a share can be said."""


def forms(verdict: Verdict) -> list[str]:
    """Says what is wrong, the fullest form first, each a sentence without its full stop; the last is always short."""
    if verdict.path:
        phrases = _path(verdict, verdict.path)
    elif verdict.shape in (Shape.ADDRESSES, Shape.HOPS):
        phrases = _addresses(verdict)
    else:
        phrases = _PARTS.get(verdict.kind, _parts)(verdict)
    return [_sentence(phrase) for phrase in [*phrases, f"The {verdict.kind} probe fails"] if phrase]


def soon(verdict: Verdict) -> str:
    """Says what somebody should act on soon, though nothing fails."""
    if verdict.kind == "tls" and verdict.numbers.days_left is not None:
        which = "The certificate" if verdict.among == 1 else "A certificate"
        return f"{which} expires in {days(max(verdict.numbers.days_left, 0.0))}"
    return "DNS answers slowly" if verdict.kind == "dns" else f"The {verdict.kind} probe warns"


def fits(text: str) -> bool:
    return len(text.split()) <= WORDS_MAX


def fitting(first: Sequence[str], second: str = "") -> str:
    """Joins the first form that leaves room for the second sentence; where none does, that one is left out."""
    both = [f"{form}. {second}." for form in first] if second else []
    return next(filter(fits, [*both, *(f"{form}." for form in first)]), "")


def _sentence(phrase: str) -> str:
    return phrase if "." in phrase.split()[0] else phrase[:1].upper() + phrase[1:]


def _path(verdict: Verdict, facts: PathFacts) -> list[str]:
    name = _name(verdict)
    match facts.end:
        case PathEnd.REJECTED if facts.rejects:
            return _rejecting(facts, name)
        case PathEnd.LOOP:
            between = " and ".join(str(hop.ttl) for hop in facts.loop[:2])
            return [f"packets to {name} go in a circle between hops {between}", "packets go in a circle"]
        case PathEnd.BEYOND:
            return [f"{name} is not reached within {facts.hops} hops"]
        case PathEnd.SILENT:
            return [f"{name} doesn't answer ping, which may be a firewall", f"{name} doesn't answer ping"]
        case PathEnd.NOTHING | PathEnd.REJECTED:
            return [f"{name} doesn't answer ping, and no hop does", f"{name} doesn't answer ping"]
    if facts.loop:
        return ["packets go in a circle"]
    if facts.rejects and not facts.outages:
        return _rejecting(facts, name)
    return _losing(verdict, facts)


def _rejecting(facts: PathFacts, name: str) -> list[str]:
    by, why = facts.rejects[0], " (a firewall)" if facts.rejects[0].filtered else ""
    packets = _packets(by.lost, by.sent)
    return [
        f"hop {by.by.ttl} rejects {packets} to {name}{why}",
        f"hop {by.by.ttl} rejects {packets}{why}",
        f"hop {by.by.ttl} rejects packets",
    ]


def _losing(verdict: Verdict, facts: PathFacts) -> list[str]:
    numbers = verdict.numbers
    if facts.outages and all(outage.until is None for outage in facts.outages):
        return [f"{_name(verdict)} stopped answering"]
    packets = _packets(numbers.lost, numbers.sent)
    are = "is" if packets.startswith("1 of") else "are"
    lost = [f"{packets} {are} lost"]
    if facts.ways and facts.ways.flows > 1:
        lost.append(f"{facts.ways.losing} of {facts.ways.flows} flows lose packets")
    begins = facts.begins
    if begins is None:
        return lost
    where = _where(begins, facts)
    hop = [f"hop {begins.last.ttl} loses {packets}"] if where == f"at hop {begins.last.ttl}" else []
    return [f"{lost[0]} {where}", *hop, f"packets are lost {where}", *lost]


def _where(begins: LossBegins, facts: PathFacts) -> str:
    """Where the loss starts: "at hop 3", "at hop 3 or 4", "between hops 2 and 5"."""
    first, last = begins.first.ttl, begins.last.ttl
    if last == facts.hops and facts.reached and first == last:
        return "at the target itself"
    if first == last:
        return f"at hop {last}"
    if first == 1:
        return f"by hop {last}"
    return f"at hop {first} or {last}" if last == first + 1 else f"between hops {first} and {last}"


def _addresses(verdict: Verdict) -> list[str]:
    faults = verdict.faults
    if not faults:
        return _no_part(verdict)
    one = faults[0]
    if verdict.among == 1:
        return _address(_cut(one.about.name), one)
    if len(faults) == 1:
        named = _address(_cut(one.about.name), one)
        return [*_address(f"1 of {verdict.among} addresses", one)[:1], *named]
    of = f"{verdict.failing} of {verdict.among} addresses"
    if all(_silent(fault.numbers) for fault in faults):
        return ["no address answers" if verdict.failing == verdict.among else f"{of} don't answer"]
    return [f"{of} lose packets" if all(fault.cause == "loss" for fault in faults) else f"{of} have trouble"]


def _address(name: str, fault: Fault) -> list[str]:
    numbers = fault.numbers
    if _silent(numbers):
        return [f"{name} doesn't answer"]
    if fault.cause == "loss":
        return [f"{name} loses {_packets(numbers.lost, numbers.sent, 'its')}", f"{name} loses packets"]
    return [f"{name}: {fault.wrong}", f"{name} has trouble"]


def _silent(numbers: Numbers) -> bool:
    return bool(numbers.sent) and not numbers.received


def _parts(verdict: Verdict) -> list[str]:
    faults, noun = verdict.faults, noun_of(verdict)
    if not faults:
        return _no_part(verdict)
    if verdict.among == 1:
        name = _cut(faults[0].about.name)
        return [f"{name}: {faults[0].wrong}" if faults[0].wrong else "", f"{name} fails"]
    reasons, answers = {fault.wrong for fault in faults}, {fault.numbers.status for fault in faults}
    count = f"{len(faults)} of {verdict.among} {noun} {'fails' if len(faults) == 1 else 'fail'}"
    status = next(iter(answers)) if len(answers) == 1 else None
    why = [f"{count}: {next(iter(reasons))}"] if len(reasons) == 1 and "" not in reasons else []
    return [*why, f"{count} with status {status}" if status else "", count]


def _no_part(verdict: Verdict) -> list[str]:
    """Nothing that was asked fails, and yet something is wrong: a name without an address."""
    return [*verdict.caveats[:1], "" if verdict.among else verdict.wrong]


def _payment(verdict: Verdict) -> list[str]:
    fault = next(iter(verdict.faults), None)
    if fault and fault.cause == "slow":
        return ["the test payment succeeds, but slowly"]
    return [f"the test payment fails: {fault.wrong}" if fault and fault.wrong else "", "the test payment fails"]


def _status(verdict: Verdict) -> list[str]:
    if not verdict.faults:
        return ["the status page says nothing of it"]
    fault = verdict.faults[0]
    return [f"{_cut(fault.about.name)}: {fault.wrong}", f"the status page says {fault.wrong}"]


_PARTS = {"payment": _payment, "status": _status}


def _packets(lost: int, sent: int, whose: str = "the") -> str:
    """How many: "all packets", "about half the packets", "4 of 10 packets"; or "its" packets."""
    every = "" if whose == "the" else f"{whose} "
    if lost >= sent:
        return f"all {every}packets"
    part = lost / sent
    if part >= _ALMOST:
        return f"almost all {every}packets"
    near = next((words.format(whose=whose) for share, words in _SHARES if abs(part - share) < _NEAR), "")
    if near and sent >= _FEW:
        return f"{near} packets"
    return f"{lost} of {sent} packets" if sent <= _COUNTED_TO else f"{max(round(100 * part), 1)} % of {whose} packets"


def _name(verdict: Verdict) -> str:
    return _cut(verdict.about.name)


def _cut(name: str) -> str:
    return name if len(name) <= _NAME_MAX else name[: _NAME_MAX - 1] + "…"
