"""The table of asks: one row for each step of each known issue, whatever happens to it."""

from datetime import datetime

from bot.database import Row, Store
from bot.known_issues.asking_development import OPEN, AskState, DevelopmentAsk
from bot.stored import Stored

_ASKS = Stored[DevelopmentAsk](DevelopmentAsk)


class AskStore(Store):
    """Questions and verbs of asks; the unique row decides that a step is offered once."""

    def get(self, ask_id: int) -> DevelopmentAsk | None:
        row = self._database.row("SELECT * FROM known_asks WHERE id = ?", ask_id)
        return _ask(row) if row else None

    def of(self, issue_id: int) -> list[DevelopmentAsk]:
        rows = self._database.rows("SELECT * FROM known_asks WHERE issue_id = ? ORDER BY step", issue_id)
        return [_ask(row) for row in rows]

    def open(self) -> list[DevelopmentAsk]:
        rows = self._database.rows("SELECT * FROM known_asks WHERE state IN (?, ?, ?) ORDER BY id", *OPEN)
        return [_ask(row) for row in rows]

    def offer(self, issue_id: int, step: int, *, channel: str, tickets: int) -> int:
        """A new row; raises Taken where the step was offered before."""
        row: Row = {"issue_id": issue_id, "step": step, "state": AskState.OFFERED, "channel": channel}
        return self._database.insert("known_asks", row | {"at": self._clock(), "tickets": tickets})

    def answered(self, issue_id: int) -> None:
        """Nobody needs to decide any more what was offered."""
        offered: Row = {"issue_id": issue_id, "state": AskState.OFFERED}
        self._database.update("known_asks", offered, state=AskState.TOLD, decided_at=self._clock())

    def passed(self, issue_id: int, step: int, *, tickets: int) -> None:
        """A step that is never offered, for it was answered before; raises Taken where it was."""
        row: Row = {"issue_id": issue_id, "step": step, "state": AskState.TOLD, "channel": ""}
        self._database.insert("known_asks", row | {"at": self._clock(), "tickets": tickets})

    def decide(self, ask_id: int, state: AskState, by: str) -> bool:
        """False where it is on its way or there already."""
        now = self._clock()
        sql = """UPDATE known_asks SET state = ?, decided_by = ?, decided_at = ?, next_at = ?, failure = ''
            WHERE id = ? AND state NOT IN ('wanted', 'sent', 'told')"""
        return self._database.run(sql, state, by, now, now if state is AskState.WANTED else None, ask_id) > 0

    def hurry(self, ask_id: int) -> bool:
        """What waits for its time need not; False where nothing waits."""
        now = self._clock()
        sql = "UPDATE known_asks SET next_at = ? WHERE id = ? AND state = 'wanted' AND next_at > ?"
        return self._database.run(sql, now, ask_id, now) > 0

    def due(self, now: datetime) -> list[DevelopmentAsk]:
        rows = self._database.rows("SELECT * FROM known_asks WHERE next_at <= ? ORDER BY next_at LIMIT 10", now)
        return [_ask(row) for row in rows]

    def next_due_at(self) -> datetime | None:
        return self._database.time("SELECT min(next_at) FROM known_asks WHERE next_at IS NOT NULL")

    def sent(self, ask_id: int, url: str) -> None:
        self._database.update("known_asks", {"id": ask_id}, state=AskState.SENT, url=url, next_at=None, failure="")

    def failed(self, ask_id: int, reason: str, *, next_at: datetime | None) -> None:
        """Tried again at `next_at`; never by itself where there is none."""
        sql = "UPDATE known_asks SET state = ?, failure = ?, next_at = ?, attempts = attempts + 1 WHERE id = ?"
        self._database.run(sql, AskState.WANTED if next_at else AskState.FAILED, reason, next_at, ask_id)


def _ask(row: Row) -> DevelopmentAsk:
    return _ASKS.row(row, decided_by=row["decided_by"] or "")
