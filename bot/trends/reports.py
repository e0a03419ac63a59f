"""What the bot would have said: told once before it speaks for the first time, and daily while it only watches."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

from attrs import define

from bot.database import Row, moment
from bot.errors import existing
from bot.messages.model import Place
from bot.records import Service
from bot.stored import Stored
from bot.trends.model import Trend, TrendMode, TrendSettings
from bot.trends.plans import TargetPlans
from bot.trends.shadow import ReportLine, TrendReport, lines_of
from bot.trends.store import TrendStore

VIEW = "trend_report"
DAY = timedelta(days=1)
_REPORTS = Stored[TrendReport](TrendReport, json=("lines",))
_LINES = Stored[tuple[ReportLine, ...]](tuple[ReportLine, ...])


@define(kw_only=True, eq=False, repr=False, slots=False)
class TrendReports(Service):
    """Each report is a row with the message that it owes, in one transaction."""

    _store: TrendStore
    _plans: TargetPlans
    _team_channel: Callable[[str], Awaitable[str]]
    _settings: TrendSettings

    def get(self, report_id: int) -> TrendReport:
        """Raises NotFound."""
        row = self._database.row("SELECT * FROM trend_reports WHERE id = ?", report_id)
        return existing(_REPORTS.maybe(row), "That report is not kept any more.")

    @property
    def reported_at(self) -> datetime | None:
        """When the first report was made: before it nothing is said."""
        return self._database.time("SELECT reported_at FROM trend_progress")

    async def set_up(
        self, trends: Sequence[Trend], *, since: datetime, until: datetime, speaks_from: datetime | None
    ) -> None:
        """The first report, to each team that has lines, and to the first team in any case; once."""
        by_channel: dict[str, list[Trend]] = {await self._team_channel(""): []}
        for trend in trends:
            team = self._plans.team(trend.series.target or trend.about, fleet=trend.fleet)
            by_channel.setdefault(await self._team_channel(team), []).append(trend)
        with self._database.transaction():
            if self.reported_at:
                return
            for channel, listed in by_channel.items():
                self._owe(channel, listed, setup=True, at=until, since=since, until=until, speaks_from=speaks_from)
            self._database.run("UPDATE trend_progress SET reported_at = ?1, daily_at = ?1", until)

    def daily(self, now: datetime) -> None:
        """In shadow: what was noticed since the last report, as work begins; a day without a line is not told."""
        text = self._database.value("SELECT daily_at FROM trend_progress")
        last, begins = moment(text) if text else now - DAY, self._day_began(now)
        if self._settings.mode is not TrendMode.SHADOW or not begins or last >= begins:
            return
        by_channel: dict[str, list[Trend]] = {}
        for trend in self._store.noticed_since(last):
            if trend.shadow:
                by_channel.setdefault(trend.channel, []).append(trend)
        with self._database.transaction():
            for channel, listed in by_channel.items():
                self._owe(channel, listed, setup=False, at=now, since=last, until=now, speaks_from=None)
            self._database.run("UPDATE trend_progress SET daily_at = ?", now)

    def _day_began(self, now: datetime) -> datetime | None:
        """None while nobody is at work."""
        if self._settings.hours:
            return self._settings.hours.start_of(now)
        local = now.astimezone(self._settings.zone)
        return local.replace(hour=0, minute=0, second=0, microsecond=0)

    def _owe(self, channel: str, trends: Sequence[Trend], **report: object) -> None:
        row: Row = {"channel": channel, "mode": self._settings.mode, "lines": _LINES.write(lines_of(trends))}
        number = self._database.insert("trend_reports", row | {**report, "setup": int(bool(report["setup"]))})
        self._owed.post(f"trend-report/{number}", view=VIEW, record_id=number, place=Place(channel))
