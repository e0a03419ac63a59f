"""The room of escalations: the post, its ladder, who goes up it, and who watches that somebody does."""

from bot.app.lower_rooms import LowerRooms
from bot.clock import steady
from bot.escalations.ladder_store import LadderStore
from bot.escalations.ladders import Ladders
from bot.escalations.service import EscalationService
from bot.escalations.store import EscalationStore
from bot.escalations.tellings import Tellings
from bot.escalations.walker import Walker
from bot.escalations.watchdog import Watchdog


class EscalationRoom:
    def __init__(self, below: LowerRooms) -> None:
        records, limits = below.records, below.settings.escalations
        store = LadderStore(database=records.database)
        self.ladders = Ladders(records=records, store=store, settings=limits.ladders)
        self.service = EscalationService(
            records=records,
            store=EscalationStore(database=records.database, clock=records.clock),
            investigations=below.investigations,
            evidence=below.evidence,
            ladders=self.ladders,
            settings=limits,
        )
        self.tellings = Tellings(
            records=records,
            store=store,
            escalations=self.service,
            ways=below.adapters.ways,
            permalink=below.adapters.permalink,
        )
        self.walker = Walker(
            records=records,
            store=store,
            ladders=self.ladders,
            tellings=self.tellings,
            tasks=below.tasks,
            expired=self.service.expired,
            channel_id=below.adapters.channel_id,
        )
        self.watchdog = Watchdog(
            records=records,
            store=store,
            walker=self.walker,
            escalations=self.service,
            overdue=limits.ladders.overdue,
            heartbeat=below.adapters.heartbeat,
            even=below.adapters.even or steady(records.clock),
        )
