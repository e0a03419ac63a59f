"""Over all logs of an investigation: how many have the same, on what, since when; and what is new in one. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from bot.customer_logs.model import CustomerLog, Drop, Finding, LogReport, LogState, Repeat, SentLog
from bot.known_issues.model import KnownIssue


@dataclass(frozen=True, slots=True)
class Shared:
    """`having` of `logs` logs have a finding. `versions` and `systems` are of those, "" for one that doesn't say."""

    finding: Finding
    having: int
    logs: int
    versions: tuple[str, ...] = ()
    systems: tuple[str, ...] = ()
    first: LogReport | None = None
    """The log in which it was first."""
    first_at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownDrop:
    """A message with logs, with what else its card tells. `shared` is told by the newest card of an investigation."""

    drop: Drop
    shared: tuple[Shared, ...] = ()
    others: tuple[LogReport, ...] = ()
    """What the other logs of the investigation say."""
    issues: Mapping[int, KnownIssue] = field(default_factory=dict)


def once(drops: Sequence[Drop]) -> list[Drop]:
    """Of logs with the same bytes one has what was read, the others say that they are the same.

    That is the first; where a later reading found something else, since more lines are known by then, the later one.
    """
    speaking: dict[str, tuple[CustomerLog, Drop]] = {}
    for drop in drops:
        for log in drop.logs:
            before = speaking.get(log.digest)
            if log.digest and log.state is LogState.READ and (not before or _found(before[0]) != _found(log)):
                speaking[log.digest] = (log, drop)
    sent = {digest: _sent(log, drop) for digest, (log, drop) in speaking.items()}
    return [replace(drop, logs=tuple(_once(log, sent.get(log.digest)) for log in drop.logs)) for drop in drops]


def _once(log: CustomerLog, sent: SentLog | None) -> CustomerLog:
    again = sent and sent.log_id != log.id and log.state is LogState.READ
    return replace(log, reports=(), same_as=sent) if again else log


def _sent(log: CustomerLog, drop: Drop) -> SentLog:
    return SentLog(log.id, next((report.name for report in log.reports), ""), drop.by, drop.at, log.ticket_id)


def _found(log: CustomerLog) -> frozenset[str]:
    return frozenset(finding.signature for report in log.reports for finding in report.findings)


def reports_of(drops: Iterable[Drop]) -> list[LogReport]:
    """What was read and is kept, oldest first."""
    return [report for drop in drops for log in drop.logs if log.state is LogState.READ for report in log.reports]


def shared(reports: Sequence[LogReport]) -> list[Shared]:
    """Each cause, those that most logs have first."""
    having: dict[str, list[tuple[LogReport, Finding]]] = {}
    for report in reports:
        for finding in report.findings:
            having.setdefault(finding.signature, []).append((report, finding))
    return sorted((_shared(those, len(reports)) for those in having.values()), key=lambda each: -each.having)


def _shared(those: Sequence[tuple[LogReport, Finding]], logs: int) -> Shared:
    dated = [(moment, report, finding) for report, finding in those if (moment := moment_of(report, finding.at))]
    first = min(dated, key=lambda each: each[0]) if dated else None
    return Shared(
        finding=those[0][1],
        having=len(those),
        logs=logs,
        versions=_each(f"{report.version}" for report, _ in those),
        systems=_each(report.system for report, _ in those),
        first=first[1] if first else None,
        first_at=first[2].at if first else "",
    )


def _each(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))


def moment_of(report: LogReport, at: str) -> datetime | None:
    """When it was by the log's clock: in UTC where its zone is known, else as if that were UTC."""
    if "T" not in at:
        return None
    return datetime.fromisoformat(at).replace(tzinfo=UTC) - timedelta(minutes=report.zone or 0)


def new_in(report: LogReport, others: Sequence[LogReport]) -> tuple[Repeat, ...]:
    """Lines about trouble of a kind that no other log has; none where there is no other log."""
    if not others:
        return ()
    known = {shape for other in others for shape in other.shapes}
    return tuple(trouble for trouble in report.troubles if trouble.digest not in known)
