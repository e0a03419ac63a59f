"""The room of escalations: the post, its ladder, who goes up it, and who watches that somebody does."""

from dataclasses import dataclass

from bot.app.parts import Adapters, RoomSettings
from bot.clock import steady
from bot.escalations.ladder_store import LadderStore
from bot.escalations.ladders import Ladders
from bot.escalations.service import EscalationService
from bot.escalations.store import EscalationStore
from bot.escalations.tellings import Tellings
from bot.escalations.walker import Walker
from bot.escalations.watchdog import Watchdog
from bot.investigations.evidence import EvidenceService
from bot.investigations.service import InvestigationService
from bot.records import Records
from bot.tasks import Tasks


@dataclass(frozen=True, slots=True)
class EscalationRoom:
    ladders: Ladders
    service: EscalationService
    tellings: Tellings
    walker: Walker
    watchdog: Watchdog


def build_escalations(
    records: Records,
    tasks: Tasks,
    adapters: Adapters,
    settings: RoomSettings,
    *,
    investigations: InvestigationService,
    evidence: EvidenceService,
) -> EscalationRoom:
    store, limits = LadderStore(database=records.database), settings.escalations
    ladders = Ladders(records=records, store=store, settings=limits.ladders)
    service = EscalationService(
        records=records,
        store=EscalationStore(database=records.database, clock=records.clock),
        investigations=investigations,
        evidence=evidence,
        ladders=ladders,
        settings=limits,
    )
    tellings = Tellings(
        records=records, store=store, escalations=service, ways=adapters.ways, permalink=adapters.permalink
    )
    walker = Walker(
        records=records,
        store=store,
        ladders=ladders,
        tellings=tellings,
        tasks=tasks,
        expired=service.expired,
        channel_id=adapters.channel_id,
    )
    watchdog = Watchdog(
        records=records,
        store=store,
        walker=walker,
        escalations=service,
        overdue=limits.ladders.overdue,
        heartbeat=adapters.heartbeat,
        even=adapters.even or steady(records.clock),
    )
    return EscalationRoom(ladders, service, tellings, walker, watchdog)
