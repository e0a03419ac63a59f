"""The result of a traced path: the same record, table and report whoever traced it. Pure but for the run's clock."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC

from bot.probes.icmp.loss import ms, numbers_of, of
from bot.probes.icmp.path import Hop, Path
from bot.probes.icmp.path_facts import PathFacts
from bot.probes.icmp.path_verdict import read
from bot.probes.model import ProbeReading, ProbeResult, Verdict
from bot.probes.results import Run
from bot.probes.tables import slug


def traced(
    run: Run,
    path: Path,
    *,
    place: str = "",
    remark: str = "",
    others: Sequence[Path] = (),
    goes_on_to: int = 0,
) -> ProbeResult:
    """`place` is where a remote probe is, and part of the report's name; `remark` stands beside the verdict.

    `others` are MTRs of the same machine at about the same time; `goes_on_to` see ProbeResult.
    """
    name = "-".join(part for part in (run.kind.name, slug(place), path.destination.replace(":", "-")) if part)
    return replace(
        so_far(run, path, remark=remark, others=others, goes_on_to=goes_on_to),
        report=report_text(path),
        report_name=f"{name}-{path.started_at:%Y%m%dT%H%M%SZ}.txt",
    )


def so_far(run: Run, path: Path, *, remark: str = "", others: Sequence[Path] = (), goes_on_to: int = 0) -> ProbeResult:
    """On the way: what a message shows, without the file."""
    verdict = read(path, others, kind=run.kind, remarks=(remark,) if remark else ())
    return run.result(verdict, hop_readings(path, verdict), goes_on_to=goes_on_to)


def hop_readings(path: Path, verdict: Verdict) -> list[ProbeReading]:
    """One for each hop, judged by what the whole path's verdict says."""
    return [_reading(path, hop, verdict) for hop in path.hops]


def _reading(path: Path, hop: Hop, verdict: Verdict) -> ProbeReading:
    tally = hop.tally
    times = (tally.last_ms, tally.average_ms, tally.best_ms, tally.worst_ms, tally.deviation_ms)
    delays = [ms(value) if tally.received else "-" for value in times]
    hosts = ", ".join(_host(path, host) for host in hop.hosts) or "???"
    cells = (str(hop.ttl), hosts, of(tally.lost, tally.sent) if tally.sent else "-", *delays)
    reason, cause, ok = _judged(hop, verdict, verdict.path)
    return ProbeReading(
        f"{hop.ttl}. {hop.name}",
        ok,
        cells,
        reason,
        numbers_of(tally),
        cause,
        hop.hosts[0] if hop.hosts else "",
        asked=tally.sent > 0,
    )


def _judged(hop: Hop, verdict: Verdict, facts: PathFacts | None) -> tuple[str, str, bool]:
    """What is remarkable about a hop, in a few words and in one, and whether it is as it should be.

    A router is not bad for what it does not answer, but for what is lost from there on to the target.
    """
    tally = hop.tally
    lost = f"{of(tally.lost, tally.sent)} lost"
    is_end = facts is not None and facts.reached and hop.ttl == facts.hops
    if not tally.sent:
        return "not asked", "not asked", True
    if hop.silent:
        return "does not answer", "silent", not (facts and not facts.reached and hop.ttl == facts.hops)
    rejects = next((rejecting for rejecting in facts.rejects if rejecting.by.ttl == hop.ttl), None) if facts else None
    if rejects:
        return f"rejects {of(rejects.lost, rejects.sent)}", "rejects", False
    if facts and hop.ttl in {router.ttl for router in facts.limited}:
        return f"{lost}, limits its own answers", "limited", True
    if not tally.loses:
        return "", "", not (is_end and verdict.wrong)
    first = facts.begins.first.ttl if facts and facts.begins else 1
    return lost, "loss", not verdict.wrong or (hop.ttl < first and not is_end)


def _host(path: Path, address: str) -> str:
    network = path.network(address)
    return f"{path.named(address)} [{network}]" if network else path.named(address)


# Title, width and place of mtr's default columns ("LS NABWV"); the space column stands before Last.
_HEADINGS = (("Loss%", 6), ("Snt", 6), (" ", 1), ("Last", 6), ("Avg", 6), ("Best", 6), ("Wrst", 6), ("StDev", 6))


def report_text(path: Path) -> str:
    """The report of mtr 0.95, with its quirks: a 100 % loss has no percent sign, as mtr cuts columns to their width.

    Below the hops stands what mtr does not know: who rejected packets, which count as lost above.
    """
    names = [_name(path, hop) for hop in path.hops]
    width = max([len(path.source), *(len(name) for name in names)])
    lines = [
        f"Start: {path.started_at.astimezone(UTC):%Y-%m-%dT%H:%M:%S%z}",
        f"HOST: {path.source:<{width}}" + "".join(f"{title:>{size}}" for title, size in _HEADINGS),
    ]
    for hop, name in zip(path.hops, names, strict=True):
        lines.append(f" {hop.ttl:2d}.|-- {name:<{width}}" + _columns(hop))
        lines.extend(_other_hosts(path, hop))
    for rejects in path.rejects:
        said = f"said {rejects.words}" if rejects.words else "rejected"
        router = f"{path.named(rejects.by.host)} at hop {rejects.by.ttl}"
        lines.append(f"{router} {said} to {of(rejects.lost, rejects.sent)} packets")
    return "\n".join(lines) + "\n"


def _columns(hop: Hop) -> str:
    tally = hop.tally
    times = (tally.last_ms, tally.average_ms, tally.best_ms, tally.worst_ms, tally.deviation_ms)
    texts = [f" {tally.loss_pct:4.1f}%", f" {tally.sent:5d}", " ", *(f" {value:5.1f}" for value in times)]
    cut = [text[:size] for text, (_title, size) in zip(texts, _HEADINGS, strict=True)]
    return "".join([*cut[:-1], texts[-1]])


def _other_hosts(path: Path, hop: Hop) -> list[str]:
    """Further addresses of one hop, as mtr shows balanced routes."""
    others = [path.named(host) for host in hop.hosts[1:]]
    return [f"    |  {' ' if number else '`'}|-- {name}" for number, name in enumerate(others)]


def _name(path: Path, hop: Hop) -> str:
    return path.named(hop.name) if hop.hosts else hop.name
