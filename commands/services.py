"""What every handler is given."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.briefings.service import BriefingService
from bot.check import Checkup
from bot.clock import Clock
from bot.customer_logs.service import CustomerLogService
from bot.elevations.service import ElevationService
from bot.escalations.service import EscalationService
from bot.escalations.tellings import Tellings
from bot.exports.gather import StoryGatherer
from bot.exports.service import CopyService
from bot.forgetting.service import ForgettingService
from bot.handoffs.service import HandoffService
from bot.handoffs.triage import TriageService
from bot.handovers.day_ends import DayEnds
from bot.handovers.service import HandoverService
from bot.home.keeping import HomeKeeper
from bot.home.personal import Personal
from bot.home.service import HomeService
from bot.investigations.above import Above
from bot.investigations.asking import AskService
from bot.investigations.corrections import CorrectionService
from bot.investigations.evidence import EvidenceService
from bot.investigations.knowledge import KnowledgeService
from bot.investigations.merging import MergeService
from bot.investigations.moving import MoveService
from bot.investigations.picturing import PictureService
from bot.investigations.rechecks import RecheckService
from bot.investigations.relating import RelationService
from bot.investigations.service import InvestigationService
from bot.investigations.updates import UpdateService
from bot.known_issues.service import KnownIssueService
from bot.logins.service import LoginService
from bot.maintenance.service import MaintenanceService
from bot.maintenance.showing import MaintenanceShowing
from bot.maintenance.sweeps import SweepService
from bot.messages.owed import Owed
from bot.people import People
from bot.probes.service import ProbeService
from bot.releases.service import ReleaseService
from bot.reminders.claims import ClaimService
from bot.reminders.service import ReminderService
from bot.replies.service import ReplyService
from bot.retention.service import RetentionService
from bot.slack.directory import Directory
from bot.slack.request import Conversation
from bot.status.service import StatusService
from bot.targets.model import Catalog
from bot.tickets.service import TicketService
from bot.tickets.stream_service import StreamService
from bot.trends.agents import AgentTellings
from bot.trends.record import TrendRecord
from bot.trends.reports import TrendReports
from bot.trends.service import TrendService
from bot.trends.showing import Showing
from bot.vendors.service import VendorService
from bot.working_hours import WorkingHours

PagesFor = Callable[[str], Awaitable[tuple[tuple[str, str], ...]]]
"""The pages that a person may open, as title and address."""


@dataclass(frozen=True, slots=True)
class Pages:
    """Where people reach the bot's pages, without a slash at its end, and who lets them in."""

    url: str
    logins: LoginService
    menu: PagesFor


@dataclass(frozen=True, slots=True)
class Home:
    """The App Home: what shows it, what is on it, and what people set there. `team_hours` are those of who set none."""

    keeper: HomeKeeper
    service: HomeService
    personal: Personal
    team_hours: WorkingHours


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The services, and the few things of Slack's that a handler needs to answer."""

    investigations: InvestigationService
    home: Home
    handovers: HandoverService
    day_ends: DayEnds
    evidence: EvidenceService
    updates: UpdateService
    moves: MoveService
    corrections: CorrectionService
    merges: MergeService
    relations: RelationService
    tickets: TicketService
    stream: StreamService
    probes: ProbeService
    rechecks: RecheckService
    pictures: PictureService
    escalations: EscalationService
    elevations: ElevationService
    trends: TrendService
    shown_trends: Showing
    trend_reports: TrendReports
    trend_record: TrendRecord
    trend_agents: AgentTellings
    tellings: Tellings
    logs: CustomerLogService
    status: StatusService
    maintenance: MaintenanceService
    sweeps: SweepService
    shown_maintenance: MaintenanceShowing
    replies: ReplyService
    handoffs: HandoffService
    triage: TriageService
    vendors: VendorService
    releases: ReleaseService
    briefings: BriefingService
    reminders: ReminderService
    claims: ClaimService
    known: KnownIssueService
    knowledge: KnowledgeService
    asks: AskService
    copies: CopyService
    forgetting: ForgettingService
    retention: RetentionService
    people: People
    directory: Directory
    conversation: Conversation
    catalog: Catalog
    owed: Owed
    clock: Clock
    checkup: Checkup
    bot_user: str
    link_hosts: frozenset[str]
    above: Callable[[int], Above]
    """What the rooms above investigations know of one."""
    stories: StoryGatherer | None = None
    pages: Pages | None = None
    """None where nobody can sign in."""
    workspace_url: str = ""
    """Begins the addresses of messages, "" where Slack does not tell."""
    bot_name: str = "secondline"
    """What people type after "@" for the bot; the workspace may call it something else."""
