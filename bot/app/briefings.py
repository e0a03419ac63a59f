"""Briefings: the service, and the jobs that wake it."""

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.app.ground import Ground
from bot.briefings import cards
from bot.briefings.gather import Gatherer
from bot.briefings.planning import Defaults, Schedules
from bot.briefings.schedule import DAYS, Planned, Schedule
from bot.briefings.service import BriefingService
from bot.briefings.sources import Handoffs, IssueLinks, KnownIssues, Releases, ServiceStatus
from bot.briefings.store import BriefingStore
from bot.clock import Clock
from bot.escalations.service import EscalationService
from bot.investigations.evidence import EvidenceService
from bot.investigations.service import InvestigationService
from bot.settings import Settings
from bot.slack.directory import Directory
from bot.slack.request import Conversation

_JOB = "briefing "


class BriefingJobs:
    """One job per channel at the moment of its next briefing, made from the records at the start and on every change.

    A job decides nothing: it wakes `tick`, which sends what is due by the records, once. A tick each minute keeps the
    day's briefings true, and sends what could not be sent at its moment.
    """

    def __init__(self, *, scheduler: AsyncIOScheduler, clock: Clock) -> None:
        self._scheduler = scheduler
        self._clock = clock
        self._service: BriefingService | None = None

    def begin(self, service: BriefingService) -> None:
        """From now on; the first tick comes as soon as the scheduler runs."""
        self._service = service
        self._add("briefings", trigger="interval", minutes=1, next_run_time=self._clock())

    def soon(self) -> None:
        """A schedule changed."""
        self._add("briefings changed", trigger="date", run_date=self._clock())

    async def tick(self) -> None:
        """Send what is due, amend what was sent, and know when to wake up next."""
        if self._service:
            await self._service.send_due()
            await self._service.keep_true()
            self._plan(await self._service.schedules.all())

    def _plan(self, listed: list[Planned]) -> None:
        wanted = {f"{_JOB}{planned.channel}": planned.next_at for planned in listed if planned.next_at}
        jobs = {job.id: job for job in self._scheduler.get_jobs() if job.id.startswith(_JOB)}
        for name in jobs.keys() - wanted.keys():
            jobs[name].remove()
        for name, next_at in wanted.items():
            if name not in jobs or jobs[name].trigger.run_date != next_at:
                self._add(name, trigger="date", run_date=next_at)

    def _add(self, name: str, **when: object) -> None:
        """Whatever time passed while the machine slept: it runs as soon as it can."""
        self._scheduler.add_job(
            self.tick, id=name, replace_existing=True, misfire_grace_time=None, coalesce=True, **when
        )


def build_briefings(
    ground: Ground,
    *,
    jobs: BriefingJobs,
    investigations: InvestigationService,
    evidence: EvidenceService,
    escalations: EscalationService,
    directory: Directory,
    conversation: Conversation,
    known_issues: KnownIssues | None = None,
    links: IssueLinks | None = None,
    status: ServiceStatus | None = None,
    handoffs: Handoffs | None = None,
    releases: Releases | None = None,
) -> BriefingService:
    store = BriefingStore(database=ground.database, clock=ground.clock)
    schedules = Schedules(
        database=ground.database,
        store=store,
        people=directory,
        clock=ground.clock,
        defaults=_defaults(ground.settings),
        channel_id=directory.channel_id,
        on_changed=jobs.soon,
    )
    gatherer = Gatherer(
        investigations=investigations,
        evidence=evidence,
        escalations=escalations,
        owed=ground.messages,
        permalink=conversation.permalink,
        untouched_h=ground.settings.briefing.untouched_h,
        known_issues=known_issues,
        links=links,
        status=status,
        handoffs=handoffs,
        releases=releases,
    )
    service = BriefingService(
        database=ground.database,
        store=store,
        owed=ground.messages,
        clock=ground.clock,
        schedules=schedules,
        gatherer=gatherer,
        investigations=investigations,
        pages=cards.pages,
    )
    jobs.begin(service)
    return service


def _defaults(settings: Settings) -> Defaults:
    wanted = settings.briefing
    zone = wanted.zone or settings.workspace.zone
    days = tuple(day for day in DAYS if day in wanted.days)
    return Defaults(
        zone=zone,
        schedule=Schedule(wanted.at, zone, days) if wanted.at else None,
        channels=wanted.channels or tuple(team.channel for team in settings.teams.values()),
        holidays=wanted.holidays,
    )
