"""What the answers of several resolvers come to: each judged by itself, and all compared. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.names import few_named
from bot.probes.dns.answers import NO_SUCH_NAME, RECORDS, DnsAnswer, never_reached, private
from bot.probes.icmp.loss import ms
from bot.probes.model import About, Numbers, ProbeKind, ProbeReading, Verdict
from bot.probes.results import slowest, verdict_of

DNS = ProbeKind(
    "dns",
    columns=("Name", "Resolver", "Answer", "TTL", "Time"),
    needs="no names",
    applies=lambda subject: bool(subject.names),
    noun="answers",
    rules_out="DNS",
)
SLOW_S = 2.0
"""A browser waits so long before it begins."""
_SHOWN = 3

Mask = Callable[[str], str]
"""An address as it may be told: those of private networks are not everybody's business."""


@dataclass(frozen=True, slots=True)
class _Judgement:
    """What is wrong with an answer, in words and in one word; else a remark, and whether somebody should act on it."""

    wrong: str = ""
    cause: str = ""
    remark: str = ""
    warns: bool = False


@dataclass(frozen=True, slots=True)
class _Compared:
    """What an answer is held against: by record type the answer that most agree with, None where there is none.

    `own` are the target's own addresses: some zones answer each place with what is near.
    """

    references: Mapping[str, DnsAnswer | None]
    own: frozenset[str]
    mask: Mask
    slow_s: float


def dns_verdict(
    label: str, answers: Sequence[DnsAnswer], *, own: Sequence[str] = (), mask: Mask = str, slow_s: float = SLOW_S
) -> tuple[Verdict, tuple[ProbeReading, ...]]:
    """The verdict on all answers about `label`, and a reading of each; A and AAAA are compared each by itself.

    Answers that share some addresses are normal: large sites rotate theirs. So are those that consist of the target's
    `own` addresses. `mask` is how an address may be told; an answer that takes `slow_s` is slow.
    """
    compared: dict[str, _Compared] = {}
    for name in {answer.name for answer in answers}:
        same = [answer for answer in answers if answer.name == name]
        references = {record: _reference(same, record, own) for record in RECORDS}
        compared[name] = _Compared(references, frozenset(own), mask, slow_s)
    readings = tuple(_reading(answer, compared[answer.name]) for answer in answers)
    return _verdict(label, answers, readings), readings


def _verdict(label: str, answers: Sequence[DnsAnswer], readings: Sequence[ProbeReading]) -> Verdict:
    asked = [answer for answer in answers if not answer.unasked]
    names = list(dict.fromkeys(answer.name for answer in answers))
    resolvers = len({answer.resolver for answer in asked})
    by = "1 resolver" if resolvers == 1 else f"{resolvers} resolvers"
    what, does = (names[0], "resolves") if len(names) == 1 else (f"{len(names)} names", "resolve")
    shared = _shared(asked) if resolvers > 1 else ""
    verdict = verdict_of(DNS, label, readings, numbers=slowest(readings), found=f"{does} at {by}{shared}")
    return replace(verdict, about=About(what), remarks=_remarks(readings, verdict.remarks))


def _remarks(readings: Sequence[ProbeReading], remarks: tuple[str, ...]) -> tuple[str, ...]:
    """`remarks` with their names; what is to be said of every answer is said once."""
    reasons = {reading.reason for reading in readings if reading.asked}
    if len(reasons) > 1 or reasons == {""} or not all(reading.ok for reading in readings):
        return remarks
    unasked = (f"{reading.name}: {reading.reason}" for reading in readings if not reading.asked)
    return (*reasons, *unasked)


def _shared(asked: Sequence[DnsAnswer]) -> str:
    """How far the resolvers agree, the worst of all names."""
    words = ""
    for name in {answer.name for answer in asked}:
        answers_of_name = [set(answer.addresses) for answer in asked if answer.name == name and answer.addresses]
        if any(not addresses & answers_of_name[0] for addresses in answers_of_name):
            return ", with answers of its own"
        if any(addresses != answers_of_name[0] for addresses in answers_of_name):
            words = ", with answers that overlap"
    return words or ", with the same answer"


def _reading(answer: DnsAnswer, compared: _Compared) -> ProbeReading:
    name = f"{answer.name} at {answer.resolver}"
    if answer.unasked:
        cells = (answer.name, answer.resolver, "not asked", "-", "-")
        return ProbeReading(name, True, cells, f"not asked: {answer.unasked}", asked=False)
    judgement = _judgement(answer, compared)
    answered = listed(answer.addresses, compared.mask) or answer.way or answer.trouble or "no address"
    ttl = "-" if answer.ttl_s is None else f"{answer.ttl_s} s"
    took = "-" if answer.time_ms is None else ms(answer.time_ms)
    return ProbeReading(
        name,
        not judgement.wrong,
        (answer.name, answer.resolver, answered, ttl, took),
        judgement.wrong or judgement.remark,
        Numbers(took_ms=answer.time_ms),
        judgement.cause,
        warns=judgement.warns,
    )


