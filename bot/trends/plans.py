"""What is known of the targets of rises beside their tickets: whose they are, and what is planned with them."""

from datetime import datetime, timedelta

from bot.maintenance.calendar import Calendar
from bot.maintenance.model import Maintenance, begins_in, explains
from bot.targets.model import Catalog
from bot.trends.model import Facts, Rise, Trend

TOLD_AFTER = timedelta(minutes=30)
"""What still rises so long after a maintenance is not of it: those who wrote in it have been heard by then."""


class TargetPlans:
    """Reads only."""

    def __init__(self, *, catalog: Catalog, calendar: Calendar) -> None:
        self._catalog = catalog
        self._calendar = calendar

    def team(self, target_key: str, *, fleet: bool) -> str:
        """The team of a rise's target; of one without the first team, which is that of the key ""."""
        target = self._catalog.get(target_key)
        return target.team if target and not fleet else ""

    def expects(self, rise: Rise, facts: Facts) -> Maintenance | None:
        """The maintenance that explains a rise: it is about a target of it, of a kind that it brings, and not older."""
        target = self._catalog.get(rise.series.target or facts.about)
        held = self._calendar.holding(target.key) if target and not rise.fleet else None
        if not target or not held or not begins_in(held, rise.since):
            return None
        return held if explains(target.kind, rise.series.symptom or facts.symptom) else None

    def is_due(self, trend: Trend, at: datetime) -> bool:
        """Whether a rise that a maintenance explained is told now: that is over for a while, and it is not."""
        maintenance = self._calendar.get(trend.maintenance_id) if trend.maintenance_id else None
        if not maintenance or self._calendar.holding(trend.series.target or trend.about):
            return False
        return at >= (maintenance.ended_at or maintenance.ends_at) + TOLD_AFTER
