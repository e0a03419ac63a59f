"""The tables of reminders, of the messages that remind, and of claims that were asked about."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from bot.database import Row, Store
from bot.reminders.claim_model import ClaimEnd, ClaimQuestion
from bot.reminders.model import Nudge, NudgeLine, NudgeState, Reminder, ReminderKind
from bot.stored import Stored

_REMINDERS = Stored[Reminder](Reminder)
_NUDGES = Stored[Nudge](Nudge, json=("lines",))
_LINES = Stored[tuple[NudgeLine, ...]](tuple[NudgeLine, ...])
_CLAIMS = Stored[ClaimQuestion](ClaimQuestion)
_WAITING = "next_at IS NOT NULL AND stopped_by IS NULL"


class ReminderStore(Store):
    """Questions and verbs of reminders; transactions are the service's."""

    def of(self, investigation_id: int) -> list[Reminder]:
        rows = self._database.rows("SELECT * FROM reminders WHERE investigation_id = ? ORDER BY id", investigation_id)
        return _REMINDERS.rows(rows)

    def investigations(self) -> list[int]:
        """Those that have any."""
        return self._database.column("SELECT DISTINCT investigation_id FROM reminders ORDER BY investigation_id")

    def due(self, now: datetime) -> list[int]:
        """The investigations of which something is due."""
        sql = f"SELECT investigation_id FROM reminders WHERE {_WAITING} AND next_at <= ? GROUP BY investigation_id"
        return self._database.column(sql, now)

    def next_due_at(self) -> datetime | None:
        return self._database.time(f"SELECT min(next_at) FROM reminders WHERE {_WAITING}")

    def begin(self, reminder: Reminder) -> int:
        """A new row. Raises Taken where the investigation has one of this kind."""
        row: Row = asdict(reminder)
        del row["id"]
        return self._database.insert("reminders", row)

    def save(self, reminder: Reminder) -> None:
        row: Row = asdict(reminder)
        self._database.update("reminders", {"id": row.pop("id")}, **row)

    def move_asked(self, investigation_id: int, to: int) -> None:
        """What people asked to be reminded of goes on with another investigation."""
        moved = f"investigation_id = ? AND kind = ? AND {_WAITING}"
        sql = f"UPDATE reminders SET investigation_id = ? WHERE {moved}"
        self._database.run(sql, to, investigation_id, ReminderKind.ASKED)

    def end(self, reminder_id: int) -> None:
        self._database.run("DELETE FROM reminders WHERE id = ?", reminder_id)

    def nudge(self, nudge_id: int) -> Nudge | None:
        return _NUDGES.maybe(self._database.row("SELECT * FROM nudges WHERE id = ?", nudge_id))

    def last_nudge(self, investigation_id: int) -> Nudge | None:
        sql = "SELECT * FROM nudges WHERE investigation_id = ? ORDER BY id DESC LIMIT 1"
        return _NUDGES.maybe(self._database.row(sql, investigation_id))

    def nudged(self, investigation_id: int, lines: Sequence[NudgeLine], *, owner: str, team: str) -> int:
        row: Row = {"investigation_id": investigation_id, "at": self._clock(), "owner": owner, "team": team}
        return self._database.insert("nudges", row | {"state": NudgeState.OPEN, "lines": _LINES.write(tuple(lines))})

    def shows(self, nudge_id: int, lines: Sequence[NudgeLine]) -> None:
        self._database.update("nudges", {"id": nudge_id}, lines=_LINES.write(tuple(lines)))

    def nudge_ended(self, nudge_id: int, state: NudgeState, *, by: str = "", until: datetime | None = None) -> None:
        self._database.update("nudges", {"id": nudge_id}, state=state, by=by, until=until, ended_at=self._clock())

    def asked_by(self, investigation_id: int, user: str) -> int:
        """How many reminders somebody asked for and hasn't had."""
        sql = f"SELECT count(*) FROM reminders WHERE investigation_id = ? AND kind = ? AND asked_by = ? AND {_WAITING}"
        return int(self._database.value(sql, investigation_id, ReminderKind.ASKED, user))


class ClaimStore(Store):
    """Questions and verbs of claims that were asked about."""

    def get(self, question_id: int) -> ClaimQuestion | None:
        return _CLAIMS.maybe(self._database.row("SELECT * FROM claim_questions WHERE id = ?", question_id))

    def open(self) -> list[ClaimQuestion]:
        return _CLAIMS.rows(self._database.rows("SELECT * FROM claim_questions WHERE ended_as = '' ORDER BY next_at"))

    def next_due_at(self) -> datetime | None:
        return self._database.time("SELECT min(next_at) FROM claim_questions WHERE ended_as = ''")

    def ask(self, investigation_id: int, owner: str, *, since: datetime, wrote: int, next_at: datetime) -> int:
        """A new row; raises Taken where one is open."""
        row: Row = {"investigation_id": investigation_id, "owner": owner, "asked_at": self._clock(), "since": since}
        return self._database.insert("claim_questions", row | {"wrote": wrote, "next_at": next_at, "ended_as": ""})

    def put_off(self, question_id: int, until: datetime) -> None:
        """Its owner has longer to answer."""
        self._database.update("claim_questions", {"id": question_id}, next_at=until)

    def ended(self, question_id: int, end: ClaimEnd) -> bool:
        """False where it had ended before; the condition in the statement decides."""
        statement = "UPDATE claim_questions SET ended_as = ?, ended_at = ? WHERE id = ? AND ended_as = ''"
        return self._database.run(statement, end, self._clock(), question_id) > 0
