"""The forms about investigations. Every input has a block of its own, named by a constant."""

from collections.abc import Collection, Iterable, Sequence

from bot.investigations.model import Investigation
from bot.investigations.overview import Overview, attachable
from bot.messages.model import Block
from bot.slack.blocks import checkboxes, field, modal, multi_select, section, select, text_input, user_select
from bot.slack.text import cut, escape
from bot.targets.model import Target

OPEN_FORM = "investigation_open_form"
RESOLVE_FORM = "investigation_resolve_form"
DISMISS_FORM = "investigation_dismiss_form"
ADD_FORM = "investigation_add_form"
HAND_OVER_FORM = "investigation_hand_over_form"

TARGET = "target"
SYMPTOM = "symptom"
ROOT_CAUSE = "root_cause"
WORKAROUND = "workaround"
REASON = "reason"
INVESTIGATION = "investigation"
NOTE = "note"
PERSON = "person"
TIER3 = "tier3"

_INPUT = "input"


def open_form(targets: Iterable[Target], *, symptom: str, trouble: str, nearest: str, came_from: str) -> Block:
    """Asks for the target. `trouble` says why the form is needed; `came_from` travels through it."""
    options = [(target.title, target.key) for target in targets]
    blocks = [section(escape(trouble))] if trouble else []
    blocks += [
        field(TARGET, "What has trouble?", select(_INPUT, options, initial=nearest)),
        field(SYMPTOM, "What do people see?", text_input(_INPUT, initial=symptom), optional=True),
    ]
    return modal(OPEN_FORM, "Investigate", "Open", blocks, private_metadata=came_from)


def resolve_form(
    investigation: Investigation, *, notice: Sequence[Block] = (), tier3: str = "", root_cause: str = ""
) -> Block:
    """`notice` is what is true of the target now, `tier3` what development still has, `root_cause` was typed before."""
    blocks = [
        *notice,
        *_tier3(investigation, "Resolve", tier3),
        field(
            ROOT_CAUSE,
            "Root cause",
            text_input(_INPUT, initial=root_cause or investigation.root_cause, multiline=True),
            hint="What it was, or what you think it was. Others will search for this.",
        ),
        field(
            WORKAROUND,
            "Workaround",
            text_input(_INPUT, initial=investigation.workaround, multiline=True),
            hint="What support can tell customers.",
            optional=True,
        ),
    ]
    return _modal(RESOLVE_FORM, "Resolve", investigation, blocks)


def dismiss_form(investigation: Investigation, *, tier3: str = "", reason: str = "") -> Block:
    why = field(REASON, "Why is it not a trend?", text_input(_INPUT, initial=reason, multiline=True))
    blocks = [*_tier3(investigation, "Dismiss", tier3), why]
    return _modal(DISMISS_FORM, "Dismiss", investigation, blocks)


def _modal(form: str, verb: str, investigation: Investigation, blocks: Sequence[Block]) -> Block:
    name, about = f"{verb.capitalize()} {investigation.name}", str(investigation.id)
    return modal(form, name, verb, blocks, private_metadata=about)


def _tier3(investigation: Investigation, verb: str, tier3: str) -> list[Block]:
    """A box that must be ticked as long as development still works on it."""
    boxes = checkboxes(_INPUT, [(cut(f"{verb} {investigation.name} anyway", 75), TIER3)])
    hint = "Tier 3 isn't told, and its issue stays open."
    return [field(TIER3, tier3, boxes, hint=hint)] if tier3 else []


def hand_over_form(investigation: Investigation, note: str = "") -> Block:
    """`note` is what the record says: whoever hands over corrects it."""
    keeps = "Until they accept, it stays as it is."
    blocks = [
        field(PERSON, "Who takes it?", user_select(_INPUT), hint=keeps),
        field(NOTE, "What should they know?", text_input(_INPUT, initial=note, multiline=True), optional=True),
    ]
    return _modal(HAND_OVER_FORM, "Hand Over", investigation, blocks)


def add_form(live: Iterable[tuple[Investigation, Target]], *, message: str) -> Block:
    """Asks which investigation a message belongs to."""
    options = [(f"{investigation.name} {target.title}", str(investigation.id)) for investigation, target in live]
    blocks = [field(INVESTIGATION, "Add the message to", select(_INPUT, options, initial=options[0][1]))]
    return modal(ADD_FORM, "Add to investigation", "Add", blocks, private_metadata=message)


_CHOICES = 100
"""Slack takes no more options in one menu."""


def evidence_menus(
    overview: Overview, tickets_block: str, runs_block: str, *, tickets: Collection[int], runs: Collection[int]
) -> list[Block]:
    """Tickets and probe runs with those chosen; a menu is left out where there is nothing to choose."""
    collected = overview.collected.tickets if overview.collected else ()
    ordered = sorted(collected, key=lambda ticket: ticket.ticket_id not in tickets)[:_CHOICES]
    listed = [(cut(f"#{ticket.ticket_id} {ticket.subject}", 75), str(ticket.ticket_id)) for ticket in ordered]
    chosen = [run for batch in overview.batches for run in batch.runs if run.id in runs]
    offered = {run.id: run for run in (*attachable(overview), *chosen) if run.result}
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
