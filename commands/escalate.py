"""Escalating to management: the form, the post's buttons, `ack`."""

from bot.errors import SecondLineError
from bot.escalations import forms
from bot.escalations.model import Escalation, EscalationDraft, meter
from bot.investigations.cards import ESCALATE
from bot.messages.model import Content
from bot.slack.blocks import actions, button, section
from bot.slack.request import Answer, Request
from bot.slack.text import escape
from commands.inputs import missing, too_long
from commands.services import Services
from commands.thread import meant


async def button_pressed(request: Request, services: Services) -> Answer:
    """The form, filled from the record."""
    overview, draft = await services.escalations.prepare(int(request.value), by=request.user)
    await services.conversation.open_form(request, forms.escalate_form(overview, draft, meter(overview, draft)))
    return None


async def words(request: Request, services: Services, rest: str) -> Answer:
    """Slack opens forms for presses only, so a mention is answered by the button."""
    number, _ = meant(request, services, rest)
    overview, draft = await services.escalations.prepare(number, by=request.user)
    marks = meter(overview, draft)
    line = f"{sum(mark.there for mark in marks)} of {len(marks)} parts of a good escalation are there."
    investigation = overview.investigation
    form = button("Fill in and send", ESCALATE, str(investigation.id), style="primary")
    return Content(line, (section(line), actions(form)))


async def sent(request: Request, services: Services) -> Answer:
    parts = {part: request.typed(part) for part in forms.LABELS}
    draft = EscalationDraft(**parts, tickets=request.chosen(forms.TICKETS), runs=request.chosen(forms.RUNS))
    escalation = await services.escalations.escalate(int(request.private_metadata), draft, by=request.user)
    return None if escalation.notifies else f":warning: {escape(escalation.mention_note)} Tell them yourself."


def check(request: Request, services: Services) -> dict[str, str]:
    """Keeps what was written in the form where a part is missing, too long, or the escalation is no longer possible."""
    if wrong := missing(request, forms.NEEDED_PARTS) or too_long(request, *forms.LIMITS, limits=forms.LIMITS):
        return wrong
    try:
        services.escalations.check(int(request.private_metadata))
    except SecondLineError as error:
        return {forms.WRONG: error.sentence}
    return {}


async def acknowledge_button(request: Request, services: Services) -> Answer:
    return _answered(request, await services.escalations.acknowledge(int(request.value), by=request.user))


async def acknowledge_words(request: Request, services: Services, rest: str) -> Answer:
    number, _ = meant(request, services, rest)
    return _answered(request, await services.escalations.acknowledge_latest(number, by=request.user))


def _answered(request: Request, escalation: Escalation) -> Answer:
    return None if escalation.acknowledged_by == request.user else f"<@{escalation.acknowledged_by}> was first."


async def need_more_button(request: Request, services: Services) -> Answer:
    escalation = await services.escalations.may_ask(int(request.value), by=request.user)
    await services.conversation.open_form(request, forms.need_more_form(escalation))
    return None


async def asked(request: Request, services: Services) -> Answer:
    await services.escalations.ask(int(request.private_metadata), request.typed(forms.QUESTION), by=request.user)
    return None


def question_check(request: Request, services: Services) -> dict[str, str]:
    return missing(request, {forms.QUESTION: "Write what you need to know."}) or too_long(request, forms.QUESTION)
