"""The table of copies: one row for each text that goes to an issue."""

from datetime import datetime

from bot.database import Row, Store
from bot.exports.tracker_copy import CopyState, TrackerCopy, digest_of
from bot.stored import Stored

_COPIES = Stored[TrackerCopy](TrackerCopy)


class CopyStore(Store):
    """Questions and verbs of copies; transactions are the service's."""

    def want(self, investigation_id: int, issue_id: int, text: str, *, by: str) -> int:
        """A new row, due at once."""
        now = self._clock()
        row: Row = {"investigation_id": investigation_id, "issue_id": issue_id, "text": text, "asked_by": by}
        row |= {"digest": digest_of(text)}
        return self._database.insert("tracker_copies", row | {"asked_at": now, "next_at": now})

    def get(self, copy_id: int) -> TrackerCopy | None:
        row = self._database.row("SELECT * FROM tracker_copies WHERE id = ?", copy_id)
        return _COPIES.row(row) if row else None

    def of(self, investigation_id: int) -> list[TrackerCopy]:
        """Oldest first."""
        question = "SELECT * FROM tracker_copies WHERE investigation_id = ? ORDER BY id"
        rows = self._database.rows(question, investigation_id)
        return list(map(_COPIES.row, rows))

    def unsent(self) -> list[TrackerCopy]:
        """All that are on their way or failed."""
        rows = self._database.rows("SELECT * FROM tracker_copies WHERE state IN ('wanted', 'failed') ORDER BY id")
        return list(map(_COPIES.row, rows))

    def due(self, now: datetime) -> list[TrackerCopy]:
        sql = "SELECT * FROM tracker_copies WHERE state = 'wanted' AND next_at <= ? ORDER BY next_at LIMIT 10"
        rows = self._database.rows(sql, now)
        return list(map(_COPIES.row, rows))

    def next_due_at(self) -> datetime | None:
        return self._database.time("SELECT min(next_at) FROM tracker_copies WHERE state = 'wanted'")

    def again(self, copy_id: int) -> bool:
        """What failed, or waits for its time, is due now; False for what was sent."""
        sql = "UPDATE tracker_copies SET state = 'wanted', next_at = ? WHERE id = ? AND state <> 'sent'"
        return bool(self._database.run(sql, self._clock(), copy_id))

    def sent(self, copy_id: int, url: str) -> None:
        """The issue has its text, and we need no more than its digest."""
        self._database.update(
            "tracker_copies",
            {"id": copy_id},
            state=CopyState.SENT,
            url=url,
            text="",
            next_at=None,
            failing_since=None,
            failure="",
        )

    def failed(self, copy_id: int, reason: str, *, next_at: datetime | None) -> None:
        """Tried again at `next_at`; never by itself where there is none."""
        sql = """UPDATE tracker_copies SET state = ?, failure = ?, next_at = ?, attempts = attempts + 1,
            failing_since = coalesce(failing_since, ?) WHERE id = ?"""
        self._database.run(
            sql, CopyState.WANTED if next_at else CopyState.FAILED, reason, next_at, self._clock(), copy_id
        )
