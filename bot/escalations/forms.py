"""The forms of an escalation: filled from the record, with a meter of what is missing."""

from collections.abc import Sequence

from bot.escalations.model import (
    AFFECTED_MAX,
    NEEDED_MAX,
    SINCE_MAX,
    TRIED_MAX,
    WRONG_MAX,
    Escalation,
    EscalationDraft,
    Mark,
)
from bot.investigations.forms import evidence_menus
from bot.investigations.overview import Overview
from bot.messages.model import Block
from bot.slack.blocks import INPUT_MAX, context, field, modal, text_input

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

LABELS = {
    WRONG: "What is wrong?",
    SINCE: "Since when?",
    AFFECTED: "Who is affected?",
    TRIED: "What was tried?",
    NEEDED: "What do you need from management?",
}
"""Of each part of the draft, by the name of its field."""
NEEDED_PARTS = {WRONG: "Say what is wrong.", SINCE: "Say since when.", NEEDED: "Say what you need from them."}
"""What management can't do without, and what is said where it is missing."""
LIMITS = {WRONG: WRONG_MAX, SINCE: SINCE_MAX, AFFECTED: AFFECTED_MAX, TRIED: TRIED_MAX, NEEDED: NEEDED_MAX}

_INPUT = "input"


def escalate_form(overview: Overview, draft: EscalationDraft, marks: Sequence[Mark]) -> Block:
    investigation = overview.investigation
    inputs = [
        _part(WRONG, draft.wrong, optional=False),
        field(SINCE, LABELS[SINCE], text_input(_INPUT, initial=draft.since, longest=_longest(SINCE, draft.since))),
        _part(AFFECTED, draft.affected, optional=True),
        _part(TRIED, draft.tried, optional=True),
        _part(NEEDED, draft.needed, optional=False),
    ]
    menus = evidence_menus(overview, TICKETS, RUNS, tickets=draft.tickets, runs=draft.runs)
    blocks = [context(_meter(marks)), *inputs, *menus]
    return modal(
        ESCALATE_FORM, f"Escalate {investigation.name}", "Send", blocks, private_metadata=str(investigation.id)
    )


def _part(block_id: str, text: str, *, optional: bool) -> Block:
    written = text_input(_INPUT, initial=text, multiline=True, longest=_longest(block_id, text))
    return field(block_id, LABELS[block_id], written, optional=optional)


def _longest(block_id: str, text: str) -> int:
    """What was typed before there was a limit is not cut: the form says what is too long when it is sent."""
    return min(max(LIMITS[block_id], len(text)), INPUT_MAX)


def need_more_form(escalation: Escalation) -> Block:
    blocks = [field(QUESTION, "What do you need to know?", text_input(_INPUT, multiline=True))]
    return modal(NEED_MORE_FORM, "Need more", "Ask", blocks, private_metadata=str(escalation.id))


def _meter(marks: Sequence[Mark]) -> str:
    there = sum(mark.there for mark in marks)
    signs = " ".join((":white_check_mark: " if mark.there else ":white_circle: ") + mark.name for mark in marks)
    missing = "; ".join(mark.how for mark in marks if not mark.there)
    return f"*{there} of {len(marks)}* {signs}" + (f"\nTo do: {missing}" if missing else "")
