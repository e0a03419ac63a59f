"""Every room, from the ground up, and what rooms below tell those above."""

from dataclasses import dataclass
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.app.briefings import BriefingJobs, build_briefings
from bot.app.desk import build_tickets, link_hosts
from bot.app.ground import Ground
from bot.app.handoffs import build_handoffs, build_releases
from bot.app.known import build_knowledge, build_known
from bot.app.probes import build_probe_room
from bot.app.replies import build_replies
from bot.app.situation import BriefedHandoffs, BriefedLinks, BriefedStatus
from bot.app.status import build_status, build_watched
from bot.app.trackers import build_syncs, build_trackers
from bot.check import Checkup
from bot.escalations.service import EscalationService
from bot.escalations.store import EscalationStore
from bot.handoffs.errands import Errands
from bot.investigations.evidence import EvidenceService
from bot.investigations.service import InvestigationService
from bot.investigations.store import InvestigationStore
from bot.known_issues.sync import Syncs
from bot.known_issues.tracker import Tracker
from bot.probes.runner import ProbeRunner
from bot.replies.runner import ReplyRunner
from bot.settings import Settings
from bot.slack.directory import Directory
from bot.slack.request import Conversation
from bot.targets.model import Catalog
from commands.services import Services


@dataclass(frozen=True, slots=True)
class Rooms:
    """The services that commands reach, and the loops that work beside them."""

    services: Services
    probes: ProbeRunner
    replies: ReplyRunner
    errands: Errands
    trackers: tuple[Tracker, ...]
    syncs: Syncs


def build_rooms(ground: Ground, catalog: Catalog, directory: Directory, scheduler: AsyncIOScheduler) -> Rooms:
    settings, database, clock = ground.settings, ground.database, ground.clock
    shared: dict[str, Any] = {"database": database, "owed": ground.messages, "people": directory}
    probes, runner = build_probe_room(ground, catalog, directory)
    watched = build_watched(settings, ground.http, clock)
    status = build_status(ground, catalog, directory, watched)
    trackers = build_trackers(settings, ground.http, clock)
    known, tickets = build_known(ground, catalog, trackers), build_tickets(ground)
    store = InvestigationStore(database=database, clock=clock)
    investigations = InvestigationService(**shared, store=store, tickets=tickets, probes=probes, status=status)
    evidence = EvidenceService(
        **shared,
        store=store,
        catalog=catalog,
        investigations=investigations,
        tickets=tickets,
        probes=probes,
        status=status,
        known=known,
    )
    joined = build_knowledge(ground, catalog, directory, known, investigations, evidence, tickets)
    replies, reply_runner = build_replies(ground, directory)
    escalations = EscalationService(
        **shared,
        store=EscalationStore(database=database, clock=clock),
        handle=settings.escalation.group,
        zone=settings.workspace.tzinfo,
        investigations=investigations,
        evidence=evidence,
    )
    handoffs, errands = build_handoffs(
        ground, directory, investigations, evidence, known, joined.knowledge, replies, tickets
    )
    releases = build_releases(ground, directory, known, joined.knowledge, investigations, handoffs, replies)
    conversation = Conversation(client=ground.client, trusted_urls=_trusted_urls(settings))
    briefings = build_briefings(
        ground,
        jobs=BriefingJobs(scheduler=scheduler, clock=clock),
        investigations=investigations,
        evidence=evidence,
        escalations=escalations,
        directory=directory,
        conversation=conversation,
        known_issues=known,
        links=BriefedLinks(known, joined.asks, investigations),
        status=BriefedStatus(status, catalog),
        handoffs=BriefedHandoffs(handoffs, known, tickets),
    )
    services = Services(
        investigations=investigations,
        evidence=evidence,
        tickets=tickets,
        probes=probes,
        escalations=escalations,
        status=status,
        known=known,
        knowledge=joined.knowledge,
        asks=joined.asks,
        replies=replies,
        handoffs=handoffs,
        releases=releases,
        briefings=briefings,
        people=directory,
        directory=directory,
        conversation=conversation,
        catalog=catalog,
        owed=ground.messages,
        clock=clock,
        health=Checkup(
            settings, client=ground.client, icmp=ground.icmp, desk=ground.desk, watched=watched, trackers=trackers
        ),
        bot_user=ground.identity.user,
        link_hosts=link_hosts(settings),
    )
    syncs = build_syncs(settings, known, trackers, clock)
    return Rooms(services, runner, reply_runner, errands, trackers, syncs)


def _trusted_urls(settings: Settings) -> tuple[str, ...]:
    """Where answers to a person may be sent: Slack's own host, or anywhere once Slack itself is pointed elsewhere."""
    if settings.slack.api_url == "https://slack.com/api/":
        return ("https://hooks.slack.com/",)
    return ("http://", "https://")
