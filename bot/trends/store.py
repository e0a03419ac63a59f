"""The table of trends."""

from collections.abc import Sequence
from dataclasses import asdict, fields, replace
from datetime import datetime

from bot.database import Row, Store
from bot.stored import Stored
from bot.trends.model import DISMISSED_FOR, LIVE, Trend, TrendState

_TRENDS = Stored[Trend](Trend, json=("series", "ticket_ids"))
_LIVE = f"({', '.join(repr(str(state)) for state in LIVE)})"
_COLUMNS = tuple(field.name for field in fields(Trend) if field.name != "id")


class TrendStore(Store):
    """Questions and verbs of trends."""

    def get(self, trend_id: int) -> Trend | None:
        return _TRENDS.maybe(self._database.row("SELECT * FROM trends WHERE id = ?", trend_id))

    def add(self, trend: Trend) -> Trend:
        """Returns it with its number. Raises Taken where its series has one that is live."""
        return replace(trend, id=self._database.insert("trends", _row(trend)))

    def update(self, trend: Trend) -> None:
        self._database.update("trends", {"id": trend.id}, **_row(trend))

    def known(self, now: datetime) -> list[Trend]:
        """Those that are live, and those that a rise may still be the same as."""
        sql = f"SELECT * FROM trends WHERE state IN {_LIVE} OR last_at >= ? ORDER BY +id"
        return self._several(sql, now - DISMISSED_FOR)

    def live(self) -> list[Trend]:
        return self._several(f"SELECT * FROM trends WHERE state IN {_LIVE} ORDER BY +id")

    def of_investigation(self, investigation_id: int) -> list[Trend]:
        return self._several("SELECT * FROM trends WHERE investigation_id = ? ORDER BY id", investigation_id)

    def of_investigations(self, investigation_ids: Sequence[int]) -> list[Trend]:
        """Those of any of them: a week may have hundreds."""
        sql = "SELECT * FROM trends WHERE investigation_id IN (SELECT value FROM json_each(?)) ORDER BY id"
        return self._several(sql, list(investigation_ids))

    def noticed_since(self, moment: datetime) -> list[Trend]:
        """Those that were noticed later, oldest first."""
        return self._several("SELECT * FROM trends WHERE last_at >= ?1 AND noticed_at >= ?1 ORDER BY +id", moment)

    def snoozes_ended(self, now: datetime) -> list[Trend]:
        state = TrendState.SNOOZED
        return self._several("SELECT * FROM trends WHERE state = ? AND snoozed_until <= ? ORDER BY id", state, now)

    def _several(self, sql: str, *values: object) -> list[Trend]:
        return _TRENDS.rows(self._database.rows(sql, *values))


def _row(trend: Trend) -> Row:
    row = {name: getattr(trend, name) for name in _COLUMNS}
    return row | {"series": asdict(trend.series)}
