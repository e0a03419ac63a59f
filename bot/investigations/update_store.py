"""The tables of updates, and of what customers were told so far."""

from datetime import datetime

from bot.database import Row, Store
from bot.investigations.update_model import Audience, Said, Update, Via, Words
from bot.stored import Stored

KEPT = 50
"""So many of the newest are read with an investigation."""
_UPDATES, _SAID = Stored[Update](Update), Stored[Said](Said)


class UpdateStore(Store):
    """Questions and verbs; transactions are the service's."""

    def words(self, investigation_id: int) -> Words:
        """All that was told of an investigation and not withdrawn."""
        updates = self._newest("updates", investigation_id)
        return Words(tuple(map(_UPDATES.row, updates)), tuple(map(_SAID.row, self._newest("said", investigation_id))))

    def on_line(self, event_id: int) -> Update | Said | None:
        """What a line of the timeline tells of, withdrawn or not."""
        return _UPDATES.maybe(self._on_line("updates", event_id)) or _SAID.maybe(self._on_line("said", event_id))

    def lines(self, investigation_id: int) -> set[int]:
        """The lines of a timeline that tell of something here."""
        listed = [
            f"SELECT event_id FROM {table} WHERE investigation_id = ? AND event_id IS NOT NULL"
            for table in ("updates", "said")
        ]
        return {number for sql in listed for number in self._database.column(sql, investigation_id)}

    def reworded(self, told: Update | Said, text: str) -> None:
        self._database.update(_table(told), {"id": told.id}, text=text)

    def moved_in_time(self, told: Update | Said, at: datetime) -> None:
        self._database.update(_table(told), {"id": told.id}, at=at)

    def linked(self, table: str, number: int, event_id: int) -> None:
        """Which line of the timeline tells of it."""
        self._database.update(table, {"id": number}, event_id=event_id)

    def update(self, investigation_id: int, text: str, audience: Audience, *, by: str) -> int:
        """A new row; its number."""
        row: Row = {"investigation_id": investigation_id, "at": self._clock(), "author": by}
        return self._database.insert("updates", row | {"audience": audience, "text": text})

    def say(self, investigation_id: int, text: str, via: Via, *, by: str | None) -> int:
        """A new row; its number."""
        row: Row = {"investigation_id": investigation_id, "at": self._clock(), "author": by, "via": via}
        return self._database.insert("said", row | {"text": text})

    def say_once(
        self, investigation_id: int, text: str, via: Via, *, by: str | None, source: str, corrects: str
    ) -> bool:
        """One customer more was told by something that tells many; False where it stands there already.

        Its time is that of the last one; `corrects` is the source of what it puts right.
        """
        key: Row = {"investigation_id": investigation_id, "source": source}
        row: Row = {"at": self._clock(), "author": by, "via": via, "text": text, "customers": 1}
        told = "UPDATE said SET customers = customers + 1, at = ? WHERE investigation_id = ? AND source = ?"
        if self._database.run(told, self._clock(), investigation_id, source):
            return False
        self._database.insert("said", key | row | {"corrects": corrects})
        return True

    def _newest(self, table: str, investigation_id: int) -> list[Row]:
        sql = f"""SELECT t.*, e.corrected_at FROM {table} t LEFT JOIN events e ON e.id = t.event_id
            WHERE t.investigation_id = ? AND e.withdrawn_at IS NULL ORDER BY t.id DESC LIMIT ?"""
        rows = self._database.rows(sql, investigation_id, KEPT)
        return rows[::-1]

    def _on_line(self, table: str, event_id: int) -> Row | None:
        return self._database.row(f"SELECT * FROM {table} WHERE event_id = ?", event_id)


def _table(told: Update | Said) -> str:
    return "updates" if isinstance(told, Update) else "said"
