"""The room of investigations: its record, what people do with it, and what is known of it."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.app.parts import Adapters, RoomSettings
from bot.investigations.above import Above
from bot.investigations.ask_store import AskStore
from bot.investigations.asking import AskService
from bot.investigations.corrections import CorrectionService
from bot.investigations.evidence import EvidenceService
from bot.investigations.knowledge import KnowledgeService
from bot.investigations.merging import MergeService
from bot.investigations.moving import MoveService
from bot.investigations.picturing import PictureService
from bot.investigations.rechecks import RecheckService
from bot.investigations.relating import RelationService
from bot.investigations.service import InvestigationService
from bot.investigations.store import InvestigationStore
from bot.investigations.updates import UpdateService
from bot.known_issues.service import KnownIssueService
from bot.maintenance.sweeps import SweepService
from bot.probes.service import ProbeService
from bot.records import Records
from bot.status.service import StatusService
from bot.tasks import Tasks
from bot.tickets.service import TicketService


@dataclass(frozen=True, slots=True, kw_only=True)
class Below:
    """The services that it asks."""

    tickets: TicketService
    probes: ProbeService
    sweeps: SweepService
    status: StatusService
    known: KnownIssueService


@dataclass(frozen=True, slots=True, kw_only=True)
class InvestigationRoom:
    service: InvestigationService
    evidence: EvidenceService
    updates: UpdateService
    moves: MoveService
    corrections: CorrectionService
    merges: MergeService
    relations: RelationService
    pictures: PictureService
    rechecks: RecheckService
    asks: AskService
    knowledge: KnowledgeService


def build_investigations(
    records: Records,
    tasks: Tasks,
    adapters: Adapters,
    settings: RoomSettings,
    below: Below,
    *,
    above: Callable[[int], Above],
) -> InvestigationRoom:
    """`above` says what the rooms above know of one: they are built later."""
    catalog = settings.catalog
    store = InvestigationStore(database=records.database, clock=records.clock)
    service = InvestigationService(
        records=records, store=store, tickets=below.tickets, probes=below.probes, status=below.status
    )
    evidence = EvidenceService(
        records=records,
        store=store,
        catalog=catalog,
        investigations=service,
        tickets=below.tickets,
        probes=below.probes,
        status=below.status,
        known=below.known,
    )
    asks = _asks(records, settings, below, service)
    return InvestigationRoom(
        service=service,
        evidence=evidence,
        updates=UpdateService(records=records, store=store, investigations=service),
        moves=MoveService(
            records=records,
            store=store,
            investigations=service,
            catalog=catalog,
            teams=settings.teams,
            team_channel=adapters.team_channel,
            barred=adapters.barred,
        ),
        corrections=CorrectionService(records=records, store=store, investigations=service),
        merges=MergeService(
            records=records,
            store=store,
            investigations=service,
            evidence=evidence,
            tickets=below.tickets,
            catalog=catalog,
            above=above,
        ),
        relations=RelationService(records=records, store=store, investigations=service, catalog=catalog),
        pictures=PictureService(records=records, investigations=service, evidence=evidence, tickets=below.tickets),
        rechecks=RecheckService(
            investigations=service,
            probes=below.probes,
            sweeps=below.sweeps,
            status=below.status,
            catalog=catalog,
            tasks=tasks,
            settings=settings.rechecks,
        ),
        asks=asks,
        knowledge=KnowledgeService(
            records=records, known=below.known, investigations=service, asks=asks, beside=adapters.search
        ),
    )


def _asks(records: Records, settings: RoomSettings, below: Below, service: InvestigationService) -> AskService:
    return AskService(
        records=records,
        store=AskStore(database=records.database, clock=records.clock),
        catalog=settings.catalog,
        known=below.known,
        investigations=service,
        tickets=below.tickets,
        settings=settings.asks,
    )
