"""What makes one story of an investigation's record."""

from datetime import tzinfo

from bot.app.rooms import Rooms
from bot.exports.gather import StoryGatherer, StorySources
from bot.messages.model import Content
from bot.probes import cards as probe_cards


def build_stories(rooms: Rooms, *, zone: tzinfo, workspace_url: str) -> StoryGatherer:
    def probes(batch_id: int) -> Content | None:
        """What the message of a batch says, without its picture."""
        batch = rooms.probes.get(batch_id)
        return probe_cards.card(batch, rooms.probes.before(batch), None) if batch else None

    sources = StorySources(
        evidence=rooms.evidence,
        escalations=rooms.escalations,
        replies=rooms.replies,
        handoffs=rooms.handoffs,
        vendors=rooms.vendors,
        copies=rooms.copies,
        probes=probes,
    )
    return StoryGatherer(sources=sources, records=rooms.records, zone=zone, workspace_url=workspace_url)
