"""Handoffs to Tier 3 and what comes back of them, wired to what trackers tell."""

from bot.app.ground import Ground
from bot.handoffs.errands import Errands
from bot.handoffs.lanes import Lanes
from bot.handoffs.model import HandoffSettings
from bot.handoffs.service import HandoffService
from bot.handoffs.store import HandoffStore
from bot.handoffs.triage import TriageService
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
) -> tuple[HandoffService, TriageService, Errands]:
    wanted = ground.settings.handoffs
    settings = HandoffSettings(leads=wanted.leads, channel=wanted.channel, desk=ground.desk is not None)
    store = HandoffStore(database=ground.database, clock=ground.clock)
    lanes = Lanes(store=store, known=known, replies=replies, tickets=tickets)
    service = HandoffService(
        database=ground.database,
        store=store,
        owed=ground.messages,
        people=directory,
        investigations=investigations,
        evidence=evidence,
        known=known,
        knowledge=knowledge,
        lanes=lanes,
        settings=settings,
    )
    triage = TriageService(
        database=ground.database,
        people=directory,
        clock=ground.clock,
        store=store,
        handoffs=service,
        investigations=investigations,
        known=known,
        lanes=lanes,
        settings=settings,
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
    )
    return service, triage, errands


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
