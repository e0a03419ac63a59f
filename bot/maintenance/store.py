"""The tables of maintenances and of smoke sweeps."""

from dataclasses import asdict, fields, replace
from datetime import datetime

from bot.database import Row, Store
from bot.maintenance.model import Change, Maintenance
from bot.maintenance.sweep_model import SmokeResult, SmokeSweep, SweepOrder
from bot.stored import Stored

_MAINTENANCES = Stored[Maintenance](Maintenance, json=("targets", "changes"))
_CHANGES = Stored[tuple[Change, ...]](tuple[Change, ...])
_SWEEPS = Stored[SmokeSweep](SmokeSweep, json=("targets", "result"))
_RESULT = Stored[SmokeResult](SmokeResult)
_COLUMNS = tuple(field.name for field in fields(Maintenance) if field.name != "id")


class MaintenanceStore(Store):
    """Questions and verbs; transactions are the service's."""

    def add(self, maintenance: Maintenance) -> Maintenance:
        """A new row; its id is the one that it gets."""
        return replace(maintenance, id=self._database.insert("maintenances", _row(maintenance)))

    def get(self, maintenance_id: int) -> Maintenance | None:
        return _MAINTENANCES.maybe(self._database.row("SELECT * FROM maintenances WHERE id = ?", maintenance_id))

    def update(self, maintenance: Maintenance) -> None:
        self._database.update("maintenances", {"id": maintenance.id}, **_row(maintenance))

    def live(self) -> list[Maintenance]:
        """What is planned or goes on, in the order in which it begins."""
        rows = self._database.rows(
            "SELECT * FROM maintenances WHERE phase IN ('planned', 'going') ORDER BY begins_at, id"
        )
        return _MAINTENANCES.rows(rows)

    def of_page(self, page: str) -> list[Maintenance]:
        """What one page announced and is not over."""
        rows = self._database.rows(
            "SELECT * FROM maintenances WHERE page = ? AND phase IN ('planned', 'going') ORDER BY id", page
        )
        return _MAINTENANCES.rows(rows)

    def during(self, target: str, moment: datetime) -> Maintenance | None:
        """The last one that a target was in at a moment, as it turned out."""
        row = self._database.row(
            """SELECT * FROM maintenances WHERE phase <> 'cancelled' AND begins_at <= ?1
               AND coalesce(ended_at, max(ends_at, ?1)) >= ?1
               AND EXISTS (SELECT 1 FROM json_each(targets) WHERE value = ?2) ORDER BY id DESC LIMIT 1""",
            moment,
            target,
        )
        return _MAINTENANCES.maybe(row)

    def ended_since(self, since: datetime) -> list[Maintenance]:
        """Those that were over or called off after that, the newest first."""
        rows = self._database.rows("SELECT * FROM maintenances WHERE ended_at > ? ORDER BY ended_at DESC", since)
        return _MAINTENANCES.rows(rows)


class SweepStore(Store):
    """Smoke sweeps: what was asked for, and what came out."""

    def add(self, order: SweepOrder) -> int:
        row: Row = {"title": order.title, "reason": order.reason, "targets": list(order.targets), **asdict(order.place)}
        row |= {"requested_by": order.by, "requested_at": self._clock(), "maintenance_id": order.maintenance_id}
        return self._database.insert("smoke_sweeps", row | {"investigation_id": order.investigation_id})

    def get(self, sweep_id: int) -> SmokeSweep | None:
        return _SWEEPS.maybe(self._database.row("SELECT * FROM smoke_sweeps WHERE id = ?", sweep_id))

    def going(self) -> list[SmokeSweep]:
        return _SWEEPS.rows(self._database.rows("SELECT * FROM smoke_sweeps WHERE ended_at IS NULL ORDER BY id"))

    def ended(self, sweep_id: int, result: SmokeResult) -> None:
        self._database.update("smoke_sweeps", {"id": sweep_id}, ended_at=self._clock(), result=_RESULT.write(result))


def _row(maintenance: Maintenance) -> Row:
    row = {name: getattr(maintenance, name) for name in _COLUMNS}
    return row | {"changes": _CHANGES.write(maintenance.changes)}
