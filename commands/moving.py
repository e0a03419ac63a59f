"""move, and its entry in the menu: another team takes an investigation. And where words in an old thread lead."""

from bot.errors import BadInput
from bot.investigations.model import card_key
from bot.investigations.move_cards import NOTE, TEAM, goes_on, move_form
from bot.messages.addresses import message_address
from bot.messages.model import Content
from bot.slack.blocks import message
from bot.slack.request import Answer, Request
from commands import placing
from commands.grammar import names_no_team, team_and_note
from commands.inputs import said, too_long
from commands.services import Services
from commands.thread import noted, thread_of


class OnlyOneTeam(BadInput):
    """The other team is no longer configured."""

    def __init__(self) -> None:
        super().__init__("There is only one team, so it can't go to another one.")


async def move_words(request: Request, services: Services, rest: str) -> Answer:
    """`move T2 CS what they should know`; where there are two teams, its name may be left out.

    `move 4711 to INV-9` moves a ticket.
    """
    if tickets := placing.named(rest, services):
        return await placing.words(request, services, *tickets)
    number, words = noted(request, services, rest)
    typed = await said(words, services)
    teams, others = services.moves.teams, services.moves.others(number)
    key, note = team_and_note(typed, {team.title: team.key for team in teams})
    if not others:
        raise OnlyOneTeam
    if not key and (len(others) != 1 or names_no_team(note, [team.title for team in teams])):
        raise BadInput(f"Say which team takes it: {' or '.join(f'`move {team.title}`' for team in others)}.")
    await services.moves.move(number, key or others[0].key, note=note, by=request.user)
    return None


async def move_button(request: Request, services: Services) -> Answer:
    await services.people.require_tier2(request.user)
    investigation = services.investigations.require_live(int(request.value))
    others = services.moves.others(investigation.id)
    if not others:
        raise OnlyOneTeam
    form = move_form(investigation, others)
    await services.conversation.show_form(request, form)
    return None


async def moved(request: Request, services: Services) -> Answer:
    number, _, team = request.private_metadata.partition(" ")
    await services.moves.move(int(number), team or request.typed(TEAM), note=request.typed(NOTE), by=request.user)
    return None


def check(request: Request, services: Services) -> dict[str, str]:
    """What was written stays in the form where it is too long."""
    return too_long(request, NOTE)


def where_it_is(request: Request, services: Services) -> Content | None:
    """To whoever says something in the thread of a card that was left behind: where the investigation goes on."""
    number = thread_of(request, services)
    if number is None:
        return None
    now = services.owed.place_of(card_key(number))
    investigation = services.investigations.get(number)
    if now == (request.channel, request.root_ts) or (not now and investigation.channel == request.channel):
        return None
    address = message_address(services.workspace_url, *now) if now else ""
    return message(goes_on(investigation, services.catalog.named(investigation.target).title, address))
