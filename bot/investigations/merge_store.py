"""Which investigation goes on in which, and what came with it."""

from collections.abc import Sequence
from dataclasses import asdict

from bot.database import Row, Store
from bot.investigations.merge_model import Brought, Merge
from bot.investigations.model import State
from bot.stored import Stored

_MERGES = Stored[Merge](Merge, json=("kept",))


class MergeStore(Store):
    """Questions and verbs; transactions are the service's."""

    def survivor(self, investigation_id: int) -> int:
        """The end of the chain: itself, where it was not merged."""
        sql = """WITH RECURSIVE chain (id, merged_into) AS (
              SELECT id, merged_into FROM investigations WHERE id = ?
              UNION SELECT i.id, i.merged_into FROM investigations i JOIN chain c ON i.id = c.merged_into)
            SELECT id FROM chain WHERE merged_into IS NULL"""
        numbers = self._database.column(sql, investigation_id)
        return int(numbers[0]) if numbers else investigation_id

    def within(self, investigation_id: int) -> list[int]:
        """Those that go on in it, also by others that do."""
        sql = """WITH RECURSIVE inside (id) AS (
              SELECT id FROM investigations WHERE merged_into = ?
              UNION SELECT i.id FROM investigations i JOIN inside ON i.merged_into = inside.id)
            SELECT id FROM inside ORDER BY id"""
        return self._database.column(sql, investigation_id)

    def of_target(self, target: str) -> list[int]:
        """Those of a target that were merged, the newest first."""
        sql = "SELECT id FROM investigations WHERE target = ? AND state = 'merged' ORDER BY id DESC"
        return self._database.column(sql, target)

    def merged(self, investigation_id: int, state: State, into: int | None) -> None:
        """Raises Taken where one that is live again has a target that another one has."""
        self._database.update("investigations", {"id": investigation_id}, state=state, merged_into=into)

    def begin(self, investigation_id: int, into: int, kept: Brought, *, by: str) -> int:
        """A new row; its number."""
        row: Row = {"investigation_id": investigation_id, "into_id": into, "at": self._clock(), "by": by}
        return self._database.insert("merges", row | {"kept": asdict(kept)})

    def get(self, merge_id: int) -> Merge | None:
        return _MERGES.maybe(self._database.row("SELECT * FROM merges WHERE id = ?", merge_id))

    def of(self, investigation_id: int) -> Merge | None:
        """The one that stands, None for one that was not merged."""
        sql = "SELECT * FROM merges WHERE investigation_id = ? AND undone_at IS NULL"
        return _MERGES.maybe(self._database.row(sql, investigation_id))

    def undone(self, merge_id: int, *, by: str) -> None:
        self._database.update("merges", {"id": merge_id}, undone_at=self._clock(), undone_by=by)

    def brought(self, merge_id: int, kept: Brought) -> None:
        """With further tickets of the survivor that were decided by what people said of them elsewhere."""
        self._database.update("merges", {"id": merge_id}, kept=asdict(kept))

    def helps_no_more(self, investigation_id: int, users: Sequence[str]) -> None:
        for user in users:
            self._database.run("DELETE FROM helpers WHERE investigation_id = ? AND user = ?", investigation_id, user)
