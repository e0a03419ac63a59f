"""How good the messages were: what rises, what was said, what people made of it, what they saw first."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from attrs import define

from bot.clock import Clock
from bot.investigations.model import Investigation, State
from bot.investigations.service import InvestigationService
from bot.trends.model import Trend, TrendMode, TrendSettings, TrendState
from bot.trends.service import TrendService
from bot.trends.store import TrendStore

MONTH, WEEK = timedelta(days=30), timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Judged:
    """A trend with what people made of it: it was real, it was not, or None where nobody has said."""

    trend: Trend
    real: bool | None


@dataclass(frozen=True, slots=True)
class SeenFirst:
    """An investigation that somebody opened before the bot had noticed anything; when it did, None for never."""

    investigation: Investigation
    noticed_at: datetime | None


@dataclass(frozen=True, slots=True)
class TrendsOverview:
    """Everything that `/t2 trends` shows. `speaks_from` is set while it learns."""

    mode: TrendMode
    rising: tuple[Judged, ...] = ()
    month: tuple[Judged, ...] = ()
    week: tuple[Judged, ...] = ()
    seen_first: tuple[SeenFirst, ...] = ()
    speaks_from: datetime | None = None


@define(kw_only=True, eq=False, repr=False, slots=False)
class TrendRecord:
    """Reads; `speaks_from` asks the detector from when on it says what is unusual, None where it is not known."""

    _clock: Clock
    _store: TrendStore
    _trends: TrendService
    _investigations: InvestigationService
    _speaks_from: Callable[[], datetime | None]
    _settings: TrendSettings

    def standing(self) -> TrendsOverview:
        """What rises, and whether it speaks; not how good the messages were, for which hundreds of records are read."""
        speaks_from = self._speaks_from()
        learns = bool(speaks_from and speaks_from > self._clock())
        return TrendsOverview(self._settings.mode, tuple(self.rising()), speaks_from=speaks_from if learns else None)

    def overview(self) -> TrendsOverview:
        now = self._clock()
        month = [self._judged(trend) for trend in self._store.noticed_since(now - MONTH) if _told(trend)]
        return replace(
            self.standing(),
            month=tuple(month),
            week=tuple(judged for judged in month if judged.trend.noticed_at >= now - WEEK),
            seen_first=tuple(self._seen_first(now - WEEK)),
        )

    def rising(self) -> list[Judged]:
        """What goes on now, whoever has it."""
        now = self._clock()
        live = [trend for trend in self._store.live() if trend.state is not TrendState.DISMISSED and trend.rises(now)]
        return [self._judged(trend) for trend in live]

    def rose_between(self, since: datetime, until: datetime) -> list[Judged]:
        """What was noticed in a span of time, for a briefing."""
        noticed = (trend for trend in self._store.noticed_since(since) if trend.noticed_at < until)
        return [self._judged(trend) for trend in noticed if _told(trend) and not trend.dismissed_at]

    def _judged(self, trend: Trend) -> Judged:
        return Judged(trend, self._trends.is_real(trend))

    def _seen_first(self, since: datetime) -> list[SeenFirst]:
        """Investigations of these days, without those that were opened from a trend, or were none."""
        recent = [*self._investigations.closed_since(since), *self._investigations.live()]
        real = (each for each in recent if each.opened_at >= since and each.state is not State.DISMISSED)
        investigations = {investigation.id: investigation for investigation in real}
        noticed: dict[int, datetime] = {}
        for trend in self._store.of_investigations(list(investigations)):
            if trend.investigation_id:
                before = noticed.get(trend.investigation_id, trend.noticed_at)
                noticed[trend.investigation_id] = min(before, trend.noticed_at)
        return [
            SeenFirst(investigation, first)
            for number, investigation in sorted(investigations.items())
            if not (first := noticed.get(number)) or first > investigation.opened_at
        ]


def _told(trend: Trend) -> bool:
    """What was said, or would have been."""
    return trend.said_at is not None or trend.shadow
