"""Every room, built from the ground up: the bot gives the real systems outside, the tests give fakes."""

import asyncio
from functools import partial

from bot.app import investigations
from bot.app.briefings import build_briefings
from bot.app.copies import build_copies
from bot.app.elevations import build_elevations
from bot.app.escalations import build_escalations
from bot.app.forgetting import build_forgetting
from bot.app.home import Around, build_home, no_pages
from bot.app.logs import build_logs
from bot.app.maintenance import build_maintenance
from bot.app.parts import Adapters, RoomSettings
from bot.app.releases import build_releases
from bot.app.reminders import build_reminders
from bot.app.retention import build_retention
from bot.app.status import build_status
from bot.app.stream import build_stream_service
from bot.app.trends import Below, build_trends
from bot.app.vendors import build_vendors
from bot.briefings.gather import Sources
from bot.check import Checkup
from bot.exports.gather import StoryGatherer
from bot.handoffs import cards as handoff_cards
from bot.handoffs.errands import Errands
from bot.handoffs.lanes import Lanes
from bot.handoffs.service import HandoffService
from bot.handoffs.store import HandoffStore
from bot.handoffs.triage import TriageService
from bot.handovers import cards as handover_cards
from bot.handovers.day_ends import DayEnds
from bot.handovers.service import HandoverService
from bot.handovers.store import HandoverStore
from bot.home.personal import Personal
from bot.home.service import HomeService, HomeSources
from bot.home.store import HomeStore
from bot.investigations.above import Above, Tier3
from bot.known_issues.intake import Intake
from bot.known_issues.search.index import Index
from bot.known_issues.search.matcher import IssueMatcher
from bot.known_issues.service import KnownIssueService
from bot.known_issues.store import KnownIssueStore, TrackerStore
from bot.known_issues.sync import Sync, Syncs
from bot.probes.places import Places
from bot.probes.runner import ProbeRunner
from bot.probes.service import ProbeService
from bot.probes.store import ProbeStore
from bot.reading.reader import TicketReader
from bot.records import Records
from bot.replies.runner import ReplyRunner
from bot.replies.service import ReplyService
from bot.replies.store import ReplyStore
from bot.replies.subjects import RoundSubjects
from bot.replies.timelines import Timelines
from bot.slack.directory import Directory
from bot.slack.request import Conversation
from bot.tasks import Tasks
from bot.tickets.pace import Pace
from bot.tickets.service import TicketService
from bot.tickets.store import TicketStore
from bot.tickets.stream_store import StreamStore
from bot.trends.wording import now_and_usual
from commands.services import Home, Pages, Services


