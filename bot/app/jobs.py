"""What happens at set times."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from attrs import define

from bot.app.retention import build_retention, retention_days
from bot.briefings.service import BriefingService
from bot.clock import Clock, system_clock
from bot.customer_logs.store import LogExcerpts
from bot.database import Database, StorageError
from bot.elevations.store import ElevationStore
from bot.forgetting.model import EXPIRES, LINKS_KEPT
from bot.forgetting.store import ForgettingStore
from bot.investigations.store import InvestigationStore
from bot.known_issues.links import IssueLinks
from bot.messages.store import SentContent
from bot.probes.store import empty_details
from bot.retention.model import KeptKind
from bot.settings import Settings
from bot.slack.deliveries import Deliveries
from bot.tickets.store import SuggestedTickets
from bot.tickets.stream_store import RARE, ForgottenTickets

FIRST_EMPTYING = timedelta(seconds=10)
"""Soon after the start, since a bot may be started often, and not in the middle of what it takes up again."""


logger = logging.getLogger(__name__)

PAUSE_S = 0.02
"""Between two steps everything else has its turn, and more of it than the steps."""


@dataclass(frozen=True, slots=True)
class EmptyingStep:
    """`empty` lets go of some of what is older than `after`, in one short transaction, and says of how much.

    `after` may be asked anew each time; None is for ever.
    """

    after: timedelta | Callable[[], timedelta | None]
    empty: Callable[[datetime], int]


async def _let_others_work() -> None:
    await asyncio.sleep(PAUSE_S)


@define(kw_only=True, eq=False, repr=False, slots=False)
class Emptying:
    """The file's pages that become free are used again; it grows no more once a year's work is in it."""

    _steps: Sequence[EmptyingStep]
    _clock: Clock
    _pause: Callable[[], Awaitable[None]] = _let_others_work

    async def run(self) -> None:
        """Let go of everything that is old enough; what can't be written now is tried in the next hour."""
        try:
            for step in self._steps:
                after = step.after() if callable(step.after) else step.after
                while after is not None and step.empty(self._clock() - after):
                    await self._pause()
        except StorageError as error:
            logger.warning("old content stays for now: %s", error.cause)


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
    forgotten, orders = ForgottenTickets(database=database), ForgettingStore(database=database, clock=clock)
    retention, old = build_retention(retention_days(settings), database, clock, lambda: sorted(links.investigations()))

    def kept(kind: KeptKind, empty: Callable[[datetime], int]) -> EmptyingStep:
        return EmptyingStep(partial(retention.kept, kind), empty)

    steps = (
        kept(KeptKind.MESSAGES, SentContent(database=database).empty),
        kept(KeptKind.PROBES, partial(empty_details, database, investigations.live_or_closed_since)),
        kept(KeptKind.PROBES, ElevationStore(database=database, clock=clock).empty),
        kept(KeptKind.PROBES, SuggestedTickets(database=database, waiting=links.investigations).empty),
        kept(KeptKind.STREAM, forgotten.empty),
        kept(KeptKind.LOGS, LogExcerpts(database=database).empty),
        kept(KeptKind.TICKETS, old.empty_tickets),
        kept(KeptKind.TEXTS, old.empty_texts),
        kept(KeptKind.EXPORTS, old.empty_exports),
        kept(KeptKind.MAIL, old.empty_mail),
        kept(KeptKind.AUDIT, old.empty_audit),
        EmptyingStep(RARE, forgotten.empty_rare),
        EmptyingStep(EXPIRES, orders.let_go),
        EmptyingStep(LINKS_KEPT, orders.let_go_of_links),
    )
    return Emptying(steps=steps, clock=clock)
