"""What a lane promises to customers, and the round of answers that keeps it."""

from bot.handoffs.model import Handoff, Lane
from bot.handoffs.store import HandoffStore
from bot.known_issues.model import KnownIssue
from bot.known_issues.service import KnownIssueService
from bot.messages.model import Place
from bot.replies.model import Asking
from bot.replies.service import ReplyService
from bot.tickets.service import TicketService

PURPOSES = {Lane.PLANNING: "planned", Lane.FEATURE: "noted"}
"""What customers are told where a lane does not mean that a fix is under way."""


class Lanes:
    """Called when triage decides, in its transaction."""

    def __init__(
        self, *, store: HandoffStore, known: KnownIssueService, replies: ReplyService, tickets: TicketService
    ) -> None:
        self._store = store
        self._known = known
        self._replies = replies
        self._tickets = tickets

    def entered(self, found: Handoff, thread: Place) -> None:
        """Where no fix is under way customers hear that, and are not kept waiting."""
        self._ask(found, thread, anew=True)

    def joined(self, found: Handoff, thread: Place) -> None:
        """Tickets that come after the decision: their customers are told too; those of rejected ones are not."""
        collected = self._tickets.of(found.investigation_id)
        if collected:
            self._replies.keep_only(_prefix(found), {ticket.ticket_id for ticket in collected.tickets})
        if found.decision:
            self._ask(found, thread, anew=False)

    def left(self, found: Handoff) -> None:
        """Another lane counts now: what nobody has approved yet is not sent any more."""
        self._replies.overtaken(_prefix(found))

    def problem_became(self, before: int, after: int) -> None:
        """Another problem ticket stands for the one that is over."""
        self._replies.problem_became(before, after)

    def _ask(self, found: Handoff, thread: Place, *, anew: bool) -> None:
        purpose = PURPOSES.get(found.lane)
        tickets = self._waiting(found, purpose) if purpose else []
        if not purpose or not tickets:
            return
        known = self._known.get(found.issue_id) if found.issue_id else None
        about = known.name if known else ""
        self._replies.gather(
            prefix=f"{_prefix(found)}{found.lane}/",
            purpose=purpose,
            tickets=[Asking(number, found.investigation_id, about) for number in tickets],
            values=_told(found, known),
            place=thread,
            for_user=found.handed_by,
            anew=anew,
        )

    def _waiting(self, found: Handoff, purpose: str) -> list[int]:
        """The tickets that hang on the problem ticket, or were chosen; without those that were rejected since.

        Nor those of a round that was approved, be it for an earlier handoff: nobody hears the same twice.
        """
        settled = self._replies.settled(purpose, found.investigation_id)
        wanted = [each.ticket_id for each in self._store.hung(found.id)] or list(found.draft.tickets)
        collected = self._tickets.of(found.investigation_id)
        belonging = {ticket.ticket_id for ticket in collected.tickets} if collected else set(wanted)
        return [number for number in wanted if number in belonging - settled]


def _prefix(found: Handoff) -> str:
    return f"lane/{found.id}/"


def _told(found: Handoff, known: KnownIssue | None) -> dict[str, str]:
    """What the texts for customers may name; a date in the form that no language reads in two ways."""
    if not known:
        return {"title": found.draft.title}
    eta = known.reading.eta.isoformat() if known.reading.eta else ""
    return {"title": known.issue.title, "workaround": known.reading.workaround, "eta": eta}
