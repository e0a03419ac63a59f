"""Briefings: the service, and the job that wakes it."""

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.app.ground import Ground
from bot.briefings import cards
from bot.briefings.gather import Gatherer, Sources
from bot.briefings.planning import Defaults, Schedules
from bot.briefings.schedule import DAYS, Schedule
from bot.briefings.service import BriefingService
from bot.briefings.store import BriefingStore
from bot.clock import Clock
from bot.settings import Settings
from bot.slack.directory import Directory
from bot.slack.request import Conversation
from bot.targets.model import Catalog


def build_briefings(
    ground: Ground, catalog: Catalog, directory: Directory, conversation: Conversation, sources: Sources
) -> BriefingService:
    store = BriefingStore(database=ground.database, clock=ground.clock)
    return BriefingService(
        records=ground.records,
        store=store,
        schedules=Schedules(
            records=ground.records,
            store=store,
            defaults=_defaults(ground.settings),
            channel_id=directory.channel_id,
        ),
        gatherer=Gatherer(
            sources=sources,
            catalog=catalog,
            owed=ground.messages,
            permalink=conversation.permalink,
            untouched_h=ground.settings.briefing.untouched_h,
        ),
        investigations=sources.investigations,
        pages=cards.pages,
    )


def schedule_briefings(scheduler: AsyncIOScheduler, briefings: BriefingService, clock: Clock) -> None:
    """Wake the briefings at the beginning of each minute, and as soon as the scheduler runs.

    The job decides nothing: what is due, and whether it is too late for it after the machine slept, the records say.
    """
    scheduler.add_job(
        briefings.tick,
        "cron",
        second=0,
        id="briefings",
        next_run_time=clock(),
        misfire_grace_time=None,
        coalesce=True,
    )


def _defaults(settings: Settings) -> Defaults:
    briefing = settings.briefing
    zone = briefing.zone or settings.workspace.zone
    days = tuple(day for day in DAYS if day in briefing.days)
    return Defaults(
        zone=zone,
        schedule=Schedule(briefing.at, zone, days) if briefing.at else None,
        channels=briefing.channels or tuple(team.channel for team in settings.teams.values()),
        holidays=briefing.holidays,
    )
