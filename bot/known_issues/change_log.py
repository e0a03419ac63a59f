"""The log of what changed in known issues."""

from datetime import datetime

from bot.database import Database, Row
from bot.known_issues.model import Change, KnownIssue
from bot.known_issues.store import KnownIssueStore
from bot.stored import Stored

_CHANGES = Stored[Change](Change)


class ChangeLog:
    """The table of changes; everything joins the caller's transaction."""

    def __init__(self, *, database: Database, store: KnownIssueStore) -> None:
        self._database = database
        self._store = store

    def add(self, change: Change) -> Change:
        row: Row = {"issue_id": change.issue_id, "at": change.at, "kind": change.kind}
        row |= {"before": change.before, "after": change.after}
        number = self._database.insert("known_changes", row)
        return Change(change.issue_id, change.at, change.kind, change.before, change.after, number)

    def get(self, change_id: int) -> Change | None:
        return _CHANGES.maybe(self._database.row("SELECT * FROM known_changes WHERE id = ?", change_id))

    def of(self, issue_id: int) -> list[Change]:
        """Everything that changed in one issue, oldest first."""
        rows = self._database.rows("SELECT * FROM known_changes WHERE issue_id = ? ORDER BY at, id", issue_id)
        return _CHANGES.rows(rows)

    def since(self, moment: datetime) -> list[tuple[KnownIssue, Change]]:
        """Everything that changed after `moment`, oldest first, each with its issue as it is now."""
        rows = self._database.rows("SELECT * FROM known_changes WHERE at > ? ORDER BY at, id", moment)
        issues = self._store.several(sorted({row["issue_id"] for row in rows}))
        return [(issues[row["issue_id"]], _CHANGES.row(row)) for row in rows]
