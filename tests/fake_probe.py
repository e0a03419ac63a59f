"""A probe that finds what it is told to."""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from bot.probes.model import Picture, ProbeResult, Progress, Reading, Subject

STARTED = datetime(2026, 11, 20, 9, 12, tzinfo=UTC)


def reading(name: str, lost: int = 0) -> Reading:
    data = {"sent": 10, "lost": lost, "received": 10 - lost, "loss_pct": lost * 10.0, "median_ms": 9.0}
    return Reading(name, lost == 0, (name, f"{lost * 10} %"), f"{lost} of 10 lost" if lost else "", data)


def result(kind: str, label: str, *, lost: int = 0, report: str = "", **more: object) -> ProbeResult:
    shown = {"columns": ("address", "loss"), "readings": (reading("10.1.2.3", lost),), "report": report} | more
    name = f"{kind}.txt" if report else ""
    verdict = f"{lost * 10} % loss"
    return ProbeResult(kind, label, not lost, verdict, STARTED, 1.5, report_name=name, **shown)  # type: ignore[arg-type]


@dataclass
class FakeProbe:
    """Implements the port `Probe`; with `gate` it waits until that is set, `trouble` is raised."""

    kind: str = "ping"
    summary: str = "whether it answers"
    lost: dict[str, int] = field(default_factory=dict)
    report: str = ""
    rows: int = 1
    picture: Picture | None = None
    steps: int = 0
    gate: asyncio.Event | None = None
    trouble: Exception | None = None
    seen: list[Subject] = field(default_factory=list)

    async def run(self, subject: Subject, *, progress: Progress) -> ProbeResult:
        self.seen.append(subject)
        if self.gate:
            await self.gate.wait()
        if self.trouble:
            raise self.trouble
        lost = self.lost.get(subject.label, 0)
        found = result(self.kind, subject.label, lost=lost, report=self.report, picture=self.picture)
        found = replace(found, readings=found.readings * self.rows)
        for _ in range(self.steps):
            progress(found)
        return found
