"""Escalating to management: the form, the post's buttons, `ack`."""

from bot.errors import SecondLineError
from bot.escalations.forms import (
    AFFECTED,
    LIMITS,
    NEEDED,
    QUESTION,
    RUNS,
    SINCE,
    TICKETS,
    TRIED,
    WRONG,
    escalate_form,
    need_more_form,
)
from bot.escalations.model import EscalationDraft, meter
from bot.investigations.cards import ESCALATE
from bot.messages.model import Content
from bot.slack.blocks import actions, button, section
from bot.slack.request import Answer, Request
from bot.slack.text import escape
from commands.inputs import too_long
from commands.services import Services
from commands.thread import meant


async def button_pressed(request: Request, services: Services) -> Answer:
    """The form, filled from the record."""
    seen, draft = await services.escalations.prepare(int(request.value), by=request.user)
    await services.conversation.open_form(request, escalate_form(seen, draft, meter(seen, draft)))
    return None


async def words(request: Request, services: Services, rest: str) -> Answer:
    """Slack opens forms for presses only, so a mention is answered by the button."""
    number, _ = meant(request, services, rest)
    seen, draft = await services.escalations.prepare(number, by=request.user)
    marks = meter(seen, draft)
    line = f"{sum(mark.there for mark in marks)} of {len(marks)} parts of a good escalation are there."
    found = seen.investigation
    form = button("Fill in and send", ESCALATE, str(found.id), style="primary")
    return Content(line, (section(line), actions(form)))


async def sent(request: Request, services: Services) -> Answer:
    values = request.values
    draft = EscalationDraft(
        wrong=str(values.get(WRONG) or ""),
        since=str(values.get(SINCE) or ""),
        affected=str(values.get(AFFECTED) or ""),
        tried=str(values.get(TRIED) or ""),
        needed=str(values.get(NEEDED) or ""),
        tickets=tuple(map(int, values.get(TICKETS) or [])),
        runs=tuple(map(int, values.get(RUNS) or [])),
    )
    found = await services.escalations.escalate(int(request.private_metadata), draft, by=request.user)
    return None if found.notifies else f":warning: {escape(found.mention_note)} Tell them yourself."


def check(request: Request, services: Services) -> dict[str, str]:
    """What management can't do without; and what was written stays in the form where it can't be sent any more."""
    needed = {WRONG: "Say what is wrong.", SINCE: "Say since when.", NEEDED: "Say what you need from them."}
    missing = {block: why for block, why in needed.items() if not str(request.values.get(block) or "").strip()}
    if wrong := missing or too_long(request, *LIMITS, limits=LIMITS):
        return wrong
    try:
        services.escalations.check(int(request.private_metadata))
    except SecondLineError as error:
        return {WRONG: error.sentence}
    return {}


async def acknowledge_button(request: Request, services: Services) -> Answer:
    found = await services.escalations.acknowledge(int(request.value), by=request.user)
    return None if found.acknowledged_by == request.user else f"<@{found.acknowledged_by}> was first."


async def acknowledge_words(request: Request, services: Services, rest: str) -> Answer:
    number, _ = meant(request, services, rest)
    found = await services.escalations.acknowledge_latest(number, by=request.user)
    return None if found.acknowledged_by == request.user else f"<@{found.acknowledged_by}> was first."


async def need_more_button(request: Request, services: Services) -> Answer:
    found = await services.escalations.may_ask(int(request.value), by=request.user)
    await services.conversation.open_form(request, need_more_form(found))
    return None


async def asked(request: Request, services: Services) -> Answer:
    question = str(request.values.get(QUESTION) or "")
    await services.escalations.ask(int(request.private_metadata), question, by=request.user)
    return None


def question_check(request: Request, services: Services) -> dict[str, str]:
    if not str(request.values.get(QUESTION) or "").strip():
        return {QUESTION: "Write what you need to know."}
    return too_long(request, QUESTION)
