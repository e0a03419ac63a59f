"""The result of a traced path: the same record, table and report whoever traced it. Pure but for the run's clock."""

import re

from bot.probes.loss import ms, of, own_drops
from bot.probes.model import CAVEATS, DELAY, ProbeResult, Reading
from bot.probes.path import Hop, Path, delay_words, read
from bot.probes.report import hub, report_data, report_text
from bot.probes.run import Run

COLUMNS = ("Hop", "Host", "Lost", "Last", "Avg", "Best", "Worst", "StDev")


def traced(run: Run, path: Path, *, kind: str = "mtr", place: str = "", remark: str = "") -> ProbeResult:
    """`place` is where a remote probe is, and part of the report's name; `remark` goes after the verdict."""
    finding, own = read(path), own_drops(path.drops)
    where = re.sub(r"[^a-z0-9]+", "-", place.lower()).strip("-")
    name = "-".join(part for part in (kind, where, path.destination.replace(":", "-")) if part)
    return run.result(
        ok=finding.ok,
        verdict="; ".join(part for part in (finding.verdict, remark) if part),
        readings=[_reading(path, hop) for hop in path.hops],
        report=report_text(path),
        report_name=f"{name}-{path.started_at:%Y%m%dT%H%M%SZ}.txt",
        data=report_data(path) | {CAVEATS: [own] if own else [], DELAY: delay_words(path)},
    )


def so_far(run: Run, path: Path) -> ProbeResult:
    """On the way: what a message shows, without the file."""
    finding = read(path)
    return run.result(ok=finding.ok, verdict=finding.verdict, readings=[_reading(path, hop) for hop in path.hops])


def _reading(path: Path, hop: Hop) -> Reading:
    tally = hop.tally
    times = (tally.last_ms, tally.average_ms, tally.best_ms, tally.worst_ms, tally.deviation_ms)
    shown = [ms(value) if tally.received else "-" for value in times]
    hosts = ", ".join(_host(path, host) for host in hop.hosts) or "???"
    cells = (str(hop.ttl), hosts, of(tally.lost, tally.sent) if tally.sent else "-", *shown)
    return Reading(f"{hop.ttl}. {hop.name}", not tally.loses, cells, _remark(hop), hub(path, hop))


def _host(path: Path, address: str) -> str:
    network = path.network(address)
    return f"{path.named(address)} [{network}]" if network else path.named(address)


def _remark(hop: Hop) -> str:
    if not hop.tally.sent:
        return "not asked"
    if hop.silent:
        return "does not answer"
    return f"{of(hop.tally.lost, hop.tally.sent)} lost" if hop.tally.loses else ""
