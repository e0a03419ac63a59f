"""The menu on an investigation's card: what is done less often than the buttons beside it."""

from bot.investigations.cards import Choice, read_choice
from bot.investigations.forms import hand_over_form, note_form
from bot.slack.request import Answer, Request
from commands.services import Services


async def chosen(request: Request, services: Services) -> Answer:
    choice, number, issue_id = read_choice(request.value)
    if choice is Choice.IT_ISNT:
        await services.knowledge.use_no_longer(number, issue_id, by=request.user)
        return None
    if choice is Choice.RELEASE:
        await services.investigations.release(number, by=request.user)
        return None
    await services.people.require_tier2(request.user)
    form = note_form if choice is Choice.NOTE else hand_over_form
    await services.conversation.open_form(request, form(services.investigations.get(number)))
    return None
