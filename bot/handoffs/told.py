"""What a tracker's issue hears of the tickets that came and went since it was told of them. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bot.handoffs.model import Handoff, ticket_line
from bot.stored import Stored
from bot.tickets.collection import Collected, LinkedTicket

LISTED = 100
"""So many tickets of a comment have a line each."""


@dataclass(frozen=True, slots=True)
class TicketNews:
    """Tickets that came, and those that belong to something else; `text` says so."""

    came: tuple[int, ...]
    went: tuple[int, ...]
    text: str

    def after(self, told: Collection[int]) -> list[int]:
        """What the issue knows when it has read this."""
        return sorted({*told, *self.came} - set(self.went))


TICKET_NEWS = Stored[TicketNews](TicketNews)
"""How an errand holds them from its first try on: what may have been written is not written in other words."""


def ticket_news(handoff: Handoff, collected: Collected | None) -> TicketNews | None:
    """None where the issue knows the tickets as they are."""
    told = set(handoff.told)
    came = [each for each in collected.confirmed if each.ticket_id not in told] if collected else []
    went = [each for each in collected.rejected if each.ticket_id in told] if collected else []
    if not came and not went:
        return None
    count = len(told) + len(came) - len(went)
    tickets = "ticket" if count == 1 else "tickets"
    head = f"Support's INV-{handoff.investigation_id} has {count} {tickets} about this now."
    parts = [head, _listed("New", came), _listed("Not about this after all", went)]
    text = "\n\n".join(part for part in parts if part)
    return TicketNews(_numbers(came), _numbers(went), text)


def _listed(title: str, tickets: Sequence[LinkedTicket]) -> str:
    if not tickets:
        return ""
    lines = [f"- {ticket_line(ticket)}{_elsewhere(ticket)}" for ticket in tickets[:LISTED]]
    more = [f"- and {len(tickets) - LISTED} more"] if len(tickets) > LISTED else []
    return "\n".join([f"{title}:", "", *lines, *more])


def _elsewhere(ticket: LinkedTicket) -> str:
    return f", moved to INV-{ticket.moved_to}" if ticket.moved_to else ""


def _numbers(tickets: Sequence[LinkedTicket]) -> tuple[int, ...]:
    return tuple(ticket.ticket_id for ticket in tickets)
