"""How far Tier 3 is, asked for by the investigation: its own card stands in a room below."""

from bot.handoffs.model import Standing
from bot.handoffs.store import HandoffStore
from bot.known_issues.service import KnownIssueService


class Standings:
    """Whatever changes a standing changes the investigation's timeline or its known issue, and so marks the card."""

    def __init__(self, *, store: HandoffStore, known: KnownIssueService) -> None:
        self._store = store
        self._known = known

    def of(self, investigation_id: int) -> Standing | None:
        """None where it was never handed to Tier 3."""
        found = self._store.current_for(investigation_id)
        if not found:
            return None
        return Standing(found, self._known.get(found.issue_id) if found.issue_id else None)

    def joined(self, issue_id: int, into: int) -> None:
        """What was thought to be two issues is one, in the caller's transaction."""
        self._store.joined(issue_id, into)
