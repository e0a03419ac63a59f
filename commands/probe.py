"""`/probe` and, in a thread, `probe`: measure a target, host or address."""

from bot.errors import BadInput
from bot.messages.model import Place
from bot.probes.next_look import read_next_look
from bot.slack.request import Answer, Request
from bot.slack.text import unescape
from commands.grammar import kind_and_places
from commands.services import Services
from commands.thread import here


async def slash(request: Request, services: Services) -> Answer:
    """`/probe <kind> <target|host> [from <place>]`: one message in the channel, edited while it runs."""
    kind, what, places = kind_and_places(unescape(request.text))
    if not kind or not what:
        kinds = ", ".join(services.probes.kinds)
        raise BadInput(f"Say what to measure and where: `/probe mtr us-east`. There are: {kinds}.")
    services.probes.request(kind, what, place=Place(request.channel), by=request.user, places=places)
    return None


async def cancel_button(request: Request, services: Services) -> Answer:
    await services.probes.cancel(int(request.value), by=request.user)
    return None


async def next_look_button(request: Request, services: Services) -> Answer:
    batch_id, look = read_next_look(request.value)
    services.probes.look_again(batch_id, look, by=request.user)
    return None


async def words(request: Request, services: Services, rest: str) -> Answer:
    """In a thread the investigation's own target is meant where none is named."""
    kind, what, places = kind_and_places(unescape(rest))
    if not kind:
        raise BadInput(f"Say what to measure: `probe mtr`. There are: {', '.join(services.probes.kinds)}.")
    services.evidence.probe(here(request, services), kind, what, by=request.user, places=places)
    return None
