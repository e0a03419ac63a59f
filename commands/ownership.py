"""claim, release, join, handover: who has an investigation."""

from bot.field_limits import beginning
from bot.handovers import cards
from bot.handovers.note import record, unmarked
from bot.investigations.forms import NOTE, PERSON, hand_over_form
from bot.investigations.service import AlreadyOwned
from bot.slack.request import Answer, Clarification, Request
from bot.slack_marks import without_emoji
from commands.grammar import person_and_rest
from commands.inputs import said, too_long
from commands.pressed import spoken
from commands.services import Services
from commands.thread import meant

join_words = spoken(lambda services: services.investigations.join)
release_words = spoken(lambda services: services.investigations.release)


async def claim_words(request: Request, services: Services, rest: str) -> Answer:
    number, _ = meant(request, services, rest)
    await _claim(number, request.user, services)
    return None


async def handover_words(request: Request, services: Services, rest: str) -> Answer:
    """The investigation's name may stand before or after the person's."""
    to, words = person_and_rest(rest)
    number, note = meant(request, services, words)
    return await _ask(request, services, number, to, await said(note, services))


async def claim_button(request: Request, services: Services) -> Answer:
    await _claim(int(request.value), request.user, services)
    return None


async def hand_over_button(request: Request, services: Services) -> Answer:
    """The form, with what the record says for the person to correct."""
    await services.people.require_tier2(request.user)
    number = int(request.value)
    overview = services.evidence.overview(number)
    note = without_emoji(await said(unmarked(record(overview, services.above(number))), services))
    await services.conversation.open_form(request, hand_over_form(overview.investigation, beginning(note)))
    return None


async def handed_over(request: Request, services: Services) -> Answer:
    number, note = int(request.private_metadata), request.typed(NOTE)
    return await _ask(request, services, number, request.typed(PERSON), note, whole=True)


def hand_over_check(request: Request, services: Services) -> dict[str, str]:
    return too_long(request, NOTE) if request.values.get(PERSON) else {PERSON: "Choose who takes it."}


async def who_chosen(request: Request, services: Services) -> Answer:
    """Chosen in the menu: what counts is the press of the button beside it."""
    return None


async def hand_over_all_button(request: Request, services: Services) -> Answer:
    to = request.typed(cards.WHO)
    if not to:
        return "Choose who takes it, then press *Hand Over*."
    await services.day_ends.hand_over(int(request.value), to=to, by=request.user)
    return None


async def keep_button(request: Request, services: Services) -> Answer:
    services.day_ends.keep(int(request.value), by=request.user)
    return None


async def _claim(number: int, user: str, services: Services) -> None:
    """Whoever was asked to take it accepts so; where the owner can't be asked, taking it over is offered."""
    try:
        await services.investigations.claim(number, by=user)
    except AlreadyOwned as error:
        if asked := services.handovers.asked_of(user, number):
            await services.handovers.accept(asked.id, by=user)
        elif absence := await services.handovers.absence(error.owner):
            owned = services.investigations.get(number)
            raise Clarification(cards.owner_is_away(owned, error.owner, absence)) from error
        else:
            raise


async def _ask(request: Request, services: Services, number: int, to: str, note: str, *, whole: bool = False) -> Answer:
    """Somebody who is not there can be asked too, and whoever asks is told."""
    handover = await services.handovers.ask(number, to=to, note=note, by=request.user, whole=whole)
    absence = await services.handovers.absence(to) if handover else ""
    return cards.asked_while_away(handover, absence) if handover and absence else None
