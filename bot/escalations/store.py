"""The tables of escalations and of the questions that management asked."""

from dataclasses import asdict
from datetime import datetime

from bot.database import Row, Store, moment
from bot.escalations.model import Escalation, EscalationDraft, EscalationQuestion
from bot.investigations.onset import Onset, OnsetSource
from bot.stored import Stored

_DRAFTS = Stored[EscalationDraft](EscalationDraft, json=("tickets", "runs"))
_ESCALATIONS, _QUESTIONS = Stored[Escalation](Escalation), Stored[EscalationQuestion](EscalationQuestion)
_WAITING = "acknowledged_at IS NULL AND withdrawn_at IS NULL"


class EscalationStore(Store):
    """Questions and verbs of escalations."""

    def escalate(
        self, investigation_id: int, draft: EscalationDraft, onset: Onset, *, mention: str, mention_note: str, by: str
    ) -> int:
        """A new row; raises Taken while an earlier escalation waits for its acknowledgement."""
        row = asdict(draft) | {"investigation_id": investigation_id, "mention": mention, "mention_note": mention_note}
        row |= {"began_at": onset.at, "began_by": onset.source}
        return self._database.insert("escalations", row | {"escalated_by": by, "escalated_at": self._clock()})

    def get(self, escalation_id: int) -> Escalation | None:
        row = self._database.row("SELECT * FROM escalations WHERE id = ?", escalation_id)
        return self._escalation(row) if row else None

    def latest_for(self, investigation_id: int) -> Escalation | None:
        sql = "SELECT * FROM escalations WHERE investigation_id = ? ORDER BY id DESC LIMIT 1"
        row = self._database.row(sql, investigation_id)
        return self._escalation(row) if row else None

    def of(self, investigation_id: int) -> list[int]:
        """Ids of all escalations of an investigation, oldest first."""
        sql = "SELECT id FROM escalations WHERE investigation_id = ? ORDER BY id"
        return self._database.column(sql, investigation_id)

    def unacknowledged_of(self) -> list[int]:
        """Ids of the investigations of which an escalation waits for its acknowledgement."""
        return self._database.column(f"SELECT DISTINCT investigation_id FROM escalations WHERE {_WAITING} ORDER BY 1")

    def acknowledge(self, escalation_id: int, by: str, via: str = "") -> bool:
        """False where somebody was first; the condition in the statement decides."""
        statement = "UPDATE escalations SET acknowledged_by = ?, acknowledged_via = ?, acknowledged_at = ? WHERE id = ?"
        return self._database.run(f"{statement} AND {_WAITING}", by, via, self._clock(), escalation_id) > 0

    def unacknowledge(self, escalation_id: int) -> bool:
        """Whoever acknowledged it doesn't any more. False where nobody did, or a later escalation is under way."""
        sql = """UPDATE escalations SET acknowledged_by = NULL, acknowledged_via = '', acknowledged_at = NULL
                 WHERE id = ?1 AND acknowledged_at IS NOT NULL AND withdrawn_at IS NULL AND id =
                   (SELECT max(id) FROM escalations WHERE investigation_id =
                     (SELECT investigation_id FROM escalations WHERE id = ?1))"""
        return self._database.run(sql, escalation_id) > 0

    def withdraw(self, escalation_id: int, *, by: str | None = None) -> None:
        """`by` is who took it back."""
        self._database.update("escalations", {"id": escalation_id}, withdrawn_at=self._clock(), taken_back_by=by)

    def asked(self, escalation_id: int, question: str, *, by: str) -> int:
        row = {"escalation_id": escalation_id, "asked_by": by, "asked_at": self._clock(), "question": question}
        return self._database.insert("escalation_questions", row)

    def question(self, question_id: int) -> tuple[int, EscalationQuestion] | None:
        """The escalation that it belongs to, and the question."""
        row = self._database.row("SELECT * FROM escalation_questions WHERE id = ?", question_id)
        return (row["escalation_id"], _QUESTIONS.row(row)) if row else None

    def keep(self, investigation_id: int, draft: EscalationDraft, *, by: str) -> None:
        """What a person has written and not sent, instead of what they wrote before."""
        sql = "INSERT OR REPLACE INTO escalation_drafts (investigation_id, user, draft, at) VALUES (?, ?, ?, ?)"
        self._database.run(sql, investigation_id, by, _DRAFTS.write(draft), self._clock())

    def kept(self, investigation_id: int, by: str) -> tuple[EscalationDraft, datetime] | None:
        sql = "SELECT * FROM escalation_drafts WHERE investigation_id = ? AND user = ?"
        row = self._database.row(sql, investigation_id, by)
        return (_DRAFTS.read(row["draft"]), moment(row["at"])) if row else None

    def forget(self, investigation_id: int) -> None:
        """What anybody has written of it and not sent."""
        self._database.run("DELETE FROM escalation_drafts WHERE investigation_id = ?", investigation_id)

    def _escalation(self, row: Row) -> Escalation:
        asked = self._database.rows("SELECT * FROM escalation_questions WHERE escalation_id = ? ORDER BY id", row["id"])
        began = Onset(moment(row["began_at"]), OnsetSource(row["began_by"])) if row["began_at"] else None
        return _ESCALATIONS.row(row, draft=_DRAFTS.row(row), onset=began, questions=tuple(map(_QUESTIONS.row, asked)))
