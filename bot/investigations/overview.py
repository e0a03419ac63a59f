"""Everything that is known about an investigation, gathered for the cards."""

from dataclasses import dataclass

from bot.investigations.model import Event, EventKind, Investigation
from bot.known_issues.links import Age
from bot.known_issues.model import KnownIssue
from bot.probes.batch import Batch
from bot.status.model import TargetStatus
from bot.targets.model import Target
from bot.tickets.collection import Collected


@dataclass(frozen=True, slots=True)
class Overview:
    """One investigation with its evidence; `events` and `batches` are oldest first, `known` what people say it is."""

    investigation: Investigation
    target: Target
    events: tuple[Event, ...]
    collected: Collected | None
    batches: tuple[Batch, ...]
    status: TargetStatus | None = None
    known: tuple[KnownIssue, ...] = ()
    ages: tuple[Age, ...] = ()
    """Of the trackers of what is known."""

    def last(self, kind: EventKind) -> Event | None:
        return next((event for event in reversed(self.events) if event.kind is kind), None)
