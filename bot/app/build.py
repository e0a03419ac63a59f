"""The whole bot: built from settings, started, drained."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass

import aiohttp
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult

from bot.app.briefings import BriefingJobs, build_briefings
from bot.app.desk import build_desk, build_tickets, link_hosts
from bot.app.ground import Ground, open_database
from bot.app.known import build_knowledge, build_known, mapping_version
from bot.app.probes import build_probe_room
from bot.app.replies import build_replies, tell_timelines
from bot.app.status import build_status, build_watched
from bot.app.web import Connection, build_web
from bot.app.trackers import build_trackers
from bot.check import Checkup
from bot.clock import Clock, system_clock
from bot.database import Database
from bot.escalations.service import EscalationService
from bot.escalations.store import EscalationStore
from bot.investigations.evidence import EvidenceService
from bot.investigations.service import InvestigationService
from bot.investigations.store import InvestigationStore
from bot.known_issues.tracker import Tracker
from bot.messages.store import MessageStore
from bot.probes.icmp.engine import IcmpEngine
from bot.probes.registry import system_reverse_names
from bot.probes.reverse import ReverseNames
from bot.probes.runner import ProbeRunner
from bot.probes.service import ProbeService
from bot.refusals import tell_refusal
from bot.replies.runner import ReplyRunner
from bot.replies.service import ReplyService
from bot.settings import Settings
from bot.slack.client import SlackClient
from bot.slack.deliveries import Deliveries
from bot.slack.directory import Directory, Management, Team
from bot.slack.listener import Listener
from bot.slack.login import Identity, check_app_token, who_am_i
from bot.slack.outbox import Outbox
from bot.slack.request import Conversation
from bot.slack.sender import Sender
from bot.status.service import StatusService
from bot.status.source import Watched
from bot.targets.model import Catalog
from bot.tasks import Tasks
from bot.tickets.desk import HelpDesk
from bot.views import views
from bot.web.server import WebServer
from commands import register
from commands.services import Services

logger = logging.getLogger(__name__)

DRAIN_S = 10.0


@dataclass(frozen=True, slots=True)
class App:
    """Everything that runs. `start` connects, `stop` drains."""

    database: Database
    client: SlackClient
    icmp: IcmpEngine
    http: aiohttp.ClientSession
    names: ReverseNames | None
    desk: HelpDesk | None
    tasks: Tasks
    outbox: Outbox
    services: Services
    runner: ProbeRunner
    replies: ReplyRunner
    listener: Listener[Services]
    connection: Connection
    web: WebServer | None
    scheduler: AsyncIOScheduler
    mapping_version: str
    trackers: tuple[Tracker, ...]

    async def start(self) -> None:
        """Connect, take up what was interrupted, begin the loops."""
        self.tasks.forever(self.outbox.run, name="outbox")
        self.tasks.forever(self._tickets, name="tickets")
        self.tasks.forever(self._probes, name="probes")
        self.tasks.forever(self._status, name="status")
        self.tasks.forever(self._replies, name="replies")
        self.tasks.forever(self.services.asks.run, name="asks")
        self.tasks.start(self.services.known.reread(self.mapping_version), name="known issues")
        self.tasks.forever(self.services.directory.keep_fresh, name="directory")
        self.scheduler.start()
        redone = self.listener.redo_unfinished()
        await self.connection.connect()
        if self.web:
            await self.web.start()
        logger.info("connected; %d interrupted deliveries taken up again", redone)

    async def _tickets(self) -> None:
        evidence = self.services.evidence
        await self.services.tickets.run(on_linked=evidence.linked, on_searched=evidence.searched)

    async def _probes(self) -> None:
        await self.runner.run(on_done=self.services.evidence.probed)

    async def _status(self) -> None:
        await self.services.status.run(on_changed=self.services.investigations.status_changed)

    async def _replies(self) -> None:
        await self.replies.run(on_done=tell_timelines(self.services.investigations))

    async def stop(self) -> None:
        """Let what was acknowledged finish, within a deadline, then let go of everything."""
        await self.connection.close()
        if self.web:
            await self.web.close()
        self.scheduler.shutdown(wait=False)
        await self.tasks.drain(deadline_s=DRAIN_S)
        if self.desk:
            await self.desk.close()
        for tracker in self.trackers:
            await tracker.close()
        if self.names:
            await self.names.close()
        await self.icmp.close()
        await self.http.close()
        await self.client.close()
        self.database.close()


async def build_app(settings: Settings, clock: Clock = system_clock) -> App:
    """Raises SecondLineError where the bot can't start: tokens, database, addresses."""
    client = SlackClient(token=settings.slack.bot_token.get_secret_value(), api_url=settings.slack.api_url)
    started = False
    try:
        identity = await who_am_i(client, settings.slack.bot_token.get_secret_value())
        if settings.slack.mode == "socket":
            await check_app_token(client, settings.slack.app_token.get_secret_value())
        app = await _assemble(settings, clock, client, identity)
        started = True
        return app
    finally:
        if not started:
            await client.close()


