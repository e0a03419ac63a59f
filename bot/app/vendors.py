"""The room of vendors, and what sends its letters."""

from bot.app.parts import Adapters, RoomSettings
from bot.investigations.evidence import EvidenceService
from bot.investigations.service import InvestigationService
from bot.records import Records
from bot.tasks import Tasks
from bot.vendors.courier import Courier
from bot.vendors.service import VendorService
from bot.vendors.store import VendorStore


def build_vendors(
    records: Records,
    tasks: Tasks,
    adapters: Adapters,
    settings: RoomSettings,
    investigations: InvestigationService,
    evidence: EvidenceService,
) -> tuple[VendorService, Courier]:
    store = VendorStore(database=records.database, clock=records.clock)
    vendors = VendorService(
        records=records,
        store=store,
        investigations=investigations,
        evidence=evidence,
        settings=settings.vendors,
        mailer=adapters.mailer,
    )
    courier = Courier(
        records=records, store=store, vendors=vendors, evidence=evidence, mailer=adapters.mailer, tasks=tasks
    )
    return vendors, courier
