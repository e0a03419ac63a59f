"""What went out, and who is told of it."""

from bot.app.parts import Adapters
from bot.handoffs.service import HandoffService
from bot.investigations.knowledge import KnowledgeService
from bot.investigations.service import InvestigationService
from bot.known_issues.service import KnownIssueService
from bot.records import Records
from bot.releases.service import ReleaseService
from bot.releases.store import ReleaseStore
from bot.replies.service import ReplyService


def build_releases(
    records: Records,
    adapters: Adapters,
    known: KnownIssueService,
    knowledge: KnowledgeService,
    investigations: InvestigationService,
    handoffs: HandoffService,
    replies: ReplyService,
) -> ReleaseService:
    return ReleaseService(
        records=records,
        store=ReleaseStore(database=records.database, clock=records.clock),
        known=known,
        knowledge=knowledge,
        investigations=investigations,
        handoffs=handoffs,
        replies=replies,
        usual=adapters.told_of_releases,
    )
