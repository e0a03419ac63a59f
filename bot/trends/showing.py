"""Everything that the message of a trend shows, asked of the rooms that know it."""

from attrs import define

from bot.investigations.service import InvestigationService
from bot.known_issues.service import KnownIssueService
from bot.records import Records
from bot.status.service import StatusService
from bot.trends.model import Trend, TrendSettings, TrendState, plain_name, symptom_words
from bot.trends.regressions import Regressions
from bot.trends.service import TrendService
from bot.trends.shown import ShownTrend
from bot.trends.subjects import TicketSubjects


@define(kw_only=True, eq=False, repr=False, slots=False)
class Showing:
    """Reads; it decides nothing."""

    _records: Records
    _trends: TrendService
    _subjects: TicketSubjects
    _investigations: InvestigationService
    _status: StatusService
    _known: KnownIssueService
    _regressions: Regressions
    _settings: TrendSettings

    def __attrs_post_init__(self) -> None:
        self._owed = self._records.owed

    def name(self, trend: Trend) -> str:
        """What rises, as plain text."""
        return plain_name(trend.told, title=self._trends.title(trend.series.target), words=trend.words)

    def shown(self, trend_id: int) -> ShownTrend:
        """Raises NotFound."""
        trend = self._trends.get(trend_id)
        key, over = self._trends.target_of(trend), trend.state is TrendState.OVER
        symptom, issue = trend.series.symptom or trend.symptom, None if over else self._regressions.issue_of(trend)
        return ShownTrend(
            trend=trend,
            local=trend.last_at.astimezone(self._settings.zone),
            title=self._trends.title(key) if key else "",
            symptom=symptom_words(symptom),
            newest=() if over else self._subjects.of(trend),
            status=self._status.of(key) if key and not over else None,
            known=issue,
            regressed=bool(issue) and self._known.has_regressed(issue.id if issue else 0),
            investigation=self._investigations.get(trend.investigation_id) if trend.investigation_id else None,
            again=self._investigations.get(trend.again_of) if trend.again_of else None,
            larger_than=self._trends.get(trend.larger_than) if trend.larger_than else None,
            picture=self._owed.shown_picture(trend.name),
        )
