"""The room of elevations, and what moves its tickets."""

import asyncio

from bot.app.parts import Adapters, RoomSettings
from bot.elevations.gathering import Gatherings
from bot.elevations.reading import AimReader
from bot.elevations.runner import ElevationRunner
from bot.elevations.service import ElevationService
from bot.elevations.store import ElevationStore
from bot.investigations.evidence import EvidenceService
from bot.investigations.service import InvestigationService
from bot.reading.reader import TicketReader
from bot.records import Records
from bot.replies.service import ReplyService
from bot.tickets.service import TicketService


def build_elevations(
    records: Records,
    adapters: Adapters,
    settings: RoomSettings,
    *,
    investigations: InvestigationService,
    evidence: EvidenceService,
    tickets: TicketService,
    replies: ReplyService,
    reader: TicketReader,
) -> tuple[ElevationService, ElevationRunner]:
    by = settings.elevations
    store = ElevationStore(database=records.database, clock=records.clock)
    gatherings = Gatherings(
        records=records, store=store, investigations=investigations, channel=adapters.team_channel, settings=by
    )
    runner = ElevationRunner(
        records=records,
        store=store,
        desk=adapters.desk,
        gatherings=gatherings,
        reader=AimReader(catalog=settings.catalog, read=reader.read, default_team=by.default_team),
        settings=by,
        others_write=replies.sending,
        wake=asyncio.Event(),
    )
    service = ElevationService(
        records=records,
        store=store,
        gatherings=gatherings,
        investigations=investigations,
        evidence=evidence,
        tickets=tickets,
        catalog=settings.catalog,
        settings=by,
    )
    service.missing = lambda: runner.missing
    return service, runner
