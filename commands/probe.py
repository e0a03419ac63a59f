"""`/probe` and, in a thread, `probe`: measure a target, host or address."""

import json

from bot.errors import BadInput
from bot.messages.model import Place
from bot.probes.cards import detail, did_you_mean
from bot.probes.next_look import read_next_look
from bot.probes.registry import SMOKE, UnknownProbe
from bot.probes.typed_hosts import NoSuchTarget
from bot.slack.request import Answer, Clarification, Request
from bot.slack.text import VALUE_MAX
from commands.grammar import kind_and_places
from commands.inputs import said
from commands.services import Services
from commands.thread import named_anywhere, thread_of


async def slash(request: Request, services: Services) -> Answer:
    """`/probe <kind> <target|host> [from <place>]`: one message in the channel, edited while it runs."""
    kind, what, places = kind_and_places(await said(request.text, services))
    if not kind or not (what or kind == SMOKE or services.catalog.find(kind)):
        raise BadInput(f"Say what to measure and where: `/probe mtr us-east`. There are: {_kinds(services)}.")
    await _measure(request, services, kind, what, places, None)
    return None


async def next_look_button(request: Request, services: Services) -> Answer:
    batch_id, look = read_next_look(request.value)
    await services.probes.hosts.permit_again(batch_id, by=request.user)
    services.probes.look_again(batch_id, look, by=request.user)
    return None


async def details_button(request: Request, services: Services) -> Answer:
    """Its tables, for whoever pressed: the most telling one first, or another that was chosen."""
    batch_id, *number = map(int, request.value.split())
    batch = services.probes.get(batch_id)
    return detail(batch, *number) if batch else "That probe does not exist."


async def files_button(request: Request, services: Services) -> Answer:
    """All reports of a batch in one file in the thread, once for everybody."""
    link = services.probes.share_files(int(request.value), by=request.user)
    if link is None:
        return None
    return f"The file is in this thread already: <{link}|open it>." if link else "The file is in this thread already."


async def run_again_button(request: Request, services: Services) -> Answer:
    """The same once more, with what it was before."""
    batch_id = int(request.value)
    await services.probes.hosts.permit_again(batch_id, by=request.user)
    services.evidence.probe_again(batch_id, by=request.user)
    return None


async def meant_button(request: Request, services: Services) -> Answer:
    """One of what was asked: "Did you mean…?"."""
    kind, what, places, number = json.loads(request.value)
    await _measure(request, services, kind, what, tuple(places), number)
    return None


_USUAL = ("playbook", "ping", "mtr")
"""What is offered where only a target is said."""


async def words(request: Request, services: Services, rest: str) -> Answer:
    """In an investigation's thread, or with its name, its own target is meant where none is named."""
    named, words = named_anywhere(rest)
    kind, what, places = kind_and_places(await said(words, services))
    number = named or thread_of(request, services)
    if not kind or not (what or number or services.catalog.find(kind)):
        raise BadInput(f"Say what to measure and where: `probe mtr us-east`. There are: {_kinds(services)}.")
    await _measure(request, services, kind, what, places, number)
    return None


async def _measure(
    request: Request, services: Services, kind: str, what: str, places: tuple[str, ...], number: int | None
) -> None:
    """In the thread of investigation `number`, else where the person is. Raises Question for a slip."""
    try:
        if kind == SMOKE and not services.catalog.find(what) and not number:
            await services.probes.permit_fleet(by=request.user)
        elif what:
            await services.probes.hosts.permit(what, by=request.user)
        if number:
            services.evidence.probe(number, kind, what, by=request.user, places=places)
        else:
            place = Place(request.channel, thread_ts=request.thread_ts or None)
            services.probes.request(kind, what, place=place, by=request.user, places=places)
    except (UnknownProbe, NoSuchTarget) as error:
        named = [(label, json.dumps([*choice, places, number])) for label, *choice in _choices(services, kind, what)]
        choices = [(label, value) for label, value in named if len(value) <= VALUE_MAX]
        if not choices:
            raise
        raise Clarification(did_you_mean(kind, what, choices)) from error


def _choices(services: Services, kind: str, what: str) -> list[tuple[str, str, str]]:
    """What may be meant by a slip of the kind, of the target or of both, by the two in the other order, or by a target
    alone."""
    known, catalog = services.probes.kinds, services.catalog
    swapped = catalog.find(kind)
    if swapped and what.lower() in known:
        return [(f"{what.lower()} {swapped.title}", what.lower(), swapped.key)]
    if alone := catalog.find(f"{kind} {what}".strip()):
        return [(f"{each} {alone.title}", each, alone.key) for each in _USUAL if each in known]
    kinds = [kind] if kind in known else UnknownProbe(kind, known).nearest
    target = catalog.find(what)
    if not what or target:
        title = f" {target.title}" if target else ""
        return [(f"{kind}{title}", kind, what) for kind in kinds]
    near = services.probes.hosts.meant_by(what)
    hosts = [(what, what)] if near is None else [(target.title, target.key) for target in near]
    return [(f"{kind} {title}", kind, key) for kind in kinds for title, key in hosts]


def _kinds(services: Services) -> str:
    return ", ".join(services.probes.kinds)
