"""Smoke sweeps: the playbooks of several targets at once, told in one message when all have ended."""

from collections.abc import Sequence
from datetime import datetime

from bot.errors import existing
from bot.maintenance.model import card_key
from bot.maintenance.store import SweepStore
from bot.maintenance.sweep_model import Looked, SmokeRow, SmokeSweep, SweepOrder, judged, over, sweep_key
from bot.probes.batch import Batch
from bot.probes.service import ProbeService
from bot.records import Records, Service
from bot.targets.model import Catalog

VIEW = "smoke"


class SweepService(Service):
    """Its runs are batches of the probe room, which have no message of their own."""

    def __init__(self, *, records: Records, store: SweepStore, probes: ProbeService, catalog: Catalog) -> None:
        super().__init__(records=records)
        self._store = store
        self._probes = probes
        self._catalog = catalog

    def get(self, sweep_id: int) -> SmokeSweep:
        """Raises NotFound."""
        return existing(self._store.get(sweep_id), "That check does not exist.")

    def row(self, sweep_id: int, target: str) -> SmokeRow:
        """What came out for one target. Raises NotFound."""
        result = self.get(sweep_id).result
        return existing(
            next((row for row in result.rows if row.target == target), None) if result else None,
            "That check does not exist.",
        )

    def begin(self, order: SweepOrder, *, compared_before: datetime | None = None) -> int:
        """Ask for the playbooks, in the caller's transaction; the id of the sweep.

        It is compared with the last run of each target, or the last one before `compared_before`.
        """
        number = self._store.add(order)
        if order.by:
            key = sweep_key(number)
            self._owed.card(key, view=VIEW, record_id=number, place=order.place, for_user=order.by)
        for key in order.targets:
            if target := self._catalog.get(key):
                self._probes.sweep(target, sweep_id=number, place=order.place, compared_before=compared_before)
        return number

    def batches(self, sweep_id: int) -> list[Batch]:
        """Its runs as far as they are, in the order of the targets."""
        return self._probes.of_sweep(sweep_id)

    def done(self, batch: Batch) -> None:
        """A batch has ended, in its transaction."""
        if batch.sweep_id:
            self._end(batch.sweep_id)

    def look(self) -> None:
        """Ends what has nothing left to wait for, also where its runs were cut, in the caller's transaction."""
        for sweep in self._store.going():
            self._end(sweep.id)

    def _end(self, sweep_id: int) -> None:
        sweep, batches = self._store.get(sweep_id), self._probes.of_sweep(sweep_id)
        if not sweep or sweep.ended_at or not over(batches):
            return
        self._store.ended(sweep_id, judged(self._looks(sweep, batches)))
        self._owed.card(sweep_key(sweep_id), view=VIEW, record_id=sweep_id, place=sweep.place, human=False)
        self._owed.changed(sweep_key(sweep_id), human=True)
        if sweep.maintenance_id:
            self._owed.changed(card_key(sweep.maintenance_id), human=False)

    def _looks(self, sweep: SmokeSweep, batches: Sequence[Batch]) -> list[Looked]:
        by_target = {batch.target: batch for batch in batches}
        looks = []
        for key in sweep.targets:
            batch = by_target.get(key)
            looks.append(
                Looked(key, self._catalog.named(key).title, batch, self._probes.before(batch) if batch else None)
            )
        return looks
