"""The room of forgetting."""

import asyncio
from dataclasses import dataclass

from bot.app.parts import Adapters, RoomSettings
from bot.forgetting.resolving import Resolver
from bot.forgetting.runner import ForgettingRunner
from bot.forgetting.seal import Seal
from bot.forgetting.service import ForgettingService
from bot.forgetting.store import ForgettingStore
from bot.investigations.service import InvestigationService
from bot.records import Records
from bot.tickets.stream_service import StreamService


@dataclass(frozen=True, slots=True)
class ForgettingRoom:
    service: ForgettingService
    runner: ForgettingRunner


def build_forgetting(
    records: Records,
    adapters: Adapters,
    settings: RoomSettings,
    investigations: InvestigationService,
    stream: StreamService,
) -> ForgettingRoom:
    store, wake = ForgettingStore(database=records.database, clock=records.clock), asyncio.Event()
    service = ForgettingService(records=records, store=store, settings=settings.forgetting, wake=wake)
    runner = ForgettingRunner(
        records=records,
        store=store,
        resolver=Resolver(store=store, desk=adapters.desk, hash_of=stream.customer),
        investigations=investigations,
        seal=Seal(database=records.database),
        wake=wake,
    )
    return ForgettingRoom(service, runner)
