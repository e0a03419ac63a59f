"""One probe run while it is under way: the parts that are the same in all its results."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.clock import Clock
from bot.errors import BadInput
from bot.probes.model import About, Kind, Numbers, ProbeResult, Reading, Verdict
from bot.probes.parts import verdict_of


class Run:
    """Makes the results of one run: first those on the way, then the last one."""

    def __init__(self, kind: Kind, label: str, clock: Clock) -> None:
        self.started_at: datetime = clock()
        self.kind = kind
        self.label = label
        self._started = asyncio.get_running_loop().time()

    def result(self, verdict: Verdict, readings: Sequence[Reading] = (), **more: Any) -> ProbeResult:
        """`more` are further fields of ProbeResult."""
        duration_s = asyncio.get_running_loop().time() - self._started
        head = ProbeResult(self.kind.name, self.label, verdict, self.started_at, duration_s)
        return replace(head, columns=self.kind.columns, readings=tuple(readings), **more)

    def parts(self, readings: Sequence[Reading], *, numbers: Numbers | None = None, **more: Any) -> ProbeResult:
        """The result of several parts that are judged one by one; `more` are further fields of Verdict."""
        return self.result(verdict_of(self.kind, self.label, readings, numbers=numbers, **more), readings)

    def fails(self, wrong: str, *, name: str = "") -> ProbeResult:
        """The result where nothing could be asked, and that is a finding: its name leads to no address."""
        return self.result(self.kind.verdict(About(name or self.label), wrong, among=0))

    def could_not(self, why: str, remedy: str = "", *, set_up: bool = True) -> ProbeResult:
        """The result where the probe itself could not run."""
        verdict = self.kind.verdict(About(self.label), why, measured=False, set_up=set_up)
        return self.result(verdict, remedy=remedy)

    def refused(self, error: BadInput) -> ProbeResult:
        return self.could_not(error.sentence, getattr(error, "remedy", ""))
