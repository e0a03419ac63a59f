"""What happens at set times."""

from datetime import timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.briefings.service import BriefingService
from bot.clock import Clock, system_clock
from bot.customer_logs.store import LogExcerpts
from bot.database import Database
from bot.elevations.store import ElevationStore
from bot.emptying import Emptying, EmptyingStep
from bot.investigations.store import InvestigationStore
from bot.known_issues.links import IssueLinks
from bot.messages.store import SentContent
from bot.probes.store import ProbeDetails
from bot.settings import Settings
from bot.slack.deliveries import Deliveries
from bot.tickets.store import SuggestedTickets
from bot.tickets.stream_store import RARE, ForgottenTickets

FIRST_EMPTYING = timedelta(seconds=10)
"""Soon after the start, since a bot may be started often, and not in the middle of what it takes up again."""


def build_scheduler(
    settings: Settings, database: Database, clock: Clock, deliveries: Deliveries, briefings: BriefingService
) -> AsyncIOScheduler:
    scheduler = new_scheduler()
    scheduler.add_job(deliveries.forget_old, "interval", hours=1, id="forget old deliveries")
    # The scheduler itself goes by the machine's clock, also where the bot goes by another.
    emptying, first_at = _emptying(settings, database, clock), system_clock() + FIRST_EMPTYING
    scheduler.add_job(emptying.run, "interval", hours=1, next_run_time=first_at, id="empty what is old")
    schedule_briefings(scheduler, briefings, system_clock)
    return scheduler


def new_scheduler() -> AsyncIOScheduler:
    """Makes one that drops no run for being late: after a machine that slept, or was busy, each job runs once."""
    return AsyncIOScheduler(timezone="UTC", job_defaults={"misfire_grace_time": None, "coalesce": True})


def schedule_briefings(scheduler: AsyncIOScheduler, briefings: BriefingService, clock: Clock) -> None:
    """Wake the briefings at the beginning of each minute, and as soon as the scheduler runs.

    The job decides nothing: what is due, and whether it is too late for it after the machine slept, the records say.
    """
    scheduler.add_job(briefings.tick, "cron", second=0, id="briefings", next_run_time=clock())


def _emptying(settings: Settings, database: Database, clock: Clock) -> Emptying:
    """What is let go of after a while, from all rooms."""
    investigations = InvestigationStore(database=database, clock=clock)
    links = IssueLinks(database=database, clock=clock)
    content = timedelta(days=settings.database.content_days)
    details = timedelta(days=settings.database.details_days)
    forgotten, kept = ForgottenTickets(database=database), timedelta(days=settings.tickets.forget_days)
    steps = (
        EmptyingStep(content, SentContent(database=database).empty),
        EmptyingStep(details, ProbeDetails(database=database, kept=investigations.live_or_closed_since).empty),
        EmptyingStep(details, ElevationStore(database=database, clock=clock).empty),
        EmptyingStep(details, SuggestedTickets(database=database, waiting=links.investigations).empty),
        EmptyingStep(kept, forgotten.empty),
        EmptyingStep(timedelta(days=settings.logs.keep_days), LogExcerpts(database=database).empty),
        EmptyingStep(RARE, forgotten.empty_rare),
    )
    return Emptying(steps=steps, clock=clock)
