"""Handing an investigation to Tier 3: the form, triage's buttons, `handoff`."""

from dataclasses import replace

from bot.handoffs import forms
from bot.handoffs.model import HandoffDraft, Lane
from bot.investigations.cards import HAND_OFF
from bot.known_issues.model import Priority
from bot.slack.blocks import actions, button, message
from bot.slack.request import Answer, Request
from commands import vendor
from commands.inputs import missing, refused, too_long
from commands.services import Services
from commands.thread import meant


async def button_pressed(request: Request, services: Services) -> Answer:
    """The form, filled from the record."""
    ready = await services.handoffs.prepare(int(request.value), by=request.user)
    form = forms.hand_off_form(ready.overview, ready.draft, trackers=ready.trackers, issues=ready.issues)
    await services.conversation.open_form(request, form)
    return None


async def words(request: Request, services: Services, rest: str) -> Answer:
    """To Tier 3, or `handoff vendor …`. Slack opens forms for presses only, so a mention is answered by the button."""
    first, _, others = rest.strip().partition(" ")
    if first.lower().strip(",:") == "vendor":
        return await vendor.handoff_words(request, services, others)
    number, _ = meant(request, services, rest)
    ready = await services.handoffs.prepare(number, by=request.user)
    investigation = ready.overview.investigation
    line = f"Priority, lane and evidence of {investigation.name} are in the form."
    return message(line, actions(button("Fill In and Send", HAND_OFF, str(investigation.id), style="primary")))


async def handed_off(request: Request, services: Services) -> Answer:
    draft = read_draft(request)
    if other := _other(request):
        draft = replace(draft, issue_id=services.handoffs.named_issue(other).id)
    await services.handoffs.hand_off(int(request.private_metadata), draft, by=request.user)
    return None


def check(request: Request, services: Services) -> dict[str, str]:
    """What was written stays in the form where it can't be sent."""
    without = missing(request, {forms.TITLE: "Say in a few words what is wrong."})
    if wrong := without or too_long(request, forms.EVIDENCE, forms.REPRODUCTION):
        return wrong
    number, other = int(request.private_metadata), _other(request)
    if wrong := refused(forms.OTHER, lambda: services.handoffs.named_issue(other)) if other else {}:
        return wrong
    tracker = "" if other else read_draft(request).tracker
    return refused(forms.TITLE, lambda: services.handoffs.check(number, tracker=tracker))


def read_draft(request: Request) -> HandoffDraft:
    """The form as it was sent."""
    chosen = request.typed(forms.ISSUE)
    return HandoffDraft(
        tracker=chosen.removeprefix(forms.NEW) if chosen.startswith(forms.NEW) else "",
        title=request.typed(forms.TITLE),
        evidence=request.typed(forms.EVIDENCE),
        reproduction=request.typed(forms.REPRODUCTION),
        priority=Priority(request.typed(forms.PRIORITY)),
        lane=Lane(request.typed(forms.LANE)),
        issue_id=int(chosen) if chosen.isdigit() else None,
        tickets=request.chosen(forms.TICKETS),
        runs=request.chosen(forms.RUNS),
    )


def _other(request: Request) -> str:
    return request.typed(forms.OTHER).strip()


async def change_button(request: Request, services: Services) -> Answer:
    handoff = await services.triage.to_change(int(request.value), by=request.user)
    await services.conversation.open_form(request, forms.change_form(handoff))
    return None


async def changed(request: Request, services: Services) -> Answer:
    priority, lane = Priority(request.typed(forms.PRIORITY)), Lane(request.typed(forms.LANE))
    reason = request.typed(forms.REASON)
    await services.triage.decide(int(request.private_metadata), priority, lane, reason=reason, by=request.user)
    return None


def change_check(request: Request, services: Services) -> dict[str, str]:
    return missing(request, {forms.REASON: "Say why: support passes it on."}) or too_long(request, forms.REASON)


async def assign_button(request: Request, services: Services) -> Answer:
    handoff, accounts = await services.triage.accounts(int(request.value), by=request.user)
    form = forms.assign_form(handoff, [(account.name, account.id) for account in accounts])
    await services.conversation.open_form(request, form)
    return None


async def assigned(request: Request, services: Services) -> Answer:
    await services.triage.assign(int(request.private_metadata), request.typed(forms.ASSIGNEE), by=request.user)
    return None
