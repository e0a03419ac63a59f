"""Everything that the messages show, asked of the services that know it."""

from datetime import datetime

from bot.clock import Clock
from bot.maintenance.calendar import Calendar
from bot.maintenance.cards import during_words
from bot.maintenance.model import Maintenance, ShownMaintenance, ShownSweep
from bot.maintenance.service import MaintenanceService
from bot.maintenance.sweeps import SweepService
from bot.targets.model import Catalog


class MaintenanceShowing:
    """Reads; it decides nothing."""

    def __init__(
        self, *, service: MaintenanceService, sweeps: SweepService, catalog: Catalog, calendar: Calendar, clock: Clock
    ) -> None:
        self._clock = clock
        self._calendar = calendar
        self._service = service
        self._sweeps = sweeps
        self._catalog = catalog

    def shown(self, maintenance_id: int) -> ShownMaintenance:
        """Raises NotFound."""
        return self.of(self._service.get(maintenance_id))

    def of(self, maintenance: Maintenance) -> ShownMaintenance:
        sweep = self.sweep(maintenance.sweep_id) if maintenance.sweep_id else None
        late = maintenance.overrunning and maintenance.ends_at <= self._clock()
        return ShownMaintenance(maintenance, self._titles(maintenance.targets), sweep, late)

    def listed(self) -> list[ShownMaintenance]:
        """What is planned and what goes on."""
        return [self.of(maintenance) for maintenance in self._service.live()]

    def sweep(self, sweep_id: int) -> ShownSweep:
        """Raises NotFound."""
        sweep, batches = self._sweeps.get(sweep_id), self._sweeps.batches(sweep_id)
        waiting = sum(batch.is_live for batch in batches)
        return ShownSweep(sweep, self._titles(sweep.targets), len(batches), len(batches) - waiting)

    def during(self, target: str, moment: datetime) -> str:
        """What the message of a probe says of the maintenance that its target was in; "" for none."""
        held = self._calendar.during(target, moment) if target else None
        return during_words(held) if held else ""

    def ended_during(self, target: str, moment: datetime) -> str:
        """The name of the maintenance that a target was in at a moment, where that is over; else ""."""
        held = self._calendar.during(target, moment)
        return held.name if held and not held.live else ""

    def _titles(self, targets: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(self._catalog.named(target).title for target in targets)
