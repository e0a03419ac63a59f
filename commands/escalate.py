"""Escalating to management: the form, the post's buttons, `ack`."""

from bot.escalations import cards, forms
from bot.escalations.model import Escalation, EscalationDraft, meter
from bot.investigations.cards import ESCALATE
from bot.messages.model import Content
from bot.slack.blocks import actions, button, section
from bot.slack.request import Answer, Request
from bot.slack.text import escape
from commands.inputs import missing, refused, too_long
from commands.services import Services
from commands.thread import meant


async def button_pressed(request: Request, services: Services) -> Answer:
    """The form, filled from the record or as the person left it."""
    prepared = await services.escalations.prepare(int(request.value), by=request.user)
    marks = meter(prepared.overview, prepared.draft)
    await services.conversation.open_form(request, forms.escalate_form(prepared, marks, services.clock()))
    return None


async def words(request: Request, services: Services, rest: str) -> Answer:
    """Slack opens forms for presses only, so a mention is answered by the button."""
    number, _ = meant(request, services, rest)
    prepared = await services.escalations.prepare(number, by=request.user)
    marks = meter(prepared.overview, prepared.draft)
    line = f"{sum(mark.there for mark in marks)} of {len(marks)} parts of a good escalation are there."
    form = button("Fill In and Send", ESCALATE, str(number), style="primary")
    return Content(line, (section(line), actions(form)))


async def typed(request: Request, services: Services) -> Answer:
    """The form as it is while somebody types: Slack tells nothing of it when it is closed."""
    services.escalations.keep(int(request.private_metadata), read_draft(request), by=request.user)
    return None


def read_draft(request: Request) -> EscalationDraft:
    """The form as it is filled in."""
    parts = {part: request.typed(part) for part in forms.LABELS}
    tickets, runs = request.chosen(forms.TICKETS), request.chosen(forms.RUNS)
    return EscalationDraft(**parts, tickets=tickets, runs=runs, priority=request.typed(forms.PRIORITY))


async def sent(request: Request, services: Services) -> Answer:
    number, draft = int(request.private_metadata), read_draft(request)
    escalation = await services.escalations.escalate(number, draft, by=request.user)
    return None if escalation.notifies else f":warning: {escape(escalation.mention_note)} Tell them yourself."


def check(request: Request, services: Services) -> dict[str, str]:
    """Keeps what was written in the form where a part is missing, too long, or the escalation is no longer possible."""
    if wrong := missing(request, forms.NEEDED_PARTS) or too_long(request, *forms.LIMITS, limits=forms.LIMITS):
        return wrong
    return refused(forms.NEEDED, lambda: services.escalations.check(int(request.private_metadata)))


async def acknowledge_button(request: Request, services: Services) -> Answer:
    escalation = await services.escalations.acknowledge(int(request.value), by=request.user, channel=request.channel)
    return _answered(request, escalation)


async def acknowledge_words(request: Request, services: Services, rest: str) -> Answer:
    number, _ = meant(request, services, rest)
    escalations = services.escalations
    return _answered(request, await escalations.acknowledge_latest(number, by=request.user, channel=request.channel))


def _answered(request: Request, escalation: Escalation) -> Answer:
    if escalation.acknowledged_by == request.user:
        return None
    return f"<@{escalation.acknowledged_by}> was first." if escalation.acknowledged_by else "Somebody else was first."


async def details_button(request: Request, services: Services) -> Answer:
    return cards.details(services.escalations.posted(int(request.value)))


async def need_more_button(request: Request, services: Services) -> Answer:
    number, channel = int(request.value), request.channel
    escalation = await services.escalations.may_ask(number, by=request.user, channel=channel)
    await services.conversation.open_form(request, forms.need_more_form(escalation, channel))
    return None


async def asked(request: Request, services: Services) -> Answer:
    number, _, channel = request.private_metadata.partition(" ")
    await services.escalations.ask(int(number), request.typed(forms.QUESTION), by=request.user, channel=channel)
    return None


def question_check(request: Request, services: Services) -> dict[str, str]:
    return missing(request, {forms.QUESTION: "Write what you need to know."}) or too_long(request, forms.QUESTION)
