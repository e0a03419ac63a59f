"""What the bot would have said: the life of trends without a database, over weeks that are past. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.trends.life import begun, looked
from bot.trends.model import DISMISSED_FOR, Rise, SeriesKey, Trend


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One message that would have been sent."""

    series: SeriesKey
    fleet: bool
    noticed_at: datetime
    most: int
    most_window_h: float
    expected: float
    """How many are usual in the window that noticed it."""
    window_h: float
    about: str = ""
    words: str = ""
    symptom: str = ""


@dataclass(frozen=True, slots=True)
class TrendReport:
    """What is said once before the bot speaks for the first time, and once a day while it only watches.

    `speaks_from` is when it has learned enough, where that is later than the report.
    """

    id: int
    at: datetime
    channel: str
    setup: bool
    mode: str
    since: datetime
    until: datetime
    lines: tuple[ReportLine, ...]
    speaks_from: datetime | None = None


class Chronicle:
    """Takes one look after the other, in the order of time, and remembers the trends that come of them."""

    def __init__(self) -> None:
        self.trends: dict[int, Trend] = {}
        self._lately: dict[int, Trend] = {}

    def look(self, rises: Sequence[Rise], at: datetime) -> None:
        if not rises and not self._lately:
            return
        look = looked(list(self._lately.values()), rises, at)
        new = [
            replace(begun(rise, at), id=len(self.trends) + place) for place, (rise, _) in enumerate(look.new, start=1)
        ]
        for trend in (*look.changed, *new):
            self.trends[trend.id] = self._lately[trend.id] = trend
        self._lately = {number: each for number, each in self._lately.items() if at < each.last_at + DISMISSED_FOR}

    def said(self, *, until: datetime) -> list[Trend]:
        """Those that were over by then, in their order: what goes on is said by itself."""
        return [trend for trend in self.trends.values() if not trend.rises(until)]


def _line_of(trend: Trend) -> ReportLine:
    return ReportLine(
        series=trend.told,
        fleet=trend.fleet,
        noticed_at=trend.noticed_at,
        most=trend.most,
        most_window_h=trend.most_window_h,
        expected=trend.expected * trend.most_window_h / trend.window_h,
        window_h=trend.window_h,
        about=trend.about,
        words=trend.words,
        symptom=trend.symptom,
    )


def lines_of(trends: Iterable[Trend]) -> tuple[ReportLine, ...]:
    return tuple(_line_of(trend) for trend in sorted(trends, key=lambda trend: (trend.noticed_at, trend.id)))
