"""After *Resolve*: the trouble is watched for a day, and said once when it starts again."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.database import Database
from bot.investigations.model import Investigation
from bot.stored import Stored
from bot.tickets.rise import CHANCE, HOUR, UNUSUAL
from bot.trends.life import is_of
from bot.trends.model import Facts, Rise, SeriesKey, beyond_chance
from bot.trends.ports import RiseDetector, StoredTickets
from bot.trends.store import TrendStore

WATCHED = timedelta(hours=24)
SETTLES_WITHIN = timedelta(hours=3)
"""So long customers may still write about what is mended: the longest window holds the tickets from before."""
QUIET = timedelta(minutes=30)
"""So long no more than usual wrote, and it is over."""
COUNTED_MAX = 1000
"""Tickets of half an hour or an hour; beyond that it is not settled anyhow."""


@dataclass(frozen=True, slots=True)
class Watch:
    """A resolved investigation; `settled_at` is when no more customers than usual wrote for the first time."""

    investigation_id: int
    target: str
    resolved_at: datetime
    settled_at: datetime | None = None
    ended_at: datetime | None = None
    """When it had started again, which was said, or its day was over."""


_WATCHES = Stored[Watch](Watch)


class ResolvedWatch:
    """One row for each investigation that was resolved lately. All in the caller's transaction."""

    def __init__(self, *, database: Database, clock: Clock, store: TrendStore, stored: StoredTickets) -> None:
        self._database = database
        self._clock = clock
        self._store = store
        self._stored = stored
        self._restarted = set[int]()
        """Those of which more came since they had settled than chance explains; counted anew after a start."""

    def resolved(self, investigation: Investigation) -> None:
        self._database.run(
            "INSERT OR REPLACE INTO trend_watches (investigation_id, target, resolved_at) VALUES (?, ?, ?)",
            investigation.id,
            investigation.target,
            investigation.closed_at or self._clock(),
        )

    def forget(self, investigation_id: int) -> None:
        """It was opened again."""
        self._database.run("DELETE FROM trend_watches WHERE investigation_id = ?", investigation_id)

    def open(self) -> list[Watch]:
        rows = self._database.rows("SELECT * FROM trend_watches WHERE ended_at IS NULL ORDER BY resolved_at")
        return _WATCHES.rows(rows)

    def look(self, detector: RiseDetector, at: datetime) -> None:
        """Notes which of them have settled, and ends those that were watched for a day."""
        for watch in self.open():
            if at >= watch.resolved_at + WATCHED:
                self._set(watch, ended_at=at)
            elif watch.settled_at:
                since = max(watch.settled_at, at - HOUR)
                self._restarted |= {watch.investigation_id} if self._more(detector, watch, since, at, CHANCE) else set()
            elif at >= watch.resolved_at + QUIET and not self._more(detector, watch, at - QUIET, at, UNUSUAL):
                self._set(watch, settled_at=at)

    def _more(self, detector: RiseDetector, watch: Watch, since: datetime, at: datetime, chance: float) -> bool:
        """Whether more customers wrote since then than are usual."""
        listed = self._stored.newest(since=since, until=at, target=watch.target, limit=COUNTED_MAX)
        hours = detector.usual(SeriesKey(target=watch.target), since, at)
        usual = sum(hour.expected for hour in hours) / max(len(hours), 1) * ((at - since) / HOUR)
        return beyond_chance(len({ticket.customer for ticket in listed}), usual, chance)

    def holds(self, rise: Rise, facts: Facts, at: datetime) -> bool:
        """Whether it is only what an investigation resolved: late tickets of it, and nothing that started again."""
        watch = self._of(rise, facts)
        if not watch:
            return False
        return at < watch.resolved_at + SETTLES_WITHIN and watch.investigation_id not in self._restarted

    def again(self, rise: Rise, facts: Facts, at: datetime) -> Watch | None:
        """The one whose trouble it is, which is watched no longer: it is said once."""
        watch = self._of(rise, facts)
        if watch:
            self._set(watch, ended_at=at)
        return watch

    def _of(self, rise: Rise, facts: Facts) -> Watch | None:
        if rise.fleet:
            return None
        target = rise.series.target or facts.about
        trends_of = self._store.of_investigation
        for watch in self.open():
            if watch.target == target or any(is_of(rise, trend) for trend in trends_of(watch.investigation_id)):
                return watch
        return None

    def _set(self, watch: Watch, **columns: object) -> None:
        self._database.update("trend_watches", {"investigation_id": watch.investigation_id}, **columns)
