"""The whole bot: built from settings, started, drained."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import aiohttp
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.logger.messages import warning_client_prioritized_and_token_skipped, warning_token_skipped

from bot.app.adapters import build_adapters
from bot.app.database import open_database
from bot.app.desk import build_desk, link_hosts
from bot.app.ground import Ground
from bot.app.hears import build_rooms
from bot.app.jobs import build_scheduler
from bot.app.logs import LogCheck
from bot.app.mail import build_mailer
from bot.app.metrics import metrics_pages
from bot.app.pages import Pages, build_pages, build_search, build_stories
from bot.app.reading import build_reader
from bot.app.room_settings import mapping_version, room_settings
from bot.app.rooms import Rooms
from bot.app.trackers import build_hooks, build_trackers
from bot.app.web import SlackConnection, ack_pages, build_web
from bot.check import Beside, Checkup
from bot.clock import Clock, steady, system_clock
from bot.clock_steps import ClockSteps
from bot.database import Database
from bot.forgetting.seal import compact
from bot.known_issues.search.meaning.mini_lm import NAME, MiniLm, installed
from bot.known_issues.search.meaning.vectors import Vectors
from bot.known_issues.store import TrackerStore
from bot.logs import without
from bot.messages.budget import Budget
from bot.messages.store import MessageStore
from bot.probes.icmp.engine import IcmpEngine
from bot.probes.registry import system_reverse_names
from bot.records import Records
from bot.settings import Settings
from bot.settings.ladders import channels_of, groups_of, people_of
from bot.slack.answer_cache import AnswerCache
from bot.slack.client import SlackClient
from bot.slack.deliveries import Deliveries
from bot.slack.directory import Directory, Management, Team
from bot.slack.listener import Listener
from bot.slack.login import BotIdentity, logged_in
from bot.slack.lost_deliveries import tell_lost
from bot.slack.outbox import Outbox
from bot.slack.request import Conversation
from bot.slack.sender import Sender
from bot.slack.taken_blocks import RefusedBlocks, TableClient
from bot.slack.taken_pictures import PictureClient
from bot.tasks import Tasks
from bot.views import views
from bot.web.server import WebServer
from commands import register
from commands.services import Services

logger = logging.getLogger(__name__)

DRAIN_S = 10.0


def build_meaning(database: Database) -> Vectors | None:
    """Nothing of the extra is imported before its loop runs."""
    return Vectors(database=database, make=MiniLm, name=NAME) if installed() else None


@dataclass(frozen=True, slots=True)
class App:
    """Everything that runs. `start` connects, `stop` drains."""

    ground: Ground
    outbox: Outbox
    rooms: Rooms
    services: Services
    listener: Listener[Services]
    connection: SlackConnection
    web: WebServer | None
    pages: Pages | None
    deliveries: Deliveries
    clock_steps: ClockSteps
    scheduler: AsyncIOScheduler
    mapping_version: str

    async def start(self) -> None:
        """Connect, take up what was interrupted, begin the loops."""
        tasks = self.ground.tasks
        for name, loop in self._loops().items():
            tasks.forever(loop, name=name)
        tasks.start(self.rooms.known.intake.reread(self.mapping_version), name="known issues")
        self.scheduler.start()
        tell_lost(self.ground.records.database, self.deliveries, self.ground.records.owed)
        redone = self.listener.redo_unfinished()
        await self.connection.connect()
        for name, loop in self._later_loops().items():
            tasks.forever(loop, name=name)
        if self.web:
            await self.web.start()
        logger.info("connected; %d interrupted deliveries taken up again", redone)

    def _loops(self) -> dict[str, Callable[[], Awaitable[None]]]:
        """What goes on for ever, by name."""
        rooms = self.rooms
        loops: dict[str, Callable[[], Awaitable[None]]] = {
            "outbox": self.outbox.run,
            "tickets": rooms.tickets.run,
            "stream": rooms.stream.run,
            "probes": rooms.probe_runner.run,
            "pictures": rooms.pictures.run,
            "status": rooms.status.run,
            "maintenance": rooms.maintenance.service.run,
            "replies": rooms.reply_runner.run,
            "elevations": rooms.elevation_runner.run,
            "asks": rooms.asks.run,
            "handovers": rooms.handovers.run,
            "ends of days": rooms.day_ends.run,
            "ladders": rooms.walker.run,
            "watchdog": rooms.watchdog.run,
            "heartbeat": rooms.watchdog.beat,
            "errands": rooms.errands.run,
            "stories": rooms.copies.run,
            "logs": rooms.log_reader.run,
            "reminders": rooms.reminders.run,
            "claims": rooms.claims.run,
            "homes": self.services.home.keeper.run,
            "vendors": rooms.courier.run,
            "forgetting": rooms.forgetting.runner.run,
            "directory": self.services.directory.keep_fresh,
            "clock": self.clock_steps.run,
        }
        loops |= {"meanings": self.ground.meaning.run} if self.ground.meaning else {}
        return loops | {f"sync of {sync.name}": sync.run for sync in rooms.syncs.all}

    def _later_loops(self) -> dict[str, Callable[[], Awaitable[None]]]:
        """What begins with much work: weeks of tickets, templates, a program of its own. People come first."""
        loops: dict[str, Callable[[], Awaitable[None]]] = {"trends": self.rooms.trend_watch.run}
        loops |= {"pages": self.pages.run} if self.pages else {}
        return loops | ({"search": self.ground.search.run} if self.ground.search else {})

    async def stop(self) -> None:
        """Let what was acknowledged finish, within a deadline, then let go of everything."""
        ground = self.ground
        await self.connection.close()
        if self.web:
            await self.web.close()
        self.scheduler.shutdown(wait=False)
        await ground.tasks.drain(deadline_s=DRAIN_S)
        await ground.close()


async def build_app(settings: Settings, clock: Clock = system_clock) -> App:
    """Waits for a Slack that is away. Raises SecondLineError where the bot can't start: tokens, database, addresses."""
    client = SlackClient(token=settings.slack.bot_token.get_secret_value(), api_url=settings.slack.api_url)
    started = False
    try:
        app_token = settings.slack.app_token.get_secret_value() if settings.slack.mode == "socket" else ""
        identity = await logged_in(client, bot_token=settings.slack.bot_token.get_secret_value(), app_token=app_token)
        app = await _assemble(settings, clock, client, identity)
        started = True
        return app
    finally:
        if not started:
            await client.close()


