"""tickets: the buttons of the list, and links or numbers that people paste."""

import re

from bot.errors import BadInput
from bot.slack.request import Answer, Request
from bot.slack.text import plural
from bot.tickets.cards import read_confirm_all_value, read_ticket_value
from bot.tickets.collection import LinkState
from bot.tickets.links import ticket_ids
from commands.services import Services
from commands.thread import meant

SMALLEST_BARE = 100
"""A message "2" in a thread is an answer, not a ticket."""


async def tickets_words(request: Request, services: Services, rest: str) -> Answer:
    """`tickets <links or numbers>` adds them to the investigation."""
    number, words = meant(request, services, rest)
    numbers = ticket_ids(words, hosts=services.link_hosts, bare=True)
    if not numbers:
        raise BadInput("Paste links or numbers of tickets: `tickets 4711 4712`.")
    return await _add(request, services, number, numbers)


async def pasted(request: Request, services: Services) -> Answer:
    """A message in an investigation's thread with links to tickets or their numbers in it."""
    numbers = pasted_ids(request.text, services.link_hosts)
    if not numbers:
        return None
    number, _ = meant(request, services, "")
    return await _add(request, services, number, numbers)


async def confirm(request: Request, services: Services) -> Answer:
    return await _decide(request, services, LinkState.CONFIRMED)


async def reject(request: Request, services: Services) -> Answer:
    return await _decide(request, services, LinkState.REJECTED)


async def confirm_all(request: Request, services: Services) -> Answer:
    investigation_id, shown_at = read_confirm_all_value(request.value)
    await services.evidence.confirm_all(investigation_id, shown_at=shown_at, by=request.user)
    return None


async def turn_page(request: Request, services: Services) -> Answer:
    investigation_id, page = read_ticket_value(request.value)
    services.tickets.turn_page(investigation_id, page)
    return None


def pasted_ids(text: str, hosts: frozenset[str]) -> tuple[int, ...]:
    """Links and `#4711` anywhere; bare numbers only where nothing else was written, since people write numbers."""
    if re.fullmatch(r"[\s\d#,;]+", text):
        return tuple(number for number in ticket_ids(text, hosts=hosts, bare=True) if number >= SMALLEST_BARE)
    marked = " ".join(re.findall(r"(?<![\w&#/])#\d{3,12}\b", re.sub(r"<[^>]*>", " ", text)))
    return tuple(dict.fromkeys([*ticket_ids(text, hosts=hosts), *ticket_ids(marked, hosts=hosts, bare=True)]))


async def _decide(request: Request, services: Services, state: LinkState) -> Answer:
    investigation_id, ticket_id = read_ticket_value(request.value)
    await services.evidence.decide(investigation_id, [ticket_id], state, by=request.user)
    return None


async def _add(request: Request, services: Services, investigation_id: int, numbers: tuple[int, ...]) -> Answer:
    missing = await services.evidence.add_tickets(investigation_id, numbers, by=request.user)
    if not missing:
        return None
    listed = ", ".join(f"#{number}" for number in missing)
    return f"{plural(len(missing), 'ticket')} not found in Zendesk: {listed}. The others were added."
