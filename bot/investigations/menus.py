"""Menus of an investigation's evidence for the forms of the rooms above. Pure."""

from collections.abc import Collection

from bot.investigations.overview import Overview
from bot.messages.model import Block
from bot.slack.blocks import field, multi_select
from bot.slack.text import cut

_INPUT = "input"
_CHOICES = 100
"""Slack takes no more options in one menu."""


def evidence_menus(
    seen: Overview, tickets_block: str, runs_block: str, *, tickets: Collection[int], runs: Collection[int]
) -> list[Block]:
    """Tickets and probe reports with those chosen; a menu is left out where there is nothing to choose."""
    collected = seen.collected.tickets if seen.collected else ()
    ordered = sorted(collected, key=lambda ticket: ticket.ticket_id not in tickets)[:_CHOICES]
    listed = [(cut(f"#{ticket.ticket_id} {ticket.subject}", 75), str(ticket.ticket_id)) for ticket in ordered]
    reported = [run for batch in seen.batches for run in batch.runs if run.result and run.result.report]
    newest = reversed(reported[-_CHOICES:])
    reports = [(f"{cut(run.name, 60)}, run {run.id}", str(run.id)) for run in newest]
    return [
        field(block_id, label, multi_select(_INPUT, options, chosen=list(map(str, chosen))), optional=True)
        for block_id, label, options, chosen in (
            (tickets_block, "Tickets to link", listed, tickets),
            (runs_block, "Probe reports to attach", reports, runs),
        )
        if options
    ]
