"""move 4711 to INV-9, and *Move…* below the list: tickets that belong to another investigation."""

import re

from bot.errors import BadInput
from bot.investigations.model import Investigation
from bot.messages.model import Content
from bot.slack.request import Answer, Request
from bot.tickets import cards
from bot.tickets.forms import INTO, TICKETS, move_form
from commands.services import Services
from commands.thread import named_first, names_in, thread_of
from commands.tickets import named_ids, require_each_named

_TO = re.compile(r"\s(?:in)?to\s(?=[^\n]{0,20}\bINV\b)", re.IGNORECASE)


def named(rest: str, services: Services) -> tuple[int | None, tuple[int, ...], int] | None:
    """`4711 and 4712 to INV-9` as (None, (4711, 4712), 9); None where it says something else.

    Raises BadInput where it names a range of tickets.
    """
    begins = next(iter(_TO.finditer(rest)), None)
    if not begins:
        return None
    here, words = named_first(rest[: begins.start()])
    require_each_named(words)
    numbers, loose = named_ids(words, services.link_hosts)
    into, more = names_in(rest[begins.end() :])
    if not numbers or loose or len(into) != 1 or more.strip(" .!"):
        return None
    return here, numbers, into[0]


async def words(request: Request, services: Services, here: int | None, numbers: tuple[int, ...], into: int) -> Answer:
    number = here if here is not None else thread_of(request, services)
    if number is None:
        raise BadInput(f"Say where they are now: `INV-3 move {numbers[0]} to INV-{into}`.")
    return await _move(request, services, number, numbers, into)


async def button_pressed(request: Request, services: Services) -> Answer:
    """Opens a form with what is ticked on the person's own screen."""
    await services.people.require_tier2(request.user)
    investigation = services.investigations.survivor(int(request.value))
    collected, others = services.tickets.of(investigation.id), _others(services, investigation)
    if not others or not collected:
        raise BadInput(f"{investigation.name} is the only one that is open.")
    ticked = [number for block in request.values if block.startswith(cards.TICKS) for number in request.chosen(block)]
    await services.conversation.open_form(request, move_form(collected, others, ticked))
    return None


async def submitted(request: Request, services: Services) -> Answer:
    number = int(request.private_metadata)
    numbers = request.chosen(TICKETS)
    if not numbers:
        raise BadInput("Tick the tickets that belong to the other one.")
    return await _move(request, services, number, numbers, int(request.typed(INTO)))


async def undo(request: Request, services: Services) -> Answer:
    return cards.undone(*await services.evidence.undo_move(int(request.value), by=request.user))


async def _move(
    request: Request, services: Services, number: int, numbers: tuple[int, ...], into: int
) -> Content | None:
    move = await services.evidence.move_tickets(number, into, numbers, by=request.user)
    if not move:
        raise BadInput(f"None of them is on the list of INV-{number}. To add them: `tickets {numbers[0]}`.")
    there = {*map(int, move.kept), *move.pasted}
    return cards.moved(move, [each for each in dict.fromkeys(numbers) if each not in there])


def _others(services: Services, investigation: Investigation) -> list[tuple[str, str]]:
    """Names and numbers of those to which tickets can go."""
    return [
        (f"{other.name} {services.catalog.named(other.target).title}", str(other.id))
        for other in services.investigations.live()
        if other.id != investigation.id
    ]
