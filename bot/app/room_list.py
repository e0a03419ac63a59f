"""What the rooms are."""

from dataclasses import dataclass

from bot.escalations.service import EscalationService
from bot.handoffs.errands import Errands
from bot.handoffs.service import HandoffService
from bot.handoffs.triage import TriageService
from bot.investigations.asking import AskService
from bot.investigations.evidence import EvidenceService
from bot.investigations.knowledge import KnowledgeService
from bot.investigations.rechecks import RecheckService
from bot.investigations.service import InvestigationService
from bot.known_issues.service import KnownIssueService
from bot.known_issues.sync import Syncs
from bot.probes.runner import ProbeRunner
from bot.probes.service import ProbeService
from bot.releases.service import ReleaseService
from bot.replies.runner import ReplyRunner
from bot.replies.service import ReplyService
from bot.replies.timelines import Timelines
from bot.status.service import StatusService
from bot.tickets.service import TicketService


@dataclass(frozen=True, slots=True, kw_only=True)
class Rooms:
    """Every service, and the loops that work beside them, from the ground up."""

    tickets: TicketService
    probes: ProbeService
    probe_runner: ProbeRunner
    status: StatusService
    known: KnownIssueService
    syncs: Syncs
    investigations: InvestigationService
    evidence: EvidenceService
    rechecks: RecheckService
    asks: AskService
    knowledge: KnowledgeService
    escalations: EscalationService
    replies: ReplyService
    reply_runner: ReplyRunner
    timelines: Timelines
    handoffs: HandoffService
    errands: Errands
    triage: TriageService
    releases: ReleaseService