async def _assemble(settings: Settings, clock: Clock, client: SlackClient, identity: Identity) -> App:
    tasks, wake, database, icmp = Tasks(), asyncio.Event(), open_database(settings), IcmpEngine()
    await icmp.open()
    http = aiohttp.ClientSession(trust_env=True)
    messages = MessageStore(database=database, clock=clock, wake=wake.set)
    desk, names = build_desk(settings, clock), system_reverse_names()
    ground = Ground(settings, clock, client, identity, database, messages, tasks, icmp, http, names, desk)
    directory, catalog = _directory(ground), settings.catalog()
    probes, runner = build_probe_room(ground, catalog, directory)
    watched = build_watched(settings, http, clock)
    status = build_status(ground, catalog, directory, watched)
    replies, reply_runner = build_replies(ground, directory)
    trackers = build_trackers(settings, http, clock)
    services = _services(ground, catalog, directory, probes, trackers)
    bolt, deliveries = _bolt(ground), Deliveries(database=database, clock=clock)
    scheduler = _scheduler(deliveries)
    services = _services(ground, catalog, directory, probes, status, watched, replies, scheduler)
    listener = Listener(
        app=bolt, services=services, deliveries=deliveries, tasks=tasks, conversation=services.conversation
    )
    register(listener)
    connection, web = build_web(settings, bolt, tasks, ())
    return App(
        database=database,
        client=client,
        icmp=icmp,
        http=http,
        names=names,
        desk=desk,
        tasks=tasks,
        outbox=_outbox(ground, services, wake),
        services=services,
        runner=runner,
        replies=reply_runner,
        listener=listener,
        connection=connection,
        web=web,
        scheduler=scheduler,
        connection=_connection(settings, bolt, tasks),
        scheduler=_scheduler(deliveries),
        mapping_version=mapping_version(settings, catalog),
        trackers=trackers,
    )


