"""The rooms of reminders: what nobody does, and what owners are asked."""

from bot.app.parts import RoomSettings
from bot.investigations.service import InvestigationService
from bot.investigations.updates import UpdateService
from bot.maintenance.calendar import Calendar
from bot.records import Records
from bot.reminders.claims import ClaimService
from bot.reminders.facts import FactGatherer
from bot.reminders.service import ReminderService
from bot.reminders.store import ClaimStore, ReminderStore
from bot.replies.service import ReplyService
from bot.tickets.service import TicketService


def build_reminders(
    records: Records,
    settings: RoomSettings,
    *,
    investigations: InvestigationService,
    updates: UpdateService,
    tickets: TicketService,
    replies: ReplyService,
    calendar: Calendar,
) -> tuple[ReminderService, ClaimService]:
    database, clock = records.database, records.clock
    reminders = ReminderService(
        records=records,
        store=ReminderStore(database=database, clock=clock),
        investigations=investigations,
        facts=FactGatherer(investigations=investigations, updates=updates, tickets=tickets, replies=replies),
        calendar=calendar,
        catalog=settings.catalog,
        settings=settings.reminders,
    )
    claims = ClaimService(
        records=records,
        store=ClaimStore(database=database, clock=clock),
        investigations=investigations,
        tickets=tickets,
        reminders=reminders,
        catalog=settings.catalog,
        settings=settings.reminders,
    )
    return reminders, claims
