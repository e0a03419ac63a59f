"""Handoffs to Tier 3 and what comes back of them, wired to what trackers tell."""

import asyncio

from bot.app.ground import Ground
from bot.handoffs.errands import Errands
from bot.handoffs.lanes import Lanes
from bot.handoffs.service import HandoffService
from bot.handoffs.standings import Standings
from bot.handoffs.store import HandoffStore
from bot.handoffs.triage import Triage
from bot.investigations.evidence import EvidenceService
from bot.investigations.knowledge import KnowledgeService
from bot.investigations.service import InvestigationService
from bot.known_issues.service import KnownIssueService
from bot.releases.service import ReleaseService
from bot.releases.store import ReleaseStore
from bot.replies.service import ReplyService
from bot.slack.directory import Directory
from bot.tickets.service import TicketService


def build_handoffs(
    ground: Ground,
    directory: Directory,
    investigations: InvestigationService,
    evidence: EvidenceService,
    known: KnownIssueService,
    knowledge: KnowledgeService,
    replies: ReplyService,
    tickets: TicketService,
) -> tuple[HandoffService, Errands]:
    wanted, wake = ground.settings.handoffs, asyncio.Event()
    store = HandoffStore(database=ground.database, clock=ground.clock)
    service = HandoffService(
        database=ground.database,
        store=store,
        owed=ground.messages,
        people=directory,
        clock=ground.clock,
        investigations=investigations,
        evidence=evidence,
        known=known,
        knowledge=knowledge,
        triage=Triage(people=directory, leads=wanted.leads, channel=wanted.channel),
        lanes=Lanes(store=store, known=known, replies=replies, tickets=tickets),
        tickets=tickets,
        desk=ground.desk,
        wake=wake.set,
    )
    errands = Errands(
        database=ground.database,
        store=store,
        clock=ground.clock,
        handoffs=service,
        investigations=investigations,
        evidence=evidence,
        known=known,
        knowledge=knowledge,
        desk=ground.desk,
        wake=wake,
    )
    return service, errands


def build_standings(ground: Ground, known: KnownIssueService) -> Standings:
    return Standings(store=HandoffStore(database=ground.database, clock=ground.clock), known=known)


def build_releases(
    ground: Ground,
    directory: Directory,
    known: KnownIssueService,
    knowledge: KnowledgeService,
    investigations: InvestigationService,
    handoffs: HandoffService,
    replies: ReplyService,
    tickets: TicketService,
) -> ReleaseService:
    teams = ground.settings.teams.values() if ground.settings.releases.announce else ()
    return ReleaseService(
        database=ground.database,
        store=ReleaseStore(database=ground.database, clock=ground.clock),
        owed=ground.messages,
        people=directory,
        known=known,
        knowledge=knowledge,
        investigations=investigations,
        handoffs=handoffs,
        replies=replies,
        tickets=tickets,
        usual=lambda: tuple(dict.fromkeys(directory.known_id(team.channel) for team in teams)),
    )
