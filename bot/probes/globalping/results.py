"""What Globalping's probes found, as the same records that a local run makes. Pure but for the run's clock."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.loose_json import items, line, mapping, number, whole
from bot.probes.address import Networks, canonical
from bot.probes.dns import agreement
from bot.probes.dns import answers as dns_answers
from bot.probes.dns.agreement import DNS
from bot.probes.globalping.wire import TIMEOUT_S, GlobalpingAnswer, GlobalpingQuestion
from bot.probes.icmp.loss import Tally
from bot.probes.icmp.path import Hop, Path
from bot.probes.icmp.path_verdict import MTR
from bot.probes.icmp.peers import PING, against_peers, judged, sweep_verdict
from bot.probes.icmp.reverse import HOST_NAME
from bot.probes.icmp.trace_result import traced
from bot.probes.model import About, ProbeKind, ProbeReading, ProbeResult
from bot.probes.results import Run
from bot.probes.web import answer as web_answer
from bot.probes.web.answer import HTTP, WebAnswer
from bot.probes.wording import long

KINDS: Mapping[str, ProbeKind] = {kind.name: kind for kind in (PING, MTR, replace(MTR, name="traceroute"), DNS, HTTP)}
"""What its probes can measure; the results are those of the kinds here."""
TRACEROUTE_PACKETS = 2
"""The probes run traceroute with -q 2 (globalping-probe src/command); lost packets are left out of its timings."""
_PACKETS_MAX = 100
_HOPS_MAX = 64
# The specification's words for the phases, and ours.
_PHASES = {"dns": "dns", "tcp": "connect", "tls": "tls", "firstByte": "first byte", "download": "body"}

Asked = Sequence[tuple[GlobalpingQuestion, GlobalpingAnswer]]
"""The questions with what one probe has answered, or is about to."""


def found_by(run: Run, asked: Asked, *, slow_s: float, networks: Networks, own: Sequence[str] = ()) -> ProbeResult:
    """The result of one probe. What is not finished or failed stands in it with its reason.

    `own` are the target's addresses, which are right for its names.
    """
    states = {answer.state for _, answer in asked}
    if states == {"offline"}:
        return run.could_not(
            f"The probe in {asked[0][1].place.name} is no longer there", "Ask again: others take its place."
        )
    match run.kind.name:
        case "ping":
            return _pinged(run, asked)
        case "dns":
            return _looked_up(run, asked, own)
        case "http":
            return _asked_for(run, asked, slow_s)
        case _:
            return _traced(run, *asked[0], networks)


def _trouble(answer: GlobalpingAnswer, kind: str) -> str:
    """Why there is no usable answer, "" where there is one."""
    match answer.state:
        case "in-progress":
            return f"not finished after {TIMEOUT_S[kind]} s"
        case "failed":
            return answer.last_words or "the measurement failed without a reason"
        case "offline":
            return "the probe went offline"
        case _:
            return ""


def _pinged(run: Run, asked: Asked) -> ProbeResult:
    readings = against_peers([_ping_reading(question, answer) for question, answer in asked])
    return run.result(sweep_verdict(run.label, readings), readings)


def _ping_reading(question: GlobalpingQuestion, answer: GlobalpingAnswer) -> ProbeReading:
    trouble = _trouble(answer, "ping")
    tally = Tally(0, ()) if trouble else _tally(answer.result)
    return judged(question.name, tally, unsent=trouble or ("" if tally.sent else "an answer without numbers"))


def _looked_up(run: Run, asked: Asked, own: Sequence[str]) -> ProbeResult:
    names = list(dict.fromkeys(question.name for question, _ in asked))
    answers = [_dns_answer(name, [answer for question, answer in asked if question.name == name]) for name in names]
    return run.result(*agreement.dns_verdict(run.label, answers, own=own))


def _dns_answer(name: str, parts: Sequence[GlobalpingAnswer]) -> dns_answers.DnsAnswer:
    """The record types of one name as one answer, as the local probe shows them."""
    records = [mapping(record) for part in parts for record in items(part.result.get("answers"))]
    addresses = [canonical(line(record.get("value"))) for record in records if record.get("type") in ("A", "AAAA")]
    ttls = [ttl for record in records if (ttl := whole(record.get("ttl"))) is not None]
    times = [took for part in parts if (took := number(mapping(part.result.get("timings")).get("total"))) is not None]
    resolvers = [resolver for part in parts if (resolver := line(part.result.get("resolver"), 60))]
    return dns_answers.DnsAnswer(
        name,
        resolvers[0] if resolvers else "its resolver",
        addresses=tuple(sorted({address for address in addresses if address})),
        ttl_s=min(ttls, default=None),
        time_ms=max(times, default=None),
        trouble=_dns_trouble(parts),
    )


def _dns_trouble(parts: Sequence[GlobalpingAnswer]) -> str:
    troubles = []
    for part in parts:
        code = line(part.result.get("statusCodeName"), 20)
        troubles.append(_trouble(part, "dns") or ("" if code == "NOERROR" else code or "an answer without a status"))
    return (
        troubles[0] if len(set(troubles)) == 1 else ", ".join(dict.fromkeys(trouble for trouble in troubles if trouble))
    )


def _asked_for(run: Run, asked: Asked, slow_s: float) -> ProbeResult:
    return run.result(*web_answer.web_verdict(run.label, [_web_answer(*pair) for pair in asked], slow_s=slow_s))


def _web_answer(question: GlobalpingQuestion, answer: GlobalpingAnswer) -> WebAnswer:
    result, timings = answer.result, mapping(answer.result.get("timings"))
    phases = {ours: took for theirs, ours in _PHASES.items() if (took := number(timings.get(theirs))) is not None}
    status, secure = whole(result.get("statusCode")) or 0, mapping(result.get("tls"))
    failure, cause = _trouble(answer, "http"), "globalping"
    if not failure and not 100 <= status <= 599:
        failure, cause = "an answer without a status", "not http"
    if not failure and secure.get("authorized") is False:
        failure, cause = f"TLS: {line(secure.get('error')) or 'the certificate is not trusted'}", "certificate"
    location = line(mapping(result.get("headers")).get("location")) if 300 <= status < 400 else ""
    return WebAnswer(
        urls=(question.name, location) if location else (question.name,),
        status=status,
        phases_ms=phases,
        total_ms=number(timings.get("total")) or sum(phases.values()),
        address=canonical(line(result.get("resolvedAddress"))),
        cause=cause if failure else "",
        failure=failure,
    )


def _traced(run: Run, question: GlobalpingQuestion, answer: GlobalpingAnswer, networks: Networks) -> ProbeResult:
    kind = run.kind.name
    hops, names = _hops(kind, answer.result, question.target)
    trouble = _trouble(answer, kind)
    if not hops:
        return run.fails(f"{question.name}: {trouble or 'an answer without hops'}")
    path = Path(
        destination=question.target,
        source=answer.place.name,
        started_at=run.started_at,
        cycles=max(hop.tally.sent for hop in hops),
        hops=hops,
        reached=hops[-1].hosts == (question.target,),
        names=tuple(names.items()),
        networks=networks.of(host for hop in hops for host in hop.hosts),
    )
    result = traced(run, path, place=answer.place.city)
    if not trouble:
        return result
    so_far = f"{trouble}; so far: {long(result.verdict)}"
    return replace(result, verdict=run.kind.verdict(About(run.label, question.target), so_far, among=0))


def _hops(kind: str, result: Mapping[str, object], destination: str) -> tuple[tuple[Hop, ...], dict[str, str]]:
    """The hops as far as the destination, which mtr may list more than once, and reverse names by address."""
    hops: list[Hop] = []
    names: dict[str, str] = {}
    for entry in map(mapping, items(result.get("hops"))[:_HOPS_MAX]):
        address, name = canonical(line(entry.get("resolvedAddress"))), line(entry.get("resolvedHostname"), 253)
        tally = _tally(entry, at_least=TRACEROUTE_PACKETS if kind == "traceroute" else 0)
        hops.append(Hop(len(hops) + 1, (address,) if address else (), tally))
        if address and name not in ("", address) and HOST_NAME.match(name):
            names[address] = name
        if address == destination:
            break
    while hops and hops[-1].silent and len(hops) > 1 and hops[-2].silent:
        hops.pop()
    return tuple(hops), names


def _tally(entry: Mapping[str, object], *, at_least: int = 0) -> Tally:
    """Packets and delays: `timings` has them singly (null where lost), `stats` their counts."""
    stats, timings = mapping(entry.get("stats")), items(entry.get("timings"))[:_PACKETS_MAX]
    rtts = [rtt for timing in timings if (rtt := number(mapping(timing).get("rtt"))) is not None]
    received, average = whole(stats.get("rcv")), number(stats.get("avg"))
    if not rtts and received and average is not None:
        rtts = [average] * min(received, _PACKETS_MAX)
    sent = min(whole(stats.get("total")) or len(timings), _PACKETS_MAX)
    return Tally(max(sent, len(rtts), at_least), tuple(rtts))
