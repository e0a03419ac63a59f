"""The table of what investigations have to do with each other."""

from collections.abc import Collection

from bot.database import Row, Store
from bot.investigations.relation_model import Relation, RelationKind
from bot.stored import Stored

_RELATIONS = Stored[Relation](Relation)


class RelationStore(Store):
    """Questions and verbs; transactions are the service's."""

    def get(self, relation_id: int) -> Relation | None:
        return _RELATIONS.maybe(self._database.row("SELECT * FROM relations WHERE id = ?", relation_id))

    def of(self, investigation_ids: Collection[int]) -> list[Relation]:
        """Those that stand and name any of these, oldest first."""
        rows = self._database.rows(
            """SELECT * FROM relations WHERE undone_at IS NULL AND investigation_id IN (SELECT value FROM json_each(?1))
               UNION SELECT * FROM relations WHERE undone_at IS NULL AND other_id IN (SELECT value FROM json_each(?1))
               ORDER BY id""",
            list(investigation_ids),
        )
        return _RELATIONS.rows(rows)

    def causes(self) -> list[Relation]:
        """Of all of them, what stands and says what was caused by what."""
        rows = self._database.rows("SELECT * FROM relations WHERE undone_at IS NULL AND kind = 'caused_by'")
        return _RELATIONS.rows(rows)

    def begin(self, kind: RelationKind, investigation_id: int, other_id: int, how: str, *, by: str) -> int:
        """A new row; its number."""
        row: Row = {"kind": kind, "investigation_id": investigation_id, "other_id": other_id, "how": how}
        return self._database.insert("relations", row | {"at": self._clock(), "by": by})

    def undone(self, relation_id: int, *, by: str) -> None:
        self._database.update("relations", {"id": relation_id}, undone_at=self._clock(), undone_by=by)
