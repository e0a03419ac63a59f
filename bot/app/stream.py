"""The stream of the desk: what reads it, and the service on top."""

from bot.app.parts import Adapters, RoomSettings
from bot.records import Records
from bot.tickets.stream_service import StreamService
from bot.tickets.stream_store import StreamStore


def build_stream_service(records: Records, adapters: Adapters, settings: RoomSettings) -> StreamService:
    store = StreamStore(database=records.database)
    return StreamService(records=records, store=store, stream=adapters.stream, settings=settings.stream)
