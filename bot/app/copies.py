"""Copies of stories in trackers."""

from bot.app.parts import RoomSettings
from bot.exports.service import CopyService
from bot.exports.store import CopyStore
from bot.handoffs.service import HandoffService
from bot.investigations.evidence import EvidenceService
from bot.investigations.service import InvestigationService
from bot.known_issues.service import KnownIssueService
from bot.records import Records


def build_copies(
    records: Records,
    settings: RoomSettings,
    investigations: InvestigationService,
    evidence: EvidenceService,
    known: KnownIssueService,
    handoffs: HandoffService,
) -> CopyService:
    return CopyService(
        records=records,
        store=CopyStore(database=records.database, clock=records.clock),
        investigations=investigations,
        evidence=evidence,
        known=known,
        handoffs=handoffs,
        zone=settings.escalations.zone,
    )
