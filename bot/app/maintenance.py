"""The room of maintenance: its calendar, what follows it, and the checks at the end."""

from dataclasses import dataclass

from bot.app.parts import Adapters, RoomSettings
from bot.maintenance.calendar import Calendar
from bot.maintenance.service import MaintenanceService
from bot.maintenance.showing import MaintenanceShowing
from bot.maintenance.store import MaintenanceStore, SweepStore
from bot.maintenance.sweeps import SweepService
from bot.probes.service import ProbeService
from bot.records import Records
from bot.status.service import StatusService


@dataclass(frozen=True, slots=True, kw_only=True)
class MaintenanceRoom:
    service: MaintenanceService
    sweeps: SweepService
    showing: MaintenanceShowing
    calendar: Calendar


def build_maintenance(
    records: Records, adapters: Adapters, settings: RoomSettings, *, status: StatusService, probes: ProbeService
) -> MaintenanceRoom:
    database, clock, catalog = records.database, records.clock, settings.catalog
    store = MaintenanceStore(database=database, clock=clock)
    calendar = Calendar(store=store, clock=clock)
    sweep_store = SweepStore(database=database, clock=clock)
    sweeps = SweepService(records=records, store=sweep_store, probes=probes, catalog=catalog)
    service = MaintenanceService(
        records=records,
        store=store,
        calendar=calendar,
        status=status,
        sweeps=sweeps,
        catalog=catalog,
        team_channel=adapters.team_channel,
    )
    showing = MaintenanceShowing(service=service, sweeps=sweeps, catalog=catalog, calendar=calendar, clock=clock)
    return MaintenanceRoom(service=service, sweeps=sweeps, showing=showing, calendar=calendar)
