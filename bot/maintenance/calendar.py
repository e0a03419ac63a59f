"""Which targets are in maintenance now, and which will be: asked by rooms above."""

from datetime import datetime, timedelta

from bot.clock import Clock
from bot.maintenance.model import Maintenance
from bot.maintenance.store import MaintenanceStore
from bot.status.model import Expected


class Calendar:
    """Reads only."""

    def __init__(self, *, store: MaintenanceStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def holding(self, target: str) -> Maintenance | None:
        """The maintenance that a target is in now; of several the one that lasts longest."""
        now = self._clock()
        holding = [each for each in self._store.live() if target in each.targets and each.holds(now)]
        return max(holding, key=lambda each: each.holds_until, default=None)

    def expected(self) -> dict[str, Expected]:
        """Every target that is in maintenance now, in the words of status."""
        now = self._clock()
        targets = dict.fromkeys(target for each in self._store.live() if each.holds(now) for target in each.targets)
        holding = [(target, held) for target in targets if (held := self.holding(target))]
        return {
            target: Expected(held.begins_at, held.ends_at, held.name, held.why, late=held.ends_at <= now)
            for target, held in holding
        }

    def get(self, maintenance_id: int) -> Maintenance | None:
        return self._store.get(maintenance_id)

    def ahead(self, within: timedelta) -> list[Maintenance]:
        """What goes on, and what begins so soon, in this order."""
        until = self._clock() + within
        return [each for each in self._store.live() if each.begins_at <= until]

    def during(self, target: str, moment: datetime) -> Maintenance | None:
        """The maintenance that a target was or is in at a moment, however it went on."""
        return self._store.during(target, moment)
