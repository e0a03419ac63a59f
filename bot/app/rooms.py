"""The rooms above investigations, and what handlers are given of all: the bot gives the real systems outside, the tests
give fakes."""

import asyncio
from datetime import timedelta
from functools import partial

from bot.app.escalations import EscalationRoom
from bot.app.forgetting import ForgettingRoom
from bot.app.lower_rooms import LowerRooms
from bot.app.parts import Adapters, RoomSettings
from bot.app.retention import build_retention
from bot.app.trends import TrendRoom
from bot.briefings import cards as briefing_cards
from bot.briefings.gather import ISSUES_IN, Gatherer, Sources
from bot.briefings.planning import Schedules
from bot.briefings.service import BriefingService
from bot.briefings.store import BriefingStore
from bot.check import Checkup
from bot.customer_logs.runner import LogReader
from bot.customer_logs.service import CustomerLogService
from bot.customer_logs.store import CustomerLogStore
from bot.elevations.gathering import Gatherings
from bot.elevations.reading import AimReader
from bot.elevations.runner import ElevationRunner
from bot.elevations.service import ElevationService
from bot.elevations.store import ElevationStore
from bot.exports.gather import StoryGatherer
from bot.exports.service import CopyService
from bot.exports.store import CopyStore
from bot.exports.tracker_copy import WhoWasTold
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
from bot.home import cards as home_cards
from bot.home.keeping import HomeKeeper
from bot.home.personal import Personal
from bot.home.service import HomeService, HomeSources
from bot.home.store import HomeStore
from bot.investigations.above import Above, Tier3
from bot.messages.model import Block
from bot.records import Records
from bot.releases.service import ReleaseService
from bot.releases.store import ReleaseStore
from bot.reminders.claims import ClaimService
from bot.reminders.facts import FactGatherer
from bot.reminders.service import ReminderService
from bot.reminders.store import ClaimStore, ReminderStore
from bot.replies.runner import ReplyRunner
from bot.replies.service import ReplyService
from bot.replies.store import ReplyStore
from bot.replies.subjects import RoundSubjects
from bot.replies.timelines import Timelines
from bot.slack.directory import Directory
from bot.slack.request import Conversation
from bot.tasks import Tasks
from bot.tickets.pace import Pace
from bot.trends.wording import now_and_usual
from bot.vendors.courier import Courier
from bot.vendors.service import VendorService
from bot.vendors.store import VendorStore
from commands.services import Home, Pages, PagesFor, Services


async def no_pages(_user: str) -> tuple[tuple[str, str], ...]:
    """Where nobody can sign in."""
    return ()


