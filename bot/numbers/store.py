"""What the numbers ask the database: questions only, each answered by an index alone."""

from collections.abc import Mapping
from datetime import UTC, datetime

from bot.database import Database, Row, moment
from bot.numbers.model import Case

AT_ONCE = 400
"""Cases of one statement: together with what is made of them some 10 ms."""

_CASES = f"""
    SELECT i.id, i.target, i.team, i.opened_at, i.state, m.*,
      CAST(strftime('%s', i.opened_at) AS INTEGER) AS opened_s,
      CAST(strftime('%s', i.closed_at) AS INTEGER) AS closed_s
    FROM investigations i JOIN investigation_moments m ON m.investigation_id = i.id
    WHERE (i.opened_at, i.id) > (?, ?) ORDER BY i.opened_at, i.id LIMIT {AT_ONCE}"""


class NumbersStore:
    """Reads what other rooms wrote, many records at a time."""

    def __init__(self, *, database: Database) -> None:
        self._database = database

    @property
    def changes(self) -> int:
        """Differs where anything was written."""
        return self._database.changes

    def cases(self, after: tuple[datetime, int], teams: Mapping[str, str]) -> list[Case]:
        """The next ones that were opened after a moment, or at it with a higher number. `teams` are those of targets,
        for investigations that have none of their own."""
        return [_case(row, teams) for row in self._database.rows(_CASES, *after)]


def _case(row: Row, teams: Mapping[str, str]) -> Case:
    first_s = row["first_ticket_s"]
    reached_s = (
        row["opened_s"],
        row["owned_s"],
        row["evidence_s"],
        row["escalated_s"],
        row["acknowledged_s"],
        row["told_s"],
        row["closed_s"] if row["state"] == "resolved" else None,
    )
    return Case(
        number=row["id"],
        target=row["target"],
        team=row["team"] or teams.get(row["target"], ""),
        opened_at=moment(row["opened_at"]),
        first_ticket_at=None if first_s is None else datetime.fromtimestamp(first_s, UTC),
        waits=tuple(None if first_s is None or s is None else max(0, s - first_s) / 60 for s in reached_s),
        tickets=row["tickets"],
        dismissed=row["state"] == "dismissed",
        ended=row["state"] in ("resolved", "dismissed"),
        reopened=row["reopened_s"] is not None,
    )
