"""The sheet behind *More…* in a card's menu: what is seldom done, and what can be taken back."""

from dataclasses import replace

from bot.investigations.card import move_label
from bot.investigations.more_cards import MoreToDo, more_sheet
from bot.messages.model import Block
from bot.slack.request import Answer, Request
from commands.services import Services


async def open_sheet(request: Request, services: Services) -> Answer:
    await services.people.require_tier2(request.user)
    await services.conversation.open_form(request, _sheet(services, int(request.value)))
    return None


async def take_back(request: Request, services: Services) -> Answer:
    number, _, relation_id = request.value.partition(" ")
    await services.relations.take_back(int(relation_id), by=request.user)
    await _anew(request, services, int(number))
    return None


async def undo_merge(request: Request, services: Services) -> Answer:
    """On the old card, and in the sheet of the one in which it went on."""
    into = services.investigations.survivor(int(request.value)).id
    await services.merges.undo(int(request.value), by=request.user)
    await _anew(request, services, into)
    return None


async def release(request: Request, services: Services) -> Answer:
    await services.investigations.release(int(request.value), by=request.user)
    await _anew(request, services, int(request.value))
    return None


async def _anew(request: Request, services: Services, number: int) -> None:
    """The sheet as it is since; there is none where the button stands on a message."""
    if request.view_id and not request.on_home:
        await services.conversation.update_form(request.view_id, _sheet(services, number))


def _sheet(services: Services, number: int) -> Block:
    investigations, others = services.investigations, services.moves.others(number)
    merged = [each for each in map(investigations.get, investigations.merged_ids(number)) if each.merged_into == number]
    overview = services.evidence.overview(number)
    return more_sheet(
        MoreToDo(
            overview=overview if overview.investigation.live else replace(overview, merged=()),
            merged=[(each, services.merges.title(each)) for each in merged],
            move_label=move_label(others) if others else "",
            others=bool(services.relations.possible(number)),
        )
    )
