"""One probe run while it is under way: the parts that are the same in all its results."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.clock import Clock
from bot.errors import BadInput
from bot.probes.model import ProbeResult, Reading


class Run:
    """Makes the results of one run: first those on the way, then the last one."""

    def __init__(self, kind: str, label: str, columns: tuple[str, ...], clock: Clock) -> None:
        self.started_at: datetime = clock()
        self._kind = kind
        self._label = label
        self._columns = columns
        self._started = asyncio.get_running_loop().time()

    def result(self, *, ok: bool, verdict: str, readings: Sequence[Reading] = (), **more: Any) -> ProbeResult:
        """`more` are further fields of ProbeResult."""
        duration_s = asyncio.get_running_loop().time() - self._started
        head = ProbeResult(self._kind, self._label, ok, verdict, self.started_at, duration_s)
        return replace(head, columns=self._columns, readings=tuple(readings), **more)

    def could_not(self, why: str, remedy: str = "") -> ProbeResult:
        """The result where the probe itself could not run."""
        return self.result(ok=False, verdict=why, could_run=False, remedy=remedy)

    def refused(self, error: BadInput) -> ProbeResult:
        return self.could_not(error.sentence, getattr(error, "remedy", ""))
