"""The times of all kinds, what is too old for them, and letting go of what no room lets go of itself."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from bot.database import Database, Row, moment
from bot.retention.model import KeptKind, KeptTime

AT_ONCE = 5
"""Investigations whose rows are gone through in one step."""
ROWS_AT_ONCE = 50
_WRITTEN = (
    *("note", "message", "said", "updated", "informed", "question", "vendor", "advised"),
    *("handover", "declined", "handed_over", "triaged"),
)
"""Events with words of people."""
_OF_ESCALATIONS = "escalation_id IN (SELECT id FROM escalations WHERE investigation_id = ?)"
_OF_HANDOFFS = "handoff_id IN (SELECT id FROM handoffs WHERE investigation_id = ?)"
_OF_VENDORS = "case_id IN (SELECT id FROM vendor_cases WHERE investigation_id = ?)"
_OF_IT = "investigation_id = ?"
_TEXTS = (
    ("updates", ("text",), _OF_IT),
    ("said", ("text",), _OF_IT),
    ("escalations", ("wrong", "since", "affected", "tried", "needed"), _OF_IT),
    ("escalation_questions", ("question",), _OF_ESCALATIONS),
    ("handoffs", ("evidence", "reproduction", "reason"), _OF_IT),
    ("handoff_errands", ("detail",), f"done_at IS NOT NULL AND {_OF_HANDOFFS}"),
    ("vendor_notes", ("text",), _OF_VENDORS),
    ("handovers", ("note", "why"), _OF_IT),
    ("moves", ("note",), _OF_IT),
    ("reminders", ("text",), _OF_IT),
    (
        "reply_texts",
        ("text",),
        """round_id IN (SELECT r.round_id FROM replies r JOIN reply_rounds o ON o.id = r.round_id
           WHERE r.investigation_id = ? AND o.state = 'ended')""",
    ),
)
"""What people wrote of an investigation beside its timeline: table, columns, which rows. Titles of issues stay."""
_CLOSED = """SELECT id, closed_at FROM investigations WHERE closed_at > ?1 AND closed_at < ?2
    AND state IN ('resolved', 'dismissed', 'merged')"""
_OLD: Mapping[KeptKind, str] = {
    KeptKind.TICKETS: f"""SELECT count(*) FROM ticket_links l JOIN ({_CLOSED}) c ON c.id = l.investigation_id
        WHERE l.subject <> '' OR l.requester_id IS NOT NULL""",
    KeptKind.TEXTS: f"""SELECT (SELECT count(*) FROM events e JOIN ({_CLOSED}) c ON c.id = e.investigation_id
          WHERE e.text <> '' AND e.kind IN ({", ".join(f"'{kind}'" for kind in _WRITTEN)}))
        + (SELECT count(*) FROM escalations e JOIN ({_CLOSED}) c ON c.id = e.investigation_id WHERE e.wrong <> '')
        + (SELECT count(*) FROM handoffs h JOIN ({_CLOSED}) c ON c.id = h.investigation_id WHERE h.evidence <> '')""",
    KeptKind.LOGS: "SELECT count(*) FROM customer_logs WHERE state = 'read' AND read_at < ?2",
    KeptKind.MESSAGES: """SELECT count(*) FROM messages WHERE emptied = 0 AND view = '' AND created_at < ?2
        AND state IN ('sent', 'refused')""",
    KeptKind.PROBES: f"""SELECT count(*) FROM probe_batches b WHERE b.emptied = 0 AND b.requested_at < ?2
        AND b.state NOT IN ('pending', 'queued', 'running') AND (b.investigation_id IS NULL
          OR b.investigation_id IN (SELECT id FROM ({_CLOSED})))""",
    KeptKind.STREAM: "SELECT count(*) FROM stream_tickets WHERE created_at < ?3",
    KeptKind.EXPORTS: "SELECT count(*) FROM tracker_copies WHERE state = 'sent' AND text <> '' AND asked_at < ?2",
    KeptKind.MAIL: "SELECT count(*) FROM vendor_letters WHERE state = 'sent' AND text <> '' AND sent_at < ?2",
    KeptKind.AUDIT: """SELECT (SELECT count(*) FROM corrections WHERE at < ?2)
        + (SELECT count(*) FROM forget_orders WHERE ended_at < ?2)""",
}
"""Takes from when on closed investigations are looked at, and before when what is too old."""


class RetentionStore:
    """Questions and verbs of times; `waiting` gives investigations whose tickets may still be answered."""

    def __init__(self, *, database: Database, waiting: Callable[[], list[int]] = list) -> None:
        self._database = database
        self._waiting = waiting

    def times(self) -> dict[KeptKind, KeptTime]:
        rows = self._database.rows("SELECT kind, days, wanted, wanted_from FROM retention_times")
        return {KeptKind(row["kind"]): _time(row) for row in rows if row["kind"] in KeptKind.__members__.values()}

    def keep(self, kind: KeptKind, time: KeptTime) -> None:
        sql = """INSERT INTO retention_times (kind, days, wanted, wanted_from) VALUES (?, ?, ?, ?)
            ON CONFLICT (kind) DO UPDATE SET days = excluded.days, wanted = excluded.wanted,
              wanted_from = excluded.wanted_from"""
        self._database.run(sql, kind, time.days, time.wanted, time.wanted_from)

    def too_old(self, kind: KeptKind, before: datetime) -> int:
        """How many rows of a kind would go if nothing older than that were kept."""
        sql = _OLD[kind]
        values: tuple[object, ...] = ("", before, int(before.timestamp()))
        return int(self._database.value(sql, *values[: 3 if "?3" in sql else 2]))

    # What no other room lets go of. Each step is one short transaction, and says of how much.

    def empty_tickets(self, before: datetime) -> int:
        """Subjects and customers of tickets of investigations that ended before then; that they were, and how many,
        stays.
        """
        with self._database.transaction():
            closed = self._closed(KeptKind.TICKETS, before, but=self._waiting())
            for investigation_id in closed:
                sql = """UPDATE ticket_links SET subject = '', requester_id = NULL, places = '[]', plans = '[]'
                    WHERE investigation_id = ?"""
                self._database.run(sql, investigation_id)
                sql = """UPDATE replies SET subject = '', seen = '', differences = ''
                    WHERE investigation_id = ? AND state IN ('sent', 'left_out', 'failed')"""
                self._database.run(sql, investigation_id)
                self._database.run("DELETE FROM ticket_receipts WHERE investigation_id = ?", investigation_id)
        return len(closed)

    def empty_texts(self, before: datetime) -> int:
        """What people wrote of investigations that ended before then: on the timeline, to management, to development
        and to customers. Causes and workarounds stay.
        """
        with self._database.transaction():
            closed = self._closed(KeptKind.TEXTS, before, but=())
            for investigation_id in closed:
                sql = """UPDATE events SET text = '', withdrawn_why = '' WHERE investigation_id = ?
                    AND kind IN (SELECT value FROM json_each(?))"""
                self._database.run(sql, investigation_id, list(_WRITTEN))
                events = "SELECT id FROM events WHERE investigation_id = ?"
                self._database.run(f"DELETE FROM corrections WHERE event_id IN ({events})", investigation_id)
                for table, columns, which in _TEXTS:
                    emptied = ", ".join(f"{column} = ''" for column in columns)
                    self._database.run(f"UPDATE {table} SET {emptied} WHERE {which}", investigation_id)
                self._database.run("DELETE FROM escalation_drafts WHERE investigation_id = ?", investigation_id)
        return len(closed)

    def empty_exports(self, before: datetime) -> int:
        return self._emptied("tracker_copies", "text = ''", "state = 'sent' AND text <> '' AND asked_at < ?", before)

    def empty_mail(self, before: datetime) -> int:
        old = "state = 'sent' AND text <> '' AND sent_at < ?"
        return self._emptied("vendor_letters", "text = '', subject = ''", old, before)

    def empty_audit(self, before: datetime) -> int:
        with self._database.transaction():
            gone = self._gone("corrections", "at < ?", before)
            return gone + self._gone("forget_orders", "ended_at < ?", before)

    def _closed(self, kind: KeptKind, before: datetime, *, but: object) -> list[int]:
        """Some investigations that ended before then, and were not gone through; they are from now on."""
        sql = """SELECT id FROM investigations i WHERE closed_at < ?2 AND state IN ('resolved', 'dismissed', 'merged')
            AND NOT EXISTS (SELECT 1 FROM retention_emptied e
              WHERE e.kind = ?1 AND e.investigation_id = i.id AND e.closed_at = i.closed_at)
            AND id NOT IN (SELECT value FROM json_each(?3)) ORDER BY closed_at LIMIT ?4"""
        rows = self._database.rows(sql, kind, before, but if isinstance(but, list) else [], AT_ONCE)
        for row in rows:
            sql = """INSERT OR REPLACE INTO retention_emptied (kind, investigation_id, closed_at)
                SELECT ?1, id, closed_at FROM investigations WHERE id = ?2"""
            self._database.run(sql, kind, row["id"])
        return [row["id"] for row in rows]

    def _emptied(self, table: str, change: str, where: str, before: datetime) -> int:
        ids = f"SELECT id FROM {table} WHERE {where} LIMIT {ROWS_AT_ONCE}"
        return self._database.run(f"UPDATE {table} SET {change} WHERE id IN ({ids})", before)

    def _gone(self, table: str, where: str, before: datetime) -> int:
        ids = f"SELECT id FROM {table} WHERE {where} LIMIT {ROWS_AT_ONCE}"
        return self._database.run(f"DELETE FROM {table} WHERE id IN ({ids})", before)


def _time(row: Row) -> KeptTime:
    wanted_from = moment(row["wanted_from"]).astimezone(UTC) if row["wanted_from"] else None
    return KeptTime(row["days"], row["wanted"], wanted_from)