class Rooms:
    """Every service, and the loops that work beside them. Each is given those that were built before it."""

    def __init__(self, records: Records, tasks: Tasks, adapters: Adapters, settings: RoomSettings) -> None:
        self.records = records
        self._tasks = tasks
        self._adapters = adapters
        self._settings = settings
        self.catalog = self._catalog = settings.catalog
        self.teams = settings.teams
        self.reader = adapters.reader or TicketReader(catalog=settings.catalog)
        self._build_tickets_and_status()
        self._build_probes()
        self.maintenance = build_maintenance(records, adapters, settings, status=self.status, probes=self.probes)
        self._build_known_issues()
        self._build_investigations()
        self._build_trends()
        self._build_logs()
        self._build_handovers()
        self._build_what_is_asked_of_others()
        self._build_elevations()
        self._build_handoffs_and_releases()
        self._build_reminders()
        self._build_vendors()
        self._build_briefings()
        self._build_home()
        self.retention, _ = build_retention(settings.retention, records.database, records.clock)
        self.forgetting = build_forgetting(records, adapters, settings, self.investigations, self.stream)

    def services(
        self,
        *,
        directory: Directory,
        conversation: Conversation,
        checkup: Checkup,
        bot_user: str,
        bot_name: str = "secondline",
        workspace_url: str = "",
        link_hosts: frozenset[str],
        pages: Pages | None = None,
        stories: StoryGatherer | None = None,
    ) -> Services:
        """What handlers are given of it, with what they need of Slack."""
        return self._of_rooms()(
            home=self._home(conversation, Around(workspace_url, bot_name, pages.menu if pages else no_pages)),
            directory=directory,
            conversation=conversation,
            checkup=checkup,
            bot_user=bot_user,
            bot_name=bot_name,
            workspace_url=workspace_url,
            link_hosts=link_hosts,
            pages=pages,
            stories=stories,
        )

    def _of_rooms(self) -> partial[Services]:
        """What handlers are given, but for what needs Slack."""
        return partial(
            Services,
            investigations=self.investigations,
            handovers=self.handovers,
            day_ends=self.day_ends,
            evidence=self.evidence,
            updates=self.updates,
            moves=self.moves,
            corrections=self.corrections,
            merges=self.merges,
            relations=self.relations,
            tickets=self.tickets,
            stream=self.stream,
            probes=self.probes,
            rechecks=self.rechecks,
            pictures=self.pictures,
            escalations=self.escalations,
            elevations=self.elevations,
            trends=self.trends,
            shown_trends=self.trend_room.showing,
            trend_reports=self.trend_room.reports,
            trend_record=self.trend_room.record,
            trend_agents=self.trend_room.agents,
            tellings=self.tellings,
            logs=self.logs,
            status=self.status,
            maintenance=self.maintenance.service,
            sweeps=self.maintenance.sweeps,
            shown_maintenance=self.maintenance.showing,
            replies=self.replies,
            handoffs=self.handoffs,
            triage=self.triage,
            vendors=self.vendors,
            releases=self.releases,
            briefings=self.briefings,
            reminders=self.reminders,
            claims=self.claims,
            known=self.known,
            knowledge=self.knowledge,
            asks=self.asks,
            copies=self.copies,
            forgetting=self.forgetting.service,
            retention=self.retention,
            people=self.records.people,
            catalog=self._catalog,
            owed=self.records.owed,
            clock=self.records.clock,
            above=self.above,
        )

    def _home(self, conversation: Conversation, around: Around) -> Home:
        return build_home(self.homes, self.personal, self._settings, conversation.show_home, around)

    def above(self, investigation_id: int) -> Above:
        """What the rooms above investigations know of one, for its card and what is handed over with it."""
        progress, handover = self.handoffs.progress(investigation_id), self.handovers.pending(investigation_id)
        rising = self.trends.rising(investigation_id)
        waits_for, asked_at = self.escalations.waits_for(investigation_id)
        return Above(
            tier3=progress.stage if progress else Tier3.NONE,
            tier3_words=handoff_cards.progress(progress) if progress else "",
            has_tracker=bool(self.known.trackers),
            told=self.replies.told(investigation_id),
            other_teams=self.moves.others(investigation_id),
            handover_words=handover_cards.waits(handover) if handover else "",
            waits_for=waits_for,
            waits_for_since=asked_at,
            unanswered_since=self.escalations.unanswered_since(investigation_id),
            vendors=self.vendors.standing(investigation_id),
            has_vendors=bool(self.vendors.vendors),
            wants_story=bool(self.copies.untold(investigation_id)),
            rise_words=now_and_usual(rising) if rising else "",
        )

    def _build_tickets_and_status(self) -> None:
        records, database, clock = self.records, self.records.database, self.records.clock
        self.tickets = TicketService(
            records=records,
            store=TicketStore(database=database, clock=clock),
            desk=self._adapters.desk,
            catalog=self._catalog,
            settings=self._settings.tickets,
            read=self.reader.read,
            stream=StreamStore(database=database),
        )
        self.stream = build_stream_service(records, self._adapters, self._settings)
        self.status = build_status(records, self._adapters, self._settings)

    def _build_probes(self) -> None:
        store, wake = ProbeStore(database=self.records.database, clock=self.records.clock), asyncio.Event()
        places = Places(prober=self._adapters.prober, clock=self.records.clock)
        kinds = self._adapters.probes(self.status)
        self.probes = ProbeService(
            records=self.records,
            store=store,
            kinds=kinds,
            policy=self._adapters.policy,
            catalog=self._catalog,
            places=places,
            wake=wake,
            settings=self._settings.probes,
        )
        self.probe_runner = ProbeRunner(
            records=self.records,
            store=store,
            probes=kinds,
            catalog=self._catalog,
            places=places,
            tasks=self._tasks,
            wake=wake,
            settings=self._settings.probes,
        )

    def _build_known_issues(self) -> None:
        database, clock = self.records.database, self.records.clock
        store, progress = KnownIssueStore(database=database, clock=clock), TrackerStore(database=database, clock=clock)
        index, trackers, refresh_s = Index(database=database), self._adapters.trackers, self._settings.refresh_s
        intake = Intake(
            records=self.records,
            store=store,
            progress=progress,
            index=index,
            catalog=self._catalog,
            mappings=self._settings.mappings,
        )
        self.known = KnownIssueService(
            records=self.records,
            store=store,
            progress=progress,
            index=index,
            intake=intake,
            catalog=self._catalog,
            trackers=trackers,
            matcher=IssueMatcher(
                store=store,
                index=index,
                catalog=self._catalog,
                words=self._settings.words,
                reader=self.reader,
                clock=clock,
                meaning=self._adapters.meaning,
            ),
        )
        self.syncs = Syncs(
            [
                Sync(tracker=tracker, intake=intake, clock=clock, refresh_s=refresh_s[tracker.name])
                for tracker in trackers
            ]
        )

    def _build_investigations(self) -> None:
        below = investigations.Below(
            tickets=self.tickets,
            probes=self.probes,
            sweeps=self.maintenance.sweeps,
            status=self.status,
            known=self.known,
        )
        room = investigations.build_investigations(
            self.records, self._tasks, self._adapters, self._settings, below, above=self.above
        )
        self.investigations, self.evidence, self.updates = room.service, room.evidence, room.updates
        self.moves, self.corrections = room.moves, room.corrections
        self.merges, self.relations = room.merges, room.relations
        self.pictures = room.pictures
        self.rechecks, self.asks, self.knowledge = room.rechecks, room.asks, room.knowledge

    def _build_trends(self) -> None:
        below = Below(
            investigations=self.investigations,
            tickets=self.tickets,
            stored=self.stream,
            status=self.status,
            known=self.known,
            calendar=self.maintenance.calendar,
        )
        room = build_trends(self.records, self._adapters, self._settings, below)
        self.trend_room, self.trends, self.trend_watch = room, room.service, room.watch

    def _build_logs(self) -> None:
        room = build_logs(self.records, self._adapters, self._settings, self.investigations, self.known)
        self.logs, self.log_reader = room.service, room.reader

    def _build_handovers(self) -> None:
        store = HandoverStore(database=self.records.database, clock=self.records.clock)
        self.handovers = HandoverService(
            records=self.records,
            store=store,
            investigations=self.investigations,
            permalink=self._adapters.permalink,
            settings=self._settings.handovers,
        )
        self.day_ends = DayEnds(
            records=self.records,
            store=store,
            investigations=self.investigations,
            handovers=self.handovers,
            settings=self._settings.handovers,
        )

    def _build_what_is_asked_of_others(self) -> None:
        """Management, and customers."""
        database, clock, desk = self.records.database, self.records.clock, self._adapters.desk
        room = build_escalations(
            self.records,
            self._tasks,
            self._adapters,
            self._settings,
            investigations=self.investigations,
            evidence=self.evidence,
        )
        self.ladders, self.escalations, self.tellings = room.ladders, room.service, room.tellings
        self.walker, self.watchdog = room.walker, room.watchdog
        store, wake = ReplyStore(database=database, clock=clock), asyncio.Event()
        self.replies = ReplyService(
            records=self.records, store=store, known=self.known, tickets=self.tickets, desk=desk, wake=wake
        )
        self.reply_runner = ReplyRunner(
            records=self.records,
            store=store,
            desk=desk,
            templates=self._settings.templates,
            subjects=RoundSubjects(investigations=self.investigations, catalog=self._catalog),
            pace=Pace(self._settings.replies_per_minute),
            wake=wake,
        )
        self.timelines = Timelines(investigations=self.investigations, tickets=self.tickets, updates=self.updates)

    def _build_elevations(self) -> None:
        self.elevations, self.elevation_runner = build_elevations(
            self.records,
            self._adapters,
            self._settings,
            investigations=self.investigations,
            evidence=self.evidence,
            tickets=self.tickets,
            replies=self.replies,
            reader=self.reader,
        )

    def _build_handoffs_and_releases(self) -> None:
        database, clock, settings = self.records.database, self.records.clock, self._settings.handoffs
        store = HandoffStore(database=database, clock=clock)
        lanes = Lanes(store=store, known=self.known, replies=self.replies, tickets=self.tickets)
        self.handoffs = HandoffService(
            records=self.records,
            store=store,
            investigations=self.investigations,
            evidence=self.evidence,
            known=self.known,
            knowledge=self.knowledge,
            lanes=lanes,
            settings=settings,
        )
        self.copies = build_copies(
            self.records,
            self._settings,
            self.investigations,
            self.evidence,
            self.known,
            self.handoffs,
            self.escalations,
            self.replies,
        )
        self.triage = TriageService(
            records=self.records,
            store=store,
            handoffs=self.handoffs,
            investigations=self.investigations,
            known=self.known,
            lanes=lanes,
            settings=settings,
        )
        self.errands = Errands(
            records=self.records,
            store=store,
            handoffs=self.handoffs,
            investigations=self.investigations,
            evidence=self.evidence,
            known=self.known,
            knowledge=self.knowledge,
            desk=self._adapters.desk,
        )
        self.releases = build_releases(
            self.records,
            self._adapters,
            self.known,
            self.knowledge,
            self.investigations,
            self.handoffs,
            self.replies,
        )

    def _build_reminders(self) -> None:
        self.reminders, self.claims = build_reminders(
            self.records,
            self._settings,
            investigations=self.investigations,
            updates=self.updates,
            tickets=self.tickets,
            replies=self.replies,
            calendar=self.maintenance.calendar,
        )

    def _build_vendors(self) -> None:
        self.vendors, self.courier = build_vendors(
            self.records, self._tasks, self._adapters, self._settings, self.investigations, self.evidence
        )

    def _build_briefings(self) -> None:
        sources = Sources(
            investigations=self.investigations,
            evidence=self.evidence,
            escalations=self.escalations,
            known=self.known,
            asks=self.asks,
            status=self.status,
            handoffs=self.handoffs,
            vendors=self.vendors,
            releases=self.releases,
            trends=self.trend_room.record,
            shown_trends=self.trend_room.showing,
            calendar=self.maintenance.calendar,
        )
        self.gatherer, self.briefings = build_briefings(self.records, self._adapters, self._settings, sources)

    def _build_home(self) -> None:
        sources = HomeSources(
            investigations=self.investigations,
            evidence=self.evidence,
            escalations=self.escalations,
            handovers=self.handovers,
            day_ends=self.day_ends,
            claims=self.claims,
            triage=self.triage,
            replies=self.replies,
            releases=self.releases,
            known=self.known,
            asks=self.asks,
            gatherer=self.gatherer.without_links(),
        )
        store = HomeStore(database=self.records.database)
        self.personal = Personal(records=self.records, store=store)
        self.homes = HomeService(
            records=self.records,
            store=store,
            sources=sources,
            catalog=self._catalog,
            teams=self._settings.teams,
            personal=self.personal,
        )
