"""What a lane promises to customers, and the round of answers that keeps it."""

from attrs import define

from bot.handoffs.model import Handoff, Lane
from bot.handoffs.store import HandoffStore
from bot.known_issues.model import KnownIssue
from bot.known_issues.service import KnownIssueService
from bot.messages.model import Place
from bot.replies.model import RoundOpening, WaitingTicket
from bot.replies.service import ReplyService
from bot.tickets.service import TicketService

PURPOSES = {Lane.PLANNING: "planned", Lane.FEATURE: "noted"}
"""What customers are told where a lane does not mean that a fix is under way."""


@define(kw_only=True, eq=False, repr=False, slots=False)
class Lanes:
    """Called when triage decides, in its transaction."""

    _store: HandoffStore
    _known: KnownIssueService
    _replies: ReplyService
    _tickets: TicketService

    def entered(self, handoff: Handoff, thread: Place) -> None:
        """Customers hear where no fix is under way, and are not kept waiting."""
        self._ask(handoff, thread, anew=True)

    def joined(self, handoff: Handoff, thread: Place) -> None:
        """Tickets that come after the decision: their customers are told too; those of rejected ones are not."""
        collected = self._tickets.of(handoff.investigation_id)
        if collected:
            self._replies.keep_only(_prefix(handoff), {ticket.ticket_id for ticket in collected.tickets})
        if handoff.decision:
            self._ask(handoff, thread, anew=False)

    def left(self, handoff: Handoff) -> None:
        """Another lane counts now: what nobody has approved is no longer sent."""
        self._replies.overtaken(_prefix(handoff))

    def problem_became(self, before: int, after: int) -> None:
        """Another problem ticket stands for the one that is over."""
        self._replies.problem_became(before, after)

    def _ask(self, handoff: Handoff, thread: Place, *, anew: bool) -> None:
        purpose = PURPOSES.get(handoff.lane)
        tickets = self._waiting(handoff, purpose) if purpose else []
        if not purpose or not tickets:
            return
        known = self._known.get(handoff.issue_id) if handoff.issue_id else None
        about = known.name if known else ""
        waiting = [WaitingTicket(number, handoff.investigation_id, about) for number in tickets]
        opening = RoundOpening(purpose, waiting, _values(handoff, known), place=thread, for_user=handoff.handed_by)
        self._replies.gather(f"{_prefix(handoff)}{handoff.lane}/", opening, anew=anew)

    def _waiting(self, handoff: Handoff, purpose: str) -> list[int]:
        """The tickets that hang on the problem ticket, or were chosen; without those that were rejected since.

        Nor those of a round that was approved, be it for an earlier handoff: nobody hears the same twice.
        """
        settled = self._replies.settled(purpose, handoff.investigation_id)
        ticket_ids = [ticket.ticket_id for ticket in self._store.hung(handoff.id)] or list(handoff.draft.tickets)
        collected = self._tickets.of(handoff.investigation_id)
        belonging = {ticket.ticket_id for ticket in collected.tickets} if collected else set(ticket_ids)
        return [number for number in ticket_ids if number in belonging - settled]


def _prefix(handoff: Handoff) -> str:
    return f"lane/{handoff.id}/"


def _values(handoff: Handoff, known: KnownIssue | None) -> dict[str, str]:
    """What the texts for customers may name; a date in the form that no language reads in two ways."""
    if not known:
        return {"title": handoff.draft.title}
    eta = known.reading.eta.isoformat() if known.reading.eta else ""
    return {"title": known.issue.title, "workaround": known.reading.workaround, "eta": eta}