async def _assemble(settings: Settings, clock: Clock, client: SlackClient, identity: BotIdentity) -> App:
    database, wake, even = open_database(settings), asyncio.Event(), steady(clock)
    compact(database)
    directory = _directory(settings, client, identity, AnswerCache(database=database, clock=clock))
    messages = MessageStore(
        database=database, clock=even, wake=wake.set, is_tier2=directory.known_tier2, budget=Budget()
    )
    records = Records(database=database, owed=messages, people=directory, clock=clock)
    ground = await _ground(settings, records, client, identity)
    tables = TableClient(client=client, refused=RefusedBlocks(database=database, clock=clock))
    taking = PictureClient(client=tables, refused=messages.refuse_pictures)
    conversation = Conversation(client=taking, trusted_urls=_trusted_urls(settings), told=messages.told)
    adapters = build_adapters(ground, directory, conversation)
    rooms = build_rooms(records, ground.tasks, adapters, room_settings(settings, directory))
    directory.personal, directory.admin = rooms.personal.of, settings.workspace.admin
    stories = build_stories(rooms, zone=settings.workspace.tzinfo, workspace_url=identity.url)
    pages = build_pages(settings, ground, rooms, stories)
    services = rooms.services(
        directory=directory,
        conversation=conversation,
        checkup=Checkup(
            settings,
            client=client,
            icmp=ground.icmp,
            beside=Beside(ground.desk, adapters.watched, ground.trackers, ground.mailer, LogCheck(settings)),
        ),
        bot_user=identity.user,
        bot_name=identity.name,
        workspace_url=identity.url,
        link_hosts=link_hosts(settings),
        pages=pages.door if pages else None,
        stories=stories,
    )
    bolt, deliveries = _bolt(ground), Deliveries(database=database, clock=clock)
    listener = Listener(
        app=bolt, services=services, deliveries=deliveries, tasks=ground.tasks, conversation=conversation
    )
    register(listener)
    routes = ack_pages(settings, clock, rooms.escalations)
    routes += metrics_pages(settings, rooms, ground.tasks, client, deliveries)
    hooks, served = build_hooks(settings, rooms.syncs), pages.server if pages else None
    connection, web = build_web(settings, bolt, ground.tasks, hooks, routes, served, clock)
    sender = Sender(client=taking, channel_id=directory.channel_id, bot_user=identity.user, bot_id=identity.bot_id)
    return App(
        ground=ground,
        outbox=Outbox(
            store=messages,
            sender=sender,
            views=views(services, settings.tickets.shown),
            tasks=ground.tasks,
            clock=even,
            wake=wake,
        ),
        rooms=rooms,
        services=services,
        listener=listener,
        connection=connection,
        web=web,
        pages=pages,
        deliveries=deliveries,
        clock_steps=ClockSteps(database=database, clock=clock, even=even),
        scheduler=build_scheduler(settings, database, clock, deliveries, rooms.briefings),
        mapping_version=mapping_version(settings, services.catalog),
    )


