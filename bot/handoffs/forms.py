"""The forms of a handoff: giving it to Tier 3, and what triage changes."""

from collections.abc import Sequence

from bot.handoffs.model import LANE_RULES, LANE_WORDS, TITLE_MAX, Handoff, HandoffDraft, Lane
from bot.investigations.forms import evidence_menus
from bot.investigations.overview import Overview
from bot.known_issues.model import PRIORITY_WORDS, KnownIssue, Priority
from bot.messages.model import Block
from bot.slack.blocks import context, field, modal, select, text_input
from bot.slack.text import cut

HAND_OFF_FORM = "handoff_form"
CHANGE_FORM = "handoff_change_form"
ASSIGN_FORM = "handoff_assign_form"

ISSUE = "issue"
OTHER = "other"
TITLE = "title"
EVIDENCE = "evidence"
REPRODUCTION = "reproduction"
PRIORITY = "priority"
LANE = "lane"
TICKETS = "tickets"
RUNS = "runs"
REASON = "reason"
ASSIGNEE = "assignee"

NEW = "new:"
"""Before a tracker's name: a new issue there. Other values are the numbers of known issues."""

_INPUT = "input"
_CHOICES = 100
"""Slack takes no more options in one menu."""


def hand_off_form(
    overview: Overview, draft: HandoffDraft, *, trackers: Sequence[tuple[str, str]], issues: Sequence[KnownIssue]
) -> Block:
    """`trackers` are (name, title) where a new issue can be made; `issues` those that it may be already, best first."""
    investigation = overview.investigation
    chosen = str(draft.issue_id) if draft.issue_id else f"{NEW}{draft.tracker}"
    new = [(f"A new issue in {title}", f"{NEW}{name}") for name, title in trackers]
    known = [(cut(f"{issue.name} {issue.issue.key} {issue.issue.title}", 75), str(issue.id)) for issue in issues]
    menu = select(_INPUT, [*new, *known][:_CHOICES], initial=chosen)
    rules = "\n".join(f"*{LANE_WORDS[lane]}*: {rule}" for lane, rule in LANE_RULES.items())
    blocks = [
        field(ISSUE, "Issue", menu),
        field(
            OTHER,
            "Or another issue",
            text_input(_INPUT, placeholder="its number, key or address"),
            hint="If you fill this in, the choice above is ignored.",
            optional=True,
        ),
        field(TITLE, "Title", text_input(_INPUT, initial=draft.title, longest=TITLE_MAX)),
        field(EVIDENCE, "Evidence", text_input(_INPUT, initial=draft.evidence, multiline=True), optional=True),
        field(
            REPRODUCTION,
            "Reproduction",
            text_input(_INPUT, initial=draft.reproduction, multiline=True),
            hint="Steps, versions, how often. Development asks for this first.",
            optional=True,
        ),
        *_priority_and_lane(draft.priority, draft.lane),
        context(rules),
        *evidence_menus(overview, TICKETS, RUNS, tickets=draft.tickets, runs=draft.runs),
    ]
    title, about = f"{investigation.name} to Tier 3", str(investigation.id)
    return modal(HAND_OFF_FORM, title, "Send", blocks, private_metadata=about)


def change_form(handoff: Handoff) -> Block:
    blocks = [
        *_priority_and_lane(handoff.priority, handoff.lane),
        field(REASON, "Why?", text_input(_INPUT, multiline=True), hint="Support reads this.", optional=False),
    ]
    return modal(CHANGE_FORM, "Priority and lane", "Change", blocks, private_metadata=str(handoff.id))


def assign_form(handoff: Handoff, accounts: Sequence[tuple[str, str]]) -> Block:
    """`accounts` are (what people call them, account) of the tracker."""
    menu = select(_INPUT, list(accounts)[:_CHOICES], initial=handoff.assignee)
    blocks = [field(ASSIGNEE, "Who takes it?", menu)]
    return modal(ASSIGN_FORM, "Assign", "Assign", blocks, private_metadata=str(handoff.id))


def _priority_and_lane(priority: Priority, lane: Lane) -> list[Block]:
    priorities = [(f"{level} {words}", str(level)) for level, words in PRIORITY_WORDS.items()]
    lanes = [(words, str(lane)) for lane, words in LANE_WORDS.items()]
    return [
        field(PRIORITY, "Priority", select(_INPUT, priorities, initial=str(priority))),
        field(LANE, "Lane", select(_INPUT, lanes, initial=str(lane))),
    ]
