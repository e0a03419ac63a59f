"""The menu on an investigation's card: what has no button there in the state that it shows."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from bot.investigations.card import Choice, read_choice
from bot.investigations.update_forms import update_form
from bot.slack.request import Answer, Request
from commands import closing, escalate, handoff, more, moving, ownership, record, vendor
from commands.pressed import pressed
from commands.services import Services

Handler = Callable[[Request, Services], Awaitable[Answer]]

_BUTTONS: Mapping[Choice, Handler] = {
    Choice.CLAIM: ownership.claim_button,
    Choice.JOIN: pressed(lambda services: services.investigations.join),
    Choice.ESCALATE: escalate.button_pressed,
    Choice.HAND_OFF: handoff.button_pressed,
    Choice.VENDOR: vendor.menu_chosen,
    Choice.RESOLVE: closing.resolve_button,
    Choice.DISMISS: closing.dismiss_button,
    Choice.TIMELINE: record.timeline_button,
    Choice.HAND_OVER: ownership.hand_over_button,
    Choice.MOVE: moving.move_button,
    Choice.RELEASE: more.release,
    Choice.MORE: more.open_sheet,
}
"""Entries that do what the button of the same name does."""


async def chosen(request: Request, services: Services) -> Answer:
    choice, number, issue_id = read_choice(request.value)
    if choice in _BUTTONS:
        return await _BUTTONS[choice](replace(request, value=str(number)), services)
    if choice is Choice.IT_ISNT:
        await services.knowledge.use_no_longer(number, issue_id, by=request.user)
        return None
    await services.people.require_tier2(request.user)
    form = update_form(services.investigations.get(number), services.updates.words(number).tier1_text)
    await services.conversation.open_form(request, form)
    return None
