"""Menus of an investigation's evidence for the forms of the rooms above. Pure."""

from collections.abc import Collection

from bot.investigations.overview import Overview, attachable
from bot.messages.model import Block
from bot.slack.blocks import field, multi_select
from bot.slack.text import cut

_INPUT = "input"
_CHOICES = 100
"""Slack takes no more options in one menu."""


def evidence_menus(
    seen: Overview, tickets_block: str, runs_block: str, *, tickets: Collection[int], runs: Collection[int]
) -> list[Block]:
    """Tickets and probe runs with those chosen; a menu is left out where there is nothing to choose."""
    collected = seen.collected.tickets if seen.collected else ()
    ordered = sorted(collected, key=lambda ticket: ticket.ticket_id not in tickets)[:_CHOICES]
    listed = [(cut(f"#{ticket.ticket_id} {ticket.subject}", 75), str(ticket.ticket_id)) for ticket in ordered]
    chosen = [run for batch in seen.batches for run in batch.runs if run.id in runs]
    offered = {run.id: run for run in (*attachable(seen), *chosen) if run.result}
    kept = sorted(offered, key=lambda number: number not in runs)[:_CHOICES]
    reports = [(f"{cut(run.name, 60)}, run {run.id}", str(run.id)) for run in offered.values() if run.id in kept]
    return [
        field(block_id, label, multi_select(_INPUT, options, chosen=list(map(str, picked))), optional=True)
        for block_id, label, options, picked in (
            (tickets_block, "Tickets to link", listed, tickets),
            (runs_block, "Probe reports to attach", reports, runs),
        )
        if options
    ]
