"""Making results: of a run that is under way, and of parts that are judged one by one."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.clock import Clock
from bot.errors import BadInput
from bot.probes.model import About, Numbers, ProbeKind, ProbeReading, ProbeResult, Verdict


class Run:
    """Makes the results of one run: first those on the way, then the last one."""

    def __init__(self, kind: ProbeKind, label: str, clock: Clock) -> None:
        self.started_at: datetime = clock()
        self.kind = kind
        self.label = label
        self._started = asyncio.get_running_loop().time()

    @property
    def duration_s(self) -> float:
        return asyncio.get_running_loop().time() - self._started

    def result(
        self,
        verdict: Verdict,
        readings: Sequence[ProbeReading] = (),
        *,
        duration_s: float | None = None,
        **more: Any,
    ) -> ProbeResult:
        """`more` are further fields of ProbeResult; `duration_s` is given where no event loop runs."""
        duration_s = self.duration_s if duration_s is None else duration_s
        head = ProbeResult(self.kind.name, self.label, verdict, self.started_at, duration_s)
        return replace(head, columns=self.kind.columns, readings=tuple(readings), **more)

    def parts(self, readings: Sequence[ProbeReading], *, numbers: Numbers | None = None, **more: Any) -> ProbeResult:
        """The result of several parts that are judged one by one; `more` are further fields of Verdict."""
        return self.result(verdict_of(self.kind, self.label, readings, numbers=numbers, **more), readings)

    def fails(self, wrong: str) -> ProbeResult:
        """The result where nothing could be asked, and that is a finding: its name leads to no address."""
        return self.result(self.kind.verdict(About(self.label), wrong, among=0))

    def could_not(self, why: str, remedy: str = "", *, set_up: bool = True) -> ProbeResult:
        """The result where the probe itself could not run."""
        verdict = self.kind.verdict(About(self.label), why, measured=False, set_up=set_up)
        return self.result(verdict, remedy=remedy)

    def refused(self, error: BadInput) -> ProbeResult:
        return self.could_not(error.sentence, getattr(error, "remedy", ""))


BROKEN = "broken"
"""The cause of a part that an error of the bot's own kept from being measured."""
BROKEN_WORDS = "not measured: an error in the bot itself, which its log shows"


def verdict_of(
    kind: ProbeKind,
    label: str,
    readings: Sequence[ProbeReading],
    *,
    numbers: Numbers | None = None,
    missing: Sequence[str] = (),
    **more: Any,
) -> Verdict:
    """The parts that fail as faults, those that were asked counted; `more` are further fields of Verdict.

    A single part is what the verdict is about. Remarks of parts that are fine stand in `remarks`, with their names
    where there are several. `missing` are hosts without an address and why, which is trouble too. Where all parts were
    lost to the bot's own errors, nothing was measured.
    """
    asked = [reading for reading in readings if reading.asked]
    if asked and all(reading.cause == BROKEN for reading in asked):
        return kind.verdict(About(label), BROKEN_WORDS, measured=False)
    bad = [reading for reading in asked if not reading.ok]
    single = asked[0] if len(asked) == 1 else None
    remarks = [
        reading.reason if reading is single else f"{reading.name}: {reading.reason}"
        for reading in readings
        if reading.reason and (reading.ok or not reading.asked)
    ]
    return kind.verdict(
        about=About(single.name, single.address) if single else About(label),
        wrong="fails" if bad else "has trouble" if missing else "",
        numbers=numbers or (single.numbers if single else Numbers()),
        faults=tuple(reading.fault for reading in bad),
        among=len(asked),
        warns=any(reading.warns for reading in asked) and not bad,
        remarks=(*remarks, *more.pop("remarks", ())),
        caveats=tuple(missing),
        **more,
    )


def slowest(readings: Sequence[ProbeReading]) -> Numbers:
    """How long the one took that took longest."""
    return Numbers(took_ms=max((reading.numbers.took_ms or 0.0 for reading in readings), default=0.0))


def failed(kind: ProbeKind, name: str, reason: str, cause: str = "", *, address: str = "") -> ProbeReading:
    """The reading of a part of which nothing is known but why."""
    return ProbeReading(name, False, (name, *["-"] * (len(kind.columns) - 1)), reason, cause=cause, address=address)


def broken(kind: ProbeKind, name: str, *, address: str = "") -> ProbeReading:
    """The reading of a part that the bot's own error kept from being measured."""
    return failed(kind, name, BROKEN_WORDS, BROKEN, address=address)
