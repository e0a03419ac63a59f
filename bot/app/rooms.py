"""Every room, from the ground up, and what rooms below tell those above."""

from dataclasses import dataclass
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.app.briefings import build_briefings, schedule_briefings
from bot.app.desk import build_tickets, link_hosts
from bot.app.ground import Ground
from bot.app.handoffs import build_handoffs, build_releases
from bot.app.hears import join
from bot.app.known import Knowledge, build_accounts, build_knowledge, build_known
from bot.app.probes import build_probe_room
from bot.app.replies import build_replies
from bot.app.room_list import Rooms
from bot.app.status import build_status, build_watched
from bot.app.trackers import build_syncs, build_trackers
from bot.briefings.gather import Sources
from bot.check import Checkup
from bot.escalations.service import EscalationService
from bot.escalations.store import EscalationStore
from bot.handoffs.service import HandoffService
from bot.handoffs.triage import TriageService
from bot.investigations.evidence import EvidenceService
from bot.investigations.rechecks import RecheckService
from bot.investigations.service import InvestigationService
from bot.investigations.store import InvestigationStore
from bot.known_issues.service import KnownIssueService
from bot.known_issues.tracker import Tracker
from bot.probes.service import ProbeService
from bot.releases.service import ReleaseService
from bot.replies.service import ReplyService
from bot.replies.timelines import Timelines
from bot.settings import Settings
from bot.slack.directory import Directory
from bot.slack.request import Conversation
from bot.status.service import StatusService
from bot.targets.model import Catalog
from bot.tickets.service import TicketService
from commands.services import Services


@dataclass(frozen=True, slots=True)
class Built:
    rooms: Rooms
    services: Services
    trackers: tuple[Tracker, ...]


@dataclass(frozen=True, slots=True)
class _Base:
    """Investigations and what they stand on."""

    investigations: InvestigationService
    evidence: EvidenceService
    tickets: TicketService
    probes: ProbeService
    rechecks: RecheckService
    status: StatusService
    known: KnownIssueService
    joined: Knowledge
    replies: ReplyService


def build_rooms(ground: Ground, catalog: Catalog, directory: Directory, scheduler: AsyncIOScheduler) -> Built:
    settings, clock = ground.settings, ground.clock
    watched = build_watched(settings, ground.http, clock)
    trackers = build_trackers(settings, ground.http, clock, build_accounts(ground))
    known = build_known(ground, catalog, trackers)
    status = build_status(ground, catalog, directory, watched)
    probes, runner = build_probe_room(ground, catalog, status)
    replies, reply_runner = build_replies(ground, directory)
    base = _base(ground, catalog, directory, probes=probes, status=status, known=known, replies=replies)
    handoffs, triage, errands = build_handoffs(
        ground,
        directory,
        base.investigations,
        base.evidence,
        known,
        base.joined.knowledge,
        replies,
        base.tickets,
    )
    checkup = Checkup(
        settings, client=ground.client, icmp=ground.icmp, desk=ground.desk, watched=watched, trackers=trackers
    )
    services = _services(ground, catalog, directory, scheduler, base, handoffs, triage, checkup)
    rooms = Rooms(
        tickets=base.tickets,
        probes=probes,
        probe_runner=runner,
        status=status,
        known=known,
        syncs=build_syncs(settings, known, trackers, clock),
        investigations=base.investigations,
        evidence=base.evidence,
        rechecks=base.rechecks,
        asks=services.asks,
        knowledge=services.knowledge,
        escalations=services.escalations,
        replies=replies,
        reply_runner=reply_runner,
        timelines=Timelines(investigations=base.investigations, tickets=base.tickets),
        handoffs=handoffs,
        errands=errands,
        triage=triage,
        releases=services.releases,
    )
    join(rooms)
    return Built(rooms, services, trackers)


def _base(
    ground: Ground,
    catalog: Catalog,
    directory: Directory,
    *,
    probes: ProbeService,
    status: StatusService,
    known: KnownIssueService,
    replies: ReplyService,
) -> _Base:
    store, tickets = InvestigationStore(database=ground.database, clock=ground.clock), build_tickets(ground)
    shared: dict[str, Any] = {"records": ground.records, "store": store}
    shared |= {"tickets": tickets, "probes": probes, "status": status}
    investigations = InvestigationService(**shared)
    evidence = EvidenceService(**shared, catalog=catalog, investigations=investigations, known=known)
    joined = build_knowledge(ground, catalog, directory, known, investigations, tickets)
    rechecks = RecheckService(
        investigations=investigations, probes=probes, status=status, catalog=catalog, tasks=ground.tasks
    )
    return _Base(investigations, evidence, tickets, probes, rechecks, status, known, joined, replies)


def _services(
    ground: Ground,
    catalog: Catalog,
    directory: Directory,
    scheduler: AsyncIOScheduler,
    base: _Base,
    handoffs: HandoffService,
    triage: TriageService,
    checkup: Checkup,
) -> Services:
    settings, clock, known, joined = ground.settings, ground.clock, base.known, base.joined
    escalations = EscalationService(
        records=ground.records,
        store=EscalationStore(database=ground.database, clock=clock),
        handle=settings.escalation.group,
        zone=settings.workspace.tzinfo,
        investigations=base.investigations,
        evidence=base.evidence,
    )
    releases = _releases(ground, directory, base, handoffs)
    conversation = Conversation(client=ground.client, trusted_urls=_trusted_urls(settings))
    sources = Sources(
        base.investigations, base.evidence, escalations, known, joined.asks, base.status, handoffs, releases
    )
    briefings = build_briefings(ground, catalog, directory, conversation, sources)
    schedule_briefings(scheduler, briefings, clock)
    return Services(
        investigations=base.investigations,
        evidence=base.evidence,
        tickets=base.tickets,
        probes=base.probes,
        rechecks=base.rechecks,
        escalations=escalations,
        status=base.status,
        known=known,
        knowledge=joined.knowledge,
        asks=joined.asks,
        replies=base.replies,
        handoffs=handoffs,
        triage=triage,
        releases=releases,
        briefings=briefings,
        people=directory,
        directory=directory,
        conversation=conversation,
        catalog=catalog,
        owed=ground.messages,
        clock=clock,
        checkup=checkup,
        bot_user=ground.identity.user,
        bot_name=ground.identity.name,
        link_hosts=link_hosts(settings),
    )


def _releases(ground: Ground, directory: Directory, base: _Base, handoffs: HandoffService) -> ReleaseService:
    return build_releases(
        ground,
        directory,
        base.known,
        base.joined.knowledge,
        base.investigations,
        handoffs,
        base.replies,
        base.tickets,
    )


def _trusted_urls(settings: Settings) -> tuple[str, ...]:
    """Where answers to a person may be sent: Slack's own host, or anywhere once Slack itself is pointed elsewhere."""
    if settings.slack.api_url == "https://slack.com/api/":
        return ("https://hooks.slack.com/",)
    return ("http://", "https://")
