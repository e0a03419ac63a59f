"""The result of a traced path: the same record, table and report whoever traced it. Pure but for the run's clock."""

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.probes.loss import ms, numbers_of, of
from bot.probes.model import ProbeResult, Reading, Verdict
from bot.probes.path import Hop, Path
from bot.probes.path_verdict import read
from bot.probes.report import report_text
from bot.probes.run import Run

COLUMNS = ("Hop", "Host", "Lost", "Last", "Avg", "Best", "Worst", "StDev")


def traced(
    run: Run, path: Path, *, kind: str = "mtr", place: str = "", remark: str = "", others: Sequence[Path] = ()
) -> ProbeResult:
    """The whole result. `place` is where a remote probe is, a part of the report's name; `others` are as in `read`."""
    return with_report(so_far(run, path, kind=kind, remark=remark, others=others), path, place=place)


def so_far(run: Run, path: Path, *, kind: str = "mtr", remark: str = "", others: Sequence[Path] = ()) -> ProbeResult:
    """On the way: what a message shows, without the file."""
    return run.result(verdict_on(path, others, kind=kind, remark=remark), readings_of(path))


def further(result: ProbeResult, path: Path, others: Sequence[Path]) -> ProbeResult:
    """The same result after more cycles; what was remarked beside the path stays."""
    verdict = replace(read(path, others, kind=result.kind), remarks=result.verdict.remarks)
    return replace(result, verdict=verdict, readings=readings_of(path), goes_on_to=0)


def with_report(result: ProbeResult, path: Path, *, place: str = "") -> ProbeResult:
    where = re.sub(r"[^a-z0-9]+", "-", place.lower()).strip("-")
    name = "-".join(part for part in (result.kind, where, path.destination.replace(":", "-")) if part)
    return replace(result, report=report_text(path), report_name=f"{name}-{path.started_at:%Y%m%dT%H%M%SZ}.txt")


def verdict_on(path: Path, others: Sequence[Path], *, kind: str, remark: str = "") -> Verdict:
    verdict = read(path, others, kind=kind)
    return replace(verdict, remarks=(remark,)) if remark else verdict


def readings_of(path: Path) -> tuple[Reading, ...]:
    return tuple(_reading(path, hop) for hop in path.hops)


def _reading(path: Path, hop: Hop) -> Reading:
    tally = hop.tally
    times = (tally.last_ms, tally.average_ms, tally.best_ms, tally.worst_ms, tally.deviation_ms)
    shown = [ms(value) if tally.received else "-" for value in times]
    hosts = ", ".join(_host(path, host) for host in hop.hosts) or "???"
    cells = (str(hop.ttl), hosts, of(tally.lost, tally.sent) if tally.sent else "-", *shown)
    address = hop.hosts[0] if hop.hosts else ""
    return Reading(
        f"{hop.ttl}. {hop.name}",
        not tally.loses,
        cells,
        _remark(hop),
        numbers_of(tally),
        address=address,
        asked=bool(tally.sent),
    )


def _host(path: Path, address: str) -> str:
    network = path.network(address)
    return f"{path.named(address)} [{network}]" if network else path.named(address)


def _remark(hop: Hop) -> str:
    if not hop.tally.sent:
        return "not asked"
    if hop.silent:
        return "does not answer"
    return f"{of(hop.tally.lost, hop.tally.sent)} lost" if hop.tally.loses else ""
