"""How long each kind is kept now, and what would go."""

from collections.abc import Mapping
from datetime import timedelta

from bot.clock import Clock
from bot.retention.model import KeptKind, KeptTime, Standing, settled
from bot.retention.store import RetentionStore

KNOWN = (KeptKind.LOGS, KeptKind.MESSAGES, KeptKind.PROBES, KeptKind.STREAM)
"""Kinds that went by the same time before there was a table of times."""


class RetentionService:
    """`configured` are the days of the settings by kind, 0 for ever."""

    def __init__(self, *, store: RetentionStore, clock: Clock, configured: Mapping[KeptKind, int]) -> None:
        self._store = store
        self._clock = clock
        self._configured = configured

    def kept(self, kind: KeptKind) -> timedelta | None:
        """How long a kind is kept at this moment, None for ever; what the settings want is noted."""
        before = self._store.times().get(kind)
        time = self._planned(kind, before)
        if time != before:
            self._store.keep(kind, time)
        return timedelta(days=time.days) if time.days else None

    def standing(self) -> list[Standing]:
        """All kinds, with what is too old now and what will be. It changes nothing."""
        return [self._standing(kind, time) for kind, time in self._all_planned()]

    def shortened(self) -> list[Standing]:
        """Those of which a shorter time takes something, and has not begun yet; only those are counted."""
        waiting = [self._standing(kind, time) for kind, time in self._all_planned() if time.wanted]
        return [standing for standing in waiting if standing.then]

    def _all_planned(self) -> list[tuple[KeptKind, KeptTime]]:
        times = self._store.times()
        return [(kind, self._planned(kind, times.get(kind))) for kind in KeptKind]

    def _planned(self, kind: KeptKind, before: KeptTime | None) -> KeptTime:
        return settled(before, self._configured.get(kind, 0), self._clock(), known=kind in KNOWN)

    def _standing(self, kind: KeptKind, time: KeptTime) -> Standing:
        return Standing(kind, time, self._old(kind, time.days), self._old(kind, time.wanted))

    def _old(self, kind: KeptKind, days: int | None) -> int:
        return self._store.too_old(kind, self._clock() - timedelta(days=days)) if days else 0
