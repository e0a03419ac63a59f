"""The room of trends: what notices them, what people do with them, what their messages show."""

from dataclasses import dataclass

from bot.app.parts import Adapters, RoomSettings
from bot.investigations.service import InvestigationService
from bot.known_issues.service import KnownIssueService
from bot.records import Records
from bot.status.service import StatusService
from bot.tickets.service import TicketService
from bot.trends.edits import Edits
from bot.trends.noticing import Noticing
from bot.trends.resolved import ResolvedWatch
from bot.trends.service import TrendService
from bot.trends.showing import Showing
from bot.trends.store import TrendStore
from bot.trends.subjects import TicketSubjects


@dataclass(frozen=True, slots=True)
class TrendRoom:
    service: TrendService
    noticing: Noticing
    showing: Showing
    subjects: TicketSubjects
    resolved: ResolvedWatch


def build_trends(
    records: Records,
    adapters: Adapters,
    settings: RoomSettings,
    *,
    investigations: InvestigationService,
    tickets: TicketService,
    status: StatusService,
    known: KnownIssueService,
) -> TrendRoom:
    store = TrendStore(database=records.database, clock=records.clock)
    edits = Edits(owed=records.owed, clock=records.clock)
    resolved = ResolvedWatch(database=records.database, clock=records.clock, store=store)
    service = TrendService(
        records=records,
        store=store,
        investigations=investigations,
        resolved=resolved,
        edits=edits,
        catalog=settings.catalog,
        settings=settings.trends,
    )
    subjects = TicketSubjects(tickets=tickets, edits=edits)
    return TrendRoom(
        service=service,
        noticing=Noticing(
            records=records,
            store=store,
            stored=adapters.stored_tickets,
            investigations=investigations,
            resolved=resolved,
            edits=edits,
            catalog=settings.catalog,
            team_channel=adapters.team_channel,
        ),
        showing=Showing(
            records=records,
            trends=service,
            subjects=subjects,
            investigations=investigations,
            status=status,
            known=known,
            catalog=settings.catalog,
            settings=settings.trends,
        ),
        subjects=subjects,
        resolved=resolved,
    )
