"""What the numbers ask the database: questions only, each answered by an index alone."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from bot.database import Database, Row, moment
from bot.numbers.counts import BriefingRecord, ElevationRecord, EscalationRecord, IssueNumbers
from bot.numbers.model import Case
from bot.numbers.noticing import RisenTrend
from bot.stored import Stored

_RISEN, _ESCALATED = Stored[RisenTrend](RisenTrend), Stored[EscalationRecord](EscalationRecord)
_ELEVATED, _BRIEFED = Stored[ElevationRecord](ElevationRecord), Stored[BriefingRecord](BriefingRecord)
AT_ONCE = 400
"""Cases of one statement: together with what is made of them some 10 ms."""

_WAITS = {
    "opened": "CAST(strftime('%s', i.opened_at) AS INTEGER)",
    "claimed": "m.owned_s",
    "evidence": "m.evidence_s",
    "escalated": "m.escalated_s",
    "acknowledged": "m.acknowledged_s",
    "told": "m.told_s",
    "resolved": "CASE WHEN i.state = 'resolved' THEN CAST(strftime('%s', i.closed_at) AS INTEGER) END",
}
"""When a case reached each step, in the order of Step."""
_MINUTES = ", ".join(f"max(0, {then} - m.first_ticket_s) / 60.0 AS {name}" for name, then in _WAITS.items())
_CASES = f"""
    SELECT i.id, i.target, i.team, i.opened_at, i.state, m.first_ticket_s, m.tickets, m.reopened_s, {_MINUTES}
    FROM investigations i JOIN investigation_moments m ON m.investigation_id = i.id
    WHERE (i.opened_at, i.id) > (?, ?) AND i.state <> 'merged' ORDER BY i.opened_at, i.id LIMIT {AT_ONCE}"""


_RISES = """
    SELECT t.id AS number, t.noticed_at, coalesce(nullif(json_extract(t.series, '$.target'), ''), t.about) AS target,
      t.team, t.said_at IS NOT NULL OR t.shadow AS told, i.id AS investigation, i.opened_at,
      t.dismissed_at IS NOT NULL OR coalesce(i.state = 'dismissed', 0) AS dismissed
    FROM trends t LEFT JOIN investigations i ON i.id = t.investigation_id
    WHERE t.noticed_at >= ? ORDER BY t.noticed_at, t.id"""
_ESCALATIONS = """
    SELECT e.escalated_at AS at, i.target, i.team, e.acknowledged_at IS NOT NULL AS acknowledged,
      e.withdrawn_at IS NOT NULL AS withdrawn,
      (SELECT count(*) FROM ladder_runs r JOIN ladder_steps s ON s.run_id = r.id WHERE r.escalation_id = e.id
         AND s.told_at <= coalesce(e.acknowledged_at, s.told_at)) AS steps
    FROM escalations e JOIN investigations i ON i.id = e.investigation_id
    WHERE e.escalated_at >= ? ORDER BY e.escalated_at, e.id"""
_ELEVATIONS = f"""
    SELECT elevated_at AS at, target, team, taken <> '' AS taken, ticket_id FROM elevations
    WHERE elevated_at >= ?1 AND (elevated_at > ?1 OR ticket_id > ?2) ORDER BY elevated_at, ticket_id LIMIT {AT_ONCE}"""
_ISSUE = """
    SELECT json_extract(k.issue, '$.title') AS title, count(DISTINCT l.ticket_id) AS tickets,
      count(DISTINCT coalesce(l.requester_id, -l.ticket_id)) AS customers
    FROM known_issues k LEFT JOIN ticket_links l ON l.investigation_id IN (SELECT value FROM json_each(?2))
      AND (l.state = 'confirmed' OR (l.of_trend = 1 AND l.state <> 'rejected')) WHERE k.id = ?1"""
_BRIEFINGS = """
    SELECT b.said_at AS at, (SELECT count(*) FROM briefing_readers r WHERE r.briefing_id = b.id) AS readers
    FROM briefings b WHERE b.said_at >= ? ORDER BY b.said_at"""


class NumbersStore:
    """Reads what other rooms wrote, many records at a time. `teams` are those of targets, for investigations that have
    none of their own."""

    def __init__(self, *, database: Database, teams: Mapping[str, str]) -> None:
        self._database = database
        self._teams = teams

    @property
    def changes(self) -> int:
        """Differs where anything was written."""
        return self._database.changes

    def cases(self, after: tuple[datetime, int]) -> list[Case]:
        """The next ones that were opened after a moment, or at it with a higher number."""
        return [_case(row, self._team(row)) for row in self._database.rows(_CASES, *after)]

    def rises(self, since: datetime) -> list[RisenTrend]:
        """What the bot noticed since then."""
        return _RISEN.rows(self._database.rows(_RISES, since))

    def escalations(self, since: datetime) -> list[EscalationRecord]:
        return [_ESCALATED.row(row, team=self._team(row)) for row in self._database.rows(_ESCALATIONS, since)]

    def elevations(self, after: tuple[datetime, int]) -> list[tuple[int, ElevationRecord]]:
        """The next tickets that were elevated after a moment, or at it with a higher number; with their numbers."""
        return [(row["ticket_id"], _ELEVATED.row(row)) for row in self._database.rows(_ELEVATIONS, *after)]

    def issues_of_investigations(self) -> list[tuple[int, int]]:
        """Every issue with each investigation that people say it is; one bug in several trackers is one issue."""
        rows = self._database.rows("SELECT issue_id, investigation_id FROM known_issues_of_investigations")
        return [(row["issue_id"], row["investigation_id"]) for row in rows]

    def issue(self, number: int, investigations: Sequence[int]) -> IssueNumbers | None:
        """An issue with the customers of these investigations: each once, however many tickets they wrote."""
        row = self._database.row(_ISSUE, number, list(investigations))
        if not row or row["title"] is None:
            return None
        return IssueNumbers(number, row["title"], row["customers"], row["tickets"], len(investigations))

    def briefings(self, since: datetime) -> list[BriefingRecord]:
        return _BRIEFED.rows(self._database.rows(_BRIEFINGS, since))

    def _team(self, row: Row) -> str:
        return row["team"] or self._teams.get(row["target"], "")


def _case(row: Row, team: str) -> Case:
    first_s = row["first_ticket_s"]
    return Case(
        number=row["id"],
        target=row["target"],
        team=team,
        opened_at=moment(row["opened_at"]),
        first_ticket_at=None if first_s is None else datetime.fromtimestamp(first_s, UTC),
        waits=tuple([row[name] for name in _WAITS]),
        tickets=row["tickets"],
        dismissed=row["state"] == "dismissed",
        ended=row["state"] in ("resolved", "dismissed"),
        reopened=row["reopened_s"] is not None,
    )