class Rooms(LowerRooms):
    """Every service, and the loops that work beside them. Each is given those that were built before it."""

    def __init__(self, records: Records, tasks: Tasks, adapters: Adapters, settings: RoomSettings) -> None:
        super().__init__(records, tasks, adapters, settings)
        self.trend_room = TrendRoom(self)
        self.trends, self.trend_watch = self.trend_room.service, self.trend_room.watch
        self._build_logs()
        self._build_handovers()
        room = EscalationRoom(self)
        self.ladders, self.escalations, self.tellings = room.ladders, room.service, room.tellings
        self.walker, self.watchdog = room.walker, room.watchdog
        self._build_replies()
        self._build_elevations()
        self._build_handoffs_and_releases()
        self._build_reminders()
        self._build_vendors()
        self._build_briefings()
        self._build_home()
        self.retention, _ = build_retention(settings.retention, records.database, records.clock)
        self.forgetting = ForgettingRoom(self)

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
            home=self._home(conversation, workspace_url, bot_name, pages.menu if pages else no_pages),
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
            catalog=self.catalog,
            owed=self.records.owed,
            clock=self.records.clock,
            above=self.above,
        )

    def _home(self, conversation: Conversation, workspace_url: str, bot_name: str, pages_for: PagesFor) -> Home:
        example = next((target.key for target in self.catalog.targets if target.addresses), "us-east")

        async def render(user: str) -> Block:
            front = home_cards.Front(workspace_url, bot_name, example, await pages_for(user))
            return home_cards.home(await self.homes.view(user), front)

        keeper = HomeKeeper(homes=self.homes, render=render, publish=conversation.show_home)
        hours = self.settings.reminders.hours
        return Home(keeper=keeper, service=self.homes, personal=self.personal, team_hours=hours)

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
            handover_words=handover_cards.waits(handover) if handover else "",
            waits_for=waits_for,
            waits_for_since=asked_at,
            unanswered_since=self.escalations.unanswered_since(investigation_id),
            vendors=self.vendors.standing(investigation_id),
            has_vendors=bool(self.vendors.vendors),
            wants_story=bool(self.copies.untold(investigation_id)),
            rise_words=now_and_usual(rising) if rising else "",
        )

    def _build_logs(self) -> None:
        records, wake = self.records, asyncio.Event()
        store = CustomerLogStore(database=records.database, clock=records.clock)
        self.logs = CustomerLogService(
            records=records,
            store=store,
            investigations=self.investigations,
            known=self.known,
            settings=self.settings.logs,
            wake=wake,
        )
        self.log_reader = LogReader(
            records=records,
            store=store,
            logs=self.logs,
            investigations=self.investigations,
            known=self.known,
            source=self.adapters.logs,
            program=self.adapters.log_program,
            wake=wake,
        )

    def _build_handovers(self) -> None:
        store = HandoverStore(database=self.records.database, clock=self.records.clock)
        self.handovers = HandoverService(
            records=self.records,
            store=store,
            investigations=self.investigations,
            permalink=self.adapters.permalink,
            settings=self.settings.handovers,
        )
        self.day_ends = DayEnds(
            records=self.records,
            store=store,
            investigations=self.investigations,
            handovers=self.handovers,
            settings=self.settings.handovers,
        )

    def _build_replies(self) -> None:
        database, clock, desk = self.records.database, self.records.clock, self.adapters.desk
        store, wake = ReplyStore(database=database, clock=clock), asyncio.Event()
        self.replies = ReplyService(
            records=self.records, store=store, known=self.known, tickets=self.tickets, desk=desk, wake=wake
        )
        self.reply_runner = ReplyRunner(
            records=self.records,
            store=store,
            desk=desk,
            templates=self.settings.templates,
            subjects=RoundSubjects(investigations=self.investigations, catalog=self.catalog),
            pace=Pace(self.settings.replies_per_minute),
            wake=wake,
        )
        self.timelines = Timelines(investigations=self.investigations, tickets=self.tickets, updates=self.updates)

    def _build_elevations(self) -> None:
        records, by = self.records, self.settings.elevations
        store = ElevationStore(database=records.database, clock=records.clock)
        gatherings = Gatherings(
            records=records,
            store=store,
            investigations=self.investigations,
            channel=self.adapters.team_channel,
            settings=by,
        )
        self.elevation_runner = ElevationRunner(
            records=records,
            store=store,
            desk=self.adapters.desk,
            gatherings=gatherings,
            reader=AimReader(catalog=self.catalog, read=self.reader.read, default_team=by.default_team),
            settings=by,
            others_write=self.replies.sending,
            wake=asyncio.Event(),
        )
        self.elevations = ElevationService(
            records=records,
            store=store,
            gatherings=gatherings,
            investigations=self.investigations,
            evidence=self.evidence,
            tickets=self.tickets,
            catalog=self.catalog,
            settings=by,
        )
        self.elevations.missing = lambda: self.elevation_runner.missing

    def _build_handoffs_and_releases(self) -> None:
        database, clock, settings = self.records.database, self.records.clock, self.settings.handoffs
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
        self.copies = CopyService(
            records=self.records,
            store=CopyStore(database=database, clock=clock),
            investigations=self.investigations,
            evidence=self.evidence,
            known=self.known,
            handoffs=self.handoffs,
            told=self._told,
            zone=self.settings.escalations.zone,
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
            wake=store.wake,
            handoffs=self.handoffs,
            investigations=self.investigations,
            evidence=self.evidence,
            known=self.known,
            knowledge=self.knowledge,
            desk=self.adapters.desk,
        )
        self.releases = ReleaseService(
            records=self.records,
            store=ReleaseStore(database=database, clock=clock),
            known=self.known,
            knowledge=self.knowledge,
            investigations=self.investigations,
            handoffs=self.handoffs,
            replies=self.replies,
            usual=self.adapters.told_of_releases,
        )

    def _told(self, investigation_id: int) -> WhoWasTold:
        return WhoWasTold(self.escalations.history(investigation_id), tuple(self.replies.of(investigation_id)))

    def _build_reminders(self) -> None:
        database, clock, by = self.records.database, self.records.clock, self.settings.reminders
        self.reminders = ReminderService(
            records=self.records,
            store=ReminderStore(database=database, clock=clock),
            investigations=self.investigations,
            facts=FactGatherer(
                investigations=self.investigations, updates=self.updates, tickets=self.tickets, replies=self.replies
            ),
            calendar=self.maintenance.calendar,
            catalog=self.catalog,
            settings=by,
        )
        self.claims = ClaimService(
            records=self.records,
            store=ClaimStore(database=database, clock=clock),
            investigations=self.investigations,
            tickets=self.tickets,
            reminders=self.reminders,
            catalog=self.catalog,
            settings=by,
        )

    def _build_vendors(self) -> None:
        store = VendorStore(database=self.records.database, clock=self.records.clock)
        self.vendors = VendorService(
            records=self.records,
            store=store,
            investigations=self.investigations,
            evidence=self.evidence,
            settings=self.settings.vendors,
            mailer=self.adapters.mailer,
        )
        self.courier = Courier(
            records=self.records,
            store=store,
            wake=store.wake,
            vendors=self.vendors,
            evidence=self.evidence,
            mailer=self.adapters.mailer,
            tasks=self.tasks,
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
        self.gatherer = Gatherer(
            sources=sources,
            catalog=self.catalog,
            owed=self.records.owed,
            permalink=self.adapters.permalink,
            untouched=timedelta(hours=self.settings.untouched_h),
            written=lambda: self.records.database.touched.tables(*ISSUES_IN),
        )
        store, channel_id = (
            BriefingStore(database=self.records.database, clock=self.records.clock),
            self.adapters.channel_id,
        )
        schedules = Schedules(
            records=self.records, store=store, defaults=self.settings.briefings, channel_id=channel_id
        )
        self.briefings = BriefingService(
            records=self.records,
            store=store,
            schedules=schedules,
            gatherer=self.gatherer,
            investigations=self.investigations,
            pages=briefing_cards.pages,
        )

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
            catalog=self.catalog,
            teams=self.settings.teams,
            personal=self.personal,
        )
