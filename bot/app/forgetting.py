"""The room of forgetting."""

import asyncio

from bot.app.lower_rooms import LowerRooms
from bot.forgetting.resolving import Resolver
from bot.forgetting.runner import ForgettingRunner
from bot.forgetting.seal import Seal
from bot.forgetting.service import ForgettingService
from bot.forgetting.store import ForgettingStore


class ForgettingRoom:
    def __init__(self, below: LowerRooms) -> None:
        records, wake = below.records, asyncio.Event()
        store = ForgettingStore(database=records.database, clock=records.clock)
        self.service = ForgettingService(records=records, store=store, settings=below.settings.forgetting, wake=wake)
        self.runner = ForgettingRunner(
            records=records,
            store=store,
            resolver=Resolver(store=store, desk=below.adapters.desk, hash_of=below.stream.customer),
            investigations=below.investigations,
            seal=Seal(database=records.database),
            wake=wake,
        )
