"""Handing an investigation to Tier 3: the form, triage's buttons, `handoff`."""

from dataclasses import replace

from bot.errors import SecondLineError
from bot.handoffs.forms import (
    ASSIGNEE,
    EVIDENCE,
    ISSUE,
    LANE,
    NEW,
    OTHER,
    PRIORITY,
    REASON,
    REPRODUCTION,
    RUNS,
    TICKETS,
    TITLE,
    assign_form,
    change_form,
    hand_off_form,
)
from bot.handoffs.model import HandoffDraft, Lane
from bot.investigations.cards import HAND_OFF
from bot.known_issues.model import Priority
from bot.messages.model import Content
from bot.slack.blocks import actions, button, section
from bot.slack.request import Answer, Request
from commands.inputs import too_long
from commands.services import Services
from commands.thread import meant


async def button_pressed(request: Request, services: Services) -> Answer:
    """The form, filled from the record."""
    ready = await services.handoffs.prepare(int(request.value), by=request.user)
    form = hand_off_form(ready.overview, ready.draft, trackers=ready.trackers, issues=ready.issues)
    await services.conversation.open_form(request, form)
    return None


async def words(request: Request, services: Services, rest: str) -> Answer:
    """Slack opens forms for presses only, so a mention is answered by the button."""
    number, _ = meant(request, services, rest)
    ready = await services.handoffs.prepare(number, by=request.user)
    found = ready.overview.investigation
    line = f"{found.name} can be handed to Tier 3: priority, lane and evidence are in the form."
    form = button("Fill in and hand over", HAND_OFF, str(found.id), style="primary")
    return Content(line, (section(line), actions(form)))


async def handed_off(request: Request, services: Services) -> Answer:
    draft = read_draft(request)
    if other := _other(request):
        draft = replace(draft, issue_id=services.handoffs.named_issue(other).id)
    await services.handoffs.hand_off(int(request.private_metadata), draft, by=request.user)
    return None


def check(request: Request, services: Services) -> dict[str, str]:
    """What was written stays in the form where it can't be sent."""
    if not str(request.values.get(TITLE) or "").strip():
        return {TITLE: "Say in a few words what is wrong."}
    if wrong := too_long(request, EVIDENCE, REPRODUCTION):
        return wrong
    block = OTHER
    try:
        if other := _other(request):
            services.handoffs.named_issue(other)
        block = TITLE
        tracker = "" if other else read_draft(request).tracker
        services.handoffs.check(int(request.private_metadata), tracker=tracker)
    except SecondLineError as error:
        return {block: error.sentence}
    return {}


def read_draft(request: Request) -> HandoffDraft:
    """The form as it was sent."""
    values = request.values
    chosen = str(values.get(ISSUE) or "")
    return HandoffDraft(
        tracker=chosen.removeprefix(NEW) if chosen.startswith(NEW) else "",
        title=str(values.get(TITLE) or ""),
        evidence=str(values.get(EVIDENCE) or ""),
        reproduction=str(values.get(REPRODUCTION) or ""),
        priority=Priority(str(values[PRIORITY])),
        lane=Lane(str(values[LANE])),
        issue_id=int(chosen) if chosen.isdigit() else None,
        tickets=tuple(map(int, values.get(TICKETS) or [])),
        runs=tuple(map(int, values.get(RUNS) or [])),
    )


def _other(request: Request) -> str:
    return str(request.values.get(OTHER) or "").strip()


async def accept_button(request: Request, services: Services) -> Answer:
    await services.triage.accept(int(request.value), by=request.user)
    return None


async def change_button(request: Request, services: Services) -> Answer:
    found = await services.triage.to_change(int(request.value), by=request.user)
    await services.conversation.open_form(request, change_form(found))
    return None


async def changed(request: Request, services: Services) -> Answer:
    priority, lane = Priority(str(request.values[PRIORITY])), Lane(str(request.values[LANE]))
    reason = str(request.values.get(REASON) or "")
    await services.triage.decide(int(request.private_metadata), priority, lane, reason=reason, by=request.user)
    return None


def change_check(request: Request, services: Services) -> dict[str, str]:
    written = str(request.values.get(REASON) or "").strip()
    return too_long(request, REASON) if written else {REASON: "Say why: support passes it on."}


async def assign_button(request: Request, services: Services) -> Answer:
    found, accounts = await services.triage.accounts(int(request.value), by=request.user)
    form = assign_form(found, [(account.name, account.id) for account in accounts])
    await services.conversation.open_form(request, form)
    return None


async def assigned(request: Request, services: Services) -> Answer:
    await services.triage.assign(int(request.private_metadata), str(request.values[ASSIGNEE]), by=request.user)
    return None


async def retry_button(request: Request, services: Services) -> Answer:
    await services.triage.retry(int(request.value), by=request.user)
    return None
