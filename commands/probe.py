"""`/probe` and, in a thread, `probe`: measure a target, host or address."""

from bot.errors import BadInput
from bot.messages.model import Place
from bot.probes.next_look import read_next_look
from bot.slack.request import Answer, Request
from bot.slack.text import unescape
from commands.grammar import kind_and_places
from commands.services import Services
from commands.thread import named_first, thread_of


async def slash(request: Request, services: Services) -> Answer:
    """`/probe <kind> <target|host> [from <place>]`: one message in the channel, edited while it runs."""
    kind, what, places = kind_and_places(unescape(request.text))
    if not kind or not what:
        raise BadInput(f"Say what to measure and where: `/probe mtr us-east`. There are: {_kinds(services)}.")
    await services.probes.permit(what, by=request.user)
    services.probes.request(kind, what, place=Place(request.channel), by=request.user, places=places)
    return None


async def cancel_button(request: Request, services: Services) -> Answer:
    await services.probes.cancel(int(request.value), by=request.user)
    return None


async def next_look_button(request: Request, services: Services) -> Answer:
    batch_id, look = read_next_look(request.value)
    await services.probes.permit_again(batch_id, by=request.user)
    services.probes.look_again(batch_id, look, by=request.user)
    return None


async def words(request: Request, services: Services, rest: str) -> Answer:
    """In an investigation's thread, or with its name, its own target is meant where none is named."""
    named, words = named_first(rest)
    kind, what, places = kind_and_places(unescape(words))
    after, what = (named, what) if named else named_first(what)
    number = after or thread_of(request, services)
    if not kind or not (what or number):
        raise BadInput(f"Say what to measure and where: `probe mtr us-east`. There are: {_kinds(services)}.")
    if what:
        await services.probes.permit(what, by=request.user)
    if number:
        services.evidence.probe(number, kind, what, by=request.user, places=places)
    else:
        place = Place(request.channel, thread_ts=request.thread_ts or None)
        services.probes.request(kind, what, place=place, by=request.user, places=places)
    return None


def _kinds(services: Services) -> str:
    return ", ".join(services.probes.kinds)
