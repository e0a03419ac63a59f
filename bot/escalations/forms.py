"""The forms of an escalation: filled from the record, with a meter of what is missing."""

from collections.abc import Sequence
from datetime import datetime

from bot.escalations.cards import since
from bot.escalations.model import (
    AFFECTED_MAX,
    NEEDED_MAX,
    SINCE_MAX,
    TRIED_MAX,
    WRONG_MAX,
    Escalation,
    Mark,
    PreparedForm,
)
from bot.investigations.forms import evidence_menus
from bot.known_issues.model import PRIORITY_WORDS, Priority
from bot.messages.model import Block
from bot.slack.blocks import INPUT_MAX, context, field, modal, select, text_input, told_while_typed
from bot.slack.text import at

ESCALATE_FORM = "escalation_form"
NEED_MORE_FORM = "escalation_need_more_form"
TYPED = "escalation_typed"
"""What Slack tells while somebody types in the first of them."""

WRONG = "wrong"
SINCE = "since"
AFFECTED = "affected"
TRIED = "tried"
NEEDED = "needed"
TICKETS = "tickets"
RUNS = "runs"
QUESTION = "question"
PRIORITY = "priority"

LABELS = {
    NEEDED: "What should management do?",
    WRONG: "What is wrong?",
    AFFECTED: "Who is affected?",
    SINCE: "Since when, if you know better",
    TRIED: "What was tried?",
}
"""Of each part of the draft, by the name of its field, in the order of the form."""
NEEDED_PARTS = {NEEDED: "Say what they should do.", WRONG: "Say what is wrong."}
"""What management can't do without, and what is said where it is missing."""
LIMITS = {NEEDED: NEEDED_MAX, WRONG: WRONG_MAX, AFFECTED: AFFECTED_MAX, SINCE: SINCE_MAX, TRIED: TRIED_MAX}

_INPUT = "input"


def escalate_form(prepared: PreparedForm, marks: Sequence[Mark], now: datetime) -> Block:
    overview, draft = prepared.overview, prepared.draft
    investigation = overview.investigation
    blocks = [
        context(_meter(marks), *([f"Your draft of {at(prepared.kept_at)}."] if prepared.kept_at else [])),
        _part(NEEDED, draft.needed, example="Call the transit provider and ask for another route"),
        *([_priority(draft.priority)] if prepared.by_priority else []),
        _part(WRONG, draft.wrong),
        _part(AFFECTED, draft.affected, optional=True),
        context(f"*Since* {since(overview.onset, now)}"),
        _part(SINCE, draft.since, optional=True, lines=False),
        _part(TRIED, draft.tried, optional=True),
        *evidence_menus(overview, TICKETS, RUNS, tickets=draft.tickets, runs=draft.runs),
        context("Close it and your draft stays here."),
    ]
    title, about = f"Escalate {investigation.name}", str(investigation.id)
    return modal(ESCALATE_FORM, title, "Send", blocks, private_metadata=about)


def _part(block_id: str, text: str, *, optional: bool = False, lines: bool = True, example: str = "") -> Block:
    longest = _longest(block_id, text)
    written = text_input(TYPED, initial=text, multiline=lines, placeholder=example, longest=longest)
    return told_while_typed(field(block_id, LABELS[block_id], written, optional=optional))


def _longest(block_id: str, text: str) -> int:
    """What was typed before there was a limit is not cut: the form says what is too long when it is sent."""
    return min(max(LIMITS[block_id], len(text)), INPUT_MAX)


def _priority(chosen: str) -> Block:
    """Whom the ladder calls, and when, depends on it."""
    options = [(f"{level} {words}", str(level)) for level, words in PRIORITY_WORDS.items()]
    return field(PRIORITY, "How urgent is it?", select(_INPUT, options, initial=chosen or Priority.P1))


def need_more_form(escalation: Escalation, channel: str = "") -> Block:
    """It comes back from the channel in which it was asked for."""
    blocks = [field(QUESTION, "What do you need to know?", text_input(_INPUT, multiline=True))]
    about = f"{escalation.id} {channel}".strip()
    return modal(NEED_MORE_FORM, "Need more", "Ask", blocks, private_metadata=about)


def _meter(marks: Sequence[Mark]) -> str:
    there = sum(mark.there for mark in marks)
    signs = " ".join((":white_check_mark: " if mark.there else ":white_circle: ") + mark.name for mark in marks)
    missing = "; ".join(mark.how for mark in marks if not mark.there)
    return f"*{there} of {len(marks)}* {signs}" + (f"\nTo do: {missing}" if missing else "")