def _judgement(answer: DnsAnswer, compared: _Compared) -> _Judgement:
    return (
        _without_address(answer)
        or _never_reached(answer, compared)
        or _mismatch(answer, compared)
        or _remarked(answer, compared)
    )


def _without_address(answer: DnsAnswer) -> _Judgement | None:
    """What is wrong where there is trouble, or no address."""
    if answer.goes_in_a_circle:
        return _Judgement(f"a circle of aliases: {answer.name} {answer.way}", "alias")
    if answer.aliases and not answer.addresses and answer.trouble in ("", NO_SUCH_NAME):
        why = f" ({answer.trouble})" if answer.trouble else ""
        # A zone's own server need not know the names of other zones.
        if answer.leads_on and not why:
            return None
        return _Judgement(f"an alias that leads nowhere: {answer.name} {answer.way}{why}", "alias")
    if answer.trouble == NO_SUCH_NAME:
        return _Judgement("NXDOMAIN: the name does not exist", answer.cause or "nxdomain")
    if answer.trouble:
        return _Judgement(answer.trouble, answer.cause or "failed")
    return None if answer.addresses else _Judgement("no address", "no address")


def _never_reached(answer: DnsAnswer, compared: _Compared) -> _Judgement | None:
    """Addresses at which nobody can be: a blocker's answer, or a mistake in the zone."""
    bad = [address for address in answer.addresses if address not in compared.own and never_reached(address)]
    if not bad:
        return None
    record = "AAAA" if ":" in bad[0] else "A"
    reference = compared.references[record]
    other = f" ({reference.resolver} says {listed(reference.of(record), compared.mask)})" if reference else ""
    words = f"{bad[0]} is {never_reached(bad[0])}{other}: the name is blocked there, or its record is wrong"
    return _Judgement(words, "unusable")


def _mismatch(answer: DnsAnswer, compared: _Compared) -> _Judgement | None:
    """Where an answer has nothing in common with the one that most agree with, in either record type."""
    parts, agreeing = [], []
    for record, reference in compared.references.items():
        here, there = answer.of(record), reference.of(record) if reference else ()
        if reference is None or reference is answer or not answer.addresses:
            continue
        difference = f"where {reference.resolver} says {listed(there, compared.mask)}"
        if not here:
            # Without an A record most people get nowhere; a resolver that leaves IPv6 out is only remarked.
            parts += [f"no A record {difference}"] if record == "A" else []
        elif set(here) & set(there) or {*here, *there} <= compared.own:
            agreeing.append(record)
        else:
            parts.append(f"mismatch: {listed(here, compared.mask)} {difference}")
    if not parts:
        return None
    alike = f" (in {agreeing[0]} they agree)" if agreeing else ""
    return _Judgement(", and ".join(parts) + alike, "mismatch")


def _remarked(answer: DnsAnswer, compared: _Compared) -> _Judgement:
    """What is odd about an answer that is good all the same."""
    remarks = [answer.remark] if answer.remark else []
    slow = answer.time_ms is not None and answer.time_ms >= compared.slow_s * 1000
    if slow:
        why = ", the first packet was not answered" if answer.asked_again else ""
        remarks.append(f"slow: {(answer.time_ms or 0.0) / 1000:.1f} s{why}")
    inside = [address for address in answer.addresses if address not in compared.own and private(address)]
    if inside and compared.mask(inside[0]) == inside[0]:
        remarks.append(f"{inside[0]} is {private(inside[0])}, reached inside its own network only")
    reference = compared.references["AAAA"]
    if reference and answer.addresses and not answer.of("AAAA"):
        remarks.append(f"no AAAA record where {reference.resolver} has one")
    return _Judgement(remark="; ".join(remarks), warns=slow)


def _reference(answers: Sequence[DnsAnswer], record: str, own: Sequence[str]) -> DnsAnswer | None:
    """The answer with addresses of one record type that most others share something with; of several the first."""
    usable = [
        answer
        for answer in answers
        if not answer.trouble
        and answer.of(record)
        and all(address in own or not never_reached(address) for address in answer.of(record))
    ]
    shares = [sum(bool({*answer.of(record)} & {*other.of(record)}) for other in usable) for answer in usable]
    return usable[shares.index(max(shares))] if usable else None


def listed(addresses: Sequence[str], mask: Mask) -> str:
    """As many addresses as a line takes, each once; "" for none."""
    return few_named(list(dict.fromkeys(map(mask, addresses))), _SHOWN)
