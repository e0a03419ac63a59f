"""The tables of updates, and of what customers were told so far."""

from bot.database import Row, Store
from bot.investigations.update_model import Audience, Said, Update, Via, Words
from bot.stored import Stored

KEPT = 50
"""So many of the newest are read with an investigation."""
_UPDATES, _SAID = Stored[Update](Update), Stored[Said](Said)


class UpdateStore(Store):
    """Questions and verbs; transactions are the service's."""

    def words(self, investigation_id: int) -> Words:
        """All that was told of an investigation."""
        updates = self._newest("updates", investigation_id)
        return Words(tuple(map(_UPDATES.row, updates)), tuple(map(_SAID.row, self._newest("said", investigation_id))))

    def update(self, investigation_id: int, text: str, audience: Audience, *, by: str) -> int:
        """A new row; its number."""
        row: Row = {"investigation_id": investigation_id, "at": self._clock(), "author": by}
        return self._database.insert("updates", row | {"audience": audience, "text": text})

    def say(self, investigation_id: int, text: str, via: Via, *, by: str | None) -> int:
        """A new row; its number."""
        row: Row = {"investigation_id": investigation_id, "at": self._clock(), "author": by, "via": via}
        return self._database.insert("said", row | {"text": text})

    def say_once(self, investigation_id: int, text: str, via: Via, *, by: str | None, source: str) -> bool:
        """One customer more was told by something that tells many; False where it stands there already.

        Its time is that of the last one.
        """
        key: Row = {"investigation_id": investigation_id, "source": source}
        row: Row = {"at": self._clock(), "author": by, "via": via, "text": text, "customers": 1}
        told = "UPDATE said SET customers = customers + 1, at = ? WHERE investigation_id = ? AND source = ?"
        if self._database.run(told, self._clock(), investigation_id, source):
            return False
        self._database.insert("said", key | row)
        return True

    def _newest(self, table: str, investigation_id: int) -> list[Row]:
        rows = self._database.rows(
            f"SELECT * FROM {table} WHERE investigation_id = ? ORDER BY id DESC LIMIT ?", investigation_id, KEPT
        )
        return rows[::-1]
