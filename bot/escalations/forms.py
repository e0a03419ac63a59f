"""The forms of an escalation: filled from the record, with a meter of what is missing."""

from collections.abc import Sequence

from bot.escalations.model import Draft, Escalation, Mark, attachable
from bot.investigations.overview import Overview
from bot.messages.model import Block
from bot.slack.blocks import context, field, modal, multi_select, text_input
from bot.slack.text import cut

ESCALATE_FORM = "escalation_form"
NEED_MORE_FORM = "escalation_need_more_form"

WRONG = "wrong"
SINCE = "since"
AFFECTED = "affected"
TRIED = "tried"
NEEDED = "needed"
TICKETS = "tickets"
RUNS = "runs"
QUESTION = "question"

_INPUT = "input"
_CHOICES = 100
"""Slack takes no more options in one menu."""


def escalate_form(seen: Overview, draft: Draft, marks: Sequence[Mark]) -> Block:
    found = seen.investigation
    inputs = [
        field(WRONG, "What is wrong?", text_input(_INPUT, initial=draft.wrong, multiline=True)),
        field(SINCE, "Since when?", text_input(_INPUT, initial=draft.since)),
        field(AFFECTED, "Who is affected?", text_input(_INPUT, initial=draft.affected, multiline=True), optional=True),
        field(TRIED, "What was tried?", text_input(_INPUT, initial=draft.tried, multiline=True), optional=True),
        field(NEEDED, "What do you need from management?", text_input(_INPUT, initial=draft.needed, multiline=True)),
    ]
    blocks = [context(_meter(marks)), *inputs, *_choices(seen, draft)]
    return modal(ESCALATE_FORM, f"Escalate {found.name}", "Send", blocks, private_metadata=str(found.id))


def need_more_form(found: Escalation) -> Block:
    blocks = [field(QUESTION, "What do you need to know?", text_input(_INPUT, multiline=True))]
    return modal(NEED_MORE_FORM, "Need more", "Ask", blocks, private_metadata=str(found.id))


def _meter(marks: Sequence[Mark]) -> str:
    there = sum(mark.there for mark in marks)
    signs = " ".join((":white_check_mark: " if mark.there else ":white_circle: ") + mark.name for mark in marks)
    missing = "; ".join(mark.how for mark in marks if not mark.there)
    return f"*{there} of {len(marks)}* {signs}" + (f"\nTo do: {missing}" if missing else "")


def _choices(seen: Overview, draft: Draft) -> list[Block]:
    """Menus of tickets and reports, left out where there is nothing to choose."""
    tickets = seen.collected.tickets if seen.collected else ()
    ordered = sorted(tickets, key=lambda ticket: ticket.ticket_id not in draft.tickets)[:_CHOICES]
    listed = [(cut(f"#{ticket.ticket_id} {ticket.subject}", 75), str(ticket.ticket_id)) for ticket in ordered]
    runs = [(f"{cut(run.name, 60)}, run {run.id}", str(run.id)) for run in attachable(seen.batches)[:_CHOICES]]
    blocks: list[Block] = []
    if listed:
        menu = multi_select(_INPUT, listed, chosen=[str(each) for each in draft.tickets])
        blocks.append(field(TICKETS, "Tickets to link", menu, optional=True))
    if runs:
        menu = multi_select(_INPUT, runs, chosen=[str(each) for each in draft.runs])
        blocks.append(field(RUNS, "Probe reports to attach", menu, optional=True))
    return blocks
