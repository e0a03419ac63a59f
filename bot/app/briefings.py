"""The room of briefings, and what gathers them."""

from bot.app.parts import Adapters, RoomSettings
from bot.briefings import cards
from bot.briefings.gather import ISSUES_IN, Gatherer, Sources
from bot.briefings.planning import Schedules
from bot.briefings.service import BriefingService
from bot.briefings.store import BriefingStore
from bot.records import Records


def build_briefings(
    records: Records, adapters: Adapters, settings: RoomSettings, sources: Sources
) -> tuple[Gatherer, BriefingService]:
    store = BriefingStore(database=records.database, clock=records.clock)
    schedules = Schedules(records=records, store=store, defaults=settings.briefings, channel_id=adapters.channel_id)
    gatherer = Gatherer(
        sources=sources,
        catalog=settings.catalog,
        owed=records.owed,
        permalink=adapters.permalink,
        untouched_h=settings.untouched_h,
        written=lambda: records.database.touched.tables(*ISSUES_IN),
    )
    briefings = BriefingService(
        records=records,
        store=store,
        schedules=schedules,
        gatherer=gatherer,
        investigations=sources.investigations,
        pages=cards.pages,
    )
    return gatherer, briefings
