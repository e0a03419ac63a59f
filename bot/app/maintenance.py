"""The room of maintenance: its calendar, what follows it, and the checks at the end."""

from bot.app.parts import Adapters, RoomSettings
from bot.maintenance.calendar import Calendar
from bot.maintenance.service import MaintenanceService
from bot.maintenance.showing import MaintenanceShowing
from bot.maintenance.store import MaintenanceStore, SweepStore
from bot.maintenance.sweeps import SweepService
from bot.probes.service import ProbeService
from bot.records import Records
from bot.status.service import StatusService


class MaintenanceRoom:
    def __init__(
        self,
        records: Records,
        adapters: Adapters,
        settings: RoomSettings,
        *,
        status: StatusService,
        probes: ProbeService,
    ) -> None:
        database, clock, catalog = records.database, records.clock, settings.catalog
        store, sweeps = MaintenanceStore(database=database, clock=clock), SweepStore(database=database, clock=clock)
        self.calendar = Calendar(store=store, clock=clock)
        self.sweeps = SweepService(records=records, store=sweeps, probes=probes, catalog=catalog)
        self.service = MaintenanceService(
            records=records,
            store=store,
            calendar=self.calendar,
            status=status,
            sweeps=self.sweeps,
            catalog=catalog,
            team_channel=adapters.team_channel,
        )
        self.showing = MaintenanceShowing(
            service=self.service, sweeps=self.sweeps, catalog=catalog, calendar=self.calendar, clock=clock
        )
