"""Rounds of replies: the review, the approval, and the buttons while it runs."""

from bot.errors import SecondLineError
from bot.replies.cards import list_value
from bot.replies.forms import block_of, chosen_then, chosen_tickets, review_form, reviewed, written_texts
from bot.replies.service import round_key
from bot.slack.request import Answer, Request
from commands.resolve_forms import open_checked
from commands.services import Services


async def review_button(request: Request, services: Services) -> Answer:
    reply_round = await services.replies.review(int(request.value), by=request.user)
    alike, mended = services.replies.alike(reply_round), reply_round.said_to_be_mended
    await open_checked(request, services, mended, lambda notice: review_form(reply_round, notice, alike=alike))
    return None


async def approved(request: Request, services: Services) -> Answer:
    number, reading = reviewed(request.private_metadata)
    services.rechecks.sent(request.view_id)
    await services.replies.approve(
        number,
        reading=reading,
        ticket_ids=chosen_tickets(request.values, services.replies.get(number)),
        texts=written_texts(request.values),
        then=chosen_then(request.values),
        by=request.user,
    )
    return None


def check(request: Request, services: Services) -> dict[str, str]:
    """What was written stays in the form where it can't be sent."""
    number, reading = reviewed(request.private_metadata)
    try:
        tickets = chosen_tickets(request.values, services.replies.get(number))
        wrong = services.replies.check(number, tickets, written_texts(request.values), reading=reading)
    except SecondLineError as error:
        wrong = {"": error.sentence}
    return {block_of(language): sentence for language, sentence in wrong.items()}


async def send_anyway_button(request: Request, services: Services) -> Answer:
    number, run = list_value(request.value)
    await services.replies.send_anyway(number, run=run, by=request.user)
    return None


async def leave_out_button(request: Request, services: Services) -> Answer:
    number, run = list_value(request.value)
    await services.replies.leave_out(number, run=run, by=request.user)
    return None


async def card_link(services: Services, round_id: int) -> str:
    """The permalink of a round's card, "" while it is not sent."""
    sent = services.owed.place_of(round_key(round_id))
    return await services.conversation.permalink(*sent) if sent else ""
