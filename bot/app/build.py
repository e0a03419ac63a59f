"""The whole bot: built from settings, started, drained."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

import aiohttp
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.logger.messages import warning_client_prioritized_and_token_skipped, warning_token_skipped

from bot.app.desk import build_desk
from bot.app.emptying import build_emptying
from bot.app.ground import Ground, open_database
from bot.app.known import mapping_version
from bot.app.room_list import Rooms
from bot.app.rooms import build_rooms
from bot.app.trackers import build_hooks
from bot.app.web import Connection, build_web
from bot.clock import Clock, steady, system_clock
from bot.clock_steps import ClockSteps
from bot.known_issues.tracker import Tracker
from bot.logs import without
from bot.messages.budget import Budget
from bot.messages.store import MessageStore
from bot.probes.icmp.engine import IcmpEngine
from bot.probes.registry import system_reverse_names
from bot.records import Records
from bot.settings import Settings
from bot.slack.answer_cache import AnswerCache
from bot.slack.client import SlackClient
from bot.slack.deliveries import Deliveries
from bot.slack.directory import Directory, Management, Team
from bot.slack.listener import Listener
from bot.slack.login import Identity, logged_in
from bot.slack.lost_deliveries import tell_lost
from bot.slack.outbox import Outbox
from bot.slack.sender import Sender
from bot.tasks import Tasks
from bot.views import views
from bot.web.server import WebServer
from commands import register
from commands.services import Services

logger = logging.getLogger(__name__)

DRAIN_S = 10.0
FIRST_EMPTYING = timedelta(seconds=10)
"""Soon after the start, since a bot may be started often, and not in the middle of what it takes up again."""


@dataclass(frozen=True, slots=True)
class App:
    """Everything that runs. `start` connects, `stop` drains."""

    ground: Ground
    outbox: Outbox
    rooms: Rooms
    services: Services
    trackers: tuple[Tracker, ...]
    listener: Listener[Services]
    connection: Connection
    web: WebServer | None
    deliveries: Deliveries
    clock_steps: ClockSteps
    scheduler: AsyncIOScheduler
    mapping_version: str

    async def start(self) -> None:
        """Connect, take up what was interrupted, begin the loops."""
        tasks = self.ground.tasks
        for name, loop in self._loops().items():
            tasks.forever(loop, name=name)
        tasks.start(self.services.known.intake.reread(self.mapping_version), name="known issues")
        self.scheduler.start()
        tell_lost(self.ground.database, self.deliveries, self.ground.messages)
        redone = self.listener.redo_unfinished()
        await self.connection.connect()
        if self.web:
            await self.web.start()
        logger.info("connected; %d interrupted deliveries taken up again", redone)

    def _loops(self) -> dict[str, Callable[[], Awaitable[None]]]:
        """What goes on for ever, by name."""
        rooms = self.rooms
        loops: dict[str, Callable[[], Awaitable[None]]] = {
            "outbox": self.outbox.run,
            "tickets": rooms.tickets.run,
            "probes": rooms.probe_runner.run,
            "status": rooms.status.run,
            "replies": rooms.reply_runner.run,
            "asks": rooms.asks.run,
            "errands": rooms.errands.run,
            "directory": self.services.directory.keep_fresh,
            "clock": self.clock_steps.run,
        }
        return loops | {f"sync of {sync.name}": sync.run for sync in rooms.syncs.each}

    async def stop(self) -> None:
        """Let what was acknowledged finish, within a deadline, then let go of everything."""
        ground = self.ground
        await self.connection.close()
        if self.web:
            await self.web.close()
        self.scheduler.shutdown(wait=False)
        await ground.tasks.drain(deadline_s=DRAIN_S)
        if ground.desk:
            await ground.desk.close()
        for tracker in self.trackers:
            await tracker.close()
        if ground.names:
            await ground.names.close()
        await ground.icmp.close()
        await ground.http.close()
        await ground.client.close()
        ground.database.close()


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


async def _assemble(settings: Settings, clock: Clock, client: SlackClient, identity: Identity) -> App:
    tasks, wake, database, icmp = Tasks(), asyncio.Event(), open_database(settings), IcmpEngine()
    await icmp.open()
    http = aiohttp.ClientSession(trust_env=True)
    directory, even = _directory(settings, client, identity, AnswerCache(database=database, clock=clock)), steady(clock)
    messages = MessageStore(
        database=database, clock=even, wake=wake.set, is_tier2=directory.known_tier2, budget=Budget()
    )
    desk, names = build_desk(settings, clock), system_reverse_names()
    records = Records(database=database, owed=messages, people=directory, clock=clock)
    ground = Ground(settings, clock, client, identity, database, messages, records, tasks, icmp, http, names, desk)
    catalog = settings.catalog()
    bolt, deliveries = _bolt(ground), Deliveries(database=database, clock=clock)
    scheduler = _scheduler(deliveries)
    built = build_rooms(ground, catalog, directory, scheduler)
    services = built.services
    emptying, first_at = build_emptying(ground), clock() + FIRST_EMPTYING
    scheduler.add_job(emptying.run, "interval", hours=1, next_run_time=first_at, id="empty what is old")
    listener = Listener(
        app=bolt, services=services, deliveries=deliveries, tasks=tasks, conversation=services.conversation
    )
    register(listener)
    connection, web = build_web(settings, bolt, tasks, build_hooks(settings, built.rooms.syncs), clock)
    return App(
        ground=ground,
        outbox=_outbox(ground, directory, services, even, wake),
        rooms=built.rooms,
        services=services,
        trackers=built.trackers,
        listener=listener,
        connection=connection,
        web=web,
        deliveries=deliveries,
        clock_steps=ClockSteps(database=database, clock=clock, even=even),
        scheduler=scheduler,
        mapping_version=mapping_version(settings, catalog),
    )


def _outbox(ground: Ground, directory: Directory, services: Services, even: Clock, wake: asyncio.Event) -> Outbox:
    """`even` is the clock by which the messages wait, too."""
    return Outbox(
        store=ground.messages,
        sender=Sender(
            client=ground.client,
            channel_id=directory.channel_id,
            bot_user=ground.identity.user,
            bot_id=ground.identity.bot_id,
        ),
        views=views(services, ground.settings.tickets.shown),
        tasks=ground.tasks,
        clock=even,
        wake=wake,
    )


def _directory(settings: Settings, client: SlackClient, identity: Identity, cache: AnswerCache) -> Directory:
    teams = [
        Team(key=key, title=team.title, channel=team.channel, usergroup=team.usergroup, members=team.members)
        for key, team in settings.teams.items()
    ]
    wanted = settings.escalation
    management = Management(handle=wanted.group, group_id=wanted.group_id, people=wanted.people)
    channels = [*settings.briefing.channels, *([settings.handoffs.channel] if settings.handoffs.channel else [])]
    return Directory(
        client=client,
        teams=teams,
        management=management,
        channels=channels,
        people=[*settings.handoffs.leads, *settings.known_issues.leads.values()],
        team_id=identity.team_id,
        cache=cache,
    )


def _bolt(ground: Ground) -> AsyncApp:
    """`process_before_response`: without it Bolt polls for the ack every 10 ms.

    Signatures are checked before Bolt sees a request (bot/web/slack_http.py); what else only HTTP needs (ssl_check,
    url_verification) is left out of Socket Mode's way. Bolt warns that it finds our token and does not use it, which is
    as it should be.
    """

    async def authorize() -> AuthorizeResult:
        return ground.identity.authorization()

    over_http = ground.settings.slack.mode == "http"
    logger = logging.getLogger("slack_bolt")
    logger.addFilter(without(warning_client_prioritized_and_token_skipped(), warning_token_skipped()))
    return AsyncApp(
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


def _scheduler(deliveries: Deliveries) -> AsyncIOScheduler:
    scheduler = AsyncIOScheduler(timezone="UTC")
    scheduler.add_job(deliveries.forget_old, "interval", hours=1, id="forget old deliveries")
    return scheduler
