"""The tables of logs: messages with logs in them, what was read, the numbers of masks, a team's own signatures."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.customer_logs.model import (
    CustomerLog,
    Drop,
    LogReport,
    LogState,
    OwnSignature,
    Problem,
    SignatureDraft,
    SignatureState,
)
from bot.database import Database, Row, Store, moment
from bot.stored import Stored

_LOGS = Stored[CustomerLog](CustomerLog, json=("reports",))
_REPORTS = Stored[tuple[LogReport, ...]](tuple[LogReport, ...])
_SIGNATURES = Stored[OwnSignature](OwnSignature, json=("tries",))
_TRIES = Stored[tuple[str, ...]](tuple[str, ...])


class CustomerLogStore(Store):
    """Nothing that stands here was not masked before."""

    def drop(
        self, investigation_id: int | None, files: Sequence[str], *, by: str, channel: str, ts: str, thread_ts: str
    ) -> int | None:
        """A new message with its logs, "" for what was pasted; None where it is known."""
        sql = """INSERT OR IGNORE INTO log_drops (investigation_id, sender, channel, ts, thread_ts, at)
            VALUES (?, ?, ?, ?, ?, ?)"""
        new = self._database.run(sql, investigation_id, by, channel, ts, thread_ts, self._clock())
        if not new:
            return None
        drop_id = int(self._database.value("SELECT id FROM log_drops WHERE channel = ? AND ts = ?", channel, ts))
        for file in files:
            self._database.insert(
                "customer_logs",
                {"drop_id": drop_id, "file_id": file, "state": LogState.WAITING, "due_at": self._clock()},
            )
        return drop_id

    def is_of(self, log_id: int, ticket_id: int) -> None:
        """A log is from this ticket; not from one that was forgotten."""
        sql = """UPDATE customer_logs SET ticket_id = ?1
            WHERE id = ?2 AND NOT EXISTS (SELECT 1 FROM forgotten_tickets WHERE ticket_id = ?1)"""
        self._database.run(sql, ticket_id, log_id)

    def get(self, drop_id: int) -> Drop | None:
        row = self._database.row("SELECT * FROM log_drops WHERE id = ?", drop_id)
        return self._with_logs(row) if row else None

    def at(self, channel: str, ts: str) -> Drop | None:
        row = self._database.row("SELECT * FROM log_drops WHERE channel = ? AND ts = ?", channel, ts)
        return self._with_logs(row) if row else None

    def of(self, investigation_ids: Sequence[int]) -> list[Drop]:
        """All of these investigations, oldest first."""
        sql = "SELECT * FROM log_drops WHERE investigation_id IN (SELECT value FROM json_each(?)) ORDER BY id"
        rows = self._database.rows(sql, list(investigation_ids))
        return [self._with_logs(row) for row in rows]

    def _with_logs(self, row: Row) -> Drop:
        sql = """SELECT id, drop_id, file_id, state, problem, reports, ticket_id, digest FROM customer_logs
            WHERE drop_id = ? ORDER BY id"""
        logs = self._database.rows(sql, row["id"])
        return Drop(
            id=row["id"],
            investigation_id=row["investigation_id"],
            by=row["sender"],
            channel=row["channel"],
            ts=row["ts"],
            thread_ts=row["thread_ts"],
            at=moment(row["at"]),
            logs=tuple(_LOGS.row(each) for each in logs),
        )

    def waiting(self, now: datetime) -> list[tuple[str, int, int]]:
        """Who waits for a log, the first of theirs, and its message; whoever waits longest first."""
        sql = """SELECT d.sender, min(l.id) AS log_id, l.drop_id
            FROM customer_logs l JOIN log_drops d ON d.id = l.drop_id
            WHERE l.state = 'waiting' AND l.due_at <= ? GROUP BY d.sender ORDER BY log_id"""
        rows = self._database.rows(sql, now)
        return [(row["sender"], row["log_id"], row["drop_id"]) for row in rows]

    def next_due_at(self) -> datetime | None:
        return self._database.time("SELECT min(due_at) FROM customer_logs WHERE state = 'waiting'")

    def begin(self, log_id: int) -> int:
        """It is being read; how often it was begun."""
        self._database.run("UPDATE customer_logs SET state = 'reading', attempts = attempts + 1 WHERE id = ?", log_id)
        return int(self._database.value("SELECT attempts FROM customer_logs WHERE id = ?", log_id))

    def again(self, log_id: int, due_at: datetime) -> None:
        self._database.update("customer_logs", {"id": log_id}, state=LogState.WAITING, due_at=due_at)

    def read(self, log_id: int, reports: Sequence[LogReport], digest: str) -> bool:
        """Its reports; False where the message was removed meanwhile."""
        sql = """UPDATE customer_logs SET state = 'read', reports = ?, read_at = ?, digest = ?
            WHERE id = ? AND state = 'reading'"""
        return bool(self._database.run(sql, _REPORTS.write(tuple(reports)), self._clock(), digest, log_id))

    def fail(self, log_id: int, problem: Problem) -> None:
        sql = "UPDATE customer_logs SET state = 'failed', problem = ?, read_at = ? WHERE id = ? AND state = 'reading'"
        self._database.run(sql, problem, self._clock(), log_id)

    def interrupted(self) -> None:
        """What was being read when the program ended is read anew."""
        self._database.run("UPDATE customer_logs SET state = 'waiting' WHERE state = 'reading'")

    def empty(self, drop_id: int) -> None:
        """Nothing of its content is kept."""
        emptied = "state = 'emptied', reports = '[]', digest = ''"
        self._database.run(f"UPDATE customer_logs SET {emptied} WHERE drop_id = ?", drop_id)

    def masks(self, scope: str) -> dict[str, int]:
        """The numbers given so far, by kind and digest."""
        rows = self._database.rows("SELECT name, number FROM log_masks WHERE scope = ?", scope)
        return {row["name"]: row["number"] for row in rows}

    def mask(self, scope: str, new: Mapping[str, int]) -> None:
        for name, number in new.items():
            sql = "INSERT OR IGNORE INTO log_masks (scope, name, number, at) VALUES (?, ?, ?, ?)"
            self._database.run(sql, scope, name, number, self._clock())

    def newest(self, investigation_ids: Sequence[int], *, before: int) -> list[int]:
        """The message with logs that came just before one: its card may have spoken over all logs."""
        sql = """SELECT id FROM log_drops WHERE investigation_id IN (SELECT value FROM json_each(?)) AND id < ?
            ORDER BY id DESC LIMIT 1"""
        return self._database.column(sql, list(investigation_ids), before)

    def propose(self, draft: SignatureDraft, *, by: str) -> int:
        row: Row = {"title": draft.title, "meaning": draft.meaning, "role": draft.role, "pattern": draft.pattern}
        row |= {"tries": _TRIES.write(draft.tries), "proposed_by": by, "state": SignatureState.PROPOSED}
        return self._database.insert("log_signatures", row | {"at": self._clock()})

    def signature(self, signature_id: int) -> OwnSignature | None:
        row = self._database.row("SELECT * FROM log_signatures WHERE id = ?", signature_id)
        return _SIGNATURES.row(row) if row else None

    def decide(self, signature_id: int, state: SignatureState, *, by: str) -> bool:
        """False where somebody decided before."""
        sql = """UPDATE log_signatures SET state = ?, decided_by = ?, decided_at = ?
            WHERE id = ? AND state = 'proposed'"""
        return bool(self._database.run(sql, state, by, self._clock(), signature_id))

    def accepted(self) -> list[OwnSignature]:
        rows = self._database.rows("SELECT * FROM log_signatures WHERE state = 'accepted' ORDER BY id DESC LIMIT 300")
        return [_SIGNATURES.row(row) for row in rows]


class LogExcerpts:
    """What was read of logs long ago."""

    def __init__(self, *, database: Database) -> None:
        self._database = database

    def empty(self, before: datetime) -> int:
        """Excerpts and masks go, with the kind of finding that is only in them; how many of both."""
        sql = """UPDATE customer_logs SET state = 'emptied', reports = '[]', digest = '' WHERE id IN (
            SELECT id FROM customer_logs WHERE state = 'read' AND read_at < ? ORDER BY read_at LIMIT 50)"""
        emptied = self._database.run(sql, before)
        sql = "DELETE FROM log_masks WHERE rowid IN (SELECT rowid FROM log_masks WHERE at < ? ORDER BY at LIMIT 500)"
        return emptied + self._database.run(sql, before)