def _services(
    ground: Ground,
    catalog: Catalog,
    directory: Directory,
    probes: ProbeService,
    status: StatusService,
    watched: Sequence[Watched],
    replies: ReplyService,
    scheduler: AsyncIOScheduler,
    ground: Ground, catalog: Catalog, directory: Directory, probes: ProbeService, trackers: tuple[Tracker, ...]
) -> Services:
    settings, database, owed = ground.settings, ground.database, ground.messages
    tickets, known = build_tickets(ground), build_known(ground, catalog, trackers)
    store = InvestigationStore(database=database, clock=ground.clock)
    investigations = InvestigationService(
        database=database, store=store, owed=owed, people=directory, tickets=tickets, probes=probes, status=status
    )
    evidence = EvidenceService(
        database=database,
        store=store,
        owed=owed,
        people=directory,
        catalog=catalog,
        investigations=investigations,
        tickets=tickets,
        probes=probes,
        status=status,
        known=known,
    )
    joined = build_knowledge(ground, catalog, directory, known, investigations, evidence, tickets)
    escalations = EscalationService(
        database=database,
        store=EscalationStore(database=database, clock=ground.clock),
        owed=owed,
        people=directory,
        handle=settings.escalation.group,
        zone=settings.workspace.tzinfo,
        investigations=investigations,
        evidence=evidence,
    )
    conversation = Conversation(client=ground.client, trusted_urls=_trusted_urls(settings))
    briefings = build_briefings(
        ground,
        jobs=BriefingJobs(scheduler=scheduler, clock=ground.clock),
        investigations=investigations,
        evidence=evidence,
        escalations=escalations,
        directory=directory,
        conversation=conversation,
    )
    return Services(
        investigations=investigations,
        evidence=evidence,
        tickets=tickets,
        probes=probes,
        escalations=escalations,
        status=status,
        replies=replies,
        briefings=briefings,
        known=known,
        knowledge=joined.knowledge,
        asks=joined.asks,
        people=directory,
        directory=directory,
        conversation=conversation,
        catalog=catalog,
        owed=owed,
        clock=ground.clock,
        health=Checkup(ground.settings, client=ground.client, icmp=ground.icmp, desk=ground.desk, watched=watched),
        health=Checkup(ground.settings, client=ground.client, icmp=ground.icmp, desk=ground.desk, trackers=trackers),
        bot_user=ground.identity.user,
        link_hosts=link_hosts(settings),
    )


def _outbox(ground: Ground, services: Services, wake: asyncio.Event) -> Outbox:
    return Outbox(
        store=ground.messages,
        sender=Sender(client=ground.client, bot_user=ground.identity.user, bot_id=ground.identity.bot_id),
        views=views(services, ground.settings.tickets.shown),
        tasks=ground.tasks,
        clock=ground.clock,
        wake=wake,
        on_refused=lambda refusal: tell_refusal(ground.messages, refusal),
    )


def _directory(ground: Ground) -> Directory:
    settings = ground.settings
    teams = [
        Team(key=key, title=team.title, channel=team.channel, usergroup=team.usergroup, members=team.members)
        for key, team in settings.teams.items()
    ]
    wanted = settings.escalation
    management = Management(handle=wanted.group, group_id=wanted.group_id, people=wanted.people)
    channels = settings.briefing.channels
    return Directory(client=ground.client, teams=teams, management=management, channels=channels)


def _bolt(ground: Ground) -> AsyncApp:
    """`process_before_response`: without it Bolt polls for the ack every 10 ms.

    What only HTTP needs (signatures, ssl_check, url_verification) is left out of Socket Mode's way.
    """

    async def authorize() -> AuthorizeResult:
        return ground.identity.authorization()

    over_http = ground.settings.slack.mode == "http"
    return AsyncApp(
        client=ground.client.web,
        authorize=authorize,
        signing_secret=ground.settings.slack.signing_secret.get_secret_value(),
        process_before_response=True,
        request_verification_enabled=over_http,
        ssl_check_enabled=over_http,
        url_verification_enabled=over_http,
        attaching_function_token_enabled=False,
        logger=logging.getLogger("slack_bolt"),
    )


def _scheduler(deliveries: Deliveries) -> AsyncIOScheduler:
    scheduler = AsyncIOScheduler(timezone="UTC")
    scheduler.add_job(deliveries.forget_old, "interval", hours=1, id="forget old deliveries")
    return scheduler


def _trusted_urls(settings: Settings) -> tuple[str, ...]:
    """Where answers to a person may be sent: Slack's own host, or anywhere once Slack itself is pointed elsewhere."""
    if settings.slack.api_url == "https://slack.com/api/":
        return ("https://hooks.slack.com/",)
    return ("http://", "https://")
