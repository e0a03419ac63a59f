"""The room of trends: what notices them, what people do with them, what their messages show."""

from bot.app.detector import build_detector
from bot.app.lower_rooms import LowerRooms
from bot.trends.agents import AgentTellings
from bot.trends.edits import Edits
from bot.trends.noticing import Noticing
from bot.trends.picturing import TrendPictures
from bot.trends.plans import TargetPlans
from bot.trends.record import TrendRecord
from bot.trends.regressions import Regressions
from bot.trends.reports import TrendReports
from bot.trends.resolved import ResolvedWatch
from bot.trends.service import TrendService
from bot.trends.showing import Showing
from bot.trends.store import TrendStore
from bot.trends.subjects import TicketSubjects
from bot.trends.watch import TrendWatch


class TrendRoom:
    def __init__(self, below: LowerRooms) -> None:
        records, catalog, by, stored = below.records, below.catalog, below.settings.trends, below.stream
        database, clock, channel = records.database, records.clock, below.adapters.team_channel
        store, edits = TrendStore(database=database, clock=clock), Edits(owed=records.owed, clock=clock)
        self.resolved = ResolvedWatch(database=database, clock=clock, store=store, stored=stored)
        self.service = TrendService(
            records=records,
            store=store,
            investigations=below.investigations,
            resolved=self.resolved,
            edits=edits,
            catalog=catalog,
        )
        self.subjects = TicketSubjects(tickets=below.tickets, store=store, edits=edits)
        regressions = Regressions(
            database=database, store=store, stored=stored, known=below.known, catalog=catalog, edits=edits
        )
        self.agents = AgentTellings(
            records=records,
            store=store,
            stored=stored,
            desk=below.adapters.desk,
            person=below.adapters.person_by_email,
            settings=by,
        )
        self.showing = Showing(
            records=records,
            trends=self.service,
            subjects=self.subjects,
            investigations=below.investigations,
            status=below.status,
            known=below.known,
            regressions=regressions,
            settings=by,
        )
        plans = TargetPlans(catalog=catalog, calendar=below.maintenance.calendar)
        self.reports = TrendReports(records=records, store=store, plans=plans, team_channel=channel, settings=by)
        self.noticing = Noticing(
            records=records,
            store=store,
            stored=stored,
            investigations=below.investigations,
            resolved=self.resolved,
            edits=edits,
            plans=plans,
            team_channel=channel,
        )
        pictures = TrendPictures(records=records, store=store, showing=self.showing, settings=by)
        self.watch = TrendWatch(
            clock=clock,
            new_detector=below.adapters.detector or (lambda: build_detector(by, catalog)),
            stored=stored,
            noticing=self.noticing,
            resolved=self.resolved,
            reports=self.reports,
            after=(self.subjects.renew, pictures.renew, regressions.look, self.agents.look),
            settings=by,
        )
        self.record = TrendRecord(
            clock=clock,
            store=store,
            trends=self.service,
            investigations=below.investigations,
            speaks_from=lambda: self.watch.speaks_from,
            settings=by,
        )
