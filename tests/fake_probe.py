"""A probe that finds what it is told to."""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from bot.pictures.model import Picture
from bot.probes.globalping import results as globalping
from bot.probes.model import (
    About,
    Fault,
    Numbers,
    ProbeKind,
    ProbeReading,
    ProbeResult,
    Progress,
    Subject,
    Verdict,
)
from bot.probes.registry import KINDS as OWN

KINDS = {**globalping.KINDS, **OWN}
STARTED = datetime(2026, 11, 20, 9, 12, tzinfo=UTC)


def reading(name: str, lost: int = 0) -> ProbeReading:
    reason, cause = (f"{lost} of 10 lost", "loss") if lost else ("", "")
    return ProbeReading(name, lost == 0, (name, f"{lost * 10} %"), reason, counted(lost), cause, name)


def counted(lost: int) -> Numbers:
    return Numbers(sent=10, lost=lost, median_ms=None if lost == 10 else 9.0)


def verdict(kind: str, label: str, *, lost: int = 0, barred: str = "") -> Verdict:
    """What a probe of one address says; `barred` is why it could not run."""
    if barred:
        return KINDS[kind].verdict(About(label), barred, measured=False)
    about = About("10.1.2.3", "10.1.2.3")
    faults = (Fault(about, f"{lost} of 10 lost", counted(lost), "loss"),) if lost else ()
    return KINDS[kind].verdict(
        about, "loses packets" if lost else "", "" if lost else "answers", numbers=counted(lost), faults=faults
    )


def result(kind: str, label: str, *, lost: int = 0, report: str = "", barred: str = "", **more: object) -> ProbeResult:
    shown = {"columns": ("address", "loss"), "readings": (reading("10.1.2.3", lost),), "report": report} | more
    name = f"{kind}.txt" if report else ""
    said = verdict(kind, label, lost=lost, barred=barred)
    return ProbeResult(kind, label, said, STARTED, 1.5, report_name=name, **shown)  # type: ignore[arg-type]


@dataclass
class FakeProbe:
    """Implements the port `Probe`; with `gate` it waits until that is set, `trouble` is raised."""

    name: str = "ping"
    lost: dict[str, int] = field(default_factory=dict)
    report: str = ""
    rows: int = 1
    picture: Picture | None = None
    steps: int = 0
    gate: asyncio.Event | None = None
    trouble: Exception | None = None
    seen: list[Subject] = field(default_factory=list)

    @property
    def kind(self) -> ProbeKind:
        return KINDS[self.name]

    async def run(self, subject: Subject, *, progress: Progress) -> ProbeResult:
        self.seen.append(subject)
        if self.gate:
            await self.gate.wait()
        if self.trouble:
            raise self.trouble
        lost = self.lost.get(subject.label, 0)
        found = result(self.name, subject.label, lost=lost, report=self.report, picture=self.picture)
        found = replace(found, readings=found.readings * self.rows)
        for _ in range(self.steps):
            progress(found)
        return found
