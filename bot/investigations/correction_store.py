"""What was corrected of events, and what stood there before."""

from datetime import datetime

from bot.database import Row, Store
from bot.investigations.correction_model import Correction, CorrectionKind
from bot.stored import Stored

_CORRECTIONS = Stored[Correction](Correction)


class CorrectionStore(Store):
    """Questions and verbs; transactions are the service's."""

    def of(self, event_id: int) -> list[Correction]:
        """Oldest first."""
        rows = self._database.rows("SELECT * FROM corrections WHERE event_id = ? ORDER BY id", event_id)
        return _CORRECTIONS.rows(rows)

    def reworded(self, event_id: int, before: str, text: str, *, by: str) -> None:
        self._keep(event_id, CorrectionKind.WORDS, before, text, by)
        self._corrected(event_id, by, text=text)

    def moved_in_time(self, event_id: int, before: datetime, at: datetime, *, by: str) -> None:
        """When it was written down stays known."""
        self._keep(event_id, CorrectionKind.TIME, before.isoformat(), at.isoformat(), by)
        self._database.run("UPDATE events SET entered_at = at WHERE id = ? AND entered_at IS NULL", event_id)
        self._corrected(event_id, by, at=at)

    def withdrawn(self, event_id: int, before: str, why: str, *, by: str) -> None:
        self._keep(event_id, CorrectionKind.WITHDRAWN, before, why, by)
        columns: Row = {"withdrawn_at": self._clock(), "withdrawn_by": by, "withdrawn_why": why}
        self._database.update("events", {"id": event_id}, **columns)

    def put_back(self, event_id: int, before: str, *, by: str) -> None:
        """`before` is why it was withdrawn."""
        self._keep(event_id, CorrectionKind.PUT_BACK, before, "", by)
        self._corrected(event_id, by, withdrawn_at=None, withdrawn_by=None, withdrawn_why="")

    def _corrected(self, event_id: int, by: str, **columns: object) -> None:
        marks: Row = {"corrected_at": self._clock(), "corrected_by": by}
        self._database.update("events", {"id": event_id}, **(columns | marks))

    def _keep(self, event_id: int, kind: CorrectionKind, before: str, after: str, by: str) -> None:
        row: Row = {"event_id": event_id, "at": self._clock(), "by": by, "kind": kind}
        self._database.insert("corrections", row | {"before": before, "after": after})
