"""Copies of stories in trackers."""

from bot.app.parts import RoomSettings
from bot.escalations.service import EscalationService
from bot.exports.service import CopyService
from bot.exports.store import CopyStore
from bot.exports.tracker_copy import WhoWasTold
from bot.handoffs.service import HandoffService
from bot.investigations.evidence import EvidenceService
from bot.investigations.service import InvestigationService
from bot.known_issues.service import KnownIssueService
from bot.records import Records
from bot.replies.service import ReplyService


def build_copies(
    records: Records,
    settings: RoomSettings,
    investigations: InvestigationService,
    evidence: EvidenceService,
    known: KnownIssueService,
    handoffs: HandoffService,
    escalations: EscalationService,
    replies: ReplyService,
) -> CopyService:
    def told(investigation_id: int) -> WhoWasTold:
        return WhoWasTold(escalations.history(investigation_id), tuple(replies.of(investigation_id)))

    return CopyService(
        records=records,
        store=CopyStore(database=records.database, clock=records.clock),
        investigations=investigations,
        evidence=evidence,
        known=known,
        handoffs=handoffs,
        told=told,
        zone=settings.escalations.zone,
    )