async def _ground(settings: Settings, records: Records, client: SlackClient, identity: BotIdentity) -> Ground:
    icmp, http = IcmpEngine(), aiohttp.ClientSession(trust_env=True)
    await icmp.open()
    desk, reader = build_desk(settings, records.clock), build_reader(settings)
    meaning = build_meaning(records.database)
    accounts = TrackerStore(database=records.database, clock=records.clock)
    return Ground(
        settings=settings,
        records=records,
        tasks=Tasks(),
        client=client,
        identity=identity,
        icmp=icmp,
        http=http,
        names=system_reverse_names(),
        desk=desk,
        reader=reader,
        meaning=meaning,
        search=None if meaning else build_search(settings, records.database),
        stream=desk.stream(read=reader.read, meanings=settings.reading.fields) if desk else None,
        trackers=build_trackers(settings, http, records.clock, accounts),
        mailer=build_mailer(settings, records.clock),
    )


def _trusted_urls(settings: Settings) -> tuple[str, ...]:
    """Where answers to a person may be sent: Slack's own host, or anywhere once Slack itself is pointed elsewhere."""
    if settings.slack.api_url == "https://slack.com/api/":
        return ("https://hooks.slack.com/",)
    return ("http://", "https://")


def _directory(settings: Settings, client: SlackClient, identity: BotIdentity, cache: AnswerCache) -> Directory:
    teams = [
        Team(key=key, title=team.title, channel=team.channel, usergroup=team.usergroup, members=team.members)
        for key, team in settings.teams.items()
    ]
    escalation = settings.escalation
    management = Management(
        handle=escalation.group,
        group_id=escalation.group_id,
        people=escalation.people,
        groups=(*groups_of(escalation.ladders), *settings.web.tier1, *filter(None, [settings.forgetting.group])),
    )
    channels = [*settings.briefing.channels, *([settings.handoffs.channel] if settings.handoffs.channel else [])]
    channels += channels_of(escalation.ladders)
    return Directory(
        client=client,
        teams=teams,
        management=management,
        channels=channels,
        people=[*settings.handoffs.leads, *settings.known_issues.leads.values(), *people_of(escalation.ladders)],
        team_id=identity.team_id,
        cache=cache,
    )


def _bolt(ground: Ground) -> AsyncApp:
    """`process_before_response`: without it Bolt polls for the ack every 10 ms.

    Signatures are checked before Bolt sees a request (bot/web/slack_http.py); what else only HTTP needs (ssl_check,
    url_verification) is left out of Socket Mode's way. Bolt warns that it finds our token and does not use it, which is
    as it should be. Where it has no name it looks for one in all modules that are imported: a fifth of the start.
    """

    async def authorize() -> AuthorizeResult:
        return ground.identity.authorization()

    over_http = ground.settings.slack.mode == "http"
    logger = logging.getLogger("slack_bolt")
    logger.addFilter(without(warning_client_prioritized_and_token_skipped(), warning_token_skipped()))
    return AsyncApp(
        name="secondline",
        client=ground.client.web,
        authorize=authorize,
        signing_secret=ground.settings.slack.signing_secret.get_secret_value(),
        process_before_response=True,
        request_verification_enabled=False,
        ssl_check_enabled=over_http,
        url_verification_enabled=over_http,
        attaching_function_token_enabled=False,
        logger=logger,
    )
