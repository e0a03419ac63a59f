"""The form that gives tickets to another investigation. Pure."""

from collections.abc import Collection, Sequence

from bot.messages.model import Block
from bot.slack.blocks import field, modal, multi_select, select
from bot.slack.text import cut
from bot.tickets.collection import Collected

MOVE_FORM = "ticket_move_form"

TICKETS = "tickets"
INTO = "into"
_INPUT = "input"
_CHOICES = 100
"""Slack takes no more options in one menu."""


def move_form(collected: Collected, others: Sequence[tuple[str, str]], ticked: Collection[int]) -> Block:
    """`others` are names and numbers of investigations; what is ticked is chosen, and stands first."""
    known = {ticket.ticket_id: ticket for ticket in (*collected.tickets, *collected.waiting)}
    ordered = sorted(known.values(), key=lambda ticket: ticket.ticket_id not in ticked)[:_CHOICES]
    listed = [(cut(f"#{ticket.ticket_id} {ticket.subject}", 75), str(ticket.ticket_id)) for ticket in ordered]
    number = collected.watch.investigation_id
    blocks = [
        field(TICKETS, "Which tickets?", multi_select(_INPUT, listed, chosen=list(map(str, ticked)))),
        field(
            INTO,
            "Where do they belong?",
            select(_INPUT, [(cut(name, 75), value) for name, value in others]),
            hint="What was decided about them goes along. You can undo it.",
        ),
    ]
    return modal(MOVE_FORM, f"Move from INV-{number}", "Move", blocks, private_metadata=str(number))
