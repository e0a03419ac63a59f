"""The room of trends: what notices them, what people do with them, what their messages show."""

from dataclasses import dataclass

from bot.app.parts import Adapters, RoomSettings
from bot.investigations.service import InvestigationService
from bot.known_issues.service import KnownIssueService
from bot.maintenance.calendar import Calendar
from bot.records import Records
from bot.status.service import StatusService
from bot.tickets.service import TicketService
from bot.trends.agents import AgentTellings
from bot.trends.detector.detector import Detector
from bot.trends.detector.model import DetectorSettings
from bot.trends.edits import Edits
from bot.trends.noticing import Noticing
from bot.trends.picturing import TrendPictures
from bot.trends.plans import TargetPlans
from bot.trends.ports import StoredTickets
from bot.trends.record import TrendRecord
from bot.trends.regressions import Regressions
from bot.trends.reports import TrendReports
from bot.trends.resolved import ResolvedWatch
from bot.trends.service import TrendService
from bot.trends.showing import Showing
from bot.trends.store import TrendStore
from bot.trends.subjects import TicketSubjects
from bot.trends.watch import TrendWatch


@dataclass(frozen=True, slots=True, kw_only=True)
class Below:
    """The services that it asks."""

    investigations: InvestigationService
    tickets: TicketService
    stored: StoredTickets
    status: StatusService
    known: KnownIssueService
    calendar: Calendar


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendRoom:
    service: TrendService
    showing: Showing
    reports: TrendReports
    noticing: Noticing
    resolved: ResolvedWatch
    subjects: TicketSubjects
    watch: TrendWatch
    record: TrendRecord
    agents: AgentTellings


def build_trends(records: Records, adapters: Adapters, settings: RoomSettings, below: Below) -> TrendRoom:
    catalog, by = settings.catalog, settings.trends
    store = TrendStore(database=records.database, clock=records.clock)
    edits = Edits(owed=records.owed, clock=records.clock)
    resolved = ResolvedWatch(database=records.database, clock=records.clock, store=store, stored=below.stored)
    service = TrendService(
        records=records,
        store=store,
        investigations=below.investigations,
        resolved=resolved,
        edits=edits,
        catalog=catalog,
    )
    subjects = TicketSubjects(tickets=below.tickets, store=store, edits=edits)
    regressions = Regressions(
        database=records.database, store=store, stored=below.stored, known=below.known, catalog=catalog, edits=edits
    )
    agents = _agents(records, adapters, below, store, settings)
    showing = Showing(
        records=records,
        trends=service,
        subjects=subjects,
        investigations=below.investigations,
        status=below.status,
        known=below.known,
        regressions=regressions,
        settings=by,
    )
    channel = adapters.team_channel
    reports = TrendReports(records=records, store=store, catalog=catalog, team_channel=channel, settings=by)
    noticing = Noticing(
        records=records,
        store=store,
        stored=below.stored,
        investigations=below.investigations,
        resolved=resolved,
        edits=edits,
        plans=TargetPlans(catalog=catalog, calendar=below.calendar),
        team_channel=channel,
    )
    pictures = TrendPictures(records=records, store=store, showing=showing, settings=by)
    watch = TrendWatch(
        clock=records.clock,
        detector=adapters.detector or (lambda: Detector(settings=_detector(settings))),
        stored=below.stored,
        noticing=noticing,
        resolved=resolved,
        reports=reports,
        after=(subjects.renew, pictures.renew, regressions.look, agents.look),
        settings=by,
    )
    return TrendRoom(
        service=service,
        showing=showing,
        reports=reports,
        noticing=noticing,
        resolved=resolved,
        subjects=subjects,
        watch=watch,
        agents=agents,
        record=_record(records, below, store, service, watch, settings),
    )


def _agents(
    records: Records, adapters: Adapters, below: Below, store: TrendStore, settings: RoomSettings
) -> AgentTellings:
    return AgentTellings(
        records=records,
        store=store,
        stored=below.stored,
        desk=adapters.desk,
        person=adapters.person_by_email,
        settings=settings.trends,
    )


def _record(
    records: Records, below: Below, store: TrendStore, service: TrendService, watch: TrendWatch, settings: RoomSettings
) -> TrendRecord:
    return TrendRecord(
        clock=records.clock,
        store=store,
        trends=service,
        investigations=below.investigations,
        speaks_from=lambda: watch.speaks_from,
        settings=settings.trends,
    )


def _detector(settings: RoomSettings) -> DetectorSettings:
    by, targets = settings.trends, tuple(target.key for target in settings.catalog)
    return DetectorSettings(targets=targets, zone=by.zone, holidays=by.holidays, false_per_week=by.false_per_week)
